"""A letter that failed or is in doubt: what it was about, what happened to it, and what is done about it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tests.web.secretariat.conftest import OpenRound
from tracker import clock
from tracker.accounts.models import Person
from tracker.extensions import db
from tracker.mail.models import AttemptNote, Mail, MailAttempt, MailState
from tracker.mail.recovery import FOUND
from tracker.plans.models import Plan
from tracker.reminders.models import ItemState, ReminderItem

LETTERS = "/secretariat/here/letters"
BUDGET = 9


def reminding(app: Flask, opened: OpenRound, state: MailState, *notes: tuple[AttemptNote, str]) -> int:
    """A letter of reminders to the owner in this state, after these notes; its id."""
    with make.written(app) as session:
        at = clock.now() - timedelta(days=400)
        plan_id = session.scalars(select(Plan.id)).one()
        owner = session.get_one(Person, opened.office.owner)
        mail = Mail(
            dedupe_key="reminders:1",
            kind="reminders",
            person_id=owner.id,
            plan_id=plan_id,
            address=owner.email,
            payload={"day": "2026-01-01", "sequence": 0},
            state=state,
            subject="Two reminders",
            mime=b"Subject: Two reminders\r\n\r\nWords.\r\n",
            attempts=2,
            uncertain_resends=1,
            next_at=at,
            created_at=at,
            settled_at=at,
            expires_at=at + timedelta(days=4),
            last_error=notes[-1][1] if notes else "",
        )
        session.add(mail)
        session.flush()
        for number, (note, text) in enumerate(notes):
            session.add(MailAttempt(mail_id=mail.id, attempt=number // 2 + 1, note=note, text=text, at=at))
        items = session.scalars(
            select(ReminderItem).where(
                ReminderItem.person_id == opened.office.owner, ReminderItem.step == "t-14"
            )
        ).all()
        for item in items:
            item.mail_id, item.state, item.enclosed_at = mail.id, ItemState.waiting, at
        return mail.id


BROKEN = (
    (AttemptNote.data, "<a@example.com>"),
    (AttemptNote.result, "body: the connection broke"),
    (AttemptNote.data, "<a@example.com>"),
    (AttemptNote.result, "body: the connection broke"),
)


def test_a_letter_in_doubt_stands_first_however_old_and_says_what_it_is_about(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    mail_id = reminding(app, opened, MailState.needs_human, *BROKEN)
    make.sign_in(client, opened.office.secretary)
    page = client.get(LETTERS, budget=BUDGET).text
    first = page.split('id="undecided"')[1].split('id="every"')[0]
    assert f'href="{LETTERS}/{mail_id}"' in first
    assert "Courses for teachers" in first
    assert "A play for every school" in first


def test_its_page_tells_every_attempt_in_words(client: StrictClient, app: Flask, opened: OpenRound) -> None:
    mail_id = reminding(app, opened, MailState.needs_human, *BROKEN)
    make.sign_in(client, opened.office.secretary)
    page = client.get(f"{LETTERS}/{mail_id}", budget=BUDGET).text
    assert "Status: 14 days before the deadline" in page
    assert page.count("nobody knows whether it arrived") == 2
    assert "they may get it twice, word for word the same" in page


@pytest.mark.both_databases
def test_it_is_sent_again(client: StrictClient, app: Flask, opened: OpenRound) -> None:
    mail_id = reminding(app, opened, MailState.needs_human, *BROKEN)
    make.sign_in(client, opened.office.secretary)
    page = client.submit(f"{LETTERS}/{mail_id}", button="Send again", follow_redirects=True).text
    assert "The letter leaves again within a few minutes" in page
    assert "Sam Secretary decided that it goes once more." in page
    with app.app_context():
        assert db.session.get_one(Mail, mail_id).state is MailState.uncertain


@pytest.mark.both_databases
def test_it_is_counted_as_sent_with_what_it_reminded_of(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    mail_id = reminding(app, opened, MailState.needs_human, *BROKEN)
    make.sign_in(client, opened.office.secretary)
    page = client.submit(f"{LETTERS}/{mail_id}", button="Count as sent", follow_redirects=True).text
    assert "It does not go again." in page
    assert "Sam Secretary decided that it counts as sent." in page
    with app.app_context():
        states = db.session.scalars(select(ReminderItem.state).where(ReminderItem.mail_id == mail_id)).all()
        assert set(states) == {ItemState.sent}


def test_a_letter_that_failed_can_be_sent_again_and_not_counted_as_sent(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    mail_id = reminding(
        app, opened, MailState.failed, (AttemptNote.result, "recipient: 554 5.7.1 We do not like it")
    )
    make.sign_in(client, opened.office.secretary)
    page = client.get(f"{LETTERS}/{mail_id}", budget=BUDGET).text
    assert "the mail server refused the letter. It said:" in page
    assert "554 5.7.1 We do not like it" in page
    assert "Count as sent" not in page
    client.submit(f"{LETTERS}/{mail_id}", button="Send again")
    with app.app_context():
        assert db.session.get_one(Mail, mail_id).state is MailState.queued


@pytest.mark.parametrize(
    ("note", "text", "says"),
    [
        (AttemptNote.result, "connect: 421 4.3.0 busy", "not now, so it is tried again later"),
        (AttemptNote.result, "recipient: 550 5.1.1 nobody", "there is no such address"),
        (AttemptNote.result, "body: 250 2.0.0 queued as 7", "the mail server took the letter"),
        (AttemptNote.bounce, "mailbox full", "It came back."),
        (AttemptNote.result, "the dispatcher ended", "came to this end"),
        (AttemptNote.result, FOUND, "It had left already"),
        (AttemptNote.human, "send again", "Somebody who runs the service decided that it goes once more."),
    ],
)
def test_what_happened_is_told_without_the_words_of_mail_servers(
    client: StrictClient, app: Flask, opened: OpenRound, note: AttemptNote, text: str, says: str
) -> None:
    mail_id = reminding(app, opened, MailState.sent, (note, text))
    make.sign_in(client, opened.office.secretary)
    assert says in client.get(f"{LETTERS}/{mail_id}").text


def test_a_decision_that_somebody_has_taken_already_is_refused(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    mail_id = reminding(app, opened, MailState.needs_human, *BROKEN)
    make.sign_in(client, opened.office.secretary)
    page = client.get(f"{LETTERS}/{mail_id}").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    assert client.post(f"{LETTERS}/{mail_id}/count-as-sent", data={"csrf_token": token}).status_code == 303
    assert client.post(f"{LETTERS}/{mail_id}/send-again", data={"csrf_token": token}).status_code == 409
