"""A kept forecast and the ledger: what came as foreseen, and one reason for each difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import select, update

from tests.reminders.office import TODAY, Office, at
from tests.support import smtp
from tests.support.smtp import Peer
from tracker.accounts.models import Person
from tracker.audit.actions import record
from tracker.domain.reminders import Obligation, ObligationKind, Place
from tracker.mail.models import AttemptNote, Installation, Mail, MailAttempt
from tracker.plans.models import Plan
from tracker.reminders.causes import Cause
from tracker.reminders.differences import Comparison, Difference, compare
from tracker.reminders.forecast import fingerprint, forecast
from tracker.reminders.models import ItemState, Reason, ReminderItem, SavedForecast
from tracker.reminders.saved import entries_of, keep

pytestmark = pytest.mark.both_databases

DUE = date(2026, 11, 2)  # a Monday
T14, T7 = DUE - timedelta(days=14), DUE - timedelta(days=7)
FRIDAY = date(2026, 10, 30)  # t-1 falls on a Sunday
DAYS = 42
CANCELS = (Reason.settled, Reason.deadline_moved, Reason.place_left, Reason.absence, Reason.rules_changed)


@dataclass
class Case:
    """An office whose forecast was kept on Monday 5 October at 7, before the day's letters."""

    office: Office
    peer: Peer
    saved_id: int = 0

    def owes(self, *obligations: Obligation) -> None:
        self.office.owed = list(obligations)

    def keeps(self, *, hour: int = 7) -> None:
        with self.office.post.sessions.begin() as session:
            now = at(TODAY, hour)
            letters = forecast(session, obligations=iter(self.office.owed), now=now, days=DAYS)
            saved = keep(session, letters, plan_id=self.office.plan_id, days=DAYS, by=None, at=now)
            self.saved_id = saved.id

    def days(self, first: date, last: date, *, skip: tuple[date, ...] = ()) -> None:
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            if day not in skip:
                self.office.morning(day)

    def compared(self, on: date, *, hour: int = 18) -> Comparison:
        with self.office.post.sessions() as session:
            saved = session.get_one(SavedForecast, self.saved_id)
            found = compare(session, saved, obligations=iter(self.office.owed), now=at(on, hour))
            self._check(session.scalars(select(ReminderItem)).all(), saved, found, on)
            return found

    def only(self, on: date) -> Difference:
        [found] = self.compared(on).differences
        return found

    def _check(
        self, items: Iterable[ReminderItem], saved: SavedForecast, found: Comparison, on: date
    ) -> None:
        """Everything foreseen, and everything sent, is told of exactly once."""
        settled = {one.key for one in found.as_foreseen} | {one.key for one in found.differences}
        told = [one.key for one in (*found.as_foreseen, *found.to_come)]
        told += [one.key for one in found.differences]
        assert max(Counter(told).values(), default=0) <= 1
        foreseen = {entry.key for entry in entries_of(saved)}
        sent = {
            (item.obligation_kind, item.obligation_id, item.step, item.deadline_on, item.person_id)
            for item in items
            if item.state is ItemState.sent
            and item.settled_at is not None
            and saved.made_at < item.settled_at <= at(saved.until_on, 23)
        }
        assert set(told) == foreseen | sent
        assert sent <= settled
        assert {entry.key for entry in entries_of(saved) if entry.day < on} <= settled
        assert not [one for one in found.differences if one.cause is Cause.unexplained]


@pytest.fixture
def case(office: Office, smtp_peer: Peer) -> Case:
    return Case(office, smtp_peer)


def alone(case: Case, id_: int = 1, **values: object) -> Obligation:
    """A status that only its owner is reminded of."""
    given = {"due": DUE, "people": ((Place.owner, case.office.owner),), "opened": TODAY, **values}
    return case.office.status(id_, **given)  # type: ignore[arg-type]


def _set(case: Case, model: type, **values: object) -> None:
    with case.office.post.sessions.begin() as session:
        found = update(model)
        if model is Person:
            found = found.where(Person.id == case.office.owner)
        session.execute(found.values(**values))


