"""The letter of reminders: what is due, each with its own link and the true number of working days left."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.database import may_succeed_again
from tracker.domain.calendar import WorkingCalendar
from tracker.domain.reminders import ObligationKind
from tracker.mail.letters import Letter, LetterContext, LetterKind
from tracker.mail.letters import register as register_kind
from tracker.mail.models import Mail
from tracker.mail.rendering import letter_from
from tracker.mail.window import words
from tracker.plans.models import Plan
from tracker.reminders import settling
from tracker.reminders.assembler import KIND
from tracker.reminders.attachments import attachments_for
from tracker.reminders.calendars import Calendars
from tracker.reminders.models import ReminderItem
from tracker.reminders.tasks import responsible_for


@dataclass(frozen=True, slots=True)
class Line:
    """One item as the letter says it. `kind` and `step` choose the words.

    `days_left` counts working days after today up to the deadline, negative when it has passed;
    `starts_in` the same to the first day of an interval. `words` is a fuzzy date as it was written, or "".
    `responsible` names who answers for it, when that is somebody else than the reader.
    """

    kind: str
    step: str
    title: str
    plan: str
    link: str
    first_on: date
    deadline_on: date
    words: str
    days_left: int
    starts_in: int
    responsible: str = ""


# An address that opens a person's own forms, for some of the items: by an item's id.
PersonalLinks = Callable[[Session, int | None, Sequence[ReminderItem], LetterContext], Mapping[int, str]]

log = logging.getLogger(__name__)


def _no_links(*_asked: object) -> Mapping[int, str]:
    return {}


_personal_links: list[PersonalLinks] = [_no_links]


def register(*, personal_links: PersonalLinks = _no_links) -> None:
    """`personal_links` is asked when a letter is rendered, and may write in the dispatcher's transaction."""
    _personal_links[0] = personal_links
    register_kind(
        LetterKind(
            name=KIND,
            render=_render,
            still_wanted=settling.still_wanted,
            settled=settling.settled,
            enclosed=settling.enclosed,
            contents=settling.contents,
            replay=settling.replay,
        )
    )


def write(lines: Iterable[Line], context: LetterContext, *, personal: bool = False) -> Letter:
    """The letter that says these lines: by plan, the most pressing first.

    `personal`: some links open the reader's own forms without a sign-in. The letter speaks of the calendar
    file that goes with it when there are dates to come, as `attachments_for` does.
    """
    ordered = sorted(lines, key=lambda line: (line.plan, line.deadline_on, line.title))
    groups = [(plan, list(some)) for plan, some in groupby(ordered, key=lambda line: line.plan)]
    dates = sum(1 for line in ordered if line.days_left >= 0 and line.kind != ObligationKind.review.value)
    return letter_from(KIND, context, groups=groups, number=len(ordered), dates=dates, personal=personal)


def line_of(
    item: Any,
    *,
    plan: str,
    calendar: WorkingCalendar,
    today: date,
    base_url: str,
    responsible: str = "",
) -> Line:
    """A ledger row, or anything with its attributes, as the letter of `today` says it."""
    first_on = item.first_on or item.deadline_on
    fuzzy = first_on != item.deadline_on and item.words
    return Line(
        kind=ObligationKind(item.obligation_kind).value,
        step=item.step,
        title=item.title,
        plan=plan,
        link=base_url + item.path,
        first_on=first_on,
        deadline_on=item.deadline_on,
        words=item.words if fuzzy else "",
        days_left=_working_days(calendar, today, item.deadline_on),
        starts_in=_working_days(calendar, today, first_on),
        responsible=responsible,
    )


def _working_days(calendar: WorkingCalendar, today: date, day: date) -> int:
    """Working days from today to a day; 0 only for today itself, so that nothing past reads as today."""
    days = calendar.working_days_between(today, day)
    if days == 0 and day != today:
        return 1 if day > today else -1
    return days


_Rows = Sequence[tuple[ReminderItem, str]]


def _render(session: Session, mail: Mail, context: LetterContext) -> Letter:
    """To whoever holds the items: those of them that are still owed, and can be written."""
    found = select(ReminderItem, Plan.name).join(Plan, Plan.id == ReminderItem.plan_id)
    rows: Any = session.execute(found.where(*settling.still_in(mail))).all()
    try:
        return _letter_of(session, mail, rows, context)
    except Exception as error:
        if may_succeed_again(error):
            raise
        sound = _without_the_broken(session, rows, context)
        if not 0 < len(sound) < len(rows):
            raise  # it is not the fault of single items
    return _letter_of(session, mail, sound, context)


def _letter_of(session: Session, mail: Mail, rows: _Rows, context: LetterContext) -> Letter:
    lines = _lines_of(session, mail.person_id or 0, rows, context)
    personal = _personal_links[0](session, mail.person_id, [item for item, _ in rows], context)
    lines = [
        replace(line, link=personal.get(item.id, line.link))
        for line, (item, _) in zip(lines, rows, strict=True)
    ]
    letter = write(lines, context, personal=bool(personal))
    return replace(letter, attachments=attachments_for(session, rows, context))


def _lines_of(session: Session, reader: int, rows: _Rows, context: LetterContext) -> list[Line]:
    today = clock.local_date(context.now)
    calendars = Calendars(session, today)
    tasks = [(item.obligation_kind, item.obligation_id) for item, _ in rows]
    responsible = responsible_for(session, tasks, on=today)
    return [
        line_of(
            item,
            plan=plan,
            calendar=calendars.of(item.plan_id),
            today=today,
            base_url=context.base_url,
            responsible=responsible.beside(reader, item.obligation_kind, item.obligation_id),
        )
        for item, plan in rows
    ]


def _without_the_broken(session: Session, rows: _Rows, context: LetterContext) -> _Rows:
    """Those that can be written; unless none can, each of the others comes to an end with its reason."""
    broken: dict[int, Exception] = {}
    for row in rows:
        try:
            write(_lines_of(session, 0, [row], context), context)
            attachments_for(session, [row], context)
        except Exception as error:
            if may_succeed_again(error):
                raise
            broken[row[0].id] = error
    if len(broken) < len(rows):
        for id_, why in broken.items():
            log.error("reminder %s cannot be written, and its letter goes without it: %s", id_, why)
            settling.give_up(session, id_, words(why), at=context.now)
    return [row for row in rows if row[0].id not in broken]
