"""Mornings on which somebody is away, a letter cannot be delivered, or the plan pauses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from tests.reminders.office import TODAY, Office, at
from tests.support import smtp
from tests.support.smtp import Peer
from tracker.accounts.models import Person
from tracker.domain.ladders import DEFAULT_LADDER, Anchor, ObligationKind, Place, rung
from tracker.domain.reminders import Absence, Obligation
from tracker.mail.health import health
from tracker.plans.models import Plan
from tracker.reminders.actions import take_out
from tracker.reminders.forecast import forecast
from tracker.reminders.ladders import change_ladder
from tracker.reminders.models import ItemState, Reason
from tracker.reminders.queries import still_owed

pytestmark = pytest.mark.both_databases

DUE = date(2026, 11, 16)  # a Monday
T28, T14, T7 = (DUE - timedelta(days=days) for days in (28, 14, 7))
FRIDAY = date(2026, 11, 13)  # t-1 falls on a Sunday
OWNER, DEPUTY, COORDINATOR = "owner@example.com", "deputy@example.com", "coordinator@example.com"


def _away(office: Office, first: date, last: date | None) -> tuple[Absence, ...]:
    """The owner is away: on the person's row, and in what the obligations say."""
    with office.post.sessions.begin() as session:
        session.execute(
            update(Person).where(Person.id == office.owner).values(absent_from=first, absent_until=last)
        )
    return (Absence(office.owner, first, last),)


def _alone(office: Office, absences: tuple[Absence, ...]) -> Obligation:
    people = ((Place.owner, office.owner), (Place.coordinator, office.coordinator))
    return office.status(due=DUE, people=people, absences=absences)


def _mornings(office: Office, first: date, last: date) -> None:
    day = first
    while day <= last:
        office.morning(day)
        day += timedelta(days=1)


def test_while_the_owner_is_away_the_deputy_gets_each_letter_and_nobody_gets_two(
    office: Office, smtp_peer: Peer
) -> None:
    absences = _away(office, T14 - timedelta(days=1), T7 + timedelta(days=1))
    office.owed = [office.status(due=DUE, absences=absences)]
    _mornings(office, T28, FRIDAY)
    assert len(smtp_peer.letters_to(OWNER)) == 2  # t-28 and t-1
    assert len(smtp_peer.letters_to(DEPUTY)) == 3  # t-14 and t-7 for the owner, t-1 as deputy
    assert not smtp_peer.letters_to(COORDINATOR)


def test_without_a_deputy_the_owner_gets_one_letter_on_the_return(office: Office, smtp_peer: Peer) -> None:
    office.owed = [_alone(office, _away(office, T28, T7))]
    _mornings(office, T28, T7)
    assert not smtp_peer.accepted
    office.morning(T7 + timedelta(days=1))
    assert smtp_peer.recipients == [OWNER]
    assert office.item("t-7").state is ItemState.sent
    assert office.item("t-28").reason == Reason.more_urgent


def test_an_owner_who_is_away_over_the_deadline_costs_the_coordinator_one_line(
    office: Office, smtp_peer: Peer
) -> None:
    office.owed = [_alone(office, _away(office, T28, DUE + timedelta(days=1)))]
    _mornings(office, T28, DUE)
    [letter] = smtp_peer.accepted
    assert list(letter.recipients) == [COORDINATOR]
    assert "Hverken den ansvarlige eller en stedfortræder er til stede." in letter.text


def test_whoever_has_gone_away_gets_no_letter_that_was_waiting(office: Office, smtp_peer: Peer) -> None:
    office.owed = [office.status(due=DUE)]
    smtp_peer.always(smtp.reply("CONNECT", "421 4.3.2 closed for the night"))
    office.morning(T14)
    assert office.item("t-14").state is ItemState.assigned
    office.owed = [office.status(due=DUE, absences=_away(office, T14, T7))]
    with office.post.sessions.begin() as session:
        take_out(session, person_id=office.owner)
    office.replan(*office.owed, on=T14)
    smtp_peer.behave()
    office.morning(T14, hour=12)
    office.morning(T14, hour=13)
    assert smtp_peer.recipients == [DEPUTY]
    assert office.item("t-14").reason == Reason.absence


