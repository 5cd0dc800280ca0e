"""Whether letters go out: what is read, what counts as wrong, and that a large outbox does not slow it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, text
from sqlalchemy.orm import Session

from tests.mail.post import person, ready_engine
from tracker import clock
from tracker.accounts.models import Person
from tracker.domain.reminders import ObligationKind
from tracker.mail.health import Health, Hold, Problem, health, problems, totals
from tracker.mail.models import (
    AttemptNote,
    Heartbeat,
    HoldCause,
    Installation,
    Mail,
    MailAttempt,
    MailState,
)
from tracker.plans.models import Plan
from tracker.reminders.models import ItemState, ReminderItem

pytestmark = pytest.mark.both_databases

NOON = datetime.combine(date(2026, 10, 6), time(12), tzinfo=clock.ZONE)  # a Tuesday
EIGHT = NOON.replace(hour=8)
BY_NO_INDEX = 0


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    engine = ready_engine(database_url)
    with Session(engine) as session:
        yield session
    engine.dispose()


def ticked(session: Session, at: datetime) -> None:
    session.add(Heartbeat(process=f"host:{at.timestamp()}", ticked_at=at))
    session.flush()


def letter(session: Session, number: int = 1, **values: Any) -> Mail:
    given: dict[str, Any] = {
        "kind": "receipt",
        "state": MailState.queued,
        "next_at": NOON,
        "created_at": NOON,
        "expires_at": NOON + timedelta(days=4),
        **values,
    }
    made = Mail(dedupe_key=f"k{number}", address="ane@example.com", **given)
    session.add(made)
    session.flush()
    return made


def reminder(session: Session, *, due_on: date, who: Person | None = None, **values: Any) -> ReminderItem:
    """One that is planned; its plan and person are new unless given."""
    owner = who or person(session, "owner@example.com")
    plan = Plan(
        slug=f"plan-{owner.id}",
        name="Plan",
        created_at=NOON,
        reminders_paused_until=values.pop("paused_until", None),
    )
    session.add(plan)
    session.flush()
    given: dict[str, Any] = {"urgency": 10, "state": ItemState.planned, **values}
    made = ReminderItem(
        obligation_kind=ObligationKind.status_due,
        obligation_id=1,
        step="t-7",
        deadline_on=due_on + timedelta(days=7),
        person_id=owner.id,
        plan_id=plan.id,
        due_on=due_on,
        due_at=datetime.combine(due_on, time(8), tzinfo=clock.ZONE),
        title="Kurser",
        path="/updates/1",
        **given,
    )
    session.add(made)
    session.flush()
    return made


def wrong(session: Session, *, now: datetime = NOON) -> tuple[Problem, ...]:
    return problems(health(session, now=now), now=now)


def test_a_new_installation_in_which_nothing_waits_is_well(session: Session) -> None:
    assert wrong(session) == ()


def test_where_nothing_ever_ticked_a_letter_that_waits_ten_minutes_says_so(session: Session) -> None:
    letter(session, created_at=NOON, next_at=NOON)
    assert wrong(session, now=NOON + timedelta(minutes=9)) == ()
    assert wrong(session, now=NOON + timedelta(minutes=10)) == (Problem.clock_silent,)


def test_a_clock_is_silent_ten_minutes_after_its_last_tick(session: Session) -> None:
    ticked(session, NOON - timedelta(days=1))
    ticked(session, NOON)
    assert wrong(session, now=NOON + timedelta(minutes=9, seconds=59)) == ()
    assert wrong(session, now=NOON + timedelta(minutes=10)) == (Problem.clock_silent,)


def test_a_letter_that_has_waited_half_an_hour_is_overdue_also_while_it_is_tried_again(
    session: Session,
) -> None:
    ticked(session, NOON + timedelta(minutes=30))
    tried = letter(session, attempts=4, next_at=NOON + timedelta(hours=2), last_error="451 later")
    assert wrong(session, now=NOON + timedelta(minutes=29)) == ()
    assert wrong(session, now=NOON + timedelta(minutes=30)) == (Problem.overdue,)
    tried.state = MailState.sent
    session.flush()
    assert wrong(session, now=NOON + timedelta(minutes=30)) == ()


def test_a_letter_that_a_person_sends_again_has_waited_only_since_then(session: Session) -> None:
    ticked(session, NOON)
    old = letter(session, attempts=2, created_at=NOON - timedelta(days=3), next_at=NOON)
    assert wrong(session) == (Problem.overdue,)
    session.add(MailAttempt(mail_id=old.id, attempt=2, note=AttemptNote.human, at=NOON))
    session.flush()
    assert wrong(session) == ()


def test_a_letter_for_later_is_not_due(session: Session) -> None:
    ticked(session, NOON)
    letter(session, created_at=NOON - timedelta(days=1), next_at=NOON + timedelta(hours=1))
    assert health(session, now=NOON).due_since is None


def test_a_reminder_that_no_letter_holds_is_due_from_eight_in_the_morning_of_the_day(
    session: Session,
) -> None:
    """After a weekend, a pause or an absence it can go from 08:00 on and not before."""
    due = reminder(session, due_on=EIGHT.date() - timedelta(days=4))
    early = EIGHT - timedelta(minutes=1)
    assert health(session, now=early).reminder is None
    found = health(session, now=EIGHT + timedelta(minutes=5))
    assert (found.reminder, found.reminder_since) == (due.id, EIGHT)
    due.state = ItemState.assigned
    session.flush()
    assert health(session, now=NOON).reminder is None


@pytest.mark.parametrize(
    "absence",
    [
        {"absent_from": EIGHT.date(), "absent_until": EIGHT.date()},
        {"absent_from": EIGHT.date() - timedelta(days=9), "absent_until": None},
        {"active": False},
    ],
)
def test_a_reminder_to_somebody_who_cannot_get_it_today_is_not_late(
    session: Session, absence: dict[str, Any]
) -> None:
    away = person(session, "away@example.com", **absence)
    reminder(session, due_on=EIGHT.date(), who=away)
    assert health(session, now=NOON).reminder is None


def test_a_reminder_of_a_paused_plan_is_not_late_until_the_day_after_the_pause(session: Session) -> None:
    reminder(session, due_on=EIGHT.date(), paused_until=EIGHT.date())
    assert health(session, now=NOON).reminder is None
    assert health(session, now=NOON + timedelta(days=1)).reminder is not None


def test_after_the_days_letter_only_what_is_urgent_can_be_late(session: Session) -> None:
    owner = person(session, "owner@example.com")
    waiting = reminder(session, due_on=EIGHT.date(), who=owner)
    sent = letter(session, kind="reminders", person_id=owner.id, state=MailState.sent, created_at=EIGHT)
    assert health(session, now=NOON).reminder is None
    assert health(session, now=NOON + timedelta(days=1)).reminder == waiting.id
    waiting.urgency = 50
    session.flush()
    assert health(session, now=NOON).reminder == waiting.id
    waiting.urgency, sent.state = 10, MailState.cancelled
    session.flush()
    assert health(session, now=NOON).reminder == waiting.id


def test_what_is_held_says_by_whom_and_since_when(session: Session) -> None:
    ticked(session, NOON)
    session.add(
        Installation(
            base_url="https://tracker.example.com",
            machine="m",
            created_at=NOON,
            queue_held=True,
            held_cause=HoldCause.refusals,
            held_reason="554 no",
            held_at=EIGHT,
        )
    )
    session.flush()
    found = health(session, now=NOON)
    assert found.hold == Hold(HoldCause.refusals, "554 no", EIGHT)
    assert (found.base_url, found.machine) == ("https://tracker.example.com", "m")
    assert problems(found, now=NOON) == (Problem.held,)
    assert problems(found, now=NOON, off=True) == (Problem.off, Problem.held)


def test_letters_are_counted_by_their_state_and_those_in_doubt_ask_for_a_decision(session: Session) -> None:
    ticked(session, NOON)
    for number, state in enumerate([*MailState, MailState.queued]):
        letter(session, number, state=state)
    found = health(session, now=NOON)
    assert (found.queued, found.sending, found.uncertain, found.decisions) == (2, 1, 1, 1)
    assert wrong(session) == (Problem.decisions,)
    assert totals(session, found) == dict.fromkeys(MailState, 1) | {MailState.queued: 2}


def test_it_is_one_query(session: Session) -> None:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    session.connection()
    event.listen(session.get_bind(), "before_cursor_execute", note)
    assert isinstance(health(session, now=NOON), Health)
    assert len(seen) == 1


def _large(session: Session, letters: int) -> None:
    """Years of letters to fifty people, and reminders of which some could go now."""
    people = [person(session, f"owner{number}@example.com") for number in range(50)]
    first = reminder(session, due_on=EIGHT.date() + timedelta(days=30), who=people[0])
    common = {"kind": "receipt", "address": "a@example.com", "payload": {}, "state": MailState.sent}
    rows = []
    for number in range(letters):
        day = NOON - timedelta(hours=number)
        who = people[number % 50].id
        days = {"next_at": day, "created_at": day, "expires_at": day, "mime": b"x" * 200}
        rows.append({"dedupe_key": f"large{number}", "person_id": who, **common, **days})
    session.execute(insert(Mail), rows)
    table = ReminderItem.__table__
    same = {one.name: getattr(first, one.name) for one in table.columns if one.name != "id"}
    states = {0: ItemState.planned}
    session.execute(
        insert(ReminderItem),
        [
            {
                **same,
                "obligation_id": number,
                "state": states.get(number % 20, ItemState.sent),
                "due_at": EIGHT,
                "person_id": people[number % 50].id,
            }
            for number in range(2, letters)
        ],
    )
    session.commit()
    session.execute(text("ANALYZE"))
    session.commit()


def test_a_large_outbox_is_not_read_for_it(session: Session) -> None:
    """What has been sent over the years is not looked at, and of what is due only the oldest."""
    _large(session, 5_000)
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, sql: str, parameters: Any, *_rest: Any) -> None:
        asked.append((sql, parameters))

    connection = session.connection()
    event.listen(session.get_bind(), "before_cursor_execute", note)
    assert health(session, now=NOON).reminder is not None
    explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    sql, parameters = asked[0]
    found = connection.exec_driver_sql(f"{explain} {sql}", parameters)
    steps = [" ".join(str(part) for part in row) for row in found]
    whole = re.compile(r"Seq Scan on (mail|reminder_item)\b|SCAN (mail|reminder_item)(_\d+)?$")
    for index in ("ix_mail_waiting", "ix_mail_person_id_created_at", "ix_reminder_item_due"):
        assert any(index in step for step in steps), "\n".join(steps)
    assert len([step for step in steps if whole.search(step)]) <= BY_NO_INDEX, "\n".join(steps)
