"""Reads of deadlines, and the obligations they are to the reminders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Integer, bindparam, case, func, or_, select, text
from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.models import Person
from tracker.database import rows_of
from tracker.deadlines.models import Deadline, DeadlineKind, DeadlineMove, DeadlineState, Precision
from tracker.domain.reminders import Obligation, ObligationKind, Place
from tracker.plans.models import Administration, Committee, Initiative, Plan, Standing
from tracker.plans.people import People, PlanPeople, people_of_plan
from tracker.plans.rights import Rights, held_by_person, visible_to

ENDED = frozenset({Standing.merged, Standing.discontinued})

_OF_INITIATIVE = (
    select(
        Deadline.id,
        Deadline.kind,
        Deadline.title,
        Deadline.first_on,
        Deadline.last_on,
        Deadline.precision,
        Deadline.words,
        Deadline.state,
        Deadline.moves,
    )
    .where(Deadline.initiative_id == bindparam("initiative"))
    .order_by(Deadline.last_on, Deadline.id)
)


def open_obligations(
    session: Session, *, today: date, plan_id: int | None = None, ids: Iterable[int] | None = None
) -> Iterator[Obligation]:
    """Every open deadline but the status deadlines, which belong to the rounds, as an obligation.

    `ids` names single deadlines: those of them that are no longer open, or whose initiative has been merged
    or discontinued, come as settled.
    """
    found = (
        select(
            Deadline,
            Initiative.administration_id,
            Initiative.title,
            Initiative.standing,
            Committee.administration_id,
        )
        .outerjoin(Initiative, Initiative.id == Deadline.initiative_id)
        .outerjoin(Committee, Committee.id == Deadline.committee_id)
        .where(Deadline.kind != DeadlineKind.status_due)
        .order_by(Deadline.plan_id, Deadline.id)
    )
    if plan_id is not None:
        found = found.where(Deadline.plan_id == plan_id)
    if ids is None:
        found = found.where(Deadline.state == DeadlineState.open)
    else:
        found = found.where(Deadline.id.in_(list(ids)))
    people: PlanPeople | None = None
    current = 0
    for deadline, administration_of, title, standing, committee_administration in session.execute(found):
        ended = standing in ENDED
        if ended and ids is None:
            continue
        if people is None or deadline.plan_id != current:
            people, current = people_of_plan(session, deadline.plan_id, on=today), deadline.plan_id
        administration_id = administration_of or deadline.administration_id or committee_administration
        yield obligation_of(deadline, people, administration_id, title or "", ended=ended)


def obligation_of(
    deadline: Deadline,
    people: PlanPeople,
    administration_id: int | None,
    initiative_title: str,
    *,
    ended: bool = False,
) -> Obligation:
    """One deadline as a value for the reminders. `ended`: its initiative is carried out no more.

    What belongs to no initiative is its administration's: the coordinator has the owner's place, or else
    the secretariat.
    """
    if deadline.initiative_id is not None:
        concerned = people.of_initiative(deadline.initiative_id, administration_id or 0)
    else:
        concerned = people.of_administration(administration_id)
        concerned = (*_in_charge(concerned), *concerned)
    title = f"{deadline.title} · {initiative_title}" if initiative_title else deadline.title
    return Obligation(
        kind=ObligationKind(deadline.kind.value),
        id=deadline.id,
        plan_id=deadline.plan_id,
        people=concerned,
        first=deadline.first_on,
        last=deadline.last_on,
        precision=deadline.precision.value,
        settled=ended or deadline.state is not DeadlineState.open,
        opened_on=clock.local_date(deadline.created_at),
        title=title,
        path=f"/deadlines/{deadline.id}",
        words=deadline.words,
        absences=people.absences_of(concerned),
    )


def _in_charge(people: People) -> People:
    coordinators = [person_id for place, person_id in people if place is Place.coordinator]
    found = coordinators or [person_id for place, person_id in people if place is Place.secretariat]
    return tuple((Place.owner, person_id) for person_id in found)


@dataclass(frozen=True, slots=True)
class DeadlineLine:
    """A deadline as a list shows it."""

    deadline: Deadline
    initiative_title: str | None
    administration_code: str | None


def _lines() -> tuple[object, ...]:
    return (Deadline, Initiative.title, Administration.code)


def deadlines_of_plan(
    session: Session, rights: Rights, *, plan_id: int, with_status: bool = False
) -> list[DeadlineLine]:
    """The plan's deadlines by date that a person may see: own initiatives', and the plan's common ones."""
    found = (
        select(*_lines())  # type: ignore[call-overload]
        .outerjoin(Initiative, Initiative.id == Deadline.initiative_id)
        .outerjoin(
            Administration,
            Administration.id == Initiative.administration_id,
        )
        .where(
            Deadline.plan_id == plan_id,
            or_(Deadline.initiative_id.is_(None), visible_to(rights)),
        )
        .order_by(Deadline.last_on, Deadline.id)
    )
    if not with_status:
        found = found.where(Deadline.kind != DeadlineKind.status_due)
    return [DeadlineLine(*row) for row in session.execute(found)]


