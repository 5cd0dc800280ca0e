"""What a status said and when: any two of its versions beside each other, and last year's text."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from tests.support import make
from tests.support.client import StrictClient
from tests.support.forms import fill
from tracker import clock
from tracker.audit.models import AccessEntry
from tracker.domain.workflow import Outcome, ProgressState
from tracker.extensions import db
from tracker.plans.rights import rights_of
from tracker.statuses import mending, writing
from tracker.statuses.history import PrintedStatus, record_locked_round

OWN_BUDGET, OFFICE_BUDGET = 9, 9


@dataclass(frozen=True)
class Written:
    """A status with three versions: saved, submitted, mended; and one that nobody has begun."""

    people: dict[str, int]
    update: int
    empty: int

    @property
    def own(self) -> str:
        return f"/my/updates/{self.update}/revisions"

    @property
    def office(self) -> str:
        return f"/secretariat/here/updates/{self.update}/revisions"


@pytest.fixture
def written(app: Flask) -> Written:
    with make.written(app) as session:
        plan = make.plan(session, "here")
        schools = make.administration(session, plan)
        people = {
            name: make.person(session, name.capitalize()) for name in ("owner", "coordinator", "stranger")
        }
        people["secretary"] = make.member(session, plan, name="Secretary")
        courses = make.initiative(session, schools, "Courses", owner=people["owner"])
        signs = make.initiative(session, schools, "Signs", owner=people["owner"])
        make.placed(session, people["coordinator"], administration=schools)
        record_locked_round(
            session,
            plan_id=plan.id,
            year=2025,
            statuses=[PrintedStatus(courses, 1, "Courses", "The courses were planned.")],
            by=None,
            at=clock.now(),
        )
        round_ = make.open_round(session, plan)
        update = make.update_of(session, courses, round_)
        rights = {
            name: rights_of(session, one.id, administrator=False, on=clock.today())
            for name, one in people.items()
        }
        saved = writing.Content(
            text="The courses were hled.", progress=ProgressState.started, outcome=Outcome.reported
        )
        given = {"rights": rights["owner"], "by": people["owner"], "at": clock.now()}
        writing.save(session, update, saved, version=update.version, **given)  # type: ignore[arg-type]
        make.submitted(
            session,
            update,
            by=people["owner"],
            text="The courses were hled twice.",
            progress=ProgressState.delayed,
            reason="The room was closed.",
        )
        mending.mend(
            session,
            update,
            text="The courses were held twice.",
            reason="The room was closed.",
            version=update.version,
            rights=rights["secretary"],
            by=people["secretary"],
            at=clock.now(),
        )
        empty = make.update_of(session, signs, round_)
        return Written({name: one.id for name, one in people.items()}, update.id, empty.id)


def test_the_owner_sees_every_version_and_the_newest_against_last_year_s_text(
    client: StrictClient, written: Written
) -> None:
    make.sign_in(client, written.people["owner"])
    page = client.get(written.own, budget=OWN_BUDGET).text
    for kind in ("Saved", "Submitted", "Mended by the secretariat"):
        assert f">{kind}</td>" in page
    assert "text (2025) to version 3" in page
    assert "[removed: </span>planned<" in page
    assert "[added: </span>held twice<" in page
    assert "first “Not stated”, then “Delayed”" in page
    assert "[added: </span>The room was closed.<" in page


def test_two_versions_are_chosen_in_a_form_that_needs_no_script(
    client: StrictClient, written: Written
) -> None:
    make.sign_in(client, written.people["owner"])
    answer = client.submit(written.own, {"from": "2", "to": "3"}, button="Compare")
    page = answer.text
    assert "from=2" in answer.request.query_string.decode()
    assert "From version 2 to version 3" in page
    assert "[removed: </span>hled <" in page
    assert "[added: </span>held <" in page
    assert "How far the initiative is" not in page
    assert "<h4>Reason</h4>" not in page
    chosen = fill(page, written.own, {}, button="Compare").values
    assert MultiDict(chosen).to_dict() == {"from": "2", "to": "3"}


def test_one_looks_back_as_well_as_forward(client: StrictClient, written: Written) -> None:
    make.sign_in(client, written.people["owner"])
    page = client.get(f"{written.own}?from=3&to=1", budget=OWN_BUDGET).text
    assert "From version 3 to version 1" in page
    assert "first “Delayed”, then “Started”" in page
    assert "[removed: </span>The room was closed.<" in page


def test_a_version_beside_itself_says_so(client: StrictClient, written: Written) -> None:
    make.sign_in(client, written.people["owner"])
    assert "This is the same version twice." in client.get(f"{written.own}?from=2&to=2").text


@pytest.mark.parametrize(
    "asked", ["?from=99&to=0", "?from=%2B1&to=-1", "?from=1&from=2&to=", "?to=last&from=x"]
)
def test_a_version_that_is_not_there_is_none_to_compare(
    client: StrictClient, written: Written, asked: str
) -> None:
    make.sign_in(client, written.people["owner"])
    assert client.get(written.own + asked, budget=OWN_BUDGET).status_code == 200


def test_a_status_that_nobody_has_begun_has_no_version(client: StrictClient, written: Written) -> None:
    make.sign_in(client, written.people["owner"])
    page = client.get(f"/my/updates/{written.empty}/revisions", budget=OWN_BUDGET).text
    assert "Nothing has been written yet, so there is no version to show." in page


def test_the_secretariat_sees_the_same_and_its_look_is_noted(
    app: Flask, client: StrictClient, written: Written
) -> None:
    make.sign_in(client, written.people["secretary"])
    page = client.get(written.office, budget=OFFICE_BUDGET).text
    assert "text (2025) to version 3" in page
    assert _looks(app) == [(written.update, written.people["secretary"])]


def test_the_coordinator_sees_it_like_the_owner_and_is_noted_too(
    app: Flask, client: StrictClient, written: Written
) -> None:
    make.sign_in(client, written.people["coordinator"])
    assert "Mended by the secretariat" in client.get(written.own, budget=OWN_BUDGET).text
    assert client.get(written.office).status_code == 404
    assert (written.update, written.people["coordinator"]) in _looks(app)


def test_an_owner_who_looks_at_the_own_text_is_not_noted(
    app: Flask, client: StrictClient, written: Written
) -> None:
    make.sign_in(client, written.people["owner"])
    client.get(written.own)
    assert _looks(app) == []


def test_a_stranger_cannot_tell_it_from_a_status_that_is_not_there(
    client: StrictClient, written: Written
) -> None:
    make.sign_in(client, written.people["stranger"])
    assert client.get(written.own).status_code == 404
    assert client.get(written.office).status_code == 404


def test_the_queries_do_not_grow_with_the_versions(
    app: Flask, client: StrictClient, written: Written
) -> None:
    make.sign_in(client, written.people["secretary"])
    client.get(written.office)
    client.get(written.office)
    few = len(client.watch.statements)
    with make.written(app) as session:
        from tracker.accounts.models import Person
        from tracker.rounds.models import RevisionKind, StatusUpdate
        from tracker.statuses.revisions import fix

        update = session.get_one(StatusUpdate, written.update)
        for number in range(12):
            by = make.person(session, f"Writer {number}")
            assert isinstance(by, Person)
            fix(session, update, RevisionKind.saved, by=by.id, at=clock.now())
    page = client.get(written.office).text
    assert "Writer 11" in page
    assert len(client.watch.statements) == few


def test_the_pages_of_a_status_lead_there(client: StrictClient, written: Written) -> None:
    make.sign_in(client, written.people["owner"])
    assert f'href="{written.own}"' in client.get(f"/my/updates/{written.update}").text
    make.sign_in(client, written.people["secretary"])
    assert f'href="{written.office}"' in client.get(f"/secretariat/here/updates/{written.update}").text


def _looks(app: Flask) -> list[tuple[int, int | None]]:
    with app.app_context():
        found = db.session.execute(
            select(AccessEntry.object_id, AccessEntry.person_id).order_by(AccessEntry.id)
        )
        return [(row[0], row[1]) for row in found]
