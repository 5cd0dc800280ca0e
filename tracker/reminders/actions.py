"""Laying reminders down in the ledger, and taking back those that are no longer owed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any, TypeVar, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    case,
    exists,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker import clock
from tracker.domain.ladders import Step, rungs_called
from tracker.domain.reminders import UNCOVERED, Obligation, ObligationKind, Place, Reminder, desired, due_at
from tracker.mail.models import Mail, MailState
from tracker.reminders.calendars import Calendars, plan_together
from tracker.reminders.ladders import Ladders
from tracker.reminders.models import ItemState, Reason, ReminderItem

HORIZON = timedelta(days=35)
CHUNK = 500
ROWS_A_STATEMENT = 1000
OPEN = (ItemState.planned, ItemState.assigned)

_T = TypeVar("_T")
ItemKey = tuple[ObligationKind, int, str, date, int]
_table = cast("Table", ReminderItem.__table__)

DESCRIBED = ("plan_id", "first_on", "due_on", "due_at", "urgency", "title", "path", "words")
UNIQUE = ("obligation_kind", "obligation_id", "step", "deadline_on", "person_id")

# Asked whenever anything changes, so built once.
_HELD = select(*(_table.c[name] for name in (*UNIQUE, *DESCRIBED, "id"))).where(
    _table.c.obligation_kind.in_(bindparam("kinds", expanding=True)),
    _table.c.obligation_id.in_(bindparam("ids", expanding=True)),
    _table.c.state.in_(OPEN),
)
_CANCEL = (
    update(_table)
    .where(_table.c.state.in_(OPEN))
    .values(state=ItemState.cancelled, reason=bindparam("why"), settled_at=bindparam("at"))
)
_CANCEL_SOME = _CANCEL.where(_table.c.id.in_(bindparam("ids", expanding=True)))


def replan(session: Session, obligations: Iterable[Obligation], *, now: datetime) -> None:
    """Lay down what these obligations call for, and cancel what they no longer do.

    Runs in the transaction that changed them. `obligations` is read only after the lock is held; a settled
    one cancels all of its own. Saying the same twice changes nothing, and what was sent is never touched.
    """
    plan_together(session)
    session.flush()
    calendars, ladders = Calendars(session, clock.local_date(now)), Ladders(session)
    for chunk in chunks(obligations):
        _lay(session, chunk, calendars, ladders, now)


def take_out(session: Session, *, person_id: int | None = None, plan_id: int | None = None) -> None:
    """Take a person's or a plan's reminders out of letters that have not left; they go into later ones.

    A letter that is emptied by it is cancelled when its turn comes.
    """
    whose = [ReminderItem.state == ItemState.assigned, ReminderItem.enclosed_at.is_(None)]
    if person_id is not None:
        whose.append(ReminderItem.person_id == person_id)
    if plan_id is not None:
        whose.append(ReminderItem.plan_id == plan_id)
    session.execute(
        update(ReminderItem).where(*whose).values(state=ItemState.planned, mail_id=None),
        execution_options={"synchronize_session": False},
    )


def chunks(items: Iterable[_T]) -> Iterator[list[_T]]:
    source = iter(items)
    while chunk := list(islice(source, CHUNK)):
        yield chunk


def _lay(
    session: Session, obligations: list[Obligation], calendars: Calendars, ladders: Ladders, now: datetime
) -> None:
    wanted: dict[ItemKey, dict[str, Any]] = {}
    for obligation in obligations:
        calendar = calendars.of(obligation.plan_id)
        ladder = ladders.of(obligation.plan_id)
        for reminder in desired(
            obligation, calendar=calendar, until=calendars.today + HORIZON, ladder=ladder
        ):
            wanted[reminder.key] = row_of(obligation, reminder)
    held = _held(session, obligations)
    # What stands as it should is not written again: most of a sweep changes nothing.
    _upsert(session, [row for key, row in wanted.items() if key not in held or _differs(held[key], row)])
    by_key = {(obligation.kind, obligation.id): obligation for obligation in obligations}
    doomed: dict[Reason, list[int]] = defaultdict(list)
    for key, found in held.items():
        if key not in wanted:
            obligation = by_key[key[0], key[1]]
            steps = ladders.of(obligation.plan_id).get(obligation.kind, ())
            doomed[why_cancelled(obligation, key, steps)].append(found.id)
    for reason, ids in doomed.items():
        for some in chunks(ids):
            session.execute(_CANCEL_SOME, {"why": reason.value, "at": now, "ids": some})


def _held(session: Session, obligations: list[Obligation]) -> dict[ItemKey, Row[Any]]:
    """The open items of these obligations, by key."""
    wanted = {(obligation.kind, obligation.id) for obligation in obligations}
    kinds, ids = ({key[place] for key in wanted} for place in (0, 1))
    found = session.execute(_HELD, {"kinds": list(kinds), "ids": list(ids)})
    # Every one of these kinds with every one of these ids: a few more than asked for.
    return {(row[0], row[1], row[2], row[3], row[4]): row for row in found if (row[0], row[1]) in wanted}


def _differs(held: Row[Any], row: dict[str, Any]) -> bool:
    return any(held[place] != row[name] for place, name in enumerate(DESCRIBED, len(UNIQUE)))


def row_of(obligation: Obligation, reminder: Reminder) -> dict[str, Any]:
    """The ledger's row of a reminder that is planned."""
    return {
        "obligation_kind": reminder.obligation_kind,
        "obligation_id": reminder.obligation_id,
        "step": reminder.step,
        "deadline_on": reminder.deadline_on,
        "person_id": reminder.person_id,
        "plan_id": obligation.plan_id,
        "state": ItemState.planned,
        "first_on": obligation.first,
        "due_on": reminder.due_on,
        "due_at": due_at(reminder.due_on, clock.ZONE),
        "urgency": reminder.urgency,
        "title": obligation.title,
        "path": obligation.path,
        "words": obligation.words,
        "reason": "",
    }