@dataclass(frozen=True, slots=True)
class InitiativeDeadline:
    """A deadline of one initiative, as its pages show it."""

    id: int
    kind: DeadlineKind
    title: str
    first_on: date
    last_on: date
    precision: Precision
    words: str
    state: DeadlineState
    moves: int


def deadlines_of_initiative(session: Session, initiative_id: int) -> list[InitiativeDeadline]:
    """An initiative's deadlines by date, the status deadlines too. The caller has read the initiative."""
    found = rows_of(session, _OF_INITIATIVE, {"initiative": initiative_id})
    return [InitiativeDeadline(*row) for row in found]


@dataclass(frozen=True, slots=True)
class OwnDeadline:
    """A deadline of one of a person's own initiatives. `closed_days` are those of its plan."""

    kind: DeadlineKind
    title: str
    last_on: date
    words: str
    initiative_id: int
    initiative_title: str
    closed_days: str


@dataclass(frozen=True, slots=True)
class OwnDeadlines:
    """A page of them, and how many there are on all pages: altogether, and passed."""

    lines: list[OwnDeadline]
    total: int
    passed: int


_OWN_DEADLINES = (
    select(
        Deadline.kind,
        Deadline.title,
        Deadline.last_on,
        Deadline.words,
        Initiative.id,
        Initiative.title,
        Plan.closed_days,
        func.count().over(),
        func.sum(case((Deadline.last_on < bindparam("on"), 1), else_=0)).over(),
    )
    .join(_held := held_by_person().subquery("held"), _held.c.initiative_id == Deadline.initiative_id)
    .join(Initiative, Initiative.id == Deadline.initiative_id)
    .join(Plan, Plan.id == Deadline.plan_id)
    .where(
        # In the words of the index `ix_deadline_own_dates`: with bound values it would not be known to serve.
        text("deadline.state = 'open' AND deadline.kind <> 'status_due'"),
        Deadline.last_on >= bindparam("since"),
    )
    .order_by(Deadline.last_on, Deadline.id)
    .limit(bindparam("limit", type_=Integer))
    .offset(bindparam("offset", type_=Integer))
)


def open_deadlines_of(
    session: Session, person_id: int, *, on: date, limit: int, offset: int = 0
) -> OwnDeadlines:
    """What is open of the initiatives that a person owns or is deputy of on a day, but the status: by date.

    What passed more than a year ago is left out. After the last one there is nothing, and the counts are 0.
    """
    given = {
        "person": person_id,
        "on": on,
        "since": on - timedelta(days=365),
        "limit": limit,
        "offset": offset,
    }
    rows = rows_of(session, _OWN_DEADLINES, given).all()
    total, passed = rows[0][-2:] if rows else (0, 0)
    return OwnDeadlines([OwnDeadline(*row[:-2]) for row in rows], total, passed)


def deadline_for(session: Session, rights: Rights, deadline_id: int) -> Deadline | None:
    """One deadline of a plan whose secretariat the person is in, or of an initiative they may see."""
    found = (
        select(Deadline)
        .outerjoin(Initiative, Initiative.id == Deadline.initiative_id)
        .where(
            Deadline.id == deadline_id,
            or_(visible_to(rights), Deadline.plan_id.in_(sorted(rights.secretariat_of))),
        )
    )
    return session.scalar(found)


@dataclass(frozen=True, slots=True)
class DeadlinePlace:
    """Where a deadline belongs. `administration_id` is that of its initiative or committee, if it has one."""

    plan_id: int
    initiative_id: int | None
    administration_id: int | None


def place_of(session: Session, rights: Rights, deadline_id: int) -> DeadlinePlace | None:
    """Where a deadline belongs, for somebody with a part in it: its initiative's people, its administration's
    coordinator, the plan's secretariat. None for a stranger.
    """
    administration_id = func.coalesce(
        Initiative.administration_id, Deadline.administration_id, Committee.administration_id
    )
    found = (
        select(Deadline.plan_id, Deadline.initiative_id, administration_id)
        .outerjoin(Initiative, Initiative.id == Deadline.initiative_id)
        .outerjoin(Committee, Committee.id == Deadline.committee_id)
        .where(
            Deadline.id == deadline_id,
            or_(
                visible_to(rights),
                Deadline.plan_id.in_(sorted(rights.secretariat_of)),
                administration_id.in_(sorted(rights.coordinates)),
            ),
        )
    )
    row = session.execute(found).one_or_none()
    return DeadlinePlace(*row) if row else None


@dataclass(frozen=True, slots=True)
class Slip:
    """One line of the slip register, with who moved the deadline."""

    move: DeadlineMove
    moved_by: str | None


def slips_of(session: Session, deadline_id: int) -> list[Slip]:
    """Every move of a deadline, newest first."""
    found = (
        select(DeadlineMove, Person.name)
        .outerjoin(Person, Person.id == DeadlineMove.moved_by_id)
        .where(DeadlineMove.deadline_id == deadline_id)
        .order_by(DeadlineMove.id.desc())
    )
    return [Slip(*row) for row in session.execute(found)]
