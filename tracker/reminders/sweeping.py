"""Planning everything anew, as the database does it best: in one statement for all.

What is owed is laid out in three temporary tables: the obligations, whom each calls by number, and the
rungs of each *shape*. Obligations that differ only in who they are and whom they name have one shape, and
the rules are asked once for each; a municipality's many thousand statuses have a few dozen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice
from typing import Any, cast

from sqlalchemy import (
    Column,
    Connection,
    Date,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    and_,
    exists,
    insert,
    literal,
    not_,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Session

from tracker import clock
from tracker.database import UtcDateTime
from tracker.domain.reminders import Obligation, Place, desired, due_at
from tracker.reminders.actions import (
    DESCRIBED,
    HORIZON,
    OPEN,
    UNIQUE,
    cancel,
    chunks,
    laid_down,
    why_cancelled,
)
from tracker.reminders.calendars import Calendars, plan_alone
from tracker.reminders.ladders import Ladders
from tracker.reminders.models import ItemState, Reason, ReminderItem

CHUNK = 5_000

_tables = MetaData()
_owed = Table(
    "owed_now", _tables,
    Column("number", Integer, primary_key=True, autoincrement=False), Column("shape", Integer),
    Column("obligation_kind", String(32)), Column("obligation_id", Integer), Column("plan_id", Integer),
    Column("first_on", Date), Column("deadline_on", Date),
    Column("title", Text), Column("path", Text), Column("words", Text), Column("people", Text),
    Index("ix_owed_now", "obligation_kind", "obligation_id"),
    prefixes=["TEMPORARY"],
)  # fmt: skip
_called = Table(
    "called_now", _tables,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("person_id", Integer, primary_key=True, autoincrement=False), Column("place", Integer),
    prefixes=["TEMPORARY"],
)  # fmt: skip
_rungs = Table(
    "rung_now", _tables,
    Column("shape", Integer), Column("place", Integer), Column("step", String(32)),
    Column("due_on", Date), Column("due_at", UtcDateTime), Column("urgency", Integer),
    Index("ix_rung_now", "shape", "place"),
    prefixes=["TEMPORARY"],
)  # fmt: skip
_item = cast("Table", ReminderItem.__table__)

_Shape = tuple[Any, ...]
_Row = tuple[Any, ...]
People = tuple[tuple[Place, int], ...]


def sweep(session: Session, obligations: Iterable[Obligation], *, now: datetime) -> None:
    """Lay down what all these call for, and cancel whatever else is open: `obligations` are all there are.

    They are read once and not kept: memory does not grow with their number. Saying it twice changes
    nothing, and what was sent is never touched.
    """
    plan_alone(session)
    session.flush()
    connection = session.connection()
    _tables.create_all(connection, checkfirst=False)
    try:
        shapes = _Shapes(session, clock.local_date(now))
        _lay_out(connection, obligations, shapes)
        with _by_hashing(connection):
            _write(connection)
            _cancel(session, shapes.ladders, now)
    finally:
        if not connection.invalidated:
            _tables.drop_all(connection, checkfirst=False)


@dataclass
class _Shapes:
    """The shapes seen so far, each with its number and the places in it that have rungs."""

    session: Session
    today: date
    calendars: Calendars = field(init=False)
    ladders: Ladders = field(init=False)
    known: dict[_Shape, tuple[int, frozenset[int]]] = field(default_factory=dict)
    new_rungs: list[_Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.calendars = Calendars(self.session, self.today)
        self.ladders = Ladders(self.session)

    def of(self, obligation: Obligation, places: dict[int, int]) -> tuple[int, frozenset[int]]:
        """The number of an obligation's shape, and which of its `places` (person -> number) are reminded."""
        shape = (
            obligation.kind,
            obligation.plan_id,
            obligation.first,
            obligation.last,
            obligation.opened_on,
            tuple((place, places[person]) for place, person in obligation.people),
            tuple((places[one.person_id], one.from_on, one.until_on) for one in obligation.absences),
        )
        found = self.known.get(shape)
        return found if found is not None else self._learn(shape, obligation, places)

    def _learn(
        self, shape: _Shape, obligation: Obligation, places: dict[int, int]
    ) -> tuple[int, frozenset[int]]:
        number = len(self.known)
        anybody = replace(
            obligation,
            id=0,
            people=tuple((place, places[person]) for place, person in obligation.people),
            absences=tuple(replace(one, person_id=places[one.person_id]) for one in obligation.absences),
        )
        reminders = desired(
            anybody,
            calendar=self.calendars.of(obligation.plan_id),
            ladder=self.ladders.of(obligation.plan_id),
            until=self.today + HORIZON,
        )
        self.new_rungs.extend(
            (number, one.person_id, one.step, one.due_on, due_at(one.due_on, clock.ZONE), one.urgency)
            for one in reminders
        )
        self.known[shape] = found = (number, frozenset(one.person_id for one in reminders))
        return found


