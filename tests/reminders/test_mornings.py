"""Mornings: one letter a person a day, with what is true on that day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from tests.reminders.office import Office, at
from tests.support import smtp
from tests.support.smtp import Peer
from tracker.accounts.models import Person
from tracker.domain.reminders import ObligationKind, Place
from tracker.mail.models import Mail, MailState
from tracker.plans.models import Plan
from tracker.reminders.models import ItemState, Reason

pytestmark = pytest.mark.both_databases

DUE = date(2026, 11, 16)  # a Monday
T28, T14, T7 = (DUE - timedelta(days=days) for days in (28, 14, 7))
FRIDAY = date(2026, 11, 13)  # t-1 falls on a Sunday
OWNER = "owner@example.com"


def test_several_tasks_of_one_person_are_one_letter(office: Office, smtp_peer: Peer) -> None:
    office.owed = [office.status(number, due=DUE) for number in range(1, 6)]
    office.morning(T14)
    office.morning(T14, minute=31)
    [letter] = smtp_peer.letters_to(OWNER)
    assert letter.message["Subject"] == "Påmindelse om 5 opgaver i handleplanen"
    assert all(f"/updates/{number}" in letter.text for number in range(1, 6))


def test_ten_days_down_are_one_letter_with_the_true_days_left(office: Office, smtp_peer: Peer) -> None:
    office.owed = [office.status(due=DUE)]
    office.replan(*office.owed, on=T28)
    office.morning(FRIDAY, hour=14)
    [letter] = smtp_peer.letters_to(OWNER)
    assert "Frist mandag den 16. november 2026, om 1 arbejdsdag." in letter.text
    outcome = office.items()
    assert {step: outcome[step] for step in list(outcome)[:6]} == {
        "open": ItemState.superseded,
        "t-28": ItemState.superseded,
        "t-14": ItemState.superseded,
        "t-7": ItemState.superseded,
        "t-1": ItemState.sent,
        "overdue-3": ItemState.planned,
    }
    assert office.item("t-28").superseded_by_id == office.item("t-1").id


def test_after_the_deadline_only_the_overdue_reminder_is_sent(office: Office, smtp_peer: Peer) -> None:
    office.owed = [office.status(due=DUE)]
    office.replan(*office.owed, on=T28)
    office.morning(date(2026, 11, 19))  # the third working day after
    [letter] = smtp_peer.letters_to(OWNER)
    assert "Fristen var mandag den 16. november 2026, for 3 arbejdsdage siden." in letter.text
    assert office.items()["t-1"] is ItemState.superseded
    assert [one.recipients for one in smtp_peer.letters_to("coordinator@example.com")]


def test_nobody_is_written_to_before_eight(office: Office, smtp_peer: Peer) -> None:
    office.owed = [office.status(due=DUE)]
    office.morning(T14 + timedelta(days=1), hour=3)
    assert not smtp_peer.accepted
    office.morning(T14 + timedelta(days=1), hour=8, minute=0)
    assert len(smtp_peer.letters_to(OWNER)) == 1


def test_what_comes_up_after_the_days_letter_waits_for_tomorrow_unless_it_presses(
    office: Office, smtp_peer: Peer
) -> None:
    office.owed = [office.status(1, due=DUE)]
    office.morning(T7)
    office.owed += [office.status(2, due=DUE), office.status(3, due=T7 + timedelta(days=1))]
    office.replan(*office.owed, on=T7)
    office.morning(T7, hour=12)
    _first, second = smtp_peer.letters_to(OWNER)
    assert "/updates/3" in second.text
    assert "/updates/2" not in second.text
    office.morning(T7 + timedelta(days=1))
    assert "/updates/2" in smtp_peer.letters_to(OWNER)[2].text


def test_a_letter_that_waits_for_the_server_takes_the_next_days_tasks_with_it(
    office: Office, smtp_peer: Peer
) -> None:
    smtp_peer.always(smtp.reply("CONNECT", "421 4.3.2 closed for the night"))
    office.owed = [office.status(1, due=DUE), office.status(2, due=DUE + timedelta(days=1))]
    office.morning(T7)
    smtp_peer.behave()
    office.morning(T7 + timedelta(days=1))
    [letter] = smtp_peer.letters_to(OWNER)
    assert "Frist mandag den 16. november 2026, om 4 arbejdsdage." in letter.text
    assert "Frist tirsdag den 17. november 2026, om 5 arbejdsdage." in letter.text


def test_a_step_is_not_repeated_because_the_date_moved_a_little(office: Office, smtp_peer: Peer) -> None:
    status = office.status(due=DUE)
    office.owed = [status]
    office.morning(T7)
    moved = replace(status, last=DUE + timedelta(days=1))
    office.owed = [moved]
    office.replan(moved, on=T7)
    office.morning(T7 + timedelta(days=1))
    assert len(smtp_peer.letters_to(OWNER)) == 1
    assert office.item("t-7", deadline_on=moved.last).reason == Reason.recently_reminded


def test_a_letter_whose_address_changed_is_replaced_by_one_to_the_new_address(
    office: Office, smtp_peer: Peer
) -> None:
    office.owed = [office.status(due=DUE)]
    smtp_peer.always(smtp.reply("CONNECT", "421 4.3.2 closed"))
    office.morning(T7)
    with office.post.sessions.begin() as session:
        session.execute(update(Person).where(Person.email == OWNER).values(email="new@example.com"))
    smtp_peer.behave()
    office.morning(T7, hour=10)
    office.morning(T7, hour=10, minute=31)
    assert not smtp_peer.letters_to(OWNER)
    assert len(smtp_peer.letters_to("new@example.com")) == 1
    assert office.item("t-7").state is ItemState.sent


def test_an_address_that_does_not_exist_shows_in_the_ledger(office: Office, smtp_peer: Peer) -> None:
    smtp_peer.script(smtp.reply("RCPT", "550 5.1.1 no such person"))
    office.owed = [office.status(due=DUE, people=((Place.owner, office.owner),))]
    office.morning(T7)
    item = office.item("t-7")
    assert item.state is ItemState.undeliverable
    assert "5.1.1" in item.reason


def test_a_letter_that_may_have_arrived_waits_for_a_person(office: Office, smtp_peer: Peer) -> None:
    smtp_peer.always(smtp.drop("ACCEPTED"))
    office.owed = [office.status(due=DUE, people=((Place.owner, office.owner),))]
    for minute in (0, 15, 30, 45):
        office.morning(T7, minute=minute)
    assert office.item("t-7").state is ItemState.waiting
    assert len(smtp_peer.accepted) == 2


def test_nobody_is_reminded_while_absent_or_while_the_plan_pauses(office: Office, smtp_peer: Peer) -> None:
    office.owed = [
        office.status(due=DUE, people=((Place.owner, office.owner), (Place.deputy, office.deputy)))
    ]
    with office.post.sessions.begin() as session:
        session.execute(
            update(Person)
            .where(Person.email == OWNER)
            .values(absent_from=T7, absent_until=T7 + timedelta(days=1))
        )
    office.morning(T7)
    assert not smtp_peer.accepted
    with office.post.sessions.begin() as session:
        session.execute(update(Plan).values(reminders_paused_until=T7 + timedelta(days=2)))
    office.morning(T7 + timedelta(days=2))
    assert not smtp_peer.accepted
    office.morning(T7 + timedelta(days=3))
    assert smtp_peer.recipients == [OWNER]


def test_a_letter_item_taken_back_while_it_left_is_told_as_sent(office: Office, smtp_peer: Peer) -> None:
    """Cancelled between the window's opening and its close: the letter arrived, so the ledger says sent."""
    status = office.status(due=DUE, people=((Place.owner, office.owner),))
    office.owed = [status]
    line = office.works.dispatcher._line
    hand_over = line.hand_over

    def submit_meanwhile(mime: bytes) -> str:
        office.replan(replace(status, settled=True), on=T7)
        return hand_over(mime)

    line.hand_over = submit_meanwhile  # type: ignore[method-assign]
    office.morning(T7)
    assert len(smtp_peer.accepted) == 1
    assert office.item("t-7").state is ItemState.sent


