"""The memo as it was decided: what was read, with what a person changed of it.

What nobody touched stays as it was read, to the letter; an untouched memo is the very one that was read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain

from tracker.domain.memo import Memo, Section, Table
from tracker.domain.text import StatusText, parse
from tracker.memos.importing.confirming import Area, Confirming, Line
from tracker.memos.importing.matching import Match, RowMatch, SectionMatch, section_name, title_of
from tracker.memos.notes import own_text
from tracker.memos.renumbering import Written, joined, with_notes


@dataclass(frozen=True)
class Decided:
    """The memo to keep, what it is matched with, and the line that each of `memo.rows` came from."""

    memo: Memo
    match: Match
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class _Block:
    name: str
    area: Area
    header: tuple[str, str]
    lines: tuple[Line, ...]


def decided(found: Confirming) -> Decided:
    """What is imported and kept as the edition when everything is accepted."""
    blocks = _blocks(found)
    memo = _memo(found, blocks)
    sections = zip(blocks, memo.sections, strict=True)
    match = Match(
        tuple(
            SectionMatch(
                name=section_name(block.area.heading),
                administration=block.area.administration,
                rows=tuple(
                    RowMatch(row, title_of(row), line.initiative)
                    for row, line in zip(section.rows, block.lines, strict=True)
                ),
            )
            for block, section in sections
        )
    )
    return Decided(memo, match, tuple(chain.from_iterable(block.lines for block in blocks)))


def _blocks(found: Confirming) -> list[_Block]:
    """The sections as they are printed: a moved row stands among those of its new section."""
    by_part: dict[int, list[Line]] = {part.index: [] for part in found.parts}
    elsewhere: dict[int, list[Line]] = {}
    for line in found.printed:
        place = line.choice.place
        if place is None or line.area == found.parts[line.part].area:
            by_part[line.part].append(line)
        elif place.kind == "section":
            by_part[place.id].append(line)
        else:
            elsewhere.setdefault(place.id, []).append(line)
    for part in found.parts:
        administration = part.area.administration
        if administration is not None and administration.id in elsewhere:
            by_part[part.index] = sorted(
                [*by_part[part.index], *elsewhere.pop(administration.id)], key=lambda line: line.index
            )
    blocks = [
        _Block(part.choice.name or part.printed, part.area, part.header, tuple(by_part[part.index]))
        for part in found.parts
        if by_part[part.index] or not part.rows
    ]
    header = found.parts[0].header if found.parts else ("Indsats", "Status")
    blocks += [_Block(one[0].area.heading, one[0].area, header, tuple(one)) for one in elsewhere.values()]
    return blocks


def _memo(found: Confirming, blocks: list[_Block]) -> Memo:
    read = found.reading.memo
    sections = tuple(
        Section(block.name, tuple(line.row for line in block.lines), block.header) for block in blocks
    )
    memo = replace(found.memo, tables=tuple(_tables(found.memo, sections)))
    texts = [_written(found, line) for block in blocks for line in block.lines]
    if replace(memo, head=read.head, footnotes=read.footnotes) == read and not any(texts):
        return memo  # every mark stands where it stood
    return with_notes(memo, texts, before=read)


def _tables(memo: Memo, sections: tuple[Section, ...]) -> list[Table]:
    tables = list(memo.tables)
    at = next((index for index, table in enumerate(tables) if table.kind == "status"), None)
    if at is not None:
        tables[at] = replace(tables[at], sections=sections)
    return tables


def _written(found: Confirming, line: Line) -> Written | None:
    """The text that stands in a row's place, and what was read there; None when it is as it was read."""
    added = found.joined_to(line.index)
    if line.choice.text is None and not added:
        return None
    text = _text(found, line)
    for other in added:
        text = joined(text, _text(found, other))
    return Written(text, tuple(one.read for one in (line, *added)))


def _text(found: Confirming, line: Line) -> StatusText:
    if line.choice.text is None:
        return own_text(line.read, found.memo)
    return parse(line.choice.text)
