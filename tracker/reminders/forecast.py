"""Every letter of the coming days as it would be written: to whom, when, why, and in which words.

Assumes that nobody does anything meanwhile, and goes through the days with the same rules as the assembler.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.domain.reminders import Obligation, Reminder, condense, due_at
from tracker.mail.letters import Contact, Letter, LetterContext
from tracker.mail.models import Mail, MailState
from tracker.plans.models import Plan
from tracker.reminders.assembler import KIND, URGENT
from tracker.reminders.calendars import Calendars
from tracker.reminders.letters import Line, line_of, write
from tracker.reminders.queries import Owed, Recipient, recipients, still_owed
from tracker.reminders.tasks import responsible_for


@dataclass(frozen=True, slots=True)
class ForecastLetter:
    """One letter to come: a line for each of its reminders, in the same order."""

    on: date
    recipient: Recipient
    lines: tuple[Line, ...]
    reminders: tuple[Reminder, ...]
    base_url: str = ""

    @property
    def why(self) -> tuple[tuple[str, str], ...]:
        """For each line its obligation's kind and the step that calls for it."""
        return tuple((one.obligation_kind.value, one.step) for one in self.reminders)

    def letter(self, *, contact: Contact | None = None) -> Letter:
        """The letter in the recipient's language, as it would read on that day."""
        context = LetterContext(
            base_url=self.base_url,
            language=self.recipient.language,
            name=self.recipient.name,
            now=due_at(self.on, clock.ZONE),
            contact=contact,
        )
        return write(self.lines, context)


def forecast(
    session: Session,
    *,
    obligations: Iterable[Obligation],
    now: datetime,
    days: int,
    base_url: str = "",
    ladders: Any = None,
    people: Collection[int] | None = None,
) -> list[ForecastLetter]:
    """The letters from today to `days` days ahead, by day and name. `obligations` are those that are open.

    `ladders` are those that `still_owed` is to count by, in place of the plans' own. `people` leaves only the
    letters to these.
    """
    today = clock.local_date(now)
    until = today + timedelta(days=days)
    chosen = {} if ladders is None else {"ladders": ladders}
    owed = still_owed(session, obligations, now=now, until=until, **chosen)
    calendars = Calendars(session, today)
    plans = dict(session.execute(select(Plan.id, Plan.name)).all())
    tasks = {(one.obligation_kind, one.obligation_id) for rows in owed.values() for one in rows}
    responsible = responsible_for(session, tasks, on=today)
    written = _written_to_today(session, now)
    letters: list[ForecastLetter] = []
    for person in recipients(session, owed if people is None else owed.keys() & people):
        tomorrow = today + timedelta(days=1) if person.id in written else None
        for day, items in _days_of(owed[person.id], person, calendars, tomorrow, until):
            lines = tuple(
                line_of(
                    item,
                    plan=plans[item.plan_id],
                    calendar=calendars.of(item.plan_id),
                    today=day,
                    base_url=base_url,
                    responsible=responsible.beside(person.id, item.obligation_kind, item.obligation_id),
                )
                for item in items
            )
            reminders = tuple(item.reminder for item in items)
            letters.append(ForecastLetter(day, person, lines, reminders, base_url))
    return sorted(letters, key=lambda letter: letter.on)


def fingerprint(letters: Sequence[ForecastLetter]) -> str:
    """A hash of who gets what when; 64 hexadecimal digits, the same wherever the forecast is made."""
    said = [
        f"{one.on}|{one.recipient.id}|{reminder.obligation_kind.value}|{reminder.obligation_id}"
        f"|{reminder.step}|{reminder.deadline_on}"
        for one in letters
        for reminder in one.reminders
    ]
    return hashlib.sha256("\n".join(sorted(said)).encode()).hexdigest()


def _days_of(
    owed: list[Owed], person: Recipient, calendars: Calendars, tomorrow: date | None, until: date
) -> Iterable[tuple[date, list[Owed]]]:
    """A person's letters, day by day. With `tomorrow`, today's has left and only what is urgent follows."""
    by_day: dict[date, list[Owed]] = {}
    for item in owed:
        day = person.first_day_from(item.leaves_on, calendars.of(item.plan_id))
        if tomorrow is not None and day < tomorrow and item.urgency < URGENT:
            day = tomorrow
        if day <= until:
            by_day.setdefault(day, []).append(item)
    for day in sorted(by_day):
        by_reminder = {item.reminder: item for item in by_day[day]}
        going = [by_reminder[reminder] for reminder in condense(by_reminder, today=day).send]
        if going:
            yield day, going


def _written_to_today(session: Session, now: datetime) -> set[int]:
    day = clock.local_date(now).isoformat()
    found = select(Mail.person_id, Mail.payload, Mail.state).where(
        Mail.kind == KIND, Mail.created_at >= now - timedelta(days=2), Mail.person_id.is_not(None)
    )
    return {
        person_id
        for person_id, payload, state in session.execute(found)
        if payload.get("day") == day and state not in {MailState.cancelled, MailState.queued}
    }