def test_what_came_on_its_day_came_as_foreseen(case: Case) -> None:
    case.owes(alone(case))
    case.keeps()
    case.days(TODAY, T14)
    found = case.compared(T14)
    assert [entry.step for entry in found.as_foreseen] == ["open", "t-14"]
    assert not found.differences
    assert [entry.step for entry in found.to_come][:2] == ["t-7", "t-1"]
    assert found.until == T14


def test_on_the_morning_of_its_day_nothing_is_missing_yet(case: Case) -> None:
    case.owes(alone(case))
    case.keeps()
    assert case.compared(TODAY, hour=7).to_come[0].step == "open"


def test_a_kept_forecast_has_the_hash_of_the_list(case: Case) -> None:
    case.owes(alone(case))
    case.keeps()
    with case.office.post.sessions() as session:
        letters = forecast(session, obligations=iter(case.office.owed), now=at(TODAY, 7), days=DAYS)
        saved = session.get_one(SavedForecast, case.saved_id)
        assert saved.fingerprint == fingerprint(letters)
        assert len(saved.reminders) == sum(len(one.lines) for one in letters)
        assert (saved.from_on, saved.until_on) == (TODAY, TODAY + timedelta(days=DAYS))


def test_what_was_submitted_before_was_settled(case: Case) -> None:
    case.owes(alone(case, opened=T14))
    case.keeps()
    case.days(TODAY, T14)
    case.owes()
    case.days(T14 + timedelta(days=1), T7)
    assert case.only(T7).cause is Cause.settled
    assert (case.only(T7).step, case.only(T7).foreseen_on, case.only(T7).sent_on) == ("t-7", T7, None)


@pytest.mark.parametrize(
    ("kind", "object_kind", "fact"),
    [
        (ObligationKind.milestone, "deadline", "deadline_cancelled"),
        (ObligationKind.status_due, "status_update", "waived"),
    ],
)
def test_what_was_cancelled_says_so(case: Case, kind: ObligationKind, object_kind: str, fact: str) -> None:
    case.owes(alone(case, kind=kind, opened=T14))
    case.keeps()
    with case.office.post.sessions.begin() as session:
        record(session, fact, object_kind, 1, by=None, at=at(T14, 6), plan_id=case.office.plan_id)
    case.owes()
    case.days(T14, T14)
    assert case.only(T14).cause is Cause.cancelled


def test_a_moved_deadline_names_the_new_one(case: Case) -> None:
    case.owes(alone(case, opened=T14))
    case.keeps()
    case.days(TODAY, T14)
    case.owes(replace(case.office.owed[0], last=DUE + timedelta(days=7)))
    case.days(T14 + timedelta(days=1), T7)
    found = case.compared(T7)
    assert {one.cause for one in found.differences} == {Cause.deadline_moved}
    assert {(one.step, one.foreseen_on is None) for one in found.differences} == {
        ("t-7", False),
        ("t-14", True),
    }
    assert {one.detail for one in found.differences} == {"2026-11-09"}


def test_a_deadline_that_moved_before_it_was_planned_is_told_as_moved(case: Case) -> None:
    far = TODAY + timedelta(days=41)
    case.owes(alone(case, due=far + timedelta(days=1), opened=TODAY - timedelta(days=60)))
    case.keeps()
    case.owes(replace(case.office.owed[0], last=far + timedelta(days=60)))
    case.days(far, far)
    causes = {one.cause for one in case.compared(far).differences}
    assert causes == {Cause.deadline_moved}


def test_a_new_owner_gets_what_the_old_one_was_to_get(case: Case) -> None:
    case.owes(alone(case, opened=T14))
    case.keeps()
    case.days(TODAY, T14)
    case.owes(replace(case.office.owed[0], people=((Place.owner, case.office.deputy),)))
    case.days(T14 + timedelta(days=1), T7)
    found = case.compared(T7)
    assert {one.cause for one in found.differences} == {Cause.person_changed}
    assert {(one.person_id, one.step) for one in found.differences} >= {
        (case.office.owner, "t-7"),
        (case.office.deputy, "t-7"),
    }


def test_somebody_who_left_gets_nothing(case: Case) -> None:
    case.owes(alone(case, opened=T14))
    case.keeps()
    _set(case, Person, active=False)
    case.days(TODAY, T14 + timedelta(days=1))
    assert case.only(T14 + timedelta(days=1)).cause is Cause.person_changed


