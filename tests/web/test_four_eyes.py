"""Whoever submitted or changed a text leaves its approval to another, whatever part they play beside it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.support import make
from tests.web.test_at_once import at_once
from tests.web.world import Browser
from tracker import clock
from tracker.audit.models import JournalEntry
from tracker.domain.reminders import Place
from tracker.domain.workflow import State
from tracker.extensions import db
from tracker.mail.models import Mail
from tracker.plans.models import Membership, MembershipRole
from tracker.rounds.models import RevisionKind, StatusRevision, StatusUpdate

pytestmark = pytest.mark.both_databases

SUBMIT = {"action": "submit", "outcome": "reported", "progress": "started", "text": "The course was held."}


@dataclass
class Office:
    """One initiative with everybody who may write or read its status; each has a browser."""

    app: Flask
    update_id: int
    people: dict[str, int]

    @property
    def mine(self) -> str:
        return f"/my/updates/{self.update_id}"

    @property
    def theirs(self) -> str:
        return f"/secretariat/here/updates/{self.update_id}"

    def browser(self, name: str) -> Browser:
        return Browser(self.app, self.people[name])

    def update(self) -> StatusUpdate:
        with self.app.app_context():
            return db.session.get_one(StatusUpdate, self.update_id)

    def submit(self, name: str) -> None:
        fields = {**SUBMIT, "version": str(self.update().version)}
        assert self.browser(name).post(self.mine, **fields).status_code == 303

    def approve(self, name: str) -> int:
        version = str(self.update().version)
        return self.browser(name).post(f"{self.theirs}/approve", version=version).status_code

    def mend(self, name: str, text: str) -> int:
        fields = {"version": str(self.update().version), "text": text, "reason": ""}
        return self.browser(name).post(f"{self.theirs}/mend", **fields).status_code

    def kinds(self) -> list[RevisionKind]:
        with self.app.app_context():
            return list(db.session.scalars(select(StatusRevision.kind).order_by(StatusRevision.number)))

    def letters(self, kind: str) -> int:
        with self.app.app_context():
            found = select(func.count(Mail.id)).where(Mail.kind == kind)
            return db.session.scalar(found) or 0


@pytest.fixture
def office(app: Flask) -> Office:
    with make.written(app) as session:
        plan = make.plan(session, "here")
        schools = make.administration(session, plan)
        people = {
            name: make.person(session, name.capitalize()) for name in ("owner", "deputy", "coordinator")
        }
        people["secretary"] = make.member(session, plan)
        people["lead"] = make.member(session, plan, MembershipRole.lead)
        for name in ("owner", "deputy", "coordinator"):  # each is of the secretariat as well
            session.add(
                Membership(
                    plan_id=plan.id,
                    person_id=people[name].id,
                    role=MembershipRole.secretariat,
                    created_at=clock.now(),
                )
            )
        initiative = make.initiative(session, schools, "Courses", owner=people["owner"])
        make.placed(session, people["deputy"], initiative=initiative, place=Place.deputy)
        make.placed(session, people["coordinator"], administration=schools)
        update = make.update_of(session, initiative, make.open_round(session, plan))
        return Office(app, update.id, {name: person.id for name, person in people.items()})


@pytest.mark.parametrize("name", ["owner", "deputy", "coordinator"])
def test_whoever_submitted_neither_approves_nor_takes_nor_returns(office: Office, name: str) -> None:
    office.submit(name)
    version = str(office.update().version)
    back = {"return-version": version, "return-comment": "More.", "return-new_date": "24.12.2030"}
    browser = office.browser(name)
    assert office.approve(name) == 403
    assert browser.post(f"{office.theirs}/take", version=version).status_code == 403
    assert browser.post(f"{office.theirs}/return", **back).status_code == 403
    assert office.update().state is State.submitted
    assert office.approve("secretary") == 303


def test_a_deputy_approves_what_the_owner_submitted_only_as_the_secretariat(office: Office) -> None:
    """Being deputy does not approve; who is of the secretariat too, and did not submit, may."""
    office.submit("owner")
    with make.written(office.app) as session:
        session.execute(Membership.__table__.delete().where(Membership.person_id == office.people["deputy"]))
    assert office.approve("deputy") == 404
    assert office.approve("coordinator") == 303


def test_whoever_mended_does_not_approve_and_a_lead_who_mended_neither(office: Office) -> None:
    office.submit("owner")
    assert office.mend("secretary", "The course was held twice.") == 303
    assert office.approve("secretary") == 403
    assert office.mend("lead", "The course was held twice, in May.") == 303
    assert [office.approve(name) for name in ("lead", "secretary")] == [403, 403]
    assert office.update().state is State.submitted
    assert office.approve("deputy") == 303


def test_an_old_version_is_not_approved(office: Office) -> None:
    office.submit("owner")
    read = office.update().version
    assert office.mend("lead", "The course was held twice.") == 303
    secretary = office.browser("secretary")
    assert secretary.post(f"{office.theirs}/approve", version=str(read)).status_code == 409
    assert secretary.post(f"{office.theirs}/approve", version=str(read + 2)).status_code == 409
    assert secretary.post(f"{office.theirs}/approve", version="true").status_code == 409
    assert office.update().state is State.submitted


def test_no_state_is_skipped(office: Office) -> None:
    """A draft is approved, reopened, taken or expected again by nobody, whatever is sent along."""
    before = office.update()
    for name in ("secretary", "lead"):
        for move in ("approve", "take", "release", "return", "reopen", "unwaive"):
            fields = {
                "version": str(before.version),
                f"{move}-version": str(before.version),
                f"{move}-reason": "Because.",
                "return-comment": "More.",
                "return-new_date": "24.12.2030",
                "state": "approved",
                "approved_by_id": "1",
            }
            answer = office.browser(name).post(f"{office.theirs}/{move}", **fields)
            leads = name == "secretary" and move in {"reopen", "unwaive"}
            assert answer.status_code == (404 if leads else 409), (name, move)
    after = office.update()
    assert (after.state, after.version, after.approved_by_id) == (State.not_started, before.version, None)
    with office.app.app_context():
        assert db.session.scalars(select(StatusRevision)).all() == []
        moved = select(JournalEntry).where(JournalEntry.object_kind == "status_update")
        assert db.session.scalars(moved).all() == []


def test_twenty_that_submit_at_once_are_one_status_and_one_letter_each(office: Office) -> None:
    browser = office.browser("owner")
    presses = [Browser(office.app, browser.person_id) for _ in range(20)]
    fields = {**SUBMIT, "version": str(office.update().version)}
    answers = at_once(*(lambda one=one: one.post(office.mine, **fields).status_code for one in presses))
    assert set(answers) == {303}
    assert office.kinds() == [RevisionKind.submitted]
    assert (office.letters("receipt"), office.letters("submitted")) == (1, 4)


def test_of_several_that_mend_at_once_one_is_kept_and_told_of(office: Office) -> None:
    office.submit("owner")
    version = str(office.update().version)
    texts = [f"The course was held {number} times." for number in (2, 3, 4)]
    browsers = [office.browser(name) for name in ("secretary", "lead", "coordinator")]
    answers = at_once(
        *(
            lambda one=one, text=text: (
                one.post(f"{office.theirs}/mend", version=version, text=text, reason="").status_code
            )
            for one, text in zip(browsers, texts, strict=True)
        )
    )
    assert answers == {303: 1, 409: 2}
    assert office.kinds() == [RevisionKind.submitted, RevisionKind.mended]
    assert office.update().text in texts
    assert office.letters("mended") == 2  # to the owner and the deputy, once


def test_of_a_mending_and_an_approval_at_once_one_is_done(office: Office) -> None:
    office.submit("owner")
    version = str(office.update().version)
    mending, approving = office.browser("lead"), office.browser("secretary")
    answers = at_once(
        lambda: (
            mending.post(f"{office.theirs}/mend", version=version, text="Held twice.", reason="").status_code
        ),
        lambda: approving.post(f"{office.theirs}/approve", version=version).status_code,
    )
    assert answers == {303: 1, 409: 1}
    assert len(office.kinds()) == 2


def test_asked_for_eight_times_at_once_is_one_request_and_one_letter(office: Office) -> None:
    wish = {"new_date": "24.12.2030", "reason": "Two are ill."}
    presses = [Browser(office.app, office.people["owner"]) for _ in range(8)]
    url = f"{office.mine}/more-time"
    answers = at_once(*(lambda one=one: one.post(url, **wish).status_code for one in presses))
    assert set(answers) == {303}
    assert office.letters("more_time_asked") == 4  # everybody else of the secretariat, once


def test_of_yes_and_no_at_once_one_is_the_answer(office: Office) -> None:
    wish = {"new_date": "24.12.2030", "reason": "Two are ill."}
    assert office.browser("owner").post(f"{office.mine}/more-time", **wish).status_code == 303
    yes, no = office.browser("lead"), office.browser("secretary")
    granted = {"grant-request": "1", "grant-granted_on": "24.12.2030", "grant-answer": ""}
    declined = {"decline-request": "1", "decline-answer": "There is no time."}
    answers = at_once(
        lambda: yes.post(f"{office.theirs}/more-time/grant", **granted).status_code,
        lambda: no.post(f"{office.theirs}/more-time/decline", **declined).status_code,
    )
    assert answers == {303: 1, 409: 1}
    assert office.letters("more_time_answered") == 1
