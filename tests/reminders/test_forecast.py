"""The forecast says what will go to whom, when, why and in which words; and then it does."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.reminders.office import TODAY, Office, at
from tests.support.smtp import Peer
from tracker.domain.reminders import Place
from tracker.reminders import queries
from tracker.reminders.forecast import ForecastLetter, fingerprint, forecast
from tracker.reminders.models import ItemState

pytestmark = pytest.mark.both_databases

DUE = date(2026, 11, 16)


def _forecast(office: Office, *, on: date = TODAY, hour: int = 7, days: int = 45) -> list[ForecastLetter]:
    with office.post.sessions() as session:
        return forecast(
            session,
            obligations=iter(office.owed),
            now=at(on, hour),
            days=days,
            base_url="https://tracker.example.com",
        )


def test_what_was_foreseen_is_what_is_sent(office: Office, smtp_peer: Peer) -> None:
    office.owed = [
        office.status(1, due=DUE),
        office.status(2, due=DUE + timedelta(days=2), people=((Place.owner, office.owner),)),
    ]
    foreseen = _forecast(office)
    said = [(letter.on, letter.recipient.email, letter.letter().text) for letter in foreseen]
    happened = []
    for ahead in range(46):
        day = TODAY + timedelta(days=ahead)
        before = len(smtp_peer.accepted)
        office.morning(day)
        happened += [
            (day, letter.recipients[0], letter.text.replace("\r\n", "\n"))
            for letter in smtp_peer.accepted[before:]
        ]
    assert sorted(said) == sorted(happened)
    assert len(said) > 10


def test_the_forecast_names_the_reason(office: Office) -> None:
    office.owed = [office.status(due=DUE, people=((Place.owner, office.owner),))]
    letters = _forecast(office, days=42)
    assert [letter.why for letter in letters] == [
        (("status_due", step),) for step in ("open", "t-28", "t-14", "t-7", "t-1")
    ]
    assert fingerprint(letters) == fingerprint(_forecast(office, days=42))


def test_what_was_sent_is_not_foreseen_again(office: Office) -> None:
    office.owed = [office.status(due=DUE, people=((Place.owner, office.owner),))]
    office.morning(TODAY)
    assert [letter.why[0][1] for letter in _forecast(office, hour=9, days=42)] == [
        "t-28",
        "t-14",
        "t-7",
        "t-1",
    ]


def test_the_ledger_of_a_person_says_what_became_of_each(office: Office) -> None:
    office.owed = [office.status(due=DUE)]
    office.morning(DUE - timedelta(days=14))
    with office.post.sessions() as session:
        by_person = queries.ledger_of(session, person_id=office.owner)
        by_task = queries.ledger_of_obligations(session, [(office.owed[0].kind, 1)])
    states = {row.step: row.state for row in by_person}
    assert states["t-14"] is ItemState.sent
    assert states["t-28"] is ItemState.superseded
    assert {row.subject for row in by_person if row.step == "t-14"} == {
        "Påmindelse om én opgave i handleplanen"
    }
    assert {row.person for row in by_task} == {"Ane Møller", "Bo Ladegaard", "Camilla Å. Hvid"}