def test_an_absence_holds_letters_back(case: Case) -> None:
    case.owes(alone(case, opened=T14))
    case.keeps()
    _set(case, Person, absent_from=T14, absent_until=T14 + timedelta(days=2))
    case.days(TODAY, T14 + timedelta(days=1))
    assert case.only(T14 + timedelta(days=1)).cause is Cause.absence
    case.days(T14 + timedelta(days=2), T14 + timedelta(days=3))
    late = case.only(T14 + timedelta(days=3))
    assert (late.cause, late.sent_on) == (Cause.absence, T14 + timedelta(days=3))


def test_an_absence_that_ended_early_lets_letters_out_early(case: Case) -> None:
    _set(case, Person, absent_from=TODAY, absent_until=T7)
    case.owes(alone(case, opened=T14))
    case.keeps()
    _set(case, Person, absent_from=None, absent_until=None)
    case.days(TODAY, T14)
    assert {one.cause for one in case.compared(T14).differences} == {Cause.absence}


def test_a_pause_of_the_plan_holds_letters_back(case: Case) -> None:
    case.owes(alone(case, opened=T14))
    case.keeps()
    _set(case, Plan, reminders_paused_until=T14 + timedelta(days=1))
    case.days(TODAY, T14)
    assert case.compared(T14, hour=23).to_come[0].step == "open"  # not told before the day is over
    case.days(T14 + timedelta(days=1), T14 + timedelta(days=1))
    assert case.only(T14 + timedelta(days=1)).cause is Cause.pause
    case.days(T14 + timedelta(days=2), T14 + timedelta(days=2))
    late = case.only(T14 + timedelta(days=2))
    assert (late.cause, late.sent_on) == (Cause.pause, T14 + timedelta(days=2))


def test_changed_closed_days_move_a_letter(case: Case) -> None:
    _set(case, Plan, closed_days="")
    case.owes(alone(case, due=date(2026, 11, 4), opened=T14))
    case.keeps()
    with case.office.post.sessions.begin() as session:
        item = select(ReminderItem).where(ReminderItem.step == "t-7")
        case.office.morning(T14)
        session.scalars(item).one().due_on = T7
        session.scalars(item).one().due_at = at(T7, 8, 0)
    case.office.works._assemble(at(T7))
    case.office.works.dispatcher.turn(at(T7))
    moved = case.compared(T7).differences[-1]
    assert (moved.cause, moved.step, moved.sent_on) == (Cause.rules_changed, "t-7", T7)


def test_what_came_up_later_was_not_to_be_foreseen(case: Case) -> None:
    case.owes(alone(case, opened=T14))
    case.keeps()
    case.days(TODAY, T14 - timedelta(days=1))
    case.office.owed.append(alone(case, 2, opened=T14))
    case.days(T14, T14)
    late = case.only(T14)
    assert (late.cause, late.foreseen_on, late.sent_on) == (Cause.added_later, None, T14)


def test_after_days_of_silence_the_more_urgent_one_replaces_the_others(case: Case) -> None:
    case.owes(alone(case, opened=T14))
    case.keeps()
    case.days(TODAY, T14)
    case.days(FRIDAY, FRIDAY)
    assert case.only(FRIDAY).cause is Cause.more_urgent


def test_what_was_said_three_days_ago_is_not_said_again(case: Case) -> None:
    case.owes(alone(case, opened=TODAY - timedelta(days=30), due=DUE))
    case.office.morning(TODAY)
    case.days(TODAY + timedelta(days=1), T14)
    case.owes(replace(case.office.owed[0], last=DUE + timedelta(days=1)))
    with case.office.post.sessions.begin() as session:
        now = at(T14, 12)
        letters = forecast(session, obligations=iter(case.office.owed), now=now, days=20)
        case.saved_id = keep(session, letters, plan_id=case.office.plan_id, days=20, by=None, at=now).id
    case.days(T14 + timedelta(days=1), T14 + timedelta(days=2))
    assert case.only(T14 + timedelta(days=2)).cause is Cause.recently_reminded


