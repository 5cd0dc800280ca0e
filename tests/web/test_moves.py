"""Every state, every move, everybody: the pages show a button exactly where the table has an open move.

What has no button is refused when it is sent all the same, and then nothing has changed: neither the status
nor its versions, its letters, its deadline or the journal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy import update as change
from sqlalchemy.orm import Session

from tests.support import make
from tests.web.world import Browser
from tracker import clock
from tracker.audit.actions import record
from tracker.audit.models import JournalEntry
from tracker.deadlines.models import Deadline, DeadlineState
from tracker.domain.reminders import Place
from tracker.domain.workflow import RULES, Move, Outcome, ProgressState, Role, State
from tracker.domain.workflow_moves import moves_open_to
from tracker.extensions import db
from tracker.mail.models import Mail
from tracker.memos.models import Edition
from tracker.plans.models import Membership, MembershipRole
from tracker.rounds.models import RevisionKind, Round, RoundState, StatusRevision, StatusUpdate
from tracker.statuses.models import Correction, MoreTimeRequest

NOBODY: frozenset[Role] = frozenset()
# What each is towards the one initiative, said here a second time and not read from the rights.
ROLES = {
    "owner": frozenset({Role.owner}),
    "deputy": frozenset({Role.deputy}),
    "coordinator": frozenset({Role.coordinator}),
    "secretariat": frozenset({Role.secretariat}),
    "lead": frozenset({Role.lead}),
    "other_owner": NOBODY,
    "other_coordinator": NOBODY,
    "head": NOBODY,
    "reader": NOBODY,
    "administrator": NOBODY,
}
ON_OWNERS_PAGE = (Move.save, Move.submit, Move.ask_more_time, Move.withdraw)
SECRETARIATS = "/secretariat/here/updates/{id}"
BUTTONS = {
    Move.save: 'name="action" value="save"',
    Move.submit: 'name="action" value="submit"',
    Move.ask_more_time: 'href="/my/updates/{id}/more-time"',
    Move.withdraw: 'action="/my/updates/{id}/withdraw"',
    Move.mend: f'href="{SECRETARIATS}/mend"',
    Move.correct: f'href="{SECRETARIATS}/correct"',
    Move.lock: 'action="/secretariat/here/rounds/2026/lock"',
}
BUTTONS |= {
    move: f'action="{SECRETARIATS}/{move.value}"'
    for move in (Move.take, Move.release, Move.return_, Move.approve, Move.reopen, Move.waive, Move.unwaive)
}


@dataclass(frozen=True)
class Case:
    """A status as it may stand. `behind_lock` has the round locked; `mender` changed the text.

    `office` puts whoever submitted among the secretariat, or makes them its lead, as well.
    """

    state: State
    submitter: str = "owner"
    mender: str = ""
    behind_lock: bool = False
    office: MembershipRole | None = None

    def roles_of(self, name: str) -> frozenset[Role]:
        more = {Role(self.office.value)} if self.office is not None and name == self.submitter else set()
        return ROLES[name] | more

    def open_to(self, name: str) -> tuple[Move, ...]:
        found = moves_open_to(
            self.state,
            roles=self.roles_of(name),
            is_submitter=name == self.submitter,
            is_mender=name == self.mender,
            round_open=not self.behind_lock,
            edition_locked=self.behind_lock,
        )
        # A round of nothing but waived rows may be locked as well; that is the round's move, not the row's.
        may_lock = Role.lead in self.roles_of(name) and self.state is State.waived and not self.behind_lock
        return (*found, Move.lock) if may_lock else found


EVERY_STATE = [Case(state, behind_lock=state is State.locked) for state in State]
EVERY_STATE.append(Case(State.approved, behind_lock=True))
BY_ANOTHER = [
    Case(state, submitter=name, office=office)
    for state in (State.submitted, State.in_review)
    for name, office in (
        ("deputy", None),
        ("coordinator", None),
        ("owner", MembershipRole.secretariat),
        ("deputy", MembershipRole.secretariat),
        ("coordinator", MembershipRole.lead),
    )
]
MENDED = [Case(State.submitted, mender="secretariat"), Case(State.in_review, mender="lead")]


@dataclass
class Stage:
    """One initiative, everybody who may look at it, and its status, which is put into any state."""

    app: Flask
    update_id: int = 0
    version: int = 1
    people: dict[str, int] = field(default_factory=dict)
    browsers: dict[str, Browser] = field(default_factory=dict)

    def put(self, case: Case) -> None:
        with make.written(self.app) as session:
            state = RoundState.locked if case.behind_lock else RoundState.open
            session.execute(change(Round).values(state=state))
            session.execute(
                change(StatusUpdate).values(
                    state=case.state,
                    former_state=State.draft if case.state is State.waived else None,
                    outcome=Outcome.merged if case.state is State.waived else Outcome.reported,
                    progress=ProgressState.started,
                    text="A text.",
                    submitted_by_id=self.people[case.submitter],
                    number=1,
                    version=StatusUpdate.version + 1,
                )
            )
            for table in (StatusRevision, MoreTimeRequest, Correction):
                session.execute(table.__table__.delete())
            day = clock.today() + timedelta(days=21)
            session.execute(change(Deadline).values(state=DeadlineState.open, first_on=day, last_on=day))
            if case.state is State.waived:
                record(session, "waived", "status_update", self.update_id, by=None, at=clock.now())
            self._in_office(session, case)
            self.version = session.scalars(select(StatusUpdate.version)).one()
            kinds = [(RevisionKind.submitted, case.submitter)]
            kinds += [(RevisionKind.mended, case.mender)] if case.mender else []
            for number, (kind, name) in enumerate(kinds, 1):
                session.add(
                    StatusRevision(
                        update_id=self.update_id,
                        number=number,
                        kind=kind,
                        progress=ProgressState.started,
                        text="A text.",
                        by_id=self.people[name],
                        at=clock.now(),
                    )
                )

    def _in_office(self, session: Session, case: Case) -> None:
        writers = [self.people[name] for name in ("owner", "deputy", "coordinator")]
        session.execute(Membership.__table__.delete().where(Membership.person_id.in_(writers)))
        if case.office is not None:
            plan_id = session.scalars(select(Round.plan_id)).one()
            who, at = self.people[case.submitter], clock.now()
            session.add(Membership(plan_id=plan_id, person_id=who, role=case.office, created_at=at))

    def state(self) -> State:
        with self.app.app_context():
            return db.session.scalars(select(StatusUpdate.state)).one()

    def everything(self) -> tuple[object, ...]:
        """The status as it stands, and how much there is of all that a move leaves behind."""
        with self.app.app_context():
            row = db.session.execute(select(StatusUpdate.__table__)).one()
            due = db.session.execute(select(Deadline.state, Deadline.last_on, Deadline.version)).all()
            kept = (JournalEntry, StatusRevision, Mail, MoreTimeRequest, Correction, Edition)
            counts = [db.session.scalar(select(func.count()).select_from(table)) for table in kept]
            return (tuple(row), tuple(due), tuple(counts), db.session.scalars(select(Round.state)).one())

    def shown_to(self, name: str) -> set[Move]:
        """The moves that have a button on the pages that this person can open."""
        browser, id_ = self.browsers[name], self.update_id
        pages = {
            "owner": browser.get(f"/my/updates/{id_}").text,
            "secretariat": browser.get(SECRETARIATS.format(id=id_)).text,
            "memo": browser.get("/secretariat/here/editions").text,
        }

        def page_of(move: Move) -> str:
            if move in ON_OWNERS_PAGE:
                return pages["owner"]
            return pages["memo"] if move is Move.lock else pages["secretariat"]

        return {move for move in Move if BUTTONS[move].format(id=id_) in page_of(move)}

    def send(self, name: str, move: Move) -> int:
        """Send what the button would send, made from the newest version and with all that is needed."""
        url, fields = self.request(move)
        return self.browsers[name].post(url, **fields).status_code

    def request(self, move: Move) -> tuple[str, dict[str, object]]:
        version, day = str(self.version), f"{clock.today() + timedelta(days=60):%d.%m.%Y}"
        mine, theirs = f"/my/updates/{self.update_id}", SECRETARIATS.format(id=self.update_id)
        status = {"outcome": "reported", "progress": "started", "text": "Another text.", "version": version}
        match move:
            case Move.save | Move.submit:
                return mine, {**status, "action": move.value}
            case Move.ask_more_time:
                return f"{mine}/more-time", {"new_date": day, "reason": "Two are ill."}
            case Move.withdraw:
                return f"{mine}/withdraw", {"version": version}
            case Move.lock:
                return "/secretariat/here/rounds/2026/lock", {}
            case Move.correct:
                return f"{theirs}/correct", {**status, "why": "A number."}
            case Move.return_:
                sent = {"version": version, "comment": "How many?", "new_date": day}
            case Move.waive:
                sent = {"version": version, "outcome": "discontinued", "reason": "It has ended."}
            case Move.reopen | Move.unwaive:
                sent = {"version": version, "reason": "A number."}
            case _:
                return f"{theirs}/{move.value}", {"version": version, "text": "Another text."}
        return f"{theirs}/{move.value}", {f"{move.value}-{key}": value for key, value in sent.items()}


@pytest.fixture
def stage(app: Flask) -> Stage:
    made = Stage(app)
    with make.written(app) as session:
        plan = make.plan(session, "here")
        schools, streets = make.administration(session, plan), make.administration(session, plan)
        people = {name: make.person(session, name.capitalize()) for name in ("owner", "deputy", "head")}
        people |= {name: make.person(session, name.capitalize()) for name in ("coordinator", "other_owner")}
        people["other_coordinator"] = make.person(session, "Otto")
        people["administrator"] = make.person(session, "Adam", administrator=True)
        people["secretariat"] = make.member(session, plan)
        people["lead"] = make.member(session, plan, MembershipRole.lead)
        people["reader"] = make.member(session, plan, MembershipRole.reader)
        initiative = make.initiative(session, schools, "Courses", owner=people["owner"])
        round_ = make.open_round(session, plan)
        made.update_id = make.update_of(session, initiative, round_).id
        make.initiative(session, streets, "Signs", owner=people["other_owner"])
        make.placed(session, people["deputy"], initiative=initiative, place=Place.deputy)
        make.placed(session, people["coordinator"], administration=schools)
        make.placed(session, people["other_coordinator"], administration=streets)
        make.placed(session, people["head"], administration=schools, place=Place.head)
        made.people = {name: person.id for name, person in people.items()}
    made.browsers = {name: Browser(app, person_id) for name, person_id in made.people.items()}
    return made


def faults(stage: Stage, cases: Iterable[Case], names: Iterable[str]) -> list[str]:
    """What is shown and not open, open and not shown, or not refused."""
    found = []
    for case in cases:
        stage.put(case)
        for name in names:
            expected = set(case.open_to(name))
            shown = stage.shown_to(name)
            if shown != expected:
                found.append(f"{case}: {name} is shown {sorted(shown)}, open are {sorted(expected)}")
            before = stage.everything()  # the first who opens a form is remembered
            for move in set(Move) - expected:
                answer = stage.send(name, move)
                if answer not in {403, 404, 409}:
                    found.append(f"{case}: {move.value} by {name} is answered {answer}")
            if stage.everything() != before:
                found.append(f"{case}: something that {name} sent changed something")
                stage.put(case)
    return found


def test_everybody_is_shown_what_is_open_and_refused_the_rest(stage: Stage) -> None:
    assert faults(stage, EVERY_STATE, ROLES) == []


def test_whoever_submitted_or_mended_leaves_the_approval_to_another(stage: Stage) -> None:
    assert faults(stage, MENDED, ("secretariat", "lead")) == []
    for case in BY_ANOTHER:
        assert faults(stage, [case], (case.submitter, "secretariat")) == []


def test_what_has_a_button_is_done_and_leads_where_the_table_says(stage: Stage) -> None:
    wrong = []
    for case in EVERY_STATE:
        for name in ("owner", "coordinator", "secretariat", "lead"):
            for move in case.open_to(name):
                stage.put(case)
                answer = stage.send(name, move)
                if answer != 303:
                    wrong.append(f"{case}: {move.value} by {name} is answered {answer}")
                rule = RULES.get((case.state, move))
                waits = move is Move.correct or rule is None  # for a second person; a waived row stays
                reached = case.state if waits else (rule.to or State.draft)
                if stage.state() is not reached:
                    wrong.append(f"{case}: {move.value} by {name} led to {stage.state().value}")
    assert wrong == []


@pytest.mark.both_databases
def test_the_pages_agree_with_the_table_on_either_database(stage: Stage) -> None:
    cases = [Case(State.draft), Case(State.submitted), Case(State.locked, behind_lock=True)]
    assert faults(stage, cases, ("owner", "secretariat", "lead")) == []
