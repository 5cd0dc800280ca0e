"""A deadline that comes by letter and by feed stands in a calendar once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from icalendar import Calendar, Event
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support import make
from tracker import clock
from tracker.accounts.models import Person
from tracker.deadlines.actions import add_deadline, move_deadline
from tracker.deadlines.calendar_files import own_entries
from tracker.deadlines.models import Deadline, DeadlineKind, Precision
from tracker.mail.letters import LetterContext
from tracker.plans.models import MembershipRole, Plan
from tracker.plans.rights import rights_of
from tracker.reminders.attachments import attachments_for
from tracker.reminders.calendar_files import calendar_file
from tracker.reminders.models import ItemState, ReminderItem
from tracker.rounds import tasks_of_letters
from tracker.rounds.calendar_files import own_status_entries
from tracker.rounds.due_dates import move_status_deadline
from tracker.rounds.models import StatusUpdate
from tracker.statuses import review

tasks_of_letters.register()

pytestmark = pytest.mark.both_databases
BASE = "https://tracker.example.com"


def _day(ahead: int) -> date:
    return clock.today() + timedelta(days=ahead)


def _events(content: bytes) -> dict[str, Event]:
    found = [one for one in Calendar.from_ical(content).walk("VEVENT") if isinstance(one, Event)]
    return {str(one["UID"]): one for one in found}


def in_letter(session: Session, person: Person) -> dict[str, Event]:
    """What a letter with everything that is still owed to a person would bring."""
    owed = (
        select(ReminderItem, Plan.name)
        .join(Plan, Plan.id == ReminderItem.plan_id)
        .where(ReminderItem.person_id == person.id, ReminderItem.state == ItemState.planned)
    )
    rows = [(item, plan) for item, plan in session.execute(owed)]
    context = LetterContext(BASE, "da", person.name, clock.now())
    files = attachments_for(session, rows, context)
    assert files == attachments_for(session, rows[::-1], context)
    return _events(files[0].content)


def in_feed(session: Session, person: Person) -> dict[str, Event]:
    rights = rights_of(session, person.id, administrator=False, on=clock.today())
    entries = own_status_entries(session, rights, now=clock.now())
    entries += own_entries(session, rights, now=clock.now())
    return _events(calendar_file(entries, name="Frister", language="da", base_url=BASE))


def assert_same(session: Session, person: Person) -> dict[str, Event]:
    """All but the stamp of when it was written, which a feed has from the latest change."""
    letter, feed = in_letter(session, person), in_feed(session, person)
    assert set(letter) == set(feed)
    for uid, event in letter.items():
        said = {name: event[name].to_ical() for name in event if name != "DTSTAMP"}
        assert said == {name: feed[uid][name].to_ical() for name in feed[uid] if name != "DTSTAMP"}
    return feed


def test_letter_and_feed_say_the_same_of_each_deadline_however_often_it_moved(app: Flask) -> None:
    with make.written(app) as session:
        plan = make.plan(session, name="Handleplan for åbne døre")
        owner, secretary = make.person(session, "Olga"), make.member(session, plan)
        initiative = make.initiative(session, make.administration(session, plan), "Kurser", owner=owner)
        update = make.update_of(session, initiative, make.open_round(session, plan, due_on=_day(40)))
        deadline = add_deadline(
            session,
            plan_id=plan.id,
            kind=DeadlineKind.delivery,
            title="Rapport, første del",
            first_on=_day(50),
            last_on=_day(60),
            precision=Precision.part,
            words="medio næste måned",
            initiative=initiative,
            by=None,
            at=clock.now() - timedelta(hours=3),
        )
        first = assert_same(session, owner)
        assert len(first) == 2
        for hours, ahead in ((2, 70), (1, 60)):
            _move_both(session, update, deadline, ahead, by=secretary, hours=hours)
        last = assert_same(session, owner)
        assert set(first) == set(last)
        assert [last[uid]["SEQUENCE"] - first[uid]["SEQUENCE"] for uid in first] == [2, 2]


def _move_both(
    session: Session, update: StatusUpdate, deadline: Deadline, ahead: int, *, by: Person, hours: int
) -> None:
    at = clock.now() - timedelta(hours=hours)
    assert update.deadline is not None
    move_status_deadline(
        session,
        update,
        due_on=_day(ahead),
        reason="Ferie",
        version=update.deadline.version,
        by=by.id,
        at=at,
    )
    move_deadline(
        session,
        deadline,
        first_on=_day(ahead - 10),
        last_on=_day(ahead),
        precision=Precision.part,
        words="senere",
        reason="Ferie",
        version=deadline.version,
        by=by.id,
        at=at,
    )


def test_a_status_that_was_given_back_keeps_its_place_in_both(app: Flask) -> None:
    with make.written(app) as session:
        plan = make.plan(session)
        owner, lead = make.person(session, "Olga"), make.member(session, plan, MembershipRole.lead)
        initiative = make.initiative(session, make.administration(session, plan), "Kurser", owner=owner)
        update = make.update_of(session, initiative, make.open_round(session, plan, due_on=_day(40)))
        (before,) = assert_same(session, owner).values()
        make.submitted(session, update, by=owner)
        (waiting,) = in_feed(session, owner).values()
        assert waiting["SUMMARY"] == "Klaret: Status: Kurser"
        review.return_(
            session,
            update,
            remark="Skriv hvor mange, der kom.",
            due_on=_day(50),
            version=update.version,
            rights=rights_of(session, lead.id, administrator=False, on=clock.today()),
            by=lead,
            at=clock.now(),
        )
        (after,) = in_feed(session, owner).values()
        (letter,) = in_letter(session, owner).values()
        assert before["UID"] == after["UID"] == letter["UID"]
        assert before["SEQUENCE"] < after["SEQUENCE"] == letter["SEQUENCE"]
        assert after["SUMMARY"] == letter["SUMMARY"] == before["SUMMARY"]
        assert letter.decoded("DTSTART") == _day(50)