def test_a_reminder_before_the_day_that_could_not_go_in_time_is_given_up(case: Case) -> None:
    papers = ObligationKind.committee_meeting
    people = ((Place.secretariat, case.office.office),)
    case.owes(alone(case, kind=papers, people=people))
    case.keeps()
    case.days(TODAY, T14)
    case.days(DUE + timedelta(days=1), DUE + timedelta(days=1))
    assert case.only(DUE + timedelta(days=1)).cause is Cause.deadline_passed


def test_an_address_that_the_server_does_not_know(case: Case) -> None:
    case.peer.always(smtp.reply("RCPT", "550 5.1.1 no such person"))
    case.owes(alone(case, opened=T14))
    case.keeps()
    case.days(TODAY, T14)
    assert case.only(T14).cause is Cause.undeliverable
    assert "5.1.1" in case.only(T14).detail


def test_a_letter_that_the_server_refused_for_good(case: Case) -> None:
    case.peer.script(smtp.reply("354", "554 5.7.1 not from you"))
    case.owes(alone(case, opened=T14))
    case.keeps()
    case.days(TODAY, T14)
    assert case.only(T14).cause is Cause.letter_failed
    assert "not from you" in case.only(T14).detail


def test_a_letter_that_may_have_arrived_needs_a_decision(case: Case) -> None:
    case.peer.always(smtp.drop("ACCEPTED"))
    case.owes(alone(case, opened=T14))
    case.keeps()
    for minute in (0, 15, 30, 45):
        case.office.morning(T14, minute=minute)
    assert case.only(T14).cause is Cause.needs_decision


def test_a_letter_that_somebody_decided_about(case: Case) -> None:
    case.owes(alone(case, opened=T14))
    case.keeps()
    with case.office.post.sessions.begin() as session:
        case.office.morning(T14 + timedelta(days=1))
        mail_id = session.scalars(select(Mail.id)).one()
        session.add(MailAttempt(mail_id=mail_id, attempt=1, note=AttemptNote.human, text="", at=at(T14, 9)))
    assert case.only(T14 + timedelta(days=1)).cause is Cause.needs_decision


def test_a_held_queue_keeps_letters_in(case: Case) -> None:
    case.owes(alone(case, opened=T14))
    case.keeps()
    with case.office.post.sessions.begin() as session:
        if session.scalar(select(Installation.id)) is None:
            session.add(Installation(base_url="x", machine="x", created_at=at(TODAY)))
        session.flush()
        session.execute(update(Installation).values(queue_held=True, held_reason="a test letter first"))
    case.days(TODAY, T14 + timedelta(days=1))
    assert case.only(T14 + timedelta(days=1)).cause is Cause.queue_held
    with case.office.post.sessions.begin() as session:
        session.execute(update(Installation).values(queue_held=False))
        at_noon = at(T14 + timedelta(days=1), 12)
        record(session, "queue_released", "installation", 1, by=None, at=at_noon)
    case.office.morning(T14 + timedelta(days=1), hour=13)
    late = case.only(T14 + timedelta(days=1))
    assert (late.cause, late.sent_on) == (Cause.queue_held, T14 + timedelta(days=1))


def test_a_server_that_says_later(case: Case) -> None:
    case.owes(alone(case, opened=T14))
    case.keeps()
    case.peer.always(smtp.reply("RCPT", "451 4.3.0 try again"))
    case.days(TODAY, T14)
    case.office.morning(T14 + timedelta(days=1), hour=6)
    waiting = case.only(T14 + timedelta(days=1))
    assert (waiting.cause, waiting.sent_on) == (Cause.server_refused, None)
    assert "try again" in waiting.detail
    case.peer.behave()
    case.office.morning(T14 + timedelta(days=1), hour=12)
    assert case.only(T14 + timedelta(days=1)).cause is Cause.server_refused


def test_a_service_that_was_down_sends_on_another_day(case: Case) -> None:
    case.owes(alone(case, opened=T14))
    case.keeps()
    assert case.only(T14 + timedelta(days=1)).cause is Cause.another_day
    case.days(T14 + timedelta(days=1), T14 + timedelta(days=1))
    late = case.only(T14 + timedelta(days=1))
    assert (late.cause, late.sent_on) == (Cause.another_day, T14 + timedelta(days=1))