def test_each_kind_of_deadline_is_reminded_by_its_own_ladder(office: Office, smtp_peer: Peer) -> None:
    people = (
        (Place.owner, office.owner),
        (Place.secretariat, office.office),
        (Place.coordinator, office.coordinator),
    )
    window = office.status(
        1,
        due=DUE,
        kind=ObligationKind.campaign_window,
        first=T7,
        words="9.-16. november",
        people=people,
        opened=T28,
    )
    meeting = office.status(2, due=DUE, kind=ObligationKind.committee_meeting, people=people, opened=T28)
    papers = office.status(3, due=DUE, kind=ObligationKind.committee_papers, people=people, opened=T28)
    office.owed = [window, meeting, papers]
    day = T28
    while day < DUE + timedelta(days=5):
        office.morning(day)
        day += timedelta(days=1)
    assert len(smtp_peer.letters_to(OWNER)) >= 3  # start-7, end-3, the day after
    assert "Hvordan gik det?" in smtp_peer.letters_to(OWNER)[-1].text
    assert smtp_peer.letters_to("coordinator@example.com")
    assert "Committee meeting" in smtp_peer.letters_to("office@example.com")[0].text


@pytest.mark.parametrize("night", [date(2027, 3, 28), date(2027, 10, 31)])
def test_in_the_nights_of_the_clock_change_each_letter_goes_once_at_eight(
    office: Office, smtp_peer: Peer, night: date
) -> None:
    tuesday = night + timedelta(days=2)  # the Monday of 2027-03-29 is Easter Monday
    office.owed = [
        office.status(
            due=tuesday + timedelta(days=7),
            people=((Place.owner, office.owner),),
            opened=night - timedelta(days=90),
        )
    ]
    office.morning(night - timedelta(days=3))
    before = len(smtp_peer.accepted)
    start = at(night - timedelta(days=1), 12, 0)
    sent_at = []
    for hour in range(84):
        now = start + timedelta(hours=hour)
        office.works.tick(now)
        if len(smtp_peer.accepted) > before:
            sent_at.append(now.astimezone(start.tzinfo))
            before = len(smtp_peer.accepted)
    assert len(sent_at) == 1
    assert office.item("t-7").due_at == at(tuesday, 8, 0)


def test_one_letter_that_cannot_be_written_does_not_stop_the_others(office: Office, smtp_peer: Peer) -> None:
    office.owed = [office.status(1, due=DUE, people=((Place.owner, office.owner),))]
    office.owed += [office.status(2, due=DUE, people=((Place.owner, office.deputy),))]
    office.works._assemble(at(T7))
    office.replan(*office.owed, on=T7)
    office.works._assemble(at(T7))
    with office.post.sessions.begin() as session:
        session.execute(update(Person).where(Person.email == OWNER).values(name="Ane\r\nBcc: x@example.com"))
    office.works.dispatcher.turn(at(T7))
    assert smtp_peer.recipients == ["deputy@example.com"]
    with office.post.sessions() as session:
        assert session.scalars(select(Mail.state).where(Mail.address == OWNER)).one() is MailState.failed
    assert office.item("t-7").state is ItemState.undeliverable
