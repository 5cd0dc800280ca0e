"""The lines of a status as blocks: paragraphs, bullets and numbered items, with footnote marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.domain.text import Block, block_of, mark
from tracker.memos.reading.hyphens import knows
from tracker.memos.reading.lines import Line, Source, fits, gap_breaks, has_verb, joined
from tracker.memos.reading.titles import ends_joining

_ITEM = re.compile(r"^(\d{1,2})\. +(?=[A-ZÆØÅ”\"])")
_TRACK = re.compile(r"^\d{1,2}[:)] +(?=\S)")
_TYPED_MARK = re.compile(
    r"(?:(?<=[a-zæøåé”\"’)])|(?<=[a-zæøåé”\")][.,;:])|(?<=\b(?:19|20)\d\d))(\d{1,2})(?![\w%])"
)
_SHORTEST_WORD = 3
_SET_IN = 7
_HEADING_LINES = 2
_HEADING_LENGTH = 90


@dataclass(frozen=True)
class Blocks:
    blocks: tuple[Block, ...]
    doubtful: tuple[str, ...]


def blocks_of(source: Source, lines: Sequence[Line], column: float) -> Blocks:
    """The blocks of some lines of one cell; `column` is its printed width, 0 when it is not known."""
    blocks: list[Block] = []
    doubtful: list[str] = []
    for group in _groups(source, lines, column):
        text, words = joined(group)
        blocks.append(block_of(text))
        doubtful += words
    return Blocks(tuple(blocks), tuple(doubtful))


def paragraphs_of(source: Source, lines: Sequence[Line], column: float) -> tuple[list[list[Line]], list[str]]:
    """The same lines as groups, each a paragraph, and the paragraphs' texts."""
    groups = _groups(source, lines, column)
    return groups, [joined(group)[0] for group in groups]


def _groups(source: Source, lines: Sequence[Line], column: float) -> list[list[Line]]:
    groups: list[list[Line]] = []
    item = 0
    for at, line in enumerate(lines):
        current = groups[-1] if groups else []
        in_item = bool(current) and (current[0].is_bullet or bool(_ITEM.match(current[0].text)))
        opens = at == 0 or _opens(source, lines, at, column, in_item=in_item, lone=len(current) == 1)
        if (at == 0 or not lines[at - 1].divided) and (found := _ITEM.match(line.text)):
            number = int(found[1])
            begins = number == 1 and (opens or lines[at - 1].ends_sentence)
            if begins or (number == item + 1 and (opens or lines[at - 1].ends_sentence or item)):
                item, opens = number, True
        if opens:
            groups.append([line])
        else:
            groups[-1].append(line)
    return [part for group in groups[:-1] for part in _heading_apart(group)] + groups[-1:]


def _heading_apart(group: list[Line]) -> list[list[Line]]:
    """After a whole sentence, last lines without a stop are a heading of what follows."""
    if group[-1].ends_sentence or group[0].is_bullet:
        return [group]
    for at in range(len(group) - 1, max(len(group) - 1 - _HEADING_LINES, 0), -1):
        if group[at - 1].ends_sentence and group[at].text[:1].isupper():
            said = " ".join(line.text for line in group[at:])
            heading = len(said) <= _HEADING_LENGTH and not said.endswith((",", ";")) and not has_verb(said)
            return [group[:at], group[at:]] if heading else [group]
    return [group]


def _opens(
    source: Source, lines: Sequence[Line], at: int, column: float, *, in_item: bool, lone: bool
) -> bool:
    """Whether a paragraph begins with line `at`; `lone`: the one before has a single line so far."""
    before, line = lines[at - 1], lines[at]
    if before.divided:
        return False
    if line.is_bullet:
        return _is_item(source, lines, at)
    if line.starts_low:
        return line.empty_paragraph and before.ends_sentence and not line.page_start
    if gap_breaks(source, lines, at) or before.ends_paragraph:
        return True
    if _TRACK.match(line.text) and before.ends_sentence:
        return True
    if in_item and _new_sentence(before, line):
        return True
    return column > 0 and _ended_on_purpose(before, line, column, lone=lone, in_item=in_item)


def _ended_on_purpose(before: Line, line: Line, column: float, *, lone: bool, in_item: bool) -> bool:
    """Whether the line before had room for the next word; after a sentence or heading less room will do.

    An item's lines are shorter, since they are set in.
    """
    ended = before.ends_sentence or (before.text.endswith(("”", ")")) and not line.text[:1].isdigit())
    room = (1 if ended or lone else 5) + (_SET_IN if in_item else 0)
    return fits(before, line, column, margin=room) and _may_open(line, ended=ended)


def _new_sentence(before: Line, line: Line) -> bool:
    """Whether a common word with a capital begins a line, and the one before asks for no more."""
    word = line.text.split(maxsplit=1)[0].strip("”\"'’(.,;:")
    common = len(word) > 1 and word[0].isupper() and word[1:].islower() and knows(word.lower())
    open_ended = before.text.endswith((",", "–", "(", "/")) or ends_joining(before.text)
    return common and not before.ends_sentence and not open_ended


def _is_item(source: Source, lines: Sequence[Line], at: int) -> bool:
    """A sign at the start of a line is a bullet unless it may be a dash inside a sentence."""
    line = lines[at]
    if line.text[0] not in "-–*":
        return True
    before = lines[at - 1]
    stops = before.ends_sentence or before.ends_paragraph or gap_breaks(source, lines, at)
    return stops or not line.text[1:].lstrip()[:1].islower()


def _may_open(line: Line, *, ended: bool) -> bool:
    return ended or line.text[:1].isupper() or line.text[:1] in '”"“»'


def with_marks(blocks: Sequence[Block], wanted: list[int]) -> tuple[Block, ...]:
    """Digits glued to a word become marks if they are among the `wanted` notes; each once."""

    def swap(found: re.Match[str]) -> str:
        number = int(found[1])
        word = re.split(r"\s", found.string[: found.start()])[-1].strip('”"’)(.,;:')
        if number in wanted and len(word) >= _SHORTEST_WORD and (word[-1:].isalpha() or word.isdigit()):
            wanted.remove(number)
            return mark(number)
        return found[0]

    return tuple(Block(block.kind, _TYPED_MARK.sub(swap, block.text), block.number) for block in blocks)