@pytest.mark.parametrize("reason", [one for one in Reason if one is not Reason.bad_address])
def test_whatever_the_ledger_gives_as_a_reason_is_known(case: Case, reason: Reason) -> None:
    case.owes(alone(case, opened=T14))
    case.keeps()
    state = ItemState.cancelled if reason in CANCELS else ItemState.superseded
    case.office.replan(*case.office.owed)
    with case.office.post.sessions.begin() as session:
        session.execute(
            update(ReminderItem)
            .where(ReminderItem.step == "open")
            .values(state=state, reason=reason.value, settled_at=at(T14))
        )
    assert case.only(T14).cause is not Cause.unexplained


Event = Callable[[Case, date, Random], None]


def _submit(case: Case, _day: date, chance: Random) -> None:
    if case.office.owed:
        case.office.owed.pop(chance.randrange(len(case.office.owed)))


def _move(case: Case, _day: date, chance: Random) -> None:
    if case.office.owed:
        place = chance.randrange(len(case.office.owed))
        days = timedelta(days=chance.choice((-3, 1, 4, 9)))
        case.office.owed[place] = replace(case.office.owed[place], last=case.office.owed[place].last + days)


def _hand_over(case: Case, _day: date, chance: Random) -> None:
    if case.office.owed:
        place = chance.randrange(len(case.office.owed))
        people = ((Place.owner, case.office.deputy), (Place.coordinator, case.office.coordinator))
        case.office.owed[place] = replace(case.office.owed[place], people=people)


def _go_away(case: Case, day: date, chance: Random) -> None:
    _set(case, Person, absent_from=day, absent_until=day + timedelta(days=chance.randrange(4)))


def _pause(case: Case, day: date, chance: Random) -> None:
    _set(case, Plan, reminders_paused_until=day + timedelta(days=chance.randrange(3)))


def _refuse(case: Case, _day: date, chance: Random) -> None:
    answers = ("451 4.3.0 try again", "550 5.1.1 no such person", "554 5.7.1 refused")
    case.peer.script(smtp.reply("RCPT", chance.choice(answers)))


def _add(case: Case, day: date, chance: Random) -> None:
    days = timedelta(days=chance.randrange(8, 20))
    case.office.owed.append(alone(case, 100 + day.toordinal() % 1000, due=day + days, opened=day))


EVENTS: tuple[Event, ...] = (_submit, _move, _hand_over, _go_away, _pause, _refuse, _add)


@pytest.mark.parametrize("seed", range(6))
def test_over_a_month_nothing_is_told_twice_and_nothing_is_unexplained(case: Case, seed: int) -> None:
    """Whatever happens: each entry and each reminder sent is in one place (`compared` checks it)."""
    chance = Random(seed)
    case.owes(
        *(
            case.office.status(
                number,
                due=TODAY + timedelta(days=chance.randrange(5, 35)),
                opened=TODAY - timedelta(days=chance.randrange(3)),
            )
            for number in range(1, 7)
        )
    )
    case.keeps()
    for number in range(31):
        day = TODAY + timedelta(days=number)
        if chance.random() < 0.4:
            chance.choice(EVENTS)(case, day, chance)
        if chance.random() > 0.15:  # else the service is down that day
            case.office.morning(day)
        found = case.compared(day)
    assert len(found.as_foreseen) + len(found.differences) > 10


def test_a_pause_that_was_lifted_lets_letters_out_early(case: Case) -> None:
    _set(case, Plan, reminders_paused_until=T14 + timedelta(days=2))
    case.owes(alone(case, opened=T14))
    case.keeps()
    _set(case, Plan, reminders_paused_until=None)
    with case.office.post.sessions.begin() as session:
        plan_id = case.office.plan_id
        record(session, "reminders_resumed", "plan", plan_id, by=None, at=at(TODAY), plan_id=plan_id)
    case.days(TODAY, T14)
    early = case.only(T14)
    assert (early.cause, early.foreseen_on, early.sent_on) == (Cause.pause, T14 + timedelta(days=3), T14)
