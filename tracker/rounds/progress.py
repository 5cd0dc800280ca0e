"""How far a round has come, for the secretariat: counted once, from rows read once.

The statement is built when the module is loaded and its rows stay plain values, because this is the page
that is open all day and that has a thousand rows in the largest plan.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BindParameter, String, and_, bindparam, case, or_, select, type_coerce
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.deadlines.models import Deadline
from tracker.domain.reminders import Place
from tracker.domain.workflow import AWAITING_APPROVAL, SETTLED, WRITABLE, State
from tracker.plans.coverage import is_reachable
from tracker.plans.models import Administration, Initiative, Placement
from tracker.plans.rights import Rights
from tracker.rounds.models import Contribution, Round, StatusUpdate


class Silence(StrEnum):
    """How far somebody has come who has not sent anything."""

    never_opened = "never_opened"
    not_saved = "not_saved"
    not_sent = "not_sent"


OVERDUE = "overdue"
SILENT = "silent"


@dataclass(slots=True)
class Line:
    """One row of the round. `state` is the value of a State; `silence` is None once something was sent.

    `away_until` is the last day of the owner's absence, None while the owner is there.
    """

    id: int
    administration_id: int
    number: int
    title: str
    state: str
    owner: str | None
    reachable: bool
    away_until: date | None
    due_on: date | None
    silence: Silence | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One administration's share of a round."""

    id: int
    code: str
    name: str
    total: int
    settled: int
    waiting: int
    missing: int
    signed_off_at: datetime | None


@dataclass(frozen=True, slots=True)
class Progress:
    """A whole round. `counts` is by state, in the order of the states, without those that do not occur."""

    lines: list[Line]
    parts: tuple[Part, ...]
    counts: Mapping[State, int]
    silent: Mapping[Silence, int]
    overdue: int
    unreached: int

    @property
    def total(self) -> int:
        return len(self.lines)

    @property
    def waiting(self) -> int:
        return sum(self.counts.get(state, 0) for state in AWAITING_APPROVAL)

    @property
    def settled(self) -> int:
        return sum(self.counts.get(state, 0) for state in SETTLED)

    @property
    def reached(self) -> int:
        return self.total - self.unreached

    @property
    def first_waiting(self) -> Line | None:
        """The first status that waits to be read."""
        return next((line for line in self.lines if line.state in AWAITING_APPROVAL), None)


_on: BindParameter[date] = bindparam("on")
# The subquery is only asked where the owner is missing, has left, or gets letters that come back.
_reachable = or_(and_(Person.active, Person.undeliverable_at.is_(None)), is_reachable(_on))
_away_until = case((and_(Person.absent_from <= _on, Person.absent_until >= _on), Person.absent_until))
_LINES = (
    select(
        StatusUpdate.id,
        Initiative.administration_id,
        StatusUpdate.number,
        Initiative.title,
        type_coerce(StatusUpdate.state, String).label("state"),
        Person.name,
        _reachable,
        _away_until,
        Deadline.last_on,
        StatusUpdate.first_opened_at.is_not(None),
    )
    .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
    .join(Administration, Administration.id == Initiative.administration_id)
    .outerjoin(Deadline, Deadline.id == StatusUpdate.deadline_id)
    .outerjoin(
        Placement,
        (Placement.initiative_id == Initiative.id)
        & (Placement.place == Place.owner)
        & (Placement.from_on <= _on)
        & (Placement.until_on.is_(None) | (Placement.until_on >= _on)),
    )
    .outerjoin(Person, Person.id == Placement.person_id)
    .where(StatusUpdate.round_id == bindparam("round"))
    .order_by(StatusUpdate.number, Administration.position, Initiative.position)
)
_PARTS = (
    select(Administration.id, Administration.code, Administration.name, Contribution.signed_off_at)
    .outerjoin(
        Contribution,
        (Contribution.administration_id == Administration.id) & (Contribution.round_id == bindparam("round")),
    )
    .where(Administration.plan_id == bindparam("plan"))
    .order_by(Administration.position)
)
_SILENCES = {State.not_started.value: Silence.never_opened, State.draft.value: Silence.not_sent}


def progress_of(session: Session, rights: Rights, round_: Round, *, on: date) -> Progress:
    """Everything the round's page counts: two queries, however many rows.

    A secretariat sees every row of its plans and nobody else sees any, as `visible_to` has it.
    """
    allowed = round_.plan_id in rights.secretariat_of
    found = session.execute(_LINES, {"round": round_.id, "on": on}).all() if allowed else []
    lines = [_line(place, row, on) for place, row in enumerate(found, 1)]
    states = Counter([line.state for line in lines])
    parts = session.execute(_PARTS, {"round": round_.id, "plan": round_.plan_id})
    silent = Counter(line.silence for line in lines if line.silence)
    return Progress(
        lines=lines,
        parts=tuple(_parts(parts.all(), lines)),
        counts={state: states[state] for state in State if states[state]},
        silent={silence: silent[silence] for silence in Silence if silent[silence]},
        overdue=sum(line.overdue for line in lines),
        unreached=sum(not line.reachable for line in lines),
    )


def _line(place: int, row: Sequence[Any], on: date) -> Line:
    """One row, with the number that it has or will have in the memo."""
    id_, administration_id, number, title, state, owner, reachable, away_until, due_on, opened = row
    silence = _SILENCES.get(state)
    if silence is Silence.never_opened and opened:
        silence = Silence.not_saved
    overdue = due_on is not None and due_on < on and state in WRITABLE
    return Line(
        id_,
        administration_id,
        number or place,
        title,
        state,
        owner,
        reachable,
        away_until,
        due_on,
        silence,
        overdue,
    )


def _parts(rows: Iterable[tuple[int, str, str, datetime | None]], lines: list[Line]) -> Iterable[Part]:
    counts = Counter([(line.administration_id, line.state) for line in lines])

    def share(administration_id: int, states: Iterable[State]) -> int:
        return sum(counts[administration_id, state] for state in states)

    for administration_id, code, name, signed_off_at in rows:
        total = share(administration_id, State)
        if total:
            yield Part(
                administration_id,
                code,
                name,
                total,
                settled=share(administration_id, SETTLED),
                waiting=share(administration_id, AWAITING_APPROVAL),
                missing=share(administration_id, WRITABLE),
                signed_off_at=signed_off_at,
            )


def chosen(progress: Progress, *, state: str = "", administration: str = "") -> list[Line]:
    """The lines that a filter leaves. `state` is a State, a Silence, `overdue` or `silent`; `administration`
    a code. What is empty, or unknown, leaves everything.
    """
    lines = progress.lines
    part = next((part for part in progress.parts if part.code == administration), None)
    if part is not None:
        lines = [line for line in lines if line.administration_id == part.id]
    if state == OVERDUE:
        return [line for line in lines if line.overdue]
    if state == SILENT:
        return [line for line in lines if line.silence]
    if state in set(Silence):
        return [line for line in lines if line.silence == state]
    if state in set(State):
        return [line for line in lines if line.state == state]
    return lines
