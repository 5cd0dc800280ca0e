"""Why somebody did, or did not, get a letter: the answer as a value; its words are in `explaining_words`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.models import Person
from tracker.domain.reminders import Obligation, ObligationKind, Place
from tracker.mail.models import Installation, Mail, MailState
from tracker.plans.models import Plan
from tracker.reminders.calendars import Calendars
from tracker.reminders.explanations import Explanation, OwedLine, PastLine, Standing, WaitingLetter
from tracker.reminders.models import ItemState
from tracker.reminders.queries import (
    LedgerRow,
    Owed,
    ledger_of,
    ledger_of_obligations,
    recipients,
    still_owed,
)

AHEAD = timedelta(days=60)
BACK = timedelta(days=60)
MOST_PAST = 8
_DAY = timedelta(days=1)

ON_THE_WAY = (MailState.queued, MailState.sending, MailState.uncertain, MailState.needs_human)


def explain_person(
    session: Session,
    person_id: int,
    *,
    obligations: Iterable[Obligation],
    now: datetime,
    on: date | None = None,
    plan_ids: Iterable[int] | None = None,
) -> Explanation:
    """Why this person did, or did not, get a letter on the day `on`, or today.

    `obligations` are all that are open; with `plan_ids` only what belongs to these plans is told.
    """
    plans = None if plan_ids is None else frozenset(plan_ids)
    theirs = [
        one
        for one in obligations
        if any(holder == person_id for _, holder in one.people) and (plans is None or one.plan_id in plans)
    ]
    ledger = ledger_of(session, person_id=person_id, plan_ids=plans, limit=500)
    name = session.scalar(select(Person.name).where(Person.id == person_id)) or ""
    return _explanation(
        session, name, theirs, ledger, people={person_id}, on=on or clock.local_date(now), now=now
    )


def explain_initiative(
    session: Session,
    title: str,
    *,
    concerning: Sequence[tuple[ObligationKind, int]],
    obligations: Iterable[Obligation],
    now: datetime,
    on: date | None = None,
) -> Explanation:
    """Why anybody did, or did not, get a letter about an initiative on the day `on`, or today.

    `concerning` names everything of the initiative that was ever owed, by kind and id, as
    `rounds.obligations.of_initiative` gives it; `obligations` are all that are open.
    """
    wanted = set(concerning)
    theirs = [one for one in obligations if (one.kind, one.id) in wanted]
    ledger = ledger_of_obligations(session, concerning)
    people = {holder for one in theirs for _, holder in one.people}
    return _explanation(
        session, title, theirs, ledger, people=people, on=on or clock.local_date(now), now=now
    )


def _explanation(
    session: Session,
    subject: str,
    obligations: Sequence[Obligation],
    ledger: Sequence[LedgerRow],
    *,
    people: set[int],
    on: date,
    now: datetime,
) -> Explanation:
    since = _moved(on, -BACK)
    told = people | {row.person_id for row in ledger if row.due_on >= since}
    standings = _standings(session, told)
    owed, to_leave = _owed(
        session, obligations, {one.person_id: one.name for one in standings}, people, on, now
    )
    today = clock.local_date(now)
    missed = [
        row
        for row in ledger
        if row.state is not ItemState.planned or row.due_on < min(today, _moved(on, _DAY))
    ]
    lines = [_past(row) for row in missed]
    that_day = tuple(line for line in lines if on in {_day_of(line), line.due_on})
    past = [line for line in lines if since <= _day_of(line) < on and line not in that_day]
    plans = {one.plan_id for one in obligations} | {row.plan_id for row in ledger if row.due_on >= since}
    return Explanation(
        subject=subject,
        on=on,
        now=now,
        people=standings,
        held=_held(session),
        paused=_paused(session, plans, min(on, today)),
        owed=owed,
        that_day=that_day,
        to_leave=to_leave,
        past=tuple(sorted(past, key=_day_of, reverse=True)[:MOST_PAST]),
        letters=_letters(session, ledger),
    )


def _owed(
    session: Session,
    obligations: Sequence[Obligation],
    names: dict[int, str],
    people: set[int],
    on: date,
    now: datetime,
) -> tuple[tuple[OwedLine, ...], tuple[OwedLine, ...]]:
    """What is open with its next step, and what leaves on the day `on` when that is not past."""
    until = _moved(max(clock.local_date(now), on), AHEAD)
    steps = still_owed(session, obligations, now=now, until=until)
    reached = {one.id: one for one in recipients(session, people | set(steps))}
    calendars = Calendars(session, clock.local_date(now))
    leaving: dict[tuple[int, ObligationKind, int], dict[date, Owed]] = {}
    for person_id, rows in steps.items():
        for row in rows:
            if person_id in reached:
                day = reached[person_id].first_day_from(row.leaves_on, calendars.of(row.plan_id))
                best = leaving.setdefault((person_id, row.obligation_kind, row.obligation_id), {})
                if day not in best or best[day].urgency < row.urgency:
                    best[day] = row
    lines, that_day = [], []
    for one in obligations:
        for person_id, place in _holders(one, people):
            days = leaving.get((person_id, one.kind, one.id), {})
            first = min((day for day in days if day <= until), default=None)
            name = names.get(person_id, "")
            line = _owed_line(one, person_id, name, place, days[first] if first else None, first)
            if line.next_on is not None or (place in _DOES_IT and one.kind not in _OF_COMMITTEES):
                lines.append(line)
            if on in days and on >= clock.local_date(now):
                that_day.append(_owed_line(one, person_id, name, place, days[on], on))
    key = _by_deadline
    return tuple(sorted(lines, key=key)), tuple(sorted(that_day, key=key))


_DOES_IT = frozenset({Place.owner, Place.deputy})
_OF_COMMITTEES = frozenset({ObligationKind.committee_papers, ObligationKind.committee_meeting})


def _holders(one: Obligation, people: set[int]) -> Iterable[tuple[int, Place]]:
    """Each of these people once, with the first place they hold in it."""
    first: dict[int, Place] = {}
    for place, person_id in one.people:
        if person_id in people:
            first.setdefault(person_id, place)
    return first.items()


def _owed_line(
    one: Obligation, person_id: int, name: str, place: Place, row: Owed | None, day: date | None
) -> OwedLine:
    return OwedLine(
        person_id=person_id,
        person=name,
        place=place,
        kind=one.kind,
        title=one.title,
        path=one.path,
        deadline_on=one.last,
        next_step=row.step if row is not None and day != date.max else None,
        next_on=day if day != date.max else None,
    )


def _moved(day: date, by: timedelta) -> date:
    """A day later or earlier, or the last or first one there is: any day can be asked about."""
    try:
        return day + by
    except OverflowError:
        return date.max if by > timedelta(0) else date.min


def _by_deadline(line: OwedLine) -> tuple[date, str, str]:
    return (line.deadline_on, line.title, line.person)


def _past(row: LedgerRow) -> PastLine:
    return PastLine(
        person_id=row.person_id,
        person=row.person,
        kind=row.obligation_kind,
        title=row.title,
        path=row.path,
        step=row.step,
        deadline_on=row.deadline_on,
        due_on=row.due_on,
        state=row.state,
        reason=row.reason,
        at=row.settled_at,
    )


def _day_of(line: PastLine) -> date:
    return clock.local_date(line.at) if line.at is not None else line.due_on


def _standings(session: Session, people: set[int]) -> tuple[Standing, ...]:
    found = select(Person).where(Person.id.in_(sorted(people))).order_by(Person.name_sort)
    return tuple(
        Standing(
            person_id=one.id,
            name=one.name,
            address=one.email,
            active=one.active,
            absent_from=one.absent_from,
            absent_until=one.absent_until,
            bounced_on=clock.local_date(one.undeliverable_at) if one.undeliverable_at else None,
            bounce=one.undeliverable_reason,
        )
        for one in session.scalars(found)
    )


def _held(session: Session) -> str | None:
    row = session.execute(select(Installation.queue_held, Installation.held_reason).limit(1)).first()
    return row.held_reason if row is not None and row.queue_held else None


def _paused(session: Session, plan_ids: set[int], day: date) -> tuple[tuple[str, date], ...]:
    found = (
        select(Plan.name, Plan.reminders_paused_until)
        .where(Plan.id.in_(sorted(plan_ids)), Plan.reminders_paused_until >= day)
        .order_by(Plan.name)
    )
    rows: Iterable[Sequence[Any]] = session.execute(found)
    return tuple((name, until) for name, until in rows)


def _letters(session: Session, ledger: Sequence[LedgerRow]) -> tuple[WaitingLetter, ...]:
    """The letters in which these rows of the ledger lie, as far as they have not come to rest."""
    open_rows = {ItemState.assigned, ItemState.waiting}
    ids = {row.mail_id for row in ledger if row.mail_id is not None and row.state in open_rows}
    found = (
        select(
            Mail.id,
            Person.name,
            Mail.created_at,
            Mail.state,
            Mail.attempts,
            Mail.next_at,
            Mail.last_error,
        )
        .join(Person, Person.id == Mail.person_id)
        .where(Mail.id.in_(sorted(ids)), Mail.state.in_(ON_THE_WAY))
        .order_by(Mail.id)
    )
    return tuple(WaitingLetter(*row) for row in session.execute(found))
