"""The ledger follows what is owed: laid down once, taken back with the reason, never lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from tests.reminders.office import TODAY, Office, at
from tests.support.smtp import Peer
from tracker.domain.reminders import Place
from tracker.reminders.models import ItemState, Reason, ReminderItem
from tracker.reminders.sweeping import sweep

pytestmark = pytest.mark.both_databases

DUE = date(2026, 11, 16)
LATER = date(2026, 11, 30)


def _count(office: Office) -> int:
    with office.post.sessions() as session:
        return session.scalar(select(func.count()).select_from(ReminderItem)) or 0


def test_planning_twice_is_planning_once(office: Office) -> None:
    status = office.status(due=DUE)
    office.replan(status)
    before = _count(office)
    office.replan(status)
    office.replan(status, status)
    assert _count(office) == before
    assert set(office.items().values()) == {ItemState.planned}
    assert list(office.items()) == ["open", "t-28", "t-14", "t-7", "t-1", "overdue-3"]


def test_a_submitted_status_takes_its_reminders_back(office: Office) -> None:
    status = office.status(due=DUE)
    office.replan(status)
    office.replan(replace(status, settled=True))
    assert set(office.items().values()) == {ItemState.cancelled}
    assert office.item("t-7").reason == Reason.settled


def test_a_status_submitted_while_its_letter_waits_is_not_in_it(office: Office, smtp_peer: Peer) -> None:
    status = office.status(due=DUE)
    office.replan(status)
    with office.post.sessions.begin() as session:
        office.works._assemble(at(DUE - timedelta(days=28)))
        session.commit()
    assert office.item("t-28").state is ItemState.assigned
    office.replan(replace(status, settled=True))
    office.works.dispatcher.turn(at(DUE - timedelta(days=28)))
    assert not smtp_peer.accepted
    assert office.item("t-28").state is ItemState.cancelled


def test_a_moved_deadline_plans_the_new_date_and_cancels_the_old(office: Office) -> None:
    status = office.status(due=DUE)
    office.replan(status)
    office.replan(replace(status, last=LATER))
    assert office.item("t-7", deadline_on=DUE).state is ItemState.cancelled
    assert office.item("t-7", deadline_on=DUE).reason == Reason.deadline_moved
    assert office.item("t-7", deadline_on=LATER).state is ItemState.planned


def test_a_deadline_moved_there_and_back_is_as_it_was(office: Office, smtp_peer: Peer) -> None:
    status = office.status(due=DUE)
    office.owed = [status]
    office.morning(DUE - timedelta(days=28))
    assert len(smtp_peer.letters_to("owner@example.com")) == 1
    office.replan(replace(status, last=LATER))
    office.replan(status)
    office.morning(DUE - timedelta(days=27))
    assert len(smtp_peer.letters_to("owner@example.com")) == 1
    assert office.item("t-28", deadline_on=DUE).state is ItemState.sent
    assert office.item("t-7", deadline_on=DUE).state is ItemState.planned


def test_whoever_leaves_a_place_is_not_reminded_and_the_next_one_is(office: Office) -> None:
    status = office.status(due=DUE)
    office.replan(status)
    office.replan(replace(status, people=((Place.owner, office.deputy),)))
    assert set(office.items().values()) == {ItemState.cancelled}
    assert office.item("t-7").reason == Reason.place_left
    assert office.items(person_id=office.deputy)["t-28"] is ItemState.planned


def test_a_title_that_changed_is_what_the_letter_will_say(office: Office) -> None:
    status = office.status(due=DUE)
    office.replan(status)
    office.replan(replace(status, title="Mentorer til alle"))
    assert office.item("t-7").title == "Mentorer til alle"


def test_the_sweep_finds_what_no_action_laid_down_and_drops_what_is_gone(office: Office) -> None:
    first, second = office.status(1, due=DUE), office.status(2, due=DUE)
    with office.post.sessions.begin() as session:
        sweep(session, iter([first, second]), now=at(TODAY))
        before = session.scalar(select(func.count()).select_from(ReminderItem))
        sweep(session, iter([second]), now=at(TODAY))
        assert session.scalar(select(func.count()).select_from(ReminderItem)) == before
        states = session.execute(select(ReminderItem.obligation_id, ReminderItem.state).distinct()).all()
    assert {tuple(row) for row in states} == {(1, ItemState.cancelled), (2, ItemState.planned)}


def test_closed_days_of_the_plan_move_a_reminder_to_the_working_day_before(office: Office) -> None:
    office.replan(office.status(due=date(2026, 12, 31)))  # t-7 is Christmas Eve
    assert office.item("t-7").due_on == date(2026, 12, 23)
