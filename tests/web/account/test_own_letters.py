"""A person sees which letters are to come to them and why, which have come, and nothing of anybody else's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.support import make
from tests.support.client import StrictClient
from tracker import clock
from tracker.accounts.models import Person
from tracker.deadlines.actions import add_deadline
from tracker.deadlines.models import DeadlineKind
from tracker.mail.models import Mail, MailState
from tracker.plans.models import Initiative, MembershipRole, Plan
from tracker.reminders.models import ItemState, Reason, ReminderItem
from tracker.rounds.models import Round

PAGE = "/account/letters"
BUDGET = 22
ADMINISTRATION_BUDGET = 25

pytestmark = pytest.mark.both_databases


@dataclass(frozen=True)
class Town:
    """Olga owns one initiative and Oscar another, both in the open round and each with a milestone."""

    olga: int
    oscar: int
    reader: int
    coordinator: int
    schools: int
    initiative: int
    update: int


@pytest.fixture
def town(app: Flask) -> Town:
    with make.written(app) as session:
        plan = make.plan(session, "here", name="The plan here")
        schools, streets = (
            make.administration(session, plan, "BUF"),
            make.administration(session, plan, "TMF"),
        )
        olga, oscar = make.person(session, "Olga Owner"), make.person(session, "Oscar Other")
        coordinator = make.person(session, "Carl Coordinator")
        make.placed(session, coordinator, administration=schools)
        mine = make.initiative(session, schools, "Courses for teachers", owner=olga)
        theirs = make.initiative(session, streets, "Signs in parks", owner=oscar)
        day = clock.today() + timedelta(days=20)
        for one, title in ((mine, "Books are bought"), (theirs, "Posts are up")):
            add_deadline(
                session,
                plan_id=plan.id,
                kind=DeadlineKind.milestone,
                title=title,
                first_on=day,
                last_on=day,
                initiative=one,
                by=None,
                at=clock.now(),
            )
        reader = make.member(session, plan, MembershipRole.reader, "Rita Reader")
        round_ = make.open_round(session, plan, due_on=clock.today() + timedelta(days=40))
        updated = make.update_of(session, mine, round_)
        return Town(olga.id, oscar.id, reader.id, coordinator.id, schools.id, mine.id, updated.id)


def test_what_is_to_come_stands_with_its_reason_and_its_page(client: StrictClient, town: Town) -> None:
    make.sign_in(client, town.olga)
    page = client.get(f"{PAGE}?days=60", budget=BUDGET).text
    coming = page.split('id="coming"')[1].split('id="ledger"')[0]
    assert f'<a href="/updates/{town.update}">Courses for teachers</a>' in coming
    assert "Status: 14 days before the deadline" in coming
    assert "Books are bought" in coming
    for others in ("Signs in parks", "Posts are up", "Oscar"):
        assert others not in page


def test_what_was_submitted_drops_out_and_the_rest_comes(
    client: StrictClient, app: Flask, town: Town
) -> None:
    with make.written(app) as session:
        initiative, round_ = (
            session.get_one(Initiative, town.initiative),
            session.scalars(select(Round)).one(),
        )
        written = make.update_of(session, initiative, round_)
        make.submitted(session, written, by=session.get_one(Person, town.olga))
    make.sign_in(client, town.olga)
    coming = client.get(f"{PAGE}?days=60", budget=BUDGET).text.split('id="ledger"')[0]
    assert f"/updates/{town.update}" not in coming
    assert "Books are bought" in coming


def test_what_has_come_and_what_did_not_stand_with_the_reason(
    client: StrictClient, app: Flask, town: Town
) -> None:
    with make.written(app) as session:
        for step, state, reason in (
            ("open", ItemState.sent, ""),
            ("t-14", ItemState.cancelled, Reason.settled),
        ):
            session.execute(
                update(ReminderItem)
                .where(ReminderItem.person_id == town.olga, ReminderItem.step == step)
                .values(state=state, reason=reason, settled_at=clock.now())
            )
        for person_id, subject in ((town.olga, "To Olga"), (town.oscar, "To Oscar")):
            session.add(_sent_letter(session.get_one(Person, person_id), subject))
    make.sign_in(client, town.olga)
    page = client.get(PAGE, budget=BUDGET).text
    table = page.split('id="ledger"')[1]
    assert "Status: at the start" in table
    assert "The task was done before." in table
    assert "To Olga" in page
    assert "To Oscar" not in page
    assert "href" not in page.split('id="letters"')[1].split("</table>")[0]


def _sent_letter(person: Person, subject: str) -> Mail:
    return Mail(
        kind="receipt",
        dedupe_key=subject,
        person_id=person.id,
        address=person.email,
        payload={},
        subject=subject,
        message_id=f"<{subject.replace(' ', '.')}@example.com>",
        state=MailState.sent,
        created_at=clock.now(),
        next_at=clock.now(),
        expires_at=clock.now() + timedelta(days=1),
    )


def test_what_keeps_letters_back_is_said(client: StrictClient, app: Flask, town: Town) -> None:
    day = clock.today() + timedelta(days=5)
    with make.written(app) as session:
        session.scalars(select(Plan)).one().reminders_paused_until = day
        olga = session.get_one(Person, town.olga)
        olga.absent_from, olga.absent_until, olga.undeliverable_at = clock.today(), None, clock.now()
    make.sign_in(client, town.olga)
    page = client.get(PAGE, budget=BUDGET).text
    assert "The reminders of “The plan here” rest until" in page
    assert "came back on" in page
    assert "Your deputies get the reminders meanwhile." in page
    assert "No reminder is to come to you in these days." in page


def test_a_reader_is_reminded_of_nothing_and_has_no_such_page(client: StrictClient, town: Town) -> None:
    make.sign_in(client, town.reader)
    assert client.get(PAGE).status_code == 404
    assert PAGE not in client.get("/account").text
    make.sign_in(client, town.olga)
    assert PAGE in client.get("/account").text
    assert PAGE in client.get("/my/").text


def test_a_coordinator_sees_what_goes_to_whom_about_the_own_administration_alone(
    client: StrictClient, app: Flask, town: Town
) -> None:
    with make.written(app) as session:
        session.execute(
            update(ReminderItem)
            .where(ReminderItem.step == "open")
            .values(state=ItemState.sent, settled_at=clock.now())
        )
    make.sign_in(client, town.coordinator)
    where = f"/administrations/{town.schools}/letters"
    assert where in client.get(f"/administrations/{town.schools}").text
    page = client.get(f"{where}?days=60", budget=ADMINISTRATION_BUDGET).text
    coming, so_far = page.split('id="ledger"')
    assert "Olga Owner: one reminder" in coming
    assert "Status: 14 days before the deadline" in coming
    assert "Books are bought" in coming
    assert "Olga Owner" in so_far
    assert "Status: at the start" in so_far
    planned = client.get(f"{where}?show=planned", budget=ADMINISTRATION_BUDGET).text
    assert "Courses for teachers" in planned
    for others in ("Signs in parks", "Posts are up", "Oscar"):
        assert others not in page + planned