def _lay_out(connection: Connection, obligations: Iterable[Obligation], shapes: _Shapes) -> None:
    source = enumerate(one for one in obligations if not one.settled)
    while chunk := list(islice(source, CHUNK)):
        owed: list[_Row] = []
        called: list[_Row] = []
        for number, one in chunk:
            places = {person: place for place, person in enumerate(dict.fromkeys(p for _, p in one.people))}
            shape, reminded = shapes.of(one, places)
            owed.append(
                (number, shape, one.kind.value, one.id, one.plan_id, one.first, one.last,
                 one.title, one.path, one.words, _words_of(one.people))
            )  # fmt: skip
            called.extend((number, person, place) for person, place in places.items() if place in reminded)
        _put(connection, _owed, owed)
        _put(connection, _called, called)
        _put(connection, _rungs, shapes.new_rungs)
        shapes.new_rungs.clear()
    if connection.dialect.name == "postgresql":
        for table in (_owed, _called, _rungs):
            connection.execute(text(f"ANALYZE {table.name}"))


@contextmanager
def _by_hashing(connection: Connection) -> Iterator[None]:
    """PostgreSQL knows nothing yet of rows that have just come in, and would look them up one by one."""
    if connection.dialect.name != "postgresql":
        yield
        return
    connection.execute(text("SET LOCAL enable_nestloop = off"))
    yield
    connection.execute(text("SET LOCAL enable_nestloop = on"))


def _put(connection: Connection, table: Table, rows: list[_Row]) -> None:
    """Rows into a temporary table: by COPY where there is one, which takes a tenth of the time."""
    if not rows:
        return
    names = [column.name for column in table.columns]
    if connection.dialect.name != "postgresql":
        connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])
        return
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _wanted() -> Any:
    """Every reminder that is called for, by the names of the ledger's columns."""
    return (
        select(
            _owed.c.obligation_kind,
            _owed.c.obligation_id,
            _rungs.c.step,
            _owed.c.deadline_on,
            _called.c.person_id,
            _owed.c.plan_id,
            _owed.c.first_on,
            _rungs.c.due_on,
            _rungs.c.due_at,
            _rungs.c.urgency,
            _owed.c.title,
            _owed.c.path,
            _owed.c.words,
        )
        .join(_called, _called.c.number == _owed.c.number)
        .join(_rungs, and_(_rungs.c.shape == _owed.c.shape, _rungs.c.place == _called.c.place))
    )


def _write(connection: Connection) -> None:
    """New reminders in, changed ones mended; what stands as it should is not written again."""
    wanted = _wanted().subquery("wanted")
    held = _item.alias("held")
    changed = or_(*(held.c[name].is_distinct_from(wanted.c[name]) for name in DESCRIBED))
    to_mend = or_(
        held.c.state == ItemState.cancelled,
        and_(held.c.enclosed_at.is_(None), held.c.state.in_(OPEN), changed),
    )
    rows = (
        select(
            *(wanted.c[name] for name in (*UNIQUE, *DESCRIBED)),
            literal(ItemState.planned.value),
            literal(""),
        )
        .outerjoin(held, and_(*(held.c[name] == wanted.c[name] for name in UNIQUE)))
        .where(or_(held.c.id.is_(None), to_mend))
    )
    connection.execute(laid_down(connection, rows, (*UNIQUE, *DESCRIBED, "state", "reason")))


def _cancel(session: Session, ladders: Ladders, now: datetime) -> None:
    """What is open and called for no more, each with its reason."""
    same = (
        _wanted()
        .where(
            _owed.c.obligation_kind == _item.c.obligation_kind,
            _owed.c.obligation_id == _item.c.obligation_id,
            _owed.c.deadline_on == _item.c.deadline_on,
            _called.c.person_id == _item.c.person_id,
            _rungs.c.step == _item.c.step,
        )
        .correlate(_item)
    )
    its_own = and_(
        _owed.c.obligation_kind == _item.c.obligation_kind, _owed.c.obligation_id == _item.c.obligation_id
    )
    left_over = and_(_item.c.state.in_(OPEN), not_(same.exists()))
    cancel(session, and_(left_over, not_(exists().where(its_own))), Reason.settled, now)
    found = select(
        _item.c.id, *(_item.c[name] for name in UNIQUE), _owed.c.plan_id, _owed.c.deadline_on, _owed.c.people
    )
    doomed: dict[Reason, list[int]] = defaultdict(list)
    rows: Iterable[Any] = session.execute(found.join(_owed, its_own).where(left_over))
    for id_, kind, number, step, deadline_on, person_id, plan_id, last, people in rows:
        one = Obligation(kind, number, plan_id, _people_of(people), None, last)
        steps = ladders.of(plan_id).get(kind, ())
        doomed[why_cancelled(one, (kind, number, step, deadline_on, person_id), steps)].append(id_)
    for reason, ids in doomed.items():
        for some in chunks(ids):
            cancel(session, _item.c.id.in_(some), reason, now)


def _words_of(people: People) -> str:
    return " ".join(f"{place.value}:{person_id}" for place, person_id in people)


def _people_of(words: str) -> People:
    pairs = (word.partition(":") for word in words.split())
    return tuple((Place(place), int(person_id)) for place, _, person_id in pairs)
