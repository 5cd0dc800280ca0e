"""The letters of a plan: what was written to whom, each one's words, and what is to come."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tests.web.secretariat.conftest import Office, OpenRound
from tracker import clock
from tracker.accounts.models import Person
from tracker.mail.models import Mail, MailState
from tracker.plans import ledger
from tracker.plans.models import Initiative
from tracker.rounds.models import Round

LETTERS = "/secretariat/here/letters"
BUDGET = 8

SENT = b"""From: Plan <plan@example.com>\r
To: Olga Owner <olga@example.com>\r
Subject: A receipt\r
Content-Type: multipart/alternative; boundary=x\r
\r
--x\r
Content-Type: text/plain; charset=utf-8\r
\r
We have your words.\r
--x\r
Content-Type: text/html; charset=utf-8\r
\r
<p>We have your words.</p>\r
--x--\r
"""


def _submitted(app: Flask, opened: OpenRound) -> None:
    with make.written(app) as session:
        owner = session.get_one(Person, opened.office.owner)
        initiative = session.get_one(Initiative, opened.office.initiatives[0])
        make.submitted(
            session, make.update_of(session, initiative, session.scalars(select(Round)).one()), by=owner
        )


def test_without_a_letter_the_page_says_when_they_begin(client: StrictClient, office: Office) -> None:
    make.sign_in(client, office.secretary)
    assert "Reminders begin when a round is open." in client.get(LETTERS, budget=BUDGET).text


def test_a_submitted_status_brings_a_receipt_and_a_notice(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    _submitted(app, opened)
    make.sign_in(client, opened.office.secretary)
    page = client.get(LETTERS, budget=BUDGET).text
    assert "Receipt for a status" in page
    assert page.count("A status to read") == 2
    assert "Olga Owner" in page
    assert "Waits to be sent" in page


def test_a_letter_that_waits_is_shown_as_it_would_read(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    _submitted(app, opened)
    with make.written(app) as session:
        mail_id = session.scalars(select(Mail.id).where(Mail.kind == "receipt")).one()
    make.sign_in(client, opened.office.secretary)
    page = client.get(f"{LETTERS}/{mail_id}", budget=BUDGET + 1).text
    assert "This letter has not been sent yet." in page
    assert "Courses for teachers" in page


def test_a_letter_that_was_sent_is_shown_as_it_was(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    _submitted(app, opened)
    with make.written(app) as session:
        mail = session.scalars(select(Mail).where(Mail.kind == "receipt")).one()
        mail.state, mail.mime, mail.subject = MailState.sent, SENT, "A receipt"
        mail.settled_at = clock.now()
        mail_id = mail.id
    make.sign_in(client, opened.office.secretary)
    page = client.get(f"{LETTERS}/{mail_id}", budget=BUDGET).text
    assert "We have your words." in page
    assert "has not been sent" not in page
    assert "A receipt" in client.get(f"{LETTERS}?state=sent").text
    assert "A receipt" not in client.get(f"{LETTERS}?state=queued").text


def test_a_letter_of_another_plan_is_not_found(client: StrictClient, app: Flask, opened: OpenRound) -> None:
    _submitted(app, opened)
    with make.written(app) as session:
        mail_id = session.scalars(select(Mail.id)).first()
        other = make.member(session, make.plan(session, "there")).id
    make.sign_in(client, other)
    assert client.get(f"{LETTERS}/{mail_id}").status_code == 404
    assert client.get(f"/secretariat/there/letters/{mail_id}").status_code == 404
    assert "Olga" not in client.get("/secretariat/there/letters").text


def test_many_letters_come_a_page_at_a_time(client: StrictClient, app: Flask, office: Office) -> None:
    with make.written(app) as session:
        at, number = clock.now(), ledger.A_PAGE + 5
        plan_id = session.get_one(Initiative, office.initiatives[0]).plan_id
        session.add_all(
            Mail(
                dedupe_key=f"k{place}",
                kind="receipt",
                address=f"olga+{place}@example.com",
                plan_id=plan_id,
                next_at=at,
                expires_at=at + timedelta(days=4),
                created_at=at,
            )
            for place in range(number)
        )
    make.sign_in(client, office.secretary)
    first = client.get(LETTERS, budget=BUDGET).text
    assert f"olga+{number - 1}@" in first
    assert "olga+4@" not in first
    older = re.search(r'rel="next"\s+href="([^"]+)"', first)
    assert older is not None
    second = client.get(unescape(older[1]), budget=BUDGET).text
    assert "olga+4@" in second
    assert 'rel="next"' not in second


def test_letters_to_come_each_say_why(client: StrictClient, opened: OpenRound) -> None:
    make.sign_in(client, opened.office.secretary)
    page = client.get(f"{LETTERS}/coming?days=30", budget=20).text
    assert "Olga Owner: 2 reminders in one letter" in page
    assert "Courses for teachers" in page
    assert "Status: at the start" in page
    assert "Status: 7 days before the deadline" in page


def test_without_anything_to_come_the_page_says_where_letters_come_from(
    client: StrictClient, office: Office
) -> None:
    make.sign_in(client, office.secretary)
    page = client.get(f"{LETTERS}/coming").text
    assert "Reminders come from an open round and from deadlines." in page
