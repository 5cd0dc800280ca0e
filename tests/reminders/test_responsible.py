"""Whoever is reminded of another's task reads whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.faults.open_round import LONG_AGO, OpenRound, local, open_rounds
from tests.mail.post import NOW, person
from tests.support.smtp import Accepted, Peer
from tracker.accounts.models import Person
from tracker.clockwork import open_obligations
from tracker.domain.reminders import Place
from tracker.plans.models import Administration
from tracker.plans.placing import place_person
from tracker.reminders.forecast import forecast

pytestmark = pytest.mark.both_databases

DUE = date(2026, 11, 16)  # a Monday
EVE = date(2026, 11, 13)  # t-1 is a Sunday
THIRD, SIXTH = DUE + timedelta(days=3), DUE + timedelta(days=8)  # working days after the deadline


@pytest.fixture
def round_(database_url: str, smtp_peer: Peer, tmp_path: Path) -> Iterator[OpenRound]:
    """Ane and Bo each owe a status; their administration has a coordinator and a head."""
    with open_rounds(database_url, smtp_peer, tmp_path) as found:
        found.open("ane", "bo", due=DUE)
        with found.change() as session:
            office = session.scalars(select(Administration)).one()
            for name, place in (("coordinator", Place.coordinator), ("head", Place.head)):
                somebody = person(session, f"{name}@example.com")
                found.people[name] = somebody.id
                place_person(
                    session,
                    somebody,
                    place=place,
                    plan_id=office.plan_id,
                    administration=office,
                    from_on=LONG_AGO,
                    by=None,
                    at=NOW,
                )
        yield found


def responsible_in(letter: Accepted) -> list[str]:
    return [name.strip() for name in re.findall("Ansvarlig: (.+)", letter.text)]


def last_to(round_: OpenRound, name: str) -> Accepted:
    return round_.reminders_to(name)[-1]


def test_coordinator_head_and_deputy_read_who_answers_for_what_and_the_owner_does_not(
    round_: OpenRound,
) -> None:
    for day in (EVE, THIRD, SIXTH):
        round_.tick(local(day))
    for name in ("deputy", "coordinator", "head"):
        assert responsible_in(last_to(round_, name)) == ["Ane", "Bo"]
    assert not any(responsible_in(letter) for letter in round_.reminders_to("ane"))


def test_it_is_who_answers_for_it_on_the_day_of_the_letter(round_: OpenRound) -> None:
    round_.replace_owner("ane", "successor", at=local(EVE))
    round_.leave("bo", at=local(EVE))
    for day in (EVE, THIRD):
        round_.tick(local(day))
    assert responsible_in(last_to(round_, "coordinator")) == ["Successor"]


def test_the_secretariat_reads_whose_text_waits(round_: OpenRound) -> None:
    round_.submit("ane", at=local(EVE))
    round_.milestone("bo", EVE + timedelta(days=60), at=local(EVE))
    for ahead in range(6):
        round_.tick(local(EVE + timedelta(days=ahead)))
    assert responsible_in(last_to(round_, "office")) == ["Ane"]


def test_the_forecast_shows_the_same_name(round_: OpenRound) -> None:
    now = local(THIRD, 7)
    with round_.change() as session:
        for one in session.scalars(select(Person).where(Person.email == "ane@example.com")):
            one.name = "Ane\nMøller"
        obligations = open_obligations(session, THIRD)
        letters = forecast(session, obligations=obligations, now=now, days=0)
        foreseen = {one.recipient.email: one.letter().text for one in letters}
    assert re.findall("Ansvarlig: (.+)", foreseen["coordinator@example.com"]) == ["Ane Møller", "Bo"]
