"""The secretariat follows each administration's contribution from signing off to consolidation."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.support import make
from tests.support.client import StrictClient
from tests.web.secretariat.conftest import OpenRound
from tracker import clock
from tracker.audit.models import JournalEntry
from tracker.deadlines.actions import add_deadline
from tracker.deadlines.models import Deadline, DeadlineKind, DeadlineState
from tracker.domain.contributions import CommitteeDecision, ContributionState
from tracker.domain.workflow import Outcome, State
from tracker.extensions import db
from tracker.mail.letters import LetterContext, kind_named
from tracker.mail.models import Mail
from tracker.plans.actions import add_committee
from tracker.plans.models import Administration, Initiative, Plan
from tracker.rounds.models import Contribution, Round, StatusUpdate

LIST = "/secretariat/here/rounds/2026/contributions"
YESTERDAY = {"decision": "noted", "item_number": "12"}


@pytest.fixture
def schools(app: Flask, opened: OpenRound) -> int:
    """BUF with its committee, and the deadlines of its papers and meeting in the round."""
    with make.written(app) as session:
        plan = session.scalars(select(Plan).where(Plan.slug == "here")).one()
        found = session.scalars(select(Administration).where(Administration.code == "BUF")).one()
        committee = add_committee(
            session, plan, code="BUU", name="Committee BUU", administration=found, by=None, at=clock.now()
        )
        round_ = session.scalars(select(Round)).one()
        for kind in (DeadlineKind.committee_papers, DeadlineKind.committee_meeting):
            day = clock.today() + timedelta(days=30)
            add_deadline(
                session,
                plan_id=plan.id,
                kind=kind,
                title="BUU",
                first_on=day,
                last_on=day,
                administration=found,
                committee=committee,
                round_id=round_.id,
                by=None,
                at=clock.now(),
            )
        return found.id


def _set(app: Flask, state: State) -> None:
    with make.written(app) as session:
        values = {"state": state, "outcome": Outcome.reported, "submitted_at": clock.now()}
        session.execute(update(StatusUpdate).values(**values))


def _contribution(app: Flask, administration_id: int) -> Contribution:
    with app.app_context():
        wanted = select(Contribution).where(Contribution.administration_id == administration_id)
        return db.session.scalars(wanted).one()


def _states(app: Flask) -> dict[str, str]:
    with app.app_context():
        found = select(Deadline).where(Deadline.title == "BUU")
        return {one.kind.value: one.state.value for one in db.session.scalars(found)}


def _signed(app: Flask, administration_id: int) -> None:
    with make.written(app) as session:
        values = {"state": ContributionState.signed_off, "signed_off_at": clock.now()}
        of = Contribution.administration_id == administration_id
        session.execute(update(Contribution).where(of).values(**values))


def _day(ahead: int = 0) -> str:
    return f"{clock.today() + timedelta(days=ahead):%d.%m.%Y}"


def test_the_list_shows_how_far_each_is(client: StrictClient, opened: OpenRound, schools: int) -> None:
    make.sign_in(client, opened.office.secretary)
    page = client.get(LIST, budget=12).text
    assert page.count("Being collected") == 2
    assert "0 of 2" in page
    assert f'href="{LIST}/{schools}"' in page


def test_what_is_missing_is_named(client: StrictClient, opened: OpenRound, schools: int) -> None:
    make.sign_in(client, opened.office.secretary)
    page = client.get(f"{LIST}/{schools}", budget=13).text
    assert "2 statuses still have to be submitted before the contribution can be signed off:" in page
    assert "<li>Courses for teachers</li>" in page


@pytest.mark.both_databases
def test_from_signing_off_by_the_lead_to_consolidation(
    client: StrictClient, app: Flask, opened: OpenRound, schools: int
) -> None:
    _set(app, State.submitted)
    make.sign_in(client, opened.office.lead)
    page = f"{LIST}/{schools}"
    client.submit(page, button="Sign off as the lead", budget=45)
    assert _states(app) == {"committee_papers": "met", "committee_meeting": "open"}
    answer = client.submit(page, YESTERDAY | {"treated_on": _day()}, follow_redirects=True)
    assert "The committee&#39;s decision is written down." in answer.text
    assert "2 statuses have to be approved or waived before" in answer.text
    assert _states(app) == {"committee_papers": "met", "committee_meeting": "met"}
    _set(app, State.approved)
    answer = client.submit(page, button="Consolidate", follow_redirects=True)
    assert "The contribution is consolidated." in answer.text
    found = _contribution(app, schools)
    assert (found.state, found.decision) == (ContributionState.consolidated, CommitteeDecision.noted)
    assert (found.item_number, found.consolidated_by_id) == ("12", opened.office.lead)
    with app.app_context():
        entries = select(JournalEntry).where(JournalEntry.object_kind == "contribution")
        facts = {one.fact: one.details for one in db.session.scalars(entries)}
    assert set(facts) == {"signed_off", "contribution_treated", "contribution_consolidated"}
    assert facts["signed_off"]["on_behalf"] is True
    assert "on_behalf" not in facts["contribution_treated"]


def test_sent_back_it_is_collected_again_and_the_coordinator_is_told(
    client: StrictClient, app: Flask, opened: OpenRound, schools: int
) -> None:
    _set(app, State.submitted)
    _signed(app, schools)
    make.sign_in(client, opened.office.secretary)
    sent = {"treated_on": _day(), "item_number": "7", "decision": "sent_back"}
    missing = client.submit(f"{LIST}/{schools}", sent)
    assert missing.status_code == 400
    assert "Write what the committee asks for." in missing.text
    said = "Please say what it costs."
    answer = client.submit(f"{LIST}/{schools}", sent | {"decision_note": said}, follow_redirects=True)
    assert "The contribution is sent back. The coordinator has been told." in answer.text
    assert _contribution(app, schools).state is ContributionState.collecting
    with app.app_context():
        mail = db.session.scalars(select(Mail).where(Mail.kind == "contribution_sent_back")).one()
        assert mail.person_id == opened.office.coordinator
        kind = kind_named(mail.kind)
        letter = kind.render(
            db.session(), mail, LetterContext("https://tracker.example.com", "da", "Carl", clock.now())
        )
        assert f"/administrations/{schools}" in letter.text
        assert said not in letter.text
        assert kind.still_wanted(db.session(), mail) is None
    make.sign_in(client, opened.office.coordinator)
    assert said in client.get(f"/administrations/{schools}").text
    _signed(app, schools)
    with app.app_context():
        mail = db.session.scalars(select(Mail).where(Mail.kind == "contribution_sent_back")).one()
        assert kind_named(mail.kind).still_wanted(db.session(), mail) is not None
    make.sign_in(client, opened.office.secretary)
    client.submit(f"{LIST}/{schools}", sent | {"item_number": "9", "decision": "approved"})
    treated = _contribution(app, schools)
    assert (treated.item_number, treated.decision_note) == ("9", ""), (
        "what was asked for then is not said anew"
    )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"treated_on": ""}, "Give the day of the meeting."),
        ({"item_number": ""}, "Write the number of the item on the agenda."),
        ({"decision": "unknown"}, "Choose what the committee decided."),
    ],
)
def test_what_a_decision_lacks_is_said_at_its_field(
    client: StrictClient,
    app: Flask,
    opened: OpenRound,
    schools: int,
    fields: dict[str, str],
    sentence: str,
) -> None:
    _signed(app, schools)
    make.sign_in(client, opened.office.secretary)
    answer = client.submit(f"{LIST}/{schools}", YESTERDAY | {"treated_on": _day()} | fields)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert _contribution(app, schools).state is ContributionState.signed_off


def test_a_meeting_to_come_has_decided_nothing(
    client: StrictClient, app: Flask, opened: OpenRound, schools: int
) -> None:
    _signed(app, schools)
    make.sign_in(client, opened.office.secretary)
    answer = client.submit(f"{LIST}/{schools}", YESTERDAY | {"treated_on": _day(1)})
    assert answer.status_code == 400
    assert "The meeting has not been held yet." in answer.text


def test_without_a_committee_of_its_own_it_is_consolidated_at_once_and_that_can_be_undone(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    _set(app, State.approved)
    with app.app_context():
        initiative = db.session.get_one(Initiative, opened.office.initiatives[2])
        streets = initiative.administration_id
    _signed(app, streets)
    make.sign_in(client, opened.office.secretary)
    answer = client.submit(f"{LIST}/{streets}", button="Consolidate", follow_redirects=True)
    assert "The contribution is consolidated." in answer.text
    client.submit(f"{LIST}/{streets}", button="Undo the consolidation")
    assert _contribution(app, streets).state is ContributionState.signed_off


def test_the_papers_are_due_again_when_the_signing_off_is_taken_back(
    client: StrictClient, app: Flask, opened: OpenRound, schools: int
) -> None:
    _set(app, State.submitted)
    make.sign_in(client, opened.office.coordinator)
    page = f"/administrations/{schools}"
    client.submit(page, button="Sign the contribution off")
    client.submit(page, button="Take the signing off back")
    assert _states(app)["committee_papers"] == DeadlineState.open.value
    assert _contribution(app, schools).state is ContributionState.collecting


def test_both_pages_say_that_a_treated_contribution_was_opened_again(
    client: StrictClient, app: Flask, opened: OpenRound, schools: int
) -> None:
    _set(app, State.submitted)
    _signed(app, schools)
    make.sign_in(client, opened.office.secretary)
    client.submit(f"{LIST}/{schools}", YESTERDAY | {"treated_on": _day()})
    back = {"return-comment": "How many came?", "return-new_date": _day(9)}
    client.submit(f"/secretariat/here/updates/{opened.updates[0]}", back, button="Return it")
    assert _contribution(app, schools).state is ContributionState.collecting
    said = "a status has been opened again since. It is to be signed off and treated anew."
    assert said in client.get(f"{LIST}/{schools}").text
    make.sign_in(client, opened.office.coordinator)
    assert said in client.get(f"/administrations/{schools}").text
