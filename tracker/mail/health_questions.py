"""What is asked of the tables to know how the mail stands: one statement, cheap also when they are large."""

from __future__ import annotations

from datetime import UTC, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    ScalarSelect,
    String,
    and_,
    bindparam,
    case,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
    text,
    union_all,
)
from sqlalchemy.engine.default import DefaultDialect

from tracker import clock
from tracker.database import UtcDateTime
from tracker.holidays_dk import last_day_open_to_all
from tracker.mail.models import (
    AttemptNote,
    Heartbeat,
    Installation,
    Mail,
    MailAttempt,
    MailState,
)
from tracker.mail.rows import SENDING, STRANDED, WAITING

LETTERS_FROM = time(8)  # nobody is reminded earlier in the day
_LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)
_TEXT = DefaultDialect(paramstyle="named")
_PARAMETERS = (
    bindparam("health_now", type_=UtcDateTime),
    bindparam("health_today", type_=Date),
    bindparam("health_worked", type_=Date),
    bindparam("health_midnight", type_=UtcDateTime),
    bindparam("health_due", type_=UtcDateTime),
)
_NONE: ColumnElement[int] = literal_column("0")
_ONE: ColumnElement[int] = literal_column("1")
URGENT = 50  # these reminders go on the same day, after the day's letter has left

# Reminders, plans and people stand above mail, which reads of them only what may go now.
_item = table(
    "reminder_item",
    column("id", Integer),
    column("state", String),
    column("due_at", UtcDateTime),
    column("urgency", Integer),
    column("person_id", Integer),
    column("plan_id", Integer),
)
_person = table(
    "person",
    column("id", Integer),
    column("active"),  # without a type it stands for itself, as both databases have it
    column("absent_from", Date),
    column("absent_until", Date),
    column("undeliverable_at", UtcDateTime),
)
_plan = table("plan", column("id", Integer), column("reminders_paused_until", Date))
_waiting = (
    WAITING,
    Mail.next_at > literal_column("'1970-01-02'"),  # true of all: so SQLite takes the index
)
_sending = (SENDING,)
# Word for word the predicate of the partial index, or SQLite does not use it.
_planned = text("reminder_item.state = 'planned'")


def values(now: datetime) -> dict[str, Any]:
    """What the parameters of COLUMNS are at this time."""
    local = now.astimezone(clock.ZONE)
    return {
        "health_now": now,
        "health_today": local.date(),
        # What an absence or a pause kept back waits for a working day. On a day that only some plans have
        # closed it is not called late for anybody.
        "health_worked": last_day_open_to_all(local.date()),
        "health_midnight": datetime.combine(local.date(), time(), tzinfo=clock.ZONE),
        # Before the hour no reminder is due, however long ago it fell due.
        "health_due": now if local.time() >= LETTERS_FROM else _LONG_AGO,
    }


def _number(state: MailState, *among: Any) -> ScalarSelect[int]:
    which = (*among, Mail.state == _said(state))
    return select(func.count()).select_from(Mail).where(*which).scalar_subquery()


def _letter_since() -> ScalarSelect[datetime]:
    """From when it was laid down, or from when a person sent it again; one for later only from then."""
    again = (
        select(func.max(MailAttempt.at))
        .where(MailAttempt.mail_id == Mail.id, MailAttempt.note == _said(AttemptNote.human))
        .correlate(Mail)
        .scalar_subquery()
    )
    since = case((Mail.attempts == _NONE, Mail.next_at), else_=func.coalesce(again, Mail.created_at))
    due = or_(Mail.attempts > _NONE, Mail.next_at <= bindparam("health_now", type_=UtcDateTime))
    each = union_all(
        select(func.min(since, type_=UtcDateTime()).label("since")).where(*_waiting, due),
        select(func.min(since, type_=UtcDateTime())).where(*_sending),
    ).subquery()
    return select(func.min(each.c.since, type_=UtcDateTime())).scalar_subquery()


def _reminder() -> ScalarSelect[int]:
    """Of the oldest reminder that the next tick should put into a letter.

    People and plans are looked up one by one on the way along the index, which ends at the first that fits.
    """
    today, worked = bindparam("health_today", type_=Date), bindparam("health_worked", type_=Date)
    present = or_(
        _person.c.absent_from.is_(None),
        _person.c.absent_from > today,
        and_(_person.c.absent_until.is_not(None), _person.c.absent_until < worked),
    )
    running = or_(_plan.c.reminders_paused_until.is_(None), _plan.c.reminders_paused_until < worked)
    written_to = and_(_person.c.active, _person.c.undeliverable_at.is_(None), present)
    reachable = _looked_up(_person.c.id, _person.c.id == _item.c.person_id, written_to)
    unpaused = _looked_up(_plan.c.id, _plan.c.id == _item.c.plan_id, running)
    return (
        select(_item.c.id)
        .where(
            _planned,
            _item.c.due_at <= bindparam("health_due", type_=UtcDateTime),
            reachable.is_not(None),
            unpaused.is_not(None),
            or_(_item.c.urgency >= literal_column(str(URGENT)), _todays_letter().is_(None)),
        )
        .order_by(_item.c.due_at)
        .limit(_ONE)
        .scalar_subquery()
    )


def _looked_up(wanted: Any, *which: ColumnElement[bool]) -> ScalarSelect[Any]:
    """One value. Not EXISTS, for which PostgreSQL may read the whole table once."""
    return select(wanted).where(*which).correlate(_item).scalar_subquery()


def _todays_letter() -> ScalarSelect[int]:
    """One that has left: a second would go on the same day only for what is urgent."""
    waits = and_(Mail.state == _said(MailState.queued), Mail.mime.is_(None))
    return _looked_up(
        func.min(Mail.id),
        Mail.person_id == _item.c.person_id,
        Mail.created_at >= bindparam("health_midnight", type_=UtcDateTime),
        Mail.kind == literal_column("'reminders'"),
        Mail.state != _said(MailState.cancelled),
        ~waits,
    )


def _installed(wanted: Any) -> ScalarSelect[Any]:
    """Of the one row there is."""
    return select(wanted).where(Installation.id == _ONE).scalar_subquery()


def _said(value: StrEnum) -> ColumnElement[Any]:
    """A word of the database's own, in the statement itself: a parameter costs more than it is worth here."""
    return literal_column(f"'{value.value}'")


def compiled(question: ScalarSelect[Any]) -> ColumnElement[Any]:
    """The same question as finished text, which means the same on both databases."""
    finished = str(question.element.compile(dialect=_TEXT))
    wanted = text(finished).bindparams(*(one for one in _PARAMETERS if f":{one.key}" in finished))
    return wanted.columns(column("answer", question.type)).scalar_subquery()


_QUESTIONS: tuple[ScalarSelect[Any], ...] = (
    select(func.max(Heartbeat.ticked_at)).scalar_subquery(),
    _letter_since(),
    _reminder(),
    _number(MailState.queued, *_waiting),
    _number(MailState.sending, *_sending),
    _number(MailState.uncertain, *_waiting),
    _number(MailState.needs_human, STRANDED),
    _installed(Installation.queue_held),
    _installed(Installation.held_cause),
    _installed(Installation.held_reason),
    _installed(Installation.held_at),
    _installed(Installation.base_url),
    _installed(Installation.machine),
)
# Asked by every page. What is compiled already costs half of what the same costs as expressions.
COLUMNS = tuple(compiled(one) for one in _QUESTIONS)