def test_whose_letters_come_back_is_not_written_to(office: Office, smtp_peer: Peer) -> None:
    with office.post.sessions.begin() as session:
        session.execute(update(Person).where(Person.id == office.owner).values(undeliverable_at=at(TODAY)))
    office.owed = [office.status(due=DUE, absences=(Absence(office.owner, date.min),))]
    office.morning(T14)
    assert smtp_peer.recipients == [DEPUTY]
    with office.post.sessions.begin() as session:
        session.execute(update(Person).where(Person.id == office.owner).values(undeliverable_at=None))
    office.owed = [office.status(due=DUE)]
    office.replan(*office.owed, on=T7)
    office.morning(T7)
    assert [one.recipients[0] for one in smtp_peer.accepted] == [DEPUTY, OWNER]


def test_after_a_pause_of_the_plan_comes_one_letter(office: Office, smtp_peer: Peer) -> None:
    office.owed = [office.status(due=DUE)]
    with office.post.sessions.begin() as session:
        session.execute(update(Plan).values(reminders_paused_until=T7 - timedelta(days=1)))
    _mornings(office, T28, T7 - timedelta(days=1))
    assert not smtp_peer.accepted
    _mornings(office, T7, T7 + timedelta(days=2))
    [letter] = smtp_peer.letters_to(OWNER)
    assert "om 5 arbejdsdage" in letter.text
    assert office.item("t-7").state is ItemState.sent


WEEKEND = (date(2026, 11, 7), date(2026, 11, 8))  # the days before t-7


def _nobody_is_late(office: Office, day: date) -> bool:
    with office.post.sessions() as session:
        return health(session, now=at(day, 12)).reminder is None


def test_whoever_is_back_on_a_closed_day_is_reminded_on_the_next_working_day(
    office: Office, smtp_peer: Peer
) -> None:
    office.owed = [_alone(office, _away(office, T14, WEEKEND[0] - timedelta(days=1)))]
    office.morning(T28)
    _mornings(office, T14, WEEKEND[1])
    assert [office.item("t-28").state, office.item("t-14").state] == [ItemState.sent, ItemState.planned]
    assert all(_nobody_is_late(office, day) for day in WEEKEND)
    office.morning(T7, hour=7, minute=59)
    assert len(smtp_peer.accepted) == 1
    office.morning(T7, hour=8, minute=0)
    assert len(smtp_peer.letters_to(OWNER)) == 2
    assert office.item("t-7").state is ItemState.sent


def test_a_pause_that_ends_on_a_closed_day_ends_with_the_next_working_day(
    office: Office, smtp_peer: Peer
) -> None:
    """While one plan pauses, what is due in another goes at once, on a closed day as well."""
    with office.post.sessions.begin() as session:
        other = Plan(slug="other", name="Den anden plan", created_at=at(TODAY))
        session.add(other)
        session.execute(
            update(Plan).where(Plan.id == office.plan_id).values(reminders_paused_until=WEEKEND[0])
        )
        session.flush()
        other_id = other.id
    mine = ((Place.owner, office.owner),)
    office.owed = [office.status(1, due=DUE, people=mine)]
    _mornings(office, T14, WEEKEND[0])
    office.owed.append(replace(office.status(2, due=DUE, people=mine), plan_id=other_id))
    office.morning(WEEKEND[1])
    [letter] = smtp_peer.letters_to(OWNER)
    assert "del 2" in letter.text
    assert "del 1" not in letter.text
    assert _nobody_is_late(office, WEEKEND[1])
    office.morning(T7)
    assert len(smtp_peer.letters_to(OWNER)) == 2
    assert "del 1" in smtp_peer.letters_to(OWNER)[1].text


