"""The letters of everybody whose case is simple, laid down in a few statements for all of them.

Nearly everybody to whom something is due has had no letter today and has none that waits, and nothing that
was sent before touches what is due. Then `condense` is all there is to decide, and the database can say it.
Whoever is not so simple is left to `assembler`, which decides person by person.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from functools import cache
from string import ascii_lowercase, digits
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    CompoundSelect,
    Date,
    Executable,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateTable, DropTable

from tracker import clock
from tracker.accounts.models import Person
from tracker.database import UtcDateTime
from tracker.domain.reminders import MOST_URGENT, RECENTLY
from tracker.mail.models import Mail, MailState
from tracker.plans.models import Plan
from tracker.reminders.due import can_be_written_to, due_items, not_paused
from tracker.reminders.models import ItemState, Reason, ReminderItem

_going = Table(
    "going_now", MetaData(),
    Column("item_id", Integer), Column("person_id", Integer), Column("plan_id", Integer),
    Column("address", String), Column("reason", String), Column("replaced_by", Integer),
    prefixes=["TEMPORARY"],
)  # fmt: skip
_CREATE, _DROP = CreateTable(_going), DropTable(_going)
_item: Any = ReminderItem.__table__
_mail: Any = Mail.__table__
# Of these most addresses are made. One with any other character is judged by `outbox.one_address`.
_PLAIN = f"{ascii_lowercase}{digits}._-+@"
_ENCLOSED = ""  # no reason not to be in the letter

_now = bindparam("now", type_=UtcDateTime())
_today = bindparam("today", type_=Date())


def assemble_at_once(
    session: Session, *, now: datetime, kind: str, waits: timedelta, after: int, upto: int
) -> None:
    """Lay down the letters of the simple cases among the people from the one after `after` to `upto`.

    Their items become `assigned` or `superseded`, exactly as when each person is decided alone. The letters
    are of `kind`, and wait no longer than `waits`. Only for whoever assembles alone.
    """
    today = clock.local_date(now)
    given = {
        "now": now,
        "today": today,
        "midnight": datetime.combine(today, time(), tzinfo=clock.ZONE),
        "lately": now - RECENTLY - timedelta(days=1),
        "expires": now + waits,
        "kind": kind,
        "begins": f"{kind}:",
        "ends": f":{today:%Y-%m-%d}:0",
        "payload": {"day": today.isoformat(), "sequence": 0},
        "after": after,
        "upto": upto,
    }
    connection = session.connection()
    said = _statements(connection.dialect.name)
    connection.execute(_CREATE)
    for statement in said:
        connection.execute(statement, given)
    connection.execute(_DROP)


class _Statements(NamedTuple):
    decide: Executable
    lay_down: Executable
    enclose: Executable
    supersede: Executable


@cache
def _statements(dialect: str) -> _Statements:
    columns = [column.name for column in _going.columns]
    return _Statements(
        insert(_going).from_select(columns, _decisions(dialect)),
        _letters(dialect),
        _enclosing(),
        _superseding(),
    )


def _decisions(dialect: str) -> Select[Any]:
    """Each item of a simple case with what becomes of it: `condense`, in the words of the database."""
    due: Any = _due(dialect).cte("due")
    judged = _judged(due).subquery("judged")
    not_simple = select(due.c.person_id).where(or_(due.c.due_on > _today, _touched_by_what_was_sent(due)))
    replaced = and_(judged.c.goes, judged.c.id != judged.c.best)
    return select(
        judged.c.id,
        judged.c.person_id,
        judged.c.plan_id,
        judged.c.address,
        case(
            (~judged.c.goes, Reason.deadline_passed.value),
            (replaced, Reason.more_urgent.value),
            else_=_ENCLOSED,
        ),
        case((replaced, judged.c.best), else_=null()),
    ).where(judged.c.person_id.not_in(not_simple))


def _judged(due: Any) -> CompoundSelect[Any]:
    """What is due, with the best for the same person and obligation, and whether anything for them goes.

    Nearly everybody has one item for an obligation, and need not be ranked: that is a third of the time.
    """
    same = [due.c.person_id, due.c.obligation_kind, due.c.obligation_id]
    several: Any = select(*same).group_by(*same).having(func.count() > 1).cte("several")
    among_several = tuple_(*same).in_(select(several))
    group: dict[str, Any] = {
        "partition_by": same,
        "order_by": [due.c.timely.desc(), *(due.c[name].desc() for name in MOST_URGENT)],
    }
    said = [due.c[name] for name in ("id", "person_id", "plan_id", "address")]
    alone = select(*said, due.c.id.label("best"), due.c.timely.label("goes")).where(~among_several)
    ranked = select(
        *said,
        func.first_value(due.c.id).over(**group),
        func.first_value(due.c.timely).over(**group),
    ).where(among_several)
    return union_all(alone, ranked)


def _due(dialect: str) -> Select[Any]:
    """What is due to people who have no letter yet, and a plain address."""
    step = _item.c.step.collate("C") if dialect == "postgresql" else _item.c.step  # as Python compares it
    timely = (_item.c.due_on > _item.c.deadline_on) == (_item.c.deadline_on < _today)
    names = (
        "id",
        "person_id",
        "plan_id",
        "obligation_kind",
        "obligation_id",
        "deadline_on",
        "due_on",
        "urgency",
    )
    columns = [*(_item.c[name] for name in names), step.label("step"), timely.label("timely")]
    items = due_items(_now, *columns)
    has_letter = exists().where(
        Mail.kind == bindparam("kind", type_=String()),
        Mail.person_id == Person.id,
        or_(Mail.created_at >= bindparam("midnight", type_=UtcDateTime()), Mail.state == MailState.queued),
    )
    return (
        select(items, Person.email.label("address"))
        .join(Person, Person.id == items.c.person_id)
        .join(Plan, Plan.id == items.c.plan_id)
        .where(
            Person.id > bindparam("after", type_=Integer()),
            Person.id <= bindparam("upto", type_=Integer()),
            can_be_written_to(_today),
            not_paused(_today),
            _is_plain(Person.email),
            ~has_letter,
        )
    )


def _is_plain(address: Any) -> ColumnElement[bool]:
    return and_(
        address.like("_%@_%"),
        func.length(address) <= 254,
        func.length(func.replace(address, "@", "")) == func.length(address) - 1,
        func.ltrim(address, _PLAIN) == "",
    )


def _touched_by_what_was_sent(due: Any) -> ColumnElement[bool]:
    """Whether a later step was sent already, or this very step lately, for another date."""
    sent = _item.alias("sent")
    return exists().where(
        sent.c.obligation_kind == due.c.obligation_kind,
        sent.c.obligation_id == due.c.obligation_id,
        sent.c.person_id + 0 == due.c.person_id,  # found by the obligation, which has fewer items
        sent.c.state == ItemState.sent,
        or_(
            and_(sent.c.deadline_on == due.c.deadline_on, sent.c.due_on >= due.c.due_on),
            and_(
                sent.c.deadline_on != due.c.deadline_on,
                sent.c.step == due.c.step,
                sent.c.settled_at >= bindparam("lately", type_=UtcDateTime()),
            ),
        ),
    )


def _letters(dialect: str) -> Executable:
    """One letter a person, for a plan when all in it is of one; the columns not named have their defaults."""
    one_plan = func.min(_going.c.plan_id)
    values: dict[str, ColumnElement[Any]] = {
        "kind": bindparam("kind", type_=String()),
        "dedupe_key": _key(),
        "person_id": _going.c.person_id,
        "address": func.min(_going.c.address),
        "payload": bindparam("payload", type_=JSON()),
        "plan_id": case((one_plan == func.max(_going.c.plan_id), one_plan), else_=null()),
        "next_at": _now,
        "created_at": _now,
        "expires_at": bindparam("expires", type_=UtcDateTime()),
    }
    rows = (
        select(*values.values())
        .where(_going.c.reason == _ENCLOSED)
        .group_by(_going.c.person_id)
        .order_by(_going.c.person_id)
    )
    into: Any = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}[dialect](_mail)
    laid: Executable = into.from_select(list(values), rows).on_conflict_do_nothing(
        index_elements=[_mail.c.dedupe_key]
    )
    return laid


def _key() -> ColumnElement[str]:
    """The dedupe key of a person's first letter of the day."""
    begins, ends = bindparam("begins", type_=String()), bindparam("ends", type_=String())
    return begins.concat(cast(_going.c.person_id, String)).concat(ends)


def _enclosing() -> Any:
    laid_down_now = _mail.c.dedupe_key == _key(), _mail.c.created_at == _now
    return _still_open(ItemState.assigned, {"mail_id": _mail.c.id}).where(
        _going.c.reason == _ENCLOSED, *laid_down_now
    )


def _superseding() -> Any:
    return _still_open(
        ItemState.superseded,
        {"reason": _going.c.reason, "superseded_by_id": _going.c.replaced_by, "settled_at": _now},
    ).where(_going.c.reason != _ENCLOSED)


def _still_open(state: ItemState, values: dict[str, Any]) -> Any:
    """Change what was decided on; what was cancelled meanwhile, or may have left, stays as it is."""
    return (
        update(_item)
        .where(
            _item.c.id == _going.c.item_id + 0,  # what goes is read first: SQLite would read the whole ledger
            or_(_item.c.state == ItemState.planned, _item.c.state == ItemState.assigned),
            _item.c.enclosed_at.is_(None),
        )
        .values(state=literal(state.value), **values)
    )
