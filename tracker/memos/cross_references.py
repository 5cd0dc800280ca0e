"""The references of a round's texts to its rows, printed with the numbers that the rows have now.

What was meant is known from `tracker.statuses.references`. A number that nothing is known of is read as it
stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from tracker.domain.cross_references import Followed, follow, numbers_in
from tracker.statuses.references import meanings


@dataclass(frozen=True)
class Line:
    """An update as it is printed: its number, and its text in the editing form."""

    update_id: int
    number: int
    title: str
    initiative_id: int
    text: str


@dataclass(frozen=True)
class RowReference:
    """A reference in the text of a row, with the titles of the rows that it is printed with."""

    update_id: int
    number: int
    title: str
    reference: Followed
    leads_to: tuple[str, ...]

    @property
    def has_moved(self) -> bool:
        return self.reference.written != self.reference.printed


def followed(session: Session, lines: Sequence[Line]) -> tuple[dict[int, str], list[RowReference]]:
    """The texts of all rows of a round by update, as printed, and their references: one query, or none."""
    texts = {line.update_id: line.text for line in lines}
    naming = [line for line in lines if numbers_in(line.text)]
    meant = meanings(session, [line.update_id for line in naming])
    number_of = {line.initiative_id: line.number for line in lines}
    title_of = {line.number: line.title for line in lines}
    found: list[RowReference] = []
    for line in naming:
        known = meant.get(line.update_id, {})
        now: dict[int, int | None] = {
            number: number_of.get(known[number]) if number in known else number
            for number in numbers_in(line.text)
            if number in known or number in title_of
        }
        texts[line.update_id], told = follow(line.text, now)
        found += [
            RowReference(
                line.update_id, line.number, line.title, one, tuple(title_of[row] for row in one.rows)
            )
            for one in told
        ]
    return texts, found