def test_an_optional_day_is_closed_where_the_plan_says_so(office: Office, smtp_peer: Peer) -> None:
    christmas_eve = date(2026, 12, 24)
    due = date(2026, 12, 28)
    absences = _away(office, date(2026, 12, 14), christmas_eve - timedelta(days=1))
    office.owed = [office.status(due=due, absences=absences, people=((Place.owner, office.owner),))]
    with office.post.sessions.begin() as session:
        session.execute(update(Plan).values(closed_days="christmas_eve"))
    _mornings(office, date(2026, 12, 21), christmas_eve)
    assert not smtp_peer.accepted
    with office.post.sessions.begin() as session:
        session.execute(update(Plan).values(closed_days=""))
    office.morning(christmas_eve, hour=10)
    assert smtp_peer.recipients == [OWNER]


def test_a_rung_that_comes_in_behind_what_was_sent_is_not_sent_after_it(
    office: Office, smtp_peer: Peer
) -> None:
    office.owed = [office.status(due=DUE, people=((Place.owner, office.owner),))]
    office.morning(T14)
    usual = DEFAULT_LADDER[ObligationKind.status_due]
    late = rung(ObligationKind.status_due, (Place.owner,), Anchor.before_last, 21)
    with office.post.sessions.begin() as session:
        change_ladder(
            session,
            plan_id=office.plan_id,
            kind=ObligationKind.status_due,
            steps=(*usual, late),
            version=None,
            by=None,
            at=at(T14),
        )
    office.replan(*office.owed, on=T14)
    day = T14 + timedelta(days=1)
    with office.post.sessions() as session:
        owed = still_owed(session, office.owed, now=at(day), until=FRIDAY)
        assert [one.step for one in owed[office.owner]] == ["t-7", "t-1"]
    office.morning(day)
    assert len(smtp_peer.letters_to(OWNER)) == 1
    assert office.item("t-21").state is ItemState.superseded
    assert office.item("t-21").reason == Reason.overtaken
    assert office.item("t-21").superseded_by_id == office.item("t-14").id


def test_closed_days_do_not_use_the_ladder_up(office: Office) -> None:
    """Over Christmas: steps move to the working day before, and what is overdue counts working days."""
    due = date(2026, 12, 23)
    office.replan(office.status(due=due), on=date(2026, 12, 1))
    assert office.item("overdue-3").due_on == date(2026, 12, 30)
    assert office.item("overdue-6").due_on == date(2027, 1, 6)


@pytest.mark.parametrize(
    ("away_until", "paused_until"),
    [(T7 + timedelta(days=1), T28 + timedelta(days=1)), (WEEKEND[0], T28 + timedelta(days=5))],
)
def test_what_is_foreseen_of_an_absence_and_a_pause_is_what_happens(
    office: Office, smtp_peer: Peer, away_until: date, paused_until: date
) -> None:
    absences = _away(office, T28 + timedelta(days=3), away_until)
    office.owed = [
        office.status(1, due=DUE, absences=absences),
        office.status(
            2,
            due=DUE + timedelta(days=1),
            absences=absences,
            people=((Place.owner, office.owner), (Place.coordinator, office.coordinator)),
        ),
        office.status(3, due=T7, people=((Place.coordinator, office.coordinator),)),
    ]
    with office.post.sessions.begin() as session:
        session.execute(update(Plan).values(reminders_paused_until=paused_until))
    with office.post.sessions() as session:
        foreseen = forecast(session, obligations=iter(office.owed), now=at(TODAY, 7), days=50)
    happened = []
    for day in (TODAY + timedelta(days=ahead) for ahead in range(51)):
        before = len(smtp_peer.accepted)
        office.morning(day)
        happened += [(day, letter.recipients[0]) for letter in smtp_peer.accepted[before:]]
    assert sorted((one.on, one.recipient.email) for one in foreseen) == sorted(happened)
    assert {address for _, address in happened} == {OWNER, DEPUTY, COORDINATOR}
