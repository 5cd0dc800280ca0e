"""The letter of reminders: what is due, each with its own link and the true number of working days left."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import case, literal, or_, select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.domain.calendar import WorkingCalendar
from tracker.domain.reminders import ObligationKind
from tracker.mail.letters import Letter, LetterContext, LetterKind
from tracker.mail.letters import register as register_kind
from tracker.mail.models import Mail, MailState
from tracker.mail.outbox import OPEN
from tracker.mail.rendering import letter_from
from tracker.plans.models import Plan
from tracker.reminders.assembler import KIND
from tracker.reminders.attachments import attachments_for
from tracker.reminders.calendars import Calendars
from tracker.reminders.models import ItemState, ReminderItem


@dataclass(frozen=True, slots=True)
class Line:
    """One item as the letter says it. `kind` and `step` choose the words.

    `days_left` counts working days after today up to the deadline, negative when it has passed;
    `starts_in` the same to the first day of an interval. `words` is a fuzzy date as it was written, or "".
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


# An address that opens a person's own forms, for some of the items: by an item's id.
PersonalLinks = Callable[[Session, int | None, Sequence[ReminderItem], LetterContext], Mapping[int, str]]

_TOKEN = re.compile(rb"(/(?:=\r?\n)?f(?:=\r?\n)?/)((?:(?:=\r?\n)?[0-9a-f]){64})")


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
            still_wanted=_still_wanted,
            settled=_settled,
            enclosed=_enclosed,
            contents=_contents,
            replay=_replay,
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


def line_of(item: Any, *, plan: str, calendar: WorkingCalendar, today: date, base_url: str) -> Line:
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
    )


def _working_days(calendar: WorkingCalendar, today: date, day: date) -> int:
    """Working days from today to a day; 0 only for today itself, so that nothing past reads as today."""
    days = calendar.working_days_between(today, day)
    if days == 0 and day != today:
        return 1 if day > today else -1
    return days


def _render(session: Session, mail: Mail, context: LetterContext) -> Letter:
    """To whoever holds the items: those of them that are still owed."""
    found = select(ReminderItem, Plan.name).join(Plan, Plan.id == ReminderItem.plan_id)
    rows: Sequence[Any] = session.execute(found.where(*_still_in(mail))).all()
    today = clock.local_date(context.now)
    calendars = Calendars(session, today)
    lines = [
        line_of(item, plan=plan, calendar=calendars.of(item.plan_id), today=today, base_url=context.base_url)
        for item, plan in rows
    ]
    personal = _personal_links[0](session, mail.person_id, [item for item, _ in rows], context)
    lines = [
        replace(line, link=personal.get(item.id, line.link))
        for line, (item, _) in zip(lines, rows, strict=True)
    ]
    letter = write(lines, context, personal=bool(personal))
    return replace(letter, attachments=attachments_for(session, rows, context))


def _still_in(mail: Mail) -> tuple[Any, Any]:
    return ReminderItem.mail_id == mail.id, ReminderItem.state == ItemState.assigned


def _still_wanted(session: Session, mail: Mail) -> str | None:
    """Whether anything in it is owed; of a letter whose bytes are frozen, whether all that they say is.

    Locks what it asks about: who changes any of it has committed before, or waits until the window is open.
    """
    inside = select(ReminderItem.state, ReminderItem.enclosed_at).where(ReminderItem.mail_id == mail.id)
    rows = session.execute(inside.order_by(ReminderItem.id).with_for_update()).all()
    if not any(state is ItemState.assigned for state, _ in rows):
        return "nothing in it is owed any more"
    if mail.mime is not None and any(said and state is not ItemState.assigned for state, said in rows):
        return "a part of it is not owed any more"
    return None


def _enclosed(session: Session, mail: Mail, at: datetime) -> None:
    _change(session, *_still_in(mail), enclosed_at=at)


