"""Why somebody did, or did not, get a letter, as it is told to a secretary."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from tests.reminders.office import TODAY, Office, at
from tests.support import smtp
from tests.support.smtp import Peer
from tracker.accounts.models import Person
from tracker.domain.ladders import DEFAULT_LADDER
from tracker.domain.reminders import ENDED, UNCOVERED, Obligation, ObligationKind, Place
from tracker.mail.models import Installation
from tracker.plans.models import Plan
from tracker.reminders.explaining import explain_initiative, explain_person
from tracker.reminders.explaining_words import answer, as_text, heading
from tracker.reminders.models import ItemState, Reason, ReminderItem
from tracker.reminders.phrases import PHRASES, matter, step_words

pytestmark = pytest.mark.both_databases

DUE = date(2026, 11, 2)  # a Monday
T14, T7 = DUE - timedelta(days=14), DUE - timedelta(days=7)


def _status(office: Office, **values: object) -> Obligation:
    given = {"due": DUE, "people": ((Place.owner, office.owner),), "opened": TODAY, **values}
    return office.status(**given)  # type: ignore[arg-type]


def _said(
    office: Office, *, now: date, on: date | None = None, hour: int = 12, language: str = "en"
) -> list[str]:
    """The lines about the owner."""
    with office.post.sessions() as session:
        found = explain_person(session, office.owner, obligations=iter(office.owed), on=on, now=at(now, hour))
        return as_text(heading(found, language), answer(found, language)).splitlines()


def _set(office: Office, model: type, **values: object) -> None:
    with office.post.sessions.begin() as session:
        found = update(model)
        session.execute(
            (found.where(Person.id == office.owner) if model is Person else found).values(**values)
        )


def test_what_was_sent_today_and_what_comes_next(office: Office) -> None:
    office.owed = [_status(office)]
    office.morning(TODAY)
    next_one = (
        "Status “Mentorer til unge, del 1”, due 02.11.2026."
        " Next reminder: 14 days before the deadline, Monday 19.10.2026."
    )
    assert _said(office, now=TODAY) == [
        "Ane Møller (owner@example.com): reminders on Monday 05.10.2026",
        "",
        "Nothing keeps letters from arriving.",
        "What happened on Monday 05.10.2026:",
        "  - Status “Mentorer til unge, del 1”, word at the opening: sent at 08:30.",
        "Open at present:",
        f"  - {next_one}",
    ]


def test_a_day_without_a_reminder_says_so_in_danish(office: Office) -> None:
    office.owed = [_status(office)]
    office.morning(TODAY)
    lines = _said(office, now=TODAY + timedelta(days=3), on=TODAY + timedelta(days=2), language="da")
    assert "Der blev ikke sendt nogen påmindelse onsdag 07.10.2026, for der var ingen på den dag." in lines
    assert "De sidste 60 dage:" in lines
    assert "  - 05.10.2026: Status »Mentorer til unge, del 1«, besked ved åbningen: sendt kl. 08.30." in lines


def test_a_day_to_come_tells_what_will_be_sent(office: Office) -> None:
    office.owed = [_status(office, opened=T14)]
    lines = _said(office, now=TODAY, on=T7)
    assert "What will be sent on Monday 26.10.2026 at 08:00 if nothing changes:" in lines
    assert "  - Status “Mentorer til unge, del 1”, 7 days before the deadline, due 02.11.2026." in lines
    assert "There is no reminder on Tuesday 27.10.2026 if nothing changes." in _said(
        office, now=TODAY, on=T7 + timedelta(days=1)
    )


def test_nothing_that_is_open_means_no_reminder(office: Office) -> None:
    assert "No reminder is on its way in the coming 60 days." in _said(office, now=TODAY)


def test_what_was_done_before_is_why_nothing_came(office: Office) -> None:
    office.owed = [_status(office)]
    office.morning(TODAY)
    office.owed = []
    office.replan(replace(_status(office), settled=True), on=T14 - timedelta(days=2))
    lines = _said(office, now=T14, on=T14)
    assert (
        "  - Status “Mentorer til unge, del 1”, 14 days before the deadline:"
        " not sent, because the task had been done."
    ) in lines


def test_somebody_who_is_away_or_has_left_or_cannot_be_reached(office: Office) -> None:
    _set(office, Person, absent_from=TODAY, absent_until=T7)
    assert (
        "Ane Møller is absent until and including 26.10.2026."
        " Meanwhile the deputy gets the letters, or they wait."
    ) in _said(office, now=TODAY)
    _set(office, Person, absent_until=None, undeliverable_at=at(TODAY), undeliverable_reason="550 5.1.1 gone")
    lines = _said(office, now=TODAY)
    assert "Ane Møller is absent with no end date." in lines[2]
    assert lines[3] == (
        "A letter to Ane Møller came back on 05.10.2026: the address owner@example.com takes no mail."
        " The mail server said: 550 5.1.1 gone"
    )
    _set(office, Person, active=False)
    assert "Ane Møller is no longer active and gets no letters." in _said(office, now=TODAY)


def test_a_pause_and_a_held_queue_stand_in_the_way(office: Office) -> None:
    office.owed = [_status(office)]
    _set(office, Plan, reminders_paused_until=T14)
    with office.post.sessions.begin() as session:
        if session.scalar(select(Installation.id)) is None:
            session.add(Installation(base_url="x", machine="x", created_at=at(TODAY)))
        session.flush()
        session.execute(update(Installation).values(queue_held=True, held_reason="We try the new server."))
    lines = _said(office, now=TODAY, language="da")
    assert (
        "Al post holdes tilbage. Intet sendes, før den bliver frigivet. Begrundelse: We try the new server."
        in lines
    )
    assert (
        "Påmindelserne i »Handleplan for ligebehandling« er sat på pause til og med 19.10.2026."
        " De kommer bagefter."
    ) in lines


def test_a_letter_that_waits_for_the_mail_server_says_what_it_said(office: Office, smtp_peer: Peer) -> None:
    smtp_peer.always(smtp.reply("RCPT", "451 4.3.0 try again"))
    office.owed = [_status(office)]
    office.morning(TODAY)
    lines = _said(office, now=TODAY, hour=8)
    [waiting] = [line for line in lines if "The letter to Ane Møller" in line]
    assert "has not left yet. The next attempt is 05.10.2026 at 08:3" in waiting
    assert "The mail server said:" in waiting
    assert "451" in waiting
    assert any("is in a letter that has not left yet." in line for line in lines)


def test_a_letter_in_doubt_says_who_decides(office: Office, smtp_peer: Peer) -> None:
    smtp_peer.always(smtp.drop("ACCEPTED"))
    office.owed = [_status(office)]
    for minute in (0, 15, 30, 45):
        office.morning(TODAY, minute=minute)
    lines = _said(office, now=TODAY)
    assert any("Decide on the page Letters if it goes again." in line for line in lines)
    assert any("may have arrived, and waits for a decision" in line for line in lines)


def test_an_initiative_is_explained_for_everybody_in_it(office: Office) -> None:
    status = office.status(due=DUE, opened=TODAY, title="Byvandringer")
    office.owed = [status]
    office.morning(TODAY)
    with office.post.sessions() as session:
        found = explain_initiative(
            session,
            "Byvandringer",
            concerning=[(status.kind, status.id)],
            obligations=iter(office.owed),
            now=at(TODAY, 12),
        )
    text = as_text(heading(found, "da"), answer(found, "da"))
    assert text.startswith("Byvandringer: påmindelser mandag 05.10.2026")
    assert "  - Ane Møller, status, besked ved åbningen: sendt kl. 08.30." in text
    assert "  - Bo Ladegaard, status, frist 02.11.2026. Næste påmindelse: 1 dag før fristen" in text
    assert "Camilla Å. Hvid, status, frist 02.11.2026. Næste påmindelse: 3 arbejdsdage efter fristen" in text


def test_an_initiative_of_nobody_says_that_nobody_can_be_reminded(office: Office) -> None:
    with office.post.sessions() as session:
        found = explain_initiative(session, "Tom", concerning=[], obligations=[], now=at(TODAY))
    assert answer(found, "en")[0].sentence == ("Nobody has an open task here, so nobody can be reminded.")


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_of_the_ledger_has_its_sentence(office: Office, reason: Reason) -> None:
    office.owed = [_status(office)]
    office.replan(*office.owed)
    with office.post.sessions.begin() as session:
        session.execute(
            update(ReminderItem)
            .where(ReminderItem.step == "open")
            .values(state=ItemState.cancelled, reason=reason.value, settled_at=at(TODAY))
        )
    for language in ("da", "en"):
        line = next(one for one in _said(office, now=TODAY, language=language) if "Mentorer" in one)
        assert PHRASES[f"because_{reason.value}"][language] in line


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_step_and_every_kind_has_its_words(database_url: str, language: str) -> None:
    for kind, steps in DEFAULT_LADDER.items():
        assert matter(kind, language) != kind.value or language == "en"
        for step in steps:
            code = step.code if step.every is None else f"{step.code}-{step.days}"
            assert step_words(kind, code, language) != code
    for code in (ENDED, UNCOVERED, "t-0", "start-5w", "after-1", "open-7"):
        assert step_words(ObligationKind.milestone, code, language) != code
    assert {frozenset(words) for words in PHRASES.values()} == {frozenset({"da", "en"})}
