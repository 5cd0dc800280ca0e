"""The personal link in a reminder: the same in each, for the own forms alone, and for nobody else to read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tests.support.smtp import Peer
from tracker import clock, jobs
from tracker.clockwork import Clockwork
from tracker.domain.reminders import Place
from tracker.extensions import db
from tracker.mail.models import Mail, MailState
from tracker.plans.models import Plan
from tracker.statuses.models import FormLink

LINK = re.compile(r"(/f/[0-9a-f]{64})/updates/\d+")
MORNING = datetime(2026, 10, 5, 7, 0, tzinfo=UTC)


@pytest.fixture
def moving() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def works(moving: time_machine.Traveller, app: Flask) -> Iterator[Clockwork]:
    works = jobs.clockwork(app)
    yield works
    works.close(clock.now())


@pytest.fixture
def letters(moving: time_machine.Traveller, works: Clockwork, smtp_peer: Peer) -> Callable[[int], list[str]]:
    """`letters(28)`: all that have left after so many days more, as their readers see the text."""

    def sent(days: int) -> list[str]:
        for _ in range(days):
            works.tick(clock.now())
            moving.shift(timedelta(days=1))
        return [f"To: {one.message['To']}\n{one.text}" for one in smtp_peer.accepted]

    return sent


def _office(app: Flask, *, on: bool) -> int:
    """The secretary's id."""
    with make.written(app) as session:
        plan = make.plan(session, "here")
        plan.form_links = on
        schools = make.administration(session, plan, "BUF")
        olga, cora = make.person(session, "Olga"), make.person(session, "Cora")
        make.initiative(session, schools, "Courses", owner=olga)
        make.initiative(session, schools, "Signs", owner=olga)
        make.placed(session, cora, administration=schools, place=Place.coordinator)
        secretary = make.member(session, plan).id
        make.open_round(session, plan)
        return secretary


def test_every_reminder_of_the_round_carries_the_same_link(
    app: Flask, client: StrictClient, letters: Callable[[int], list[str]]
) -> None:
    _office(app, on=True)
    sent = letters(35)
    to_olga = [one for one in sent if "To: Olga" in one and LINK.search(one)]
    assert len(to_olga) >= 2
    assert len({link for one in to_olga for link in LINK.findall(one)}) == 1
    assert all("without signing in" in one for one in to_olga)
    assert not [one for one in sent if "To: Olga" not in one and LINK.search(one)]
    client.get("/language/en")
    assert "Courses" in client.get(LINK.findall(to_olga[0])[0] + "/").text


def test_where_the_plan_does_not_have_them_reminders_lead_to_the_sign_in(
    app: Flask, letters: Callable[[int], list[str]]
) -> None:
    _office(app, on=False)
    sent = letters(35)
    assert [one for one in sent if "/updates/" in one]
    assert not [one for one in sent if "/f/" in one]
    with app.app_context():
        assert not db.session.scalars(select(FormLink)).all()


def test_a_link_that_was_revoked_is_not_made_anew_by_a_letter(
    app: Flask, letters: Callable[[int], list[str]]
) -> None:
    _office(app, on=True)
    before = letters(14)
    assert [one for one in before if LINK.search(one)]
    with make.written(app) as session:
        for link in session.scalars(select(FormLink)):
            link.revoked_at = clock.now()
    after = letters(21)[len(before) :]
    assert [one for one in after if "/updates/" in one]
    assert not [one for one in after if LINK.search(one)]


@pytest.mark.both_databases
def test_neither_the_tables_nor_the_secretariat_have_the_link(
    app: Flask, client: StrictClient, letters: Callable[[int], list[str]]
) -> None:
    secretary = _office(app, on=True)
    sent = [one for one in letters(14) if LINK.search(one)]
    token = LINK.findall(sent[0])[0].removeprefix("/f/")
    with app.app_context():
        mails = db.session.scalars(select(Mail).where(Mail.state == MailState.sent)).all()
        assert [one for one in mails if b"updates" in (one.mime or b"")]
        for mail in mails:
            told = message_from_bytes(mail.mime or b"", policy=policy.default)
            for part in told.walk():
                words = part.get_content() if part.get_content_maintype() == "text" else ""
                assert token not in str(words)
        ids = [one.id for one in mails]
    make.sign_in(client, secretary)
    for id_ in ids:
        assert token not in client.get(f"/secretariat/here/letters/{id_}").text


def test_a_preview_of_a_letter_makes_no_link(
    app: Flask, client: StrictClient, moving: time_machine.Traveller, works: Clockwork
) -> None:
    """Nobody listens on the mail server's port, so the letter waits and is shown as it would read."""
    secretary = _office(app, on=True)
    for _ in range(14):
        works.tick(clock.now())
        moving.shift(timedelta(days=1))
    make.sign_in(client, secretary)
    with app.app_context():
        waiting = db.session.scalars(select(Mail.id).where(Mail.kind == "reminders")).all()
        assert db.session.scalars(select(Plan)).one().form_links
    pages = [client.get(f"/secretariat/here/letters/{id_}").text for id_ in waiting]
    assert [page for page in pages if "/updates/" in page]
    assert not [page for page in pages if "/f/" in page]
    with app.app_context():
        assert not db.session.scalars(select(FormLink)).all()