def _upsert(session: Session, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    connection = session.connection()
    statement = _laid_down(connection.dialect.name)
    for start in range(0, len(rows), ROWS_A_STATEMENT):
        connection.execute(statement, rows[start : start + ROWS_A_STATEMENT])


def laid_down(
    connection: Connection, rows: Select[Any], names: Sequence[str]
) -> postgresql.Insert | sqlite.Insert:
    """The INSERT of planned reminders, of what `rows` selects under `names`.

    New rows go in, changed descriptions are mended, cancelled rows revived; anything else stays as it is.
    What was cancelled when a letter with it may have arrived is that letter's again, and goes into no other.
    """
    insert = _INSERT[connection.dialect.name]
    return _or_mended(insert(_table).from_select(names, rows, include_defaults=False))


@cache
def _laid_down(dialect: str) -> postgresql.Insert | sqlite.Insert:
    """The same of values that are given when it is executed."""
    return _or_mended(_INSERT[dialect](_table))


_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def _or_mended(statement: Any) -> postgresql.Insert | sqlite.Insert:
    new, old = statement.excluded, _table.c
    cancelled = old.state == ItemState.cancelled
    changed = or_(*(old[name].is_distinct_from(new[name]) for name in DESCRIBED))
    free = old.enclosed_at.is_(None)
    still_open = or_(old.state == ItemState.planned, old.state == ItemState.assigned)
    asks = exists().where(Mail.id == old.mail_id, Mail.state == MailState.needs_human)
    laid: postgresql.Insert | sqlite.Insert = statement.on_conflict_do_update(
        index_elements=UNIQUE,
        set_={
            **{name: new[name] for name in DESCRIBED},
            "state": case(
                (and_(cancelled, free), ItemState.planned),
                (and_(cancelled, asks), ItemState.waiting),
                (cancelled, ItemState.assigned),
                else_=old.state,
            ),
            "mail_id": case((and_(cancelled, free), None), else_=old.mail_id),
            "settled_at": None,
            "reason": "",
        },
        # What may already be with the mail server is settled by its letter, not here.
        where=or_(cancelled, and_(free, still_open, changed)),
    )
    return laid


def why_cancelled(obligation: Obligation, key: ItemKey, steps: Sequence[Step]) -> Reason:
    """Why an open item of an obligation is called for no more."""
    _, _, code, deadline_on, person_id = key
    if obligation.settled:
        return Reason.settled
    if deadline_on != obligation.last:
        return Reason.deadline_moved
    places = {place for place, holder in obligation.people if holder == person_id}
    if not places:
        return Reason.place_left
    called = {place for step in rungs_called(steps, code) for place in step.places}
    if code == UNCOVERED or (Place.owner in called and places & {Place.owner, Place.deputy}):
        # The rung is still there: somebody went away, or came back.
        return Reason.absence
    return Reason.rules_changed


def cancel(session: Session, which: ColumnElement[bool], reason: Reason, now: datetime) -> None:
    """Cancel what is open of these."""
    session.execute(_CANCEL.where(which), {"why": reason.value, "at": now})
