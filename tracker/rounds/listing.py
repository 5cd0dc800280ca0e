"""The rows of a round that a choice leaves, in an order and a page at a time.

A page is asked for by the row that it comes after or before, so that what joins or leaves the list in the
meantime moves nothing else. One query a page, whose statement `listing_statements` builds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from tracker.database import rows_of
from tracker.domain.text import clean
from tracker.domain.workflow import State
from tracker.plans.rights import Rights
from tracker.rounds.listing_statements import Shape, Sort, statement
from tracker.rounds.models import Round
from tracker.rounds.silence import Silence, late

LONGEST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """What of a round is asked for. What is empty leaves everything.

    `silence` without a kind is `silent`; `words` stand in the title or in the owner's name; `administration`
    is a code. `after` and `before` are the id of the row that the page follows or precedes; with `everything`
    there is one page.
    """

    state: State | None = None
    administration: str = ""
    silence: Silence | None = None
    silent: bool = False
    late: bool = False
    words: str = ""
    sort: Sort = Sort.number
    descending: bool = False
    after: int | None = None
    before: int | None = None
    everything: bool = False


@dataclass(slots=True)
class Line:
    """One row of the round. `state` is the value of a State, `rank` its place in the list that was asked for.

    `away_until` is the last day of the owner's absence, None while the owner is there.
    """

    id: int
    rank: int
    initiative_id: int
    number: int
    title: str
    state: str
    owner: str | None
    reachable: bool
    away_until: date | None
    due_on: date | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Page:
    """`total` is how many rows the choice leaves on all pages together."""

    lines: list[Line]
    total: int

    @property
    def first(self) -> int:
        return self.lines[0].rank if self.lines else 0

    @property
    def last(self) -> int:
        return self.lines[-1].rank if self.lines else 0

    @property
    def before(self) -> int | None:
        """The row before which the previous page ends, None on the first page."""
        return self.lines[0].id if self.first > 1 else None

    @property
    def after(self) -> int | None:
        """The row after which the next page begins, None on the last page."""
        return self.lines[-1].id if self.lines and self.last < self.total else None


def page_of(session: Session, rights: Rights, round_: Round, choice: Choice, *, on: date) -> Page:
    """One page of a round's rows: one query, and another when the row of `after` or `before` is not in it.

    A secretariat sees every row of its plans and nobody else sees any, as `visible_to` has it.
    """
    if round_.plan_id not in rights.secretariat_of:
        return Page([], 0)
    words = clean(choice.words).strip()[:LONGEST_WORDS]
    values: dict[str, Any] = {"round": round_.id, "plan": round_.plan_id, "on": on}
    if choice.state is not None:
        values["state"] = choice.state
    if choice.administration:
        values["administration"] = choice.administration
    if words:
        values["words"] = f"%{_literally(words.lower())}%"
    cursor = choice.after if choice.after is not None else choice.before
    if cursor is not None:
        values["cursor"] = cursor
    found = rows_of(session, statement(_shape(choice, words=bool(words))), values).all()
    if not found and cursor is not None:
        found = rows_of(
            session, statement(_shape(choice, words=bool(words), paged="")), _without(values, "cursor")
        ).all()
    return Page([_line(row, on) for row in found], found[0].total if found else 0)


def _line(row: Any, on: date) -> Line:
    return Line(*(*row[1:], late(row.state, row.due_on, on=on)))


def _without(values: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key != name}


def _literally(words: str) -> str:
    """The words for LIKE, with nothing in them that stands for anything else."""
    for sign in "/%_":
        words = words.replace(sign, f"/{sign}")
    return words


def _shape(choice: Choice, *, words: bool, paged: str | None = None) -> Shape:
    if paged is None:
        paged = "after" if choice.after is not None else "before" if choice.before is not None else ""
    return Shape(
        state=choice.state is not None,
        administration=bool(choice.administration),
        silence=choice.silence,
        silent=choice.silent,
        late=choice.late,
        words=words,
        sort=choice.sort,
        descending=choice.descending,
        paged="" if choice.everything else paged,
        everything=choice.everything,
    )
