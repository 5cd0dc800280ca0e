"""A coordinator sees one administration whole, and signs its contribution off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tests.support.forms import fill
from tracker import clock
from tracker.accounts.models import Person
from tracker.audit.models import JournalEntry
from tracker.domain.contributions import ContributionState
from tracker.extensions import db
from tracker.plans.models import Administration, Initiative
from tracker.rounds.models import Contribution, Round


@dataclass(frozen=True)
class Scene:
    """Two administrations in an open round; Kira coordinates the first, which has two initiatives."""

    coordinator: int
    owner: int
    administration: int
    other: int
    round: int
    initiatives: tuple[int, int]

    @property
    def page(self) -> str:
        return f"/administrations/{self.administration}"


@pytest.fixture
def scene(app: Flask) -> Scene:
    with make.written(app) as session:
        plan = make.plan(session)
        make.member(session, plan)
        owner = make.person(session, "Olga Owner")
        coordinator = make.person(session, "Kira")
        own = make.administration(session, plan, name="Culture")
        other = make.administration(session, plan, name="Health")
        make.placed(session, coordinator, administration=own)
        initiatives = [make.initiative(session, own, f"Own {n}", owner=owner) for n in (1, 2)]
        make.initiative(session, other, "Not to be seen")
        round_ = make.open_round(session, plan)
        ids = (initiatives[0].id, initiatives[1].id)
        return Scene(coordinator.id, owner.id, own.id, other.id, round_.id, ids)


@pytest.fixture
def coordinator(client: StrictClient, scene: Scene) -> StrictClient:
    return make.sign_in(client, scene.coordinator)


def _submit_all(app: Flask, scene: Scene) -> None:
    with make.written(app) as session:
        for initiative_id in scene.initiatives:
            initiative = session.get_one(Initiative, initiative_id)
            update = make.update_of(session, initiative, session.get_one(Round, scene.round))
            make.submitted(session, update, by=session.get_one(Person, scene.owner))


def _contribution(app: Flask, scene: Scene) -> Contribution:
    with app.app_context():
        wanted = select(Contribution).where(Contribution.administration_id == scene.administration)
        return db.session.scalars(wanted).one()


def test_with_one_administration_its_page_opens_at_once(coordinator: StrictClient, scene: Scene) -> None:
    answer = coordinator.get("/administrations/", budget=8)
    assert answer.status_code == 303
    assert answer.location.endswith(scene.page)


def test_with_two_administrations_one_chooses(app: Flask, coordinator: StrictClient, scene: Scene) -> None:
    with make.written(app) as session:
        person = session.get_one(Person, scene.coordinator)
        make.placed(session, person, administration=session.get_one(Administration, scene.other))
    page = coordinator.get("/administrations/", budget=8).text
    assert "Culture" in page
    assert "Health" in page


def test_the_page_shows_own_rows_with_owner_and_state(coordinator: StrictClient, scene: Scene) -> None:
    page = coordinator.get(scene.page, budget=11).text
    for words in ("Own 1", "Own 2", "Olga Owner", "Not started", "0 of 2", "Write on behalf"):
        assert words in page
    assert "Not to be seen" not in page
    assert "2 statuses still have to be submitted." in page


def test_an_owner_who_has_left_is_pointed_out(app: Flask, coordinator: StrictClient, scene: Scene) -> None:
    with make.written(app) as session:
        session.get_one(Person, scene.owner).active = False
    assert "Olga Owner has left" in coordinator.get(scene.page).text


def test_an_owner_who_is_away_is_marked_with_the_last_day(
    app: Flask, coordinator: StrictClient, scene: Scene
) -> None:
    today = clock.today()
    with make.written(app) as session:
        owner = session.get_one(Person, scene.owner)
        owner.absent_from, owner.absent_until = today, today + timedelta(days=4)
    assert f"away until {today + timedelta(days=4):%d.%m.%Y}" in coordinator.get(scene.page).text


def test_the_contribution_is_signed_off_when_every_status_is_in(
    app: Flask, coordinator: StrictClient, scene: Scene
) -> None:
    _submit_all(app, scene)
    page = coordinator.submit(
        scene.page, button="Sign the contribution off", follow_redirects=True, budget=25
    )
    assert "Take the signing off back" in page.text
    contribution = _contribution(app, scene)
    assert (contribution.state, contribution.signed_off_by_id) == (
        ContributionState.signed_off,
        scene.coordinator,
    )


def test_the_signing_off_can_be_taken_back(app: Flask, coordinator: StrictClient, scene: Scene) -> None:
    _submit_all(app, scene)
    coordinator.submit(scene.page, button="Sign the contribution off")
    page = coordinator.submit(scene.page, button="Take the signing off back", follow_redirects=True)
    assert "The contribution is no longer signed off." in page.text
    contribution = _contribution(app, scene)
    assert (contribution.state, contribution.signed_off_at) == (ContributionState.collecting, None)


def test_signing_off_too_early_is_refused(app: Flask, coordinator: StrictClient, scene: Scene) -> None:
    page = coordinator.get(scene.page).text
    assert "Sign the contribution off<" not in page
    answer = coordinator.post(f"{scene.page}/sign-off", data={"csrf_token": _token(page)})
    assert answer.status_code == 409
    assert "Still missing: Own 1; Own 2" in answer.text
    assert _contribution(app, scene).state is ContributionState.collecting


def test_signing_off_twice_is_once(app: Flask, coordinator: StrictClient, scene: Scene) -> None:
    _submit_all(app, scene)
    sent = fill(coordinator.get(scene.page).text, scene.page, {}, button="Sign the contribution off")
    assert [coordinator.post(sent.action, data=sent.values).status_code for _ in range(2)] == [303, 303]
    with app.app_context():
        entries = select(JournalEntry).where(JournalEntry.fact == "signed_off")
        assert len(db.session.scalars(entries).all()) == 1


def test_another_administration_is_as_if_it_did_not_exist(coordinator: StrictClient, scene: Scene) -> None:
    sent = {"csrf_token": _token(coordinator.get(scene.page).text)}
    assert coordinator.get(f"/administrations/{scene.other}").status_code == 404
    assert coordinator.post(f"/administrations/{scene.other}/sign-off", data=sent).status_code == 404
    assert coordinator.get("/administrations/999").status_code == 404


def test_without_an_open_round_the_page_says_what_comes(app: Flask, client: StrictClient) -> None:
    with make.written(app) as session:
        administration = make.administration(session, make.plan(session))
        coordinator = make.person(session, "Karl")
        make.placed(session, coordinator, administration=administration)
        url, person_id = f"/administrations/{administration.id}", coordinator.id
    assert "No round is open." in make.sign_in(client, person_id).get(url, budget=9).text


def test_the_queries_do_not_grow_with_the_rows(app: Flask, client: StrictClient) -> None:
    with make.written(app) as session:
        plan = make.plan(session)
        administration = make.administration(session, plan)
        coordinator = make.person(session, "Karl")
        make.placed(session, coordinator, administration=administration)
        for _ in range(30):
            make.initiative(session, administration)
        make.open_round(session, plan)
        url, person_id = f"/administrations/{administration.id}", coordinator.id
    page = make.sign_in(client, person_id).get(url, budget=11).text
    assert "0 of 30" in page
    assert "Nobody" in page


def _token(page: str) -> str:
    """The CSRF token that the page's forms carry."""
    (token,) = fill(page, "/", {}, button="Sign out").values["csrf_token"]
    return str(token)
