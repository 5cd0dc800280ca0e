"""Anybody chooses among the published statuses by year, administration and state, and follows one on."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask

from tests.support import make
from tests.support.client import StrictClient
from tests.support.rounds import Office
from tracker import clock
from tracker.domain.workflow import Outcome, ProgressState
from tracker.memos.editions import freeze_final
from tracker.plans.models import Initiative
from tracker.statuses.history import PrintedStatus, record_locked_round

HERE = "/plans/here"


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    """Two locked rounds: in the second, one has another name and place, and another became part of it."""
    with make.written(app) as session:
        office = Office.of(session)
        school = make.administration(session, office.plan, "SF", name="Skoler & haller")
        leisure = make.administration(session, office.plan, "FF", name="Fritidsforvaltningen")
        mentors, visits, halls = (
            make.initiative(session, area, title, owner=office.owner)
            for area, title in ((school, "Mentorer"), (school, "Besøg"), (leisure, "Åbne haller"))
        )
        first = make.open_round(session, office.plan, year=2026)
        office.approve(mentors, first, "Tolv mentorer.")
        office.approve(visits, first, "To besøg.", progress=ProgressState.delayed, reason="Sne.")
        office.approve(halls, first, "Tre haller.")
        office.lock(first)
        second = make.open_round(session, office.plan, year=2027)
        mentors.title, mentors.administration_id = "Mentorer til alle", leisure.id
        session.flush()
        office.approve(mentors, second, "Tyve mentorer.", progress=ProgressState.completed)
        office.waive(visits, second, outcome=Outcome.merged, reason="Samme mål.", into=mentors)
        office.approve(halls, second, "Fire haller.")
        office.lock(second)
        session.commit()
        yield office


def shown(page: str) -> list[str]:
    """The initiatives that a page lists with their texts."""
    return re.findall(r'<h4 id="status-\d+">\s*<a[^>]*><span lang="da">\d+\. ([^<]+)</span>', page)


def initiative_of(office: Office, title: str) -> Initiative:
    return office.session.query(Initiative).filter_by(title=title).one()


@pytest.mark.both_databases
def test_year_administration_and_state_choose_alone_and_together(
    client: StrictClient, office: Office
) -> None:
    client.get("/language/en")
    for query, titles in {
        "": ["Mentorer til alle", "Åbne haller", "Besøg"],
        "?year=2026": ["Mentorer", "Besøg", "Åbne haller"],
        "?state=started": ["Åbne haller"],
        "?administration=Fritidsforvaltningen": ["Mentorer til alle", "Åbne haller"],
        "?administration=Fritidsforvaltningen&state=completed": ["Mentorer til alle"],
        "?year=2026&state=delayed": ["Besøg"],
        "?year=2026&administration=Skoler+%26+haller&state=started": ["Mentorer"],
        "?administration=Skoler+%26+haller&state=completed": [],
        "?administration=Ukendt": [],
        "?state=<script>": [],
    }.items():
        page = client.get(HERE + query, budget=5).get_data(as_text=True)
        assert sorted(shown(page)) == sorted(titles), query
        assert ("fits this choice" in page) == (not titles)
        assert "<script>:" not in page
    for query in ("?year=2025", "?year=0", "?year=x", "?year=²", "?year=99999999999999999999"):
        assert client.get(HERE + query).status_code == 404


def test_the_form_keeps_what_was_chosen_and_works_without_script(
    client: StrictClient, office: Office
) -> None:
    client.get("/language/en")
    chosen = {"year": "2026", "administration": "Skoler & haller", "state": "delayed"}
    answer = client.submit(HERE, chosen, button="Show")
    page = answer.get_data(as_text=True)
    assert shown(page) == ["Besøg"]
    assert "1 of 3 initiatives is shown." in page
    for value in ("2026", "Skoler &amp; haller", "delayed"):
        assert f'<option value="{value}" selected' in page
    assert 'rel="canonical" href="' in page
    assert re.search(r'rel="canonical"\s+href="https?://[^"?]*/plans/here/2026"', page)


def test_the_numbers_of_every_year_stand_beside_each_other(client: StrictClient, office: Office) -> None:
    client.get("/language/en")
    page = client.get(HERE).get_data(as_text=True)
    table = page[page.index("How far they were year by year") : page.index('id="statuses"')]
    cells = re.findall(r'data-title="(\w[^"]*)">(\d+)</td>', table)
    assert cells == [
        ("Started", "1"), ("Delayed", "0"), ("Completed", "1"), ("Merged with another", "1"),
        ("Started", "2"), ("Delayed", "1"), ("Completed", "0"), ("Merged with another", "0"),
    ]  # fmt: skip


@pytest.mark.both_databases
def test_an_initiative_tells_what_changed_from_year_to_year(client: StrictClient, office: Office) -> None:
    client.get("/language/en")
    mentors, visits = initiative_of(office, "Mentorer til alle"), initiative_of(office, "Besøg")
    moved_since = make.administration(office.session, office.plan, "NY", name="Ny forvaltning")
    mentors.administration_id = moved_since.id
    office.session.commit()
    page = client.get(f"{HERE}/initiatives/{mentors.id}", budget=7).get_data(as_text=True)
    newest = re.sub(r"\s+", " ", page[page.index("Status 2027") : page.index("Status 2026")])
    assert 'Before, it was called: <span lang="da">Mentorer</span>' in newest
    assert "Moved from Skoler &amp; haller to Fritidsforvaltningen." in newest
    assert "Ny forvaltning" not in page, "no memo has told of it yet"
    assert "Before: Started. Now: Completed." in newest
    assert "Other initiatives became part of this one:" in page
    assert f'/plans/here/initiatives/{visits.id}"><span lang="da">Besøg</span>' in page
    other = client.get(f"{HERE}/initiatives/{visits.id}", budget=7).get_data(as_text=True)
    assert "The initiative became part of another:" in other
    assert f'/plans/here/initiatives/{mentors.id}"><span lang="da">Mentorer til alle</span>' in other


def test_a_merger_is_told_when_a_public_memo_has_told_it(client: StrictClient, office: Office) -> None:
    session = office.session
    client.get("/language/en")
    halls = initiative_of(office, "Åbne haller")
    round_ = make.open_round(session, office.plan, year=2028)
    mentors = initiative_of(office, "Mentorer til alle")
    office.waive(halls, round_, outcome=Outcome.merged, reason="Samme mål.", into=mentors)
    office.approve(mentors, round_)
    session.commit()
    pages = [f"{HERE}/initiatives/{one.id}" for one in (halls, mentors)]
    page, other = (client.get(url).get_data(as_text=True) for url in pages)
    assert "became part of another" not in page
    assert f"/initiatives/{halls.id}" not in other
    office.lock(round_)
    session.commit()
    page, other = (client.get(url).get_data(as_text=True) for url in pages)
    assert "became part of another" in page
    assert f"/initiatives/{halls.id}" in other


def test_years_without_a_status_are_told(client: StrictClient, office: Office) -> None:
    session = office.session
    client.get("/language/en")
    halls, mentors = initiative_of(office, "Åbne haller"), initiative_of(office, "Mentorer til alle")
    for year, printed in ((2028, [mentors]), (2029, [mentors, halls])):
        rows = [PrintedStatus(one, number, one.title, "Sagt.") for number, one in enumerate(printed, 1)]
        given = {"plan_id": office.plan.id, "by": None, "at": clock.now()}
        round_ = record_locked_round(session, year=year, statuses=rows, **given)
        freeze_final(session, office.plan, round_, by=None, at=clock.now())
        session.commit()
        page = client.get(f"{HERE}/initiatives/{halls.id}").get_data(as_text=True)
        assert "It has no status in the memos of 2028." in page
    assert page.index("Status 2029") < page.index("It has no status") < page.index("Status 2027")
