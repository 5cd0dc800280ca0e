"""Nobody disappears: each initiative of last round ends in exactly one way, or the memo is not locked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.support import make
from tracker import clock
from tracker.accounts.models import Person
from tracker.audit.queries import history_of
from tracker.domain.errors import InvalidInput, MoveRefused
from tracker.domain.workflow import Outcome, State
from tracker.extensions import db
from tracker.initiatives import accounting
from tracker.initiatives.accounting import Decision
from tracker.initiatives.changing import add_to_plan, change
from tracker.memos.editions import lock_round
from tracker.plans.models import Administration, Initiative, MembershipRole, Origin, Plan, Standing
from tracker.plans.rights import Rights, rights_of
from tracker.rounds.models import Round, StatusUpdate
from tracker.statuses.history import PrintedStatus, record_locked_round
from tracker.statuses.waiving import unwaive

pytestmark = pytest.mark.both_databases
GONE = Decision(Outcome.discontinued, "The money ran out.")


@dataclass
class Plans:
    """A plan whose memo of 2025 printed three initiatives."""

    session: Session
    plan: Plan
    lead: Person
    initiatives: list[Initiative]
    last: Round

    @property
    def rights(self) -> Rights:
        return rights_of(self.session, self.lead.id, administrator=False, on=clock.today())

    def open(self, **decisions: Decision) -> Round:
        names = {"first": 0, "second": 1, "third": 2}
        by_id = {self.initiatives[names[name]].id: one for name, one in decisions.items()}
        return accounting.open_accounted(
            self.session,
            self.plan,
            year=2026,
            due_on=clock.today() + timedelta(days=30),
            decisions=by_id,
            rights=self.rights,
            by=self.lead,
            at=clock.now(),
        )

    def approve_the_rest(self, round_: Round) -> None:
        open_ = (StatusUpdate.round_id == round_.id) & (StatusUpdate.state != State.waived)
        values = {"state": State.approved, "outcome": Outcome.reported, "text": "Done."}
        self.session.execute(update(StatusUpdate).where(open_).values(**values))
        self.session.expire_all()

    def lock(self, round_: Round) -> None:
        lock_round(self.session, self.plan, round_, rights=self.rights, by=self.lead, at=clock.now())

    def states(self, round_: Round) -> dict[str, tuple[State, Outcome | None, str]]:
        found = select(StatusUpdate).where(StatusUpdate.round_id == round_.id)
        return {one.title: (one.state, one.outcome, one.reason) for one in self.session.scalars(found)}


@pytest.fixture
def plans(app: Flask) -> Iterator[Plans]:
    with app.app_context():
        session = db.session()
        plan = make.plan(session)
        lead = make.member(session, plan, MembershipRole.lead)
        administration = make.administration(session, plan)
        made = [make.initiative(session, administration, title) for title in ("First", "Second", "Third")]
        last = record_locked_round(
            session,
            plan_id=plan.id,
            year=2025,
            statuses=[PrintedStatus(one, n, one.title, "It was held.") for n, one in enumerate(made, 1)],
            by=None,
            at=clock.now(),
        )
        yield Plans(session, plan, lead, made, last)
        session.rollback()


def test_whoever_goes_on_is_carried_on_without_a_word(plans: Plans) -> None:
    lines = accounting.lines_of_last(plans.session, plans.last, on=clock.today())
    assert [(one.title, one.needs_word, one.suggested) for one in lines] == [
        ("First", False, None),
        ("Second", False, None),
        ("Third", False, None),
    ]
    assert {state for state, _, _ in plans.states(plans.open()).values()} == {State.not_started}


def test_what_takes_no_part_any_more_is_written_into_the_round_with_its_reason(plans: Plans) -> None:
    plans.initiatives[1].standing = Standing.discontinued
    lines = accounting.lines_of_last(plans.session, plans.last, on=clock.today())
    assert [one.suggested for one in lines if one.needs_word] == [Outcome.discontinued]
    states = plans.states(plans.open(second=GONE))
    assert states["Second"] == (State.waived, Outcome.discontinued, "The money ran out.")
    assert states["First"][0] is State.not_started


def test_without_a_reason_or_a_target_the_round_is_not_opened(plans: Plans) -> None:
    with pytest.raises(InvalidInput) as refused:
        plans.open(second=Decision(Outcome.discontinued, " "))
    assert refused.value.field == f"reason_{plans.initiatives[1].id}"
    with pytest.raises(InvalidInput) as refused:
        plans.open(second=Decision(Outcome.merged, "They do the same."))
    assert refused.value.field == f"into_{plans.initiatives[1].id}"
    assert plans.session.scalar(select(Round.id).where(Round.year == 2026)) is None


def test_what_rested_can_take_part_again(plans: Plans) -> None:
    plans.initiatives[2].standing = Standing.unfunded
    round_ = plans.open(third=Decision(None))
    assert plans.initiatives[2].standing is Standing.active
    assert plans.states(round_)["Third"][0] is State.not_started


def test_the_memo_is_not_locked_while_one_is_missing_and_its_name_is_said(plans: Plans) -> None:
    plans.initiatives[1].standing = Standing.discontinued
    round_ = plans.open()
    plans.approve_the_rest(round_)
    with pytest.raises(MoveRefused, match="Not accounted for: Second"):
        plans.lock(round_)
    accounting.account_for(
        plans.session,
        round_,
        plans.initiatives[1],
        GONE,
        rights=plans.rights,
        by=plans.lead,
        at=clock.now(),
    )
    plans.lock(round_)
    assert plans.states(round_)["Second"] == (State.waived, Outcome.discontinued, "The money ran out.")


def _say(plans: Plans, round_: Round, initiative: Initiative, decision: Decision) -> None:
    accounting.account_for(
        plans.session, round_, initiative, decision, rights=plans.rights, by=plans.lead, at=clock.now()
    )


def _merge(plans: Plans, round_: Round, initiative: Initiative, target: int | None) -> None:
    """Say of an initiative that it was merged into another."""
    _say(plans, round_, initiative, Decision(Outcome.merged, "They do the same.", target))


def test_a_merger_names_an_initiative_that_goes_on(plans: Plans) -> None:
    first, second, third = plans.initiatives
    round_ = plans.open()
    for target in (second.id, 987_654, None):
        with pytest.raises(InvalidInput) as refused:
            _merge(plans, round_, second, target)
        assert refused.value.field == f"into_{second.id}"
    _merge(plans, round_, third, second.id)
    _merge(plans, round_, second, first.id)
    assert (third.merged_into_id, second.merged_into_id) == (second.id, first.id)
    plans.approve_the_rest(round_)
    plans.lock(round_)


def test_a_merger_does_not_lead_back_to_where_it_began(plans: Plans) -> None:
    first, second, third = plans.initiatives
    round_ = plans.open()
    _merge(plans, round_, first, second.id)
    _merge(plans, round_, second, third.id)
    with pytest.raises(InvalidInput, match="itself merged into this one") as refused:
        _merge(plans, round_, third, first.id)
    assert refused.value.field == f"into_{third.id}"
    assert plans.states(round_)["Third"][0] is State.not_started


def test_how_an_initiative_ends_can_be_said_otherwise_and_both_are_in_the_journal(plans: Plans) -> None:
    first, second, third = plans.initiatives
    round_ = plans.open()
    _merge(plans, round_, second, first.id)
    _merge(plans, round_, second, third.id)
    assert [second.merged_into_id] == [third.id]
    _say(plans, round_, second, GONE)
    _say(plans, round_, second, GONE)
    assert second.merged_into_id is None
    assert plans.states(round_)["Second"] == (State.waived, Outcome.discontinued, GONE.reason)
    update_ = make.update_of(plans.session, second, round_)
    waived = [
        one.details for one in history_of(plans.session, "status_update", update_.id) if one.fact == "waived"
    ]
    assert [one["outcome"] for one in waived] == ["discontinued", "merged", "merged"]
    assert {one["former"] for one in waived} == {"not_started"}
    unwaive(
        plans.session,
        update_,
        reason="It goes on.",
        version=update_.version,
        rights=plans.rights,
        by=plans.lead,
        at=clock.now(),
    )
    assert plans.states(round_)["Second"] == (State.not_started, None, "")


def test_a_new_title_does_not_unsay_what_an_initiative_was_merged_into(plans: Plans) -> None:
    first, second, _third = plans.initiatives
    round_ = plans.open()
    _merge(plans, round_, second, first.id)
    change(
        plans.session,
        second,
        title="Second, in short",
        administration=plans.session.get_one(Administration, second.administration_id),
        standing=second.standing,
        origin=second.origin,
        version=second.version,
        by=plans.lead.id,
        at=clock.now(),
    )
    assert second.merged_into_id == first.id
    plans.approve_the_rest(round_)
    plans.lock(round_)
    assert second.standing is Standing.merged


def test_what_awaited_funding_and_ended_awaits_it_no_more_after_the_lock(plans: Plans) -> None:
    second = plans.initiatives[1]
    second.standing = Standing.unfunded
    round_ = plans.open(second=GONE)
    plans.approve_the_rest(round_)
    plans.lock(round_)
    assert second.standing is Standing.discontinued


def test_what_was_merged_into_nothing_that_goes_on_keeps_the_memo_open(plans: Plans) -> None:
    first, second, _third = plans.initiatives
    round_ = plans.open()
    _merge(plans, round_, second, first.id)
    second.merged_into_id = second.id  # as two leads at once could leave it
    plans.approve_the_rest(round_)
    with pytest.raises(MoveRefused, match="Not accounted for: Second"):
        plans.lock(round_)


def test_what_ended_in_a_locked_memo_is_not_asked_about_again(plans: Plans) -> None:
    round_ = plans.open(second=GONE, third=Decision(Outcome.awaiting_funding, "No budget yet."))
    plans.approve_the_rest(round_)
    plans.lock(round_)
    standings = [one.standing for one in plans.initiatives]
    assert standings == [Standing.active, Standing.discontinued, Standing.unfunded]
    lines = accounting.lines_of_last(plans.session, round_, on=clock.today())
    assert [(one.title, one.ended, one.needs_word) for one in lines] == [
        ("First", False, False),
        ("Second", True, False),
        ("Third", False, True),
    ]


def test_what_came_in_mid_year_by_a_decision_joins_the_round_and_counts_as_new(plans: Plans) -> None:
    round_ = plans.open()
    administration = plans.session.get_one(Initiative, plans.initiatives[0].id).administration_id
    made, joined = add_to_plan(
        plans.session,
        plans.session.get_one(Administration, administration),
        title="Decided in May",
        origin=Origin.added,
        origin_decision="The committee, item 7",
        origin_on=clock.today(),
        by=plans.lead.id,
        at=clock.now(),
    )
    assert joined is not None
    assert joined.id == round_.id
    assert plans.states(round_)["Decided in May"][0] is State.not_started
    found, titles = accounting.account_of(plans.session, round_)
    assert found.added == (made.id,)
    assert titles[made.id] == "Decided in May"
    with pytest.raises(InvalidInput):
        add_to_plan(
            plans.session,
            plans.session.get_one(Administration, administration),
            title="Decided by nobody",
            origin=Origin.added,
            by=plans.lead.id,
            at=clock.now(),
        )
