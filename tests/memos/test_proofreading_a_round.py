"""What is found on a whole round: each text by itself, and what only all of them together show."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.support import make
from tracker import clock
from tracker.accounts.models import Person
from tracker.domain.proofreading import Check
from tracker.domain.workflow import Outcome, ProgressState
from tracker.extensions import db
from tracker.memos.proofreading import RoundFindings, findings_of_round
from tracker.plans.models import Administration, Initiative, Plan
from tracker.plans.rights import rights_of
from tracker.rounds.models import Round, RoundState, StatusUpdate
from tracker.statuses import writing
from tracker.statuses.figures import Given, write_figure
from tracker.statuses.proofreading import overrule
from tracker.statuses.writing import Content

pytestmark = pytest.mark.both_databases
ON = date(2026, 3, 1)


class World:
    """Two administrations with two initiatives each, and the round of 2026."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.plan: Plan = make.plan(session, "here", name="Plan for unge")
        self.secretary = make.member(session, self.plan, name="Sam Secretary")
        self.owner = make.person(session, "Olga Owner")
        houses: list[Administration] = [
            make.administration(session, self.plan, code, name=name)
            for code, name in (("KFF", "Kultur- og Fritidsforvaltningen"), ("BUF", "Børneforvaltningen"))
        ]
        self.initiatives: list[Initiative] = [
            make.initiative(session, house, f"Åbne klubber {number}", owner=self.owner)
            for number, house in enumerate((houses[0], houses[0], houses[1], houses[1]), start=1)
        ]
        self.round: Round = make.open_round(session, self.plan)

    def update(self, number: int) -> StatusUpdate:
        return make.update_of(self.session, self.initiatives[number - 1], self.round)

    def write(self, number: int, text: str, *, submit: bool = True) -> StatusUpdate:
        update = self.update(number)
        verb = writing.submit if submit else writing.save
        verb(
            self.session,
            update,
            Content(text, ProgressState.started, Outcome.reported),
            version=update.version,
            rights=self.rights(self.owner),
            by=self.owner,
            at=clock.now(),
        )
        return update

    def rights(self, person: Person):  # type: ignore[no-untyped-def]
        return rights_of(self.session, person.id, administrator=False, on=clock.today())

    def found(self) -> RoundFindings:
        return findings_of_round(self.session, self.plan, self.round, on=ON)

    def words(self) -> list[tuple[int, str, str]]:
        return [
            (row.number, one.finding.check.value, one.finding.words)
            for row in self.found().rows
            for one in row.open
        ]


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context():
        yield World(db.session())  # type: ignore[misc]


def test_submitted_texts_are_looked_through_together_and_drafts_are_not(world: World) -> None:
    world.write(
        1, "Klubben Ung-Vej er åbnet. Ung-Vej er glad for Kultur- og Fritidsforvaltningen (KFF) og KFU."
    )
    world.write(3, "Klubben UngVej er åbnet den 3. marts. Det er talt igennem med XYZ")
    world.write(4, "Det her er ikke sendt endnu og stopper midt i", submit=False)
    assert world.words() == [
        (3, "missing_stop", "er talt igennem med XYZ"),
        (3, "date_without_year", "3. marts"),
        (3, "name_spelling", "UngVej"),
        (3, "abbreviation", "XYZ"),
    ]
    shares = [(one.code, one.rows, one.open, one.overruled) for one in world.found().shares]
    assert shares == [("KFF", 2, 0, 0), ("BUF", 2, 4, 0)]
    assert (world.found().read, world.found().open) == (2, 4)


def test_what_is_let_stand_is_counted_apart(world: World) -> None:
    update = world.write(1, "Klubben er åbnet den 3. marts og holder åbent igen den 5. maj.")
    overrule(
        world.session,
        update,
        check=Check.date_without_year,
        words="5. maj",
        reason="Året er klart.",
        rights=world.rights(world.secretary),
        by=world.secretary,
        at=clock.now(),
    )
    (row,) = world.found().rows
    assert [one.finding.words for one in row.open] == ["3. marts"]
    assert [one.overruled.reason for one in row.overruled if one.overruled] == ["Året er klart."]
    assert (world.found().open, world.found().overruled) == (1, 1)


def test_last_years_text_stands_beside(world: World) -> None:
    text = "Klubben er åbnet, og der er holdt en fest for alle."
    world.write(1, text)
    world.round.state, world.round.year = RoundState.locked, 2025
    world.session.flush()
    world.round = make.open_round(world.session, world.plan)
    world.write(1, text)
    assert world.words() == [(1, "same_as_last_year", "holdt en fest for alle.")]


def test_a_reference_that_leads_nowhere_and_one_that_follows_its_row_are_told(world: World) -> None:
    world.write(1, "Klubben er åbnet sammen med flere (nr. 4).")
    world.write(2, "Klubben er åbnet som en del af indsats 12.")
    assert world.words() == [(2, "unknown_reference", "indsats 12")]
    world.initiatives[2].position, world.initiatives[3].position = (
        world.initiatives[3].position,
        world.initiatives[2].position,
    )
    world.session.flush()
    assert world.words() == [(1, "moved_reference", "nr. 4"), (2, "unknown_reference", "indsats 12")]


def test_a_caption_written_by_hand_is_held_against_the_sections(world: World) -> None:
    world.round.caption = "Tabel 1. Status under Kultur- og Fritidsforvaltningen."
    assert world.words() == [(3, "caption", "Børneforvaltningen")]
    world.round.caption = ""
    assert world.words() == []


def test_a_figure_of_a_period_that_is_over_is_held_against_last_years(world: World) -> None:
    def figure(label: str, value: str, **others: object) -> None:
        period = {"period_first": date(2024, 1, 1), "period_last": date(2024, 12, 31)} | others
        update = world.update(1)
        given = Given(label, value, **period)  # type: ignore[arg-type]
        write_figure(
            world.session, update, given, rights=world.rights(world.owner), by=world.owner, at=clock.now()
        )

    for label in ("Unge", "Voksne", "Børn"):
        figure(label, "1.200")
    world.write(1, "Klubben er åbnet for alle i byen.")
    world.round.state, world.round.year = RoundState.locked, 2025
    world.session.flush()
    world.round = make.open_round(world.session, world.plan)
    figure("unge", "1.300")
    figure("Voksne", "1.300", comparable=False)
    figure("Børn", "1.300", period_last=date(2024, 6, 30))
    figure("Ture", "4")
    figure("Ture", "5")
    world.write(1, "Klubben er udvidet og har flere gæster end før.")
    assert world.words() == [(1, "figure", "unge: 1.300"), (1, "figure", "Ture: 5")]
    said = [one.finding.message % one.finding.params for one in world.found().rows[0].open]
    assert said[0].startswith("“unge: 1.300” does not agree with “Unge: 1.200” in last year")
