"""How far a round has come, for the secretariat: counted by the database, however many rows there are.

The statements are built when the module is loaded, because this is the page that is open all day. The rows
themselves stand in `tracker.rounds.listing`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BindParameter, String, and_, bindparam, case, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.database import rows_of
from tracker.deadlines.models import Deadline
from tracker.domain.reminders import Place
from tracker.domain.workflow import AWAITING_APPROVAL, SETTLED, WRITABLE, State
from tracker.plans.coverage import is_reachable
from tracker.plans.models import Administration, Initiative, Placement
from tracker.plans.rights import Rights
from tracker.rounds.models import Contribution, Round, StatusUpdate
from tracker.rounds.silence import Silence, late, silence_of


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

    total: int
    parts: tuple[Part, ...]
    counts: Mapping[State, int]
    silent: Mapping[Silence, int]
    overdue: int
    unreached: int

    @property
    def waiting(self) -> int:
        return sum(self.counts.get(state, 0) for state in AWAITING_APPROVAL)

    @property
    def settled(self) -> int:
        return sum(self.counts.get(state, 0) for state in SETTLED)

    @property
    def reached(self) -> int:
        return self.total - self.unreached


_on: BindParameter[date] = bindparam("on")
# The subquery is only asked where the owner is missing, has left, or gets letters that come back.
OWNER_REACHED = or_(and_(Person.active, Person.undeliverable_at.is_(None)), is_reachable(_on))
OWNED = and_(
    Placement.initiative_id == Initiative.id,
    Placement.place == Place.owner,
    Placement.from_on <= _on,
    Placement.until_on.is_(None) | (Placement.until_on >= _on),
)
_KINDS = (
    Initiative.administration_id,
    type_coerce(StatusUpdate.state, String),
    StatusUpdate.first_opened_at.is_not(None),
    Deadline.last_on,
)
_COUNTS = (
    select(*_KINDS, func.count(), func.sum(case((OWNER_REACHED, 0), else_=1)))
    .select_from(StatusUpdate)
    .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
    .outerjoin(Deadline, Deadline.id == StatusUpdate.deadline_id)
    .outerjoin(Placement, OWNED)
    .outerjoin(Person, Person.id == Placement.person_id)
    # The plan tells PostgreSQL to look among its initiatives and not among those of all plans.
    .where(StatusUpdate.round_id == bindparam("round"), Initiative.plan_id == bindparam("plan"))
    .group_by(*_KINDS)
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


def progress_of(session: Session, rights: Rights, round_: Round, *, on: date) -> Progress:
    """Everything the round's page counts: two queries, however many rows.

    A secretariat sees every row of its plans and nobody else sees any, as `visible_to` has it.
    """
    allowed = round_.plan_id in rights.secretariat_of
    given = {"round": round_.id, "plan": round_.plan_id}
    found = rows_of(session, _COUNTS, {**given, "on": on}).all() if allowed else []
    states, silent = Counter[str](), Counter[Silence]()
    shares = Counter[tuple[int, str]]()
    overdue = unreached = 0
    for administration_id, state, opened, due_on, count, without in found:
        states[state] += count
        shares[administration_id, state] += count
        unreached += without
        if (silence := silence_of(state, opened=opened)) is not None:
            silent[silence] += count
        if late(state, due_on, on=on):
            overdue += count
    parts = rows_of(session, _PARTS, given)
    return Progress(
        total=states.total(),
        parts=tuple(_parts(parts.all(), shares)),
        counts={state: states[state] for state in State if states[state]},
        silent={silence: silent[silence] for silence in Silence if silent[silence]},
        overdue=overdue,
        unreached=unreached,
    )


def _parts(
    rows: Iterable[tuple[int, str, str, datetime | None]], counts: Counter[tuple[int, str]]
) -> Iterable[Part]:
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
