"""What changed from one edition of a plan to another: the front, and each row that is not as it was.

A row is the same when it is about the same initiative, whatever its number, title or administration.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.comparison import Operation, Printed, RowChange, changed_rows, word_diff
from tracker.domain.memo import Memo
from tracker.domain.text import to_editing
from tracker.memos import frozen
from tracker.memos.editions import memo_of_edition
from tracker.memos.models import Edition, EditionKind
from tracker.memos.notes import own_text
from tracker.rounds.models import StatusUpdate


class FrontPart(StrEnum):
    """What stands around the tables."""

    heading = "heading"
    recipients = "recipients"
    date = "date"
    case_number = "case_number"
    intro = "intro"
    caption = "caption"


@dataclass(frozen=True, slots=True)
class FrontChange:
    """What changed in a part of the front: of a text of several lines, those that differ."""

    part: FrontPart
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class EditionChanges:
    """`within` are the sections that were compared, where one of the editions has no others."""

    front: tuple[FrontChange, ...]
    rows: tuple[RowChange, ...]
    within: tuple[str, ...] = ()


def changes_between(session: Session, old: Edition, new: Edition) -> EditionChanges:
    """The changes from `old` to `new`: no query, or one where editions kept no sources.

    Where one of them has a single administration's rows, only those are compared: what stands in its
    sections, and what stood there.
    """
    memos = memo_of_edition(old), memo_of_edition(new)
    keys = _keys(session, old, new)
    before, after = (
        list(_printed(memo, keys[edition.id])) for memo, edition in zip(memos, (old, new), strict=True)
    )
    _match_titles(before, after)
    within: tuple[str, ...] = ()
    for narrow, wide, edition in ((before, after, old), (after, before, new)):
        if edition.kind is EditionKind.committee:
            within = tuple(dict.fromkeys(one.section for one in narrow))
            known = {one.key for one in narrow}
            wide[:] = [one for one in wide if one.key in known or one.section in within]
    return EditionChanges(tuple(_front(*memos)), changed_rows(before, after), within)


def _front(old: Memo, new: Memo) -> Iterator[FrontChange]:
    for part, before, after in zip(FrontPart, _lines(old), _lines(new), strict=True):
        if before != after:
            yield FrontChange(part, word_diff(*_differing_lines(before, after)))


def _differing_lines(old: str, new: str) -> tuple[str, str]:
    """Of two texts the lines that are not in both."""
    left, right = old.split("\n"), new.split("\n")
    gone: list[str] = []
    come: list[str] = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag != "equal":
            gone += left[a1:a2]
            come += right[b1:b2]
    return "\n".join(gone), "\n".join(come)


def _lines(memo: Memo) -> tuple[str, ...]:
    head = memo.head
    return (memo.title, head.recipients, head.date, head.case_number, "\n".join(memo.intro), memo.caption)


Keys = dict[int, list[str]]
"""What the rows under a number are about, in printed order: a memo may use a number twice."""


def _keys(session: Session, *editions: Edition) -> dict[int, Keys]:
    keys: dict[int, Keys] = {}
    unknown: dict[int, Edition] = {}
    for edition in editions:
        sources = frozen.sources_of_json(edition.memo)
        keys[edition.id] = _grouped((one.number, one.initiative_id) for one in sources)
        if not sources:
            unknown[edition.id] = edition
    if unknown:
        found = (
            select(StatusUpdate.round_id, StatusUpdate.number, StatusUpdate.initiative_id)
            .where(
                StatusUpdate.round_id.in_({one.round_id for one in unknown.values()}),
                StatusUpdate.number.is_not(None),
            )
            .order_by(StatusUpdate.id)
        )
        rows = session.execute(found).all()
        for edition in unknown.values():
            keys[edition.id] = _grouped((row[1] or 0, row[2]) for row in rows if row[0] == edition.round_id)
    return keys


def _grouped(pairs: Iterable[tuple[int, int]]) -> Keys:
    grouped: Keys = defaultdict(list)
    for number, initiative_id in pairs:
        grouped[number].append(f"initiative {initiative_id}")
    return grouped


def _printed(memo: Memo, keys: Keys) -> Iterator[Printed]:
    left = {number: list(some) for number, some in keys.items()}
    for table in memo.tables:
        for section in table.sections:
            for row in section.rows:
                known = left.get(row.number) if table.kind == "status" else None
                key = known.pop(0) if known else f"{table.kind}: {row.title}"
                yield Printed(
                    key, table.kind, section.name, row.number, row.title, to_editing(own_text(row, memo))
                )


def _match_titles(before: list[Printed], after: list[Printed]) -> None:
    """A row that only one edition knows the initiative of is that with its title in the other."""
    for here, there in ((before, after), (after, before)):
        known = {one.key for one in here}
        by_title = {(one.table, one.title): one.key for one in there if one.key not in known}
        for place, one in enumerate(here):
            key = by_title.get((one.table, one.title))
            if key is not None and one.key == f"{one.table}: {one.title}":
                here[place] = Printed(key, one.table, one.section, one.number, one.title, one.text)
