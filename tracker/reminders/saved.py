"""Forecasts that were kept: what was foreseen on a day, to be held against what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.models import Person
from tracker.audit.actions import record
from tracker.domain.reminders import ObligationKind
from tracker.plans.rights import Rights
from tracker.reminders.forecast import ForecastLetter, fingerprint
from tracker.reminders.models import SavedForecast
from tracker.reminders.queries import Key

MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """One reminder as it was foreseen: `day` is when its letter was to leave, `due_on` when it fell due.

    The two differ when an absence, a pause or the letter of the same day came between.
    """

    person_id: int
    day: date
    kind: ObligationKind
    obligation_id: int
    step: str
    deadline_on: date
    due_on: date
    title: str

    @property
    def key(self) -> Key:
        """The ledger's key of the same reminder."""
        return (self.kind, self.obligation_id, self.step, self.deadline_on, self.person_id)


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A kept forecast in a list; `made_by` is None when a command kept it."""

    id: int
    made_at: datetime
    made_by: str | None
    from_on: date
    until_on: date
    fingerprint: str
    reminders: int


def keep(
    session: Session,
    letters: Sequence[ForecastLetter],
    *,
    plan_id: int,
    days: int,
    by: int | None,
    at: datetime,
) -> SavedForecast:
    """Keep the forecast of one plan that was made at `at` for `days` days."""
    today = clock.local_date(at)
    saved = SavedForecast(
        plan_id=plan_id,
        made_at=at,
        made_by_id=by,
        from_on=today,
        until_on=today + timedelta(days=days),
        fingerprint=fingerprint(letters),
        reminders=[_object(entry) for entry in entries_in(letters)],
    )
    session.add(saved)
    session.flush()
    record(session, "forecast_kept", "plan", plan_id, by=by, at=at, plan_id=plan_id, forecast=saved.id)
    return saved


def entries_in(letters: Sequence[ForecastLetter]) -> list[Entry]:
    """Every reminder of these letters, letter by letter."""
    return [
        Entry(
            person_id=one.recipient.id,
            day=one.on,
            kind=reminder.obligation_kind,
            obligation_id=reminder.obligation_id,
            step=reminder.step,
            deadline_on=reminder.deadline_on,
            due_on=reminder.due_on,
            title=line.title,
        )
        for one in letters
        for line, reminder in zip(one.lines, one.reminders, strict=True)
    ]


def entries_of(saved: SavedForecast) -> list[Entry]:
    """Every reminder of a kept forecast, in the order in which it was kept."""
    return [
        Entry(
            person_id=one["person"],
            day=date.fromisoformat(one["day"]),
            kind=ObligationKind(one["kind"]),
            obligation_id=one["obligation"],
            step=one["step"],
            deadline_on=date.fromisoformat(one["deadline"]),
            due_on=date.fromisoformat(one["due"]),
            title=one["title"],
        )
        for one in saved.reminders
    ]


def kept_of(session: Session, rights: Rights, plan_id: int) -> list[KeptLine]:
    """The kept forecasts of a plan for its secretariat, the newest first, at most MOST_LISTED."""
    if plan_id not in rights.secretariat_of:
        return []
    found = (
        select(SavedForecast, Person.name)
        .outerjoin(Person, Person.id == SavedForecast.made_by_id)
        .where(SavedForecast.plan_id == plan_id)
        .order_by(SavedForecast.id.desc())
        .limit(MOST_LISTED)
    )
    return [
        KeptLine(
            saved.id,
            saved.made_at,
            name,
            saved.from_on,
            saved.until_on,
            saved.fingerprint,
            len(saved.reminders),
        )
        for saved, name in session.execute(found)
    ]


def kept_for(session: Session, rights: Rights, plan_id: int, forecast_id: int) -> SavedForecast | None:
    """One kept forecast of a plan for its secretariat; None for anybody else."""
    if plan_id not in rights.secretariat_of:
        return None
    return session.scalar(
        select(SavedForecast).where(SavedForecast.id == forecast_id, SavedForecast.plan_id == plan_id)
    )


def _object(entry: Entry) -> dict[str, Any]:
    return {
        "person": entry.person_id,
        "day": entry.day.isoformat(),
        "kind": entry.kind.value,
        "obligation": entry.obligation_id,
        "step": entry.step,
        "deadline": entry.deadline_on.isoformat(),
        "due": entry.due_on.isoformat(),
        "title": entry.title,
    }