def _settled(session: Session, mail: Mail, at: datetime) -> None:
    """What became of the letter becomes of its items.

    An item that was cancelled while the letter was already with the server did arrive: the ledger says sent.
    """
    _hide_links(session, mail)
    inside = ReminderItem.mail_id == mail.id
    if mail.state is MailState.sent:
        arrived = ReminderItem.enclosed_at.is_not(None)
        _change(
            session,
            inside,
            or_(arrived, ReminderItem.state == ItemState.assigned),
            # What joined the letter after it had left, before the database was restored, is still owed.
            state=case((arrived, literal(ItemState.sent, ReminderItem.state.type)), else_=ItemState.planned),
            mail_id=case((arrived, mail.id), else_=None),
            settled_at=case((arrived, literal(at, ReminderItem.settled_at.type)), else_=None),
            reason=mail.last_error[:200],
        )
    elif mail.state in {MailState.failed, MailState.undeliverable}:
        lost = ItemState.undeliverable
        _change(session, *_still_in(mail), state=lost, settled_at=at, reason=mail.last_error[:200])
        if mail.state is MailState.undeliverable:  # it may have come back after it was accepted
            came_back = ReminderItem.state.in_((ItemState.sent, ItemState.waiting))
            _change(session, inside, came_back, state=lost, settled_at=at, reason=mail.last_error[:200])
        # What was cancelled meanwhile and is called for again goes into another letter.
        _change(session, inside, ReminderItem.state == ItemState.cancelled, enclosed_at=None)
    elif mail.state is MailState.needs_human:
        _change(session, *_still_in(mail), state=ItemState.waiting, reason=mail.last_error[:200])
    else:
        if mail.state is not MailState.cancelled:  # a person may have taken back a letter at rest
            given_up = ReminderItem.state.in_((ItemState.undeliverable, ItemState.waiting))
            _change(session, inside, given_up, state=ItemState.assigned, settled_at=None, reason="")
        if mail.mime is None or mail.state is MailState.cancelled:  # else it may have arrived once
            _change(session, inside, enclosed_at=None)
        if mail.state is MailState.cancelled:
            # Still owed, and in no letter: the next one takes them, to whoever they are owed to by then.
            _change(session, *_still_in(mail), state=ItemState.planned, mail_id=None)


def _hide_links(session: Session, mail: Mail) -> None:
    """A letter at rest keeps its words and no secret: the marks of its personal links are struck out."""
    at_rest = mail.state not in {*OPEN, MailState.needs_human}
    if at_rest and mail.mime is not None and _TOKEN.search(mail.mime):
        hidden = _TOKEN.sub(lambda found: found[1] + re.sub(rb"[0-9a-f]", b"-", found[2]), mail.mime)
        _change_mail(session, mail.id, mime=hidden)


def _change_mail(session: Session, mail_id: int, **values: Any) -> None:
    session.execute(
        update(Mail).where(Mail.id == mail_id).values(**values),
        execution_options={"synchronize_session": False},
    )


def _contents(session: Session, mail: Mail) -> list[str]:
    """The keys of the items that are about to leave: `kind:id:step:deadline:person`."""
    columns = (
        ReminderItem.obligation_kind,
        ReminderItem.obligation_id,
        ReminderItem.step,
        ReminderItem.deadline_on,
        ReminderItem.person_id,
    )
    return [
        f"{ObligationKind(kind).value}:{id_}:{step}:{deadline_on:%Y-%m-%d}:{person_id}"
        for kind, id_, step, deadline_on, person_id in session.execute(
            select(*columns).where(*_still_in(mail))
        )
    ]


def _replay(session: Session, keys: Sequence[str], at: datetime) -> None:
    """What was sent before the database was restored: those of these items that it still owes are sent."""
    for key in keys:
        kind, id_, step, deadline_on, person_id = key.split(":")
        _change(
            session,
            ReminderItem.obligation_kind == ObligationKind(kind),
            ReminderItem.obligation_id == int(id_),
            ReminderItem.step == step,
            ReminderItem.deadline_on == date.fromisoformat(deadline_on),
            ReminderItem.person_id == int(person_id),
            ReminderItem.state.in_((ItemState.planned, ItemState.assigned, ItemState.cancelled)),
            state=ItemState.sent,
            settled_at=at,
            enclosed_at=at,
            reason="found in the sent journal",
        )


def _change(session: Session, *which: Any, **values: Any) -> None:
    session.execute(
        update(ReminderItem).where(*which).values(**values),
        execution_options={"synchronize_session": False},
    )
