"""Rounds as they come to be: statuses submitted, approved, and the memo locked."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from tests.support import make
from tracker import clock
from tracker.accounts.models import Person
from tracker.domain.workflow import Outcome, ProgressState
from tracker.memos.editions import lock_round
from tracker.memos.models import Edition
from tracker.plans.models import Initiative, MembershipRole, Plan
from tracker.plans.rights import Rights, rights_of
from tracker.rounds.models import Round, StatusUpdate
from tracker.statuses import review, waiving


@dataclass
class Office:
    """A plan with a lead who approves and locks, and an owner of every initiative."""

    session: Session
    plan: Plan
    lead: Person
    owner: Person

    @classmethod
    def of(cls, session: Session, slug: str = "here") -> Office:
        plan = make.plan(session, slug)
        lead = make.member(session, plan, MembershipRole.lead)
        return cls(session, plan, lead, make.person(session, "Owner"))

    @property
    def rights(self) -> Rights:
        return rights_of(self.session, self.lead.id, administrator=False, on=clock.today())

    def submit(self, initiative: Initiative, round_: Round, text: str, **content: object) -> StatusUpdate:
        update = make.update_of(self.session, initiative, round_)
        return make.submitted(self.session, update, by=self.owner, text=text, **content)  # type: ignore[arg-type]

    def approve(
        self,
        initiative: Initiative,
        round_: Round,
        text: str = "The course was held.",
        *,
        progress: ProgressState = ProgressState.started,
        reason: str = "",
    ) -> StatusUpdate:
        """The owner submits, the lead approves."""
        update = self.submit(initiative, round_, text, progress=progress, reason=reason)
        review.approve(
            self.session, update, version=update.version, rights=self.rights, by=self.lead, at=clock.now()
        )
        return update

    def waive(
        self,
        initiative: Initiative,
        round_: Round,
        *,
        outcome: Outcome,
        reason: str,
        into: Initiative | None = None,
    ) -> StatusUpdate:
        update = make.update_of(self.session, initiative, round_)
        waiving.waive(
            self.session,
            update,
            outcome=outcome,
            reason=reason,
            merged_into_id=into.id if into is not None else None,
            version=update.version,
            rights=self.rights,
            by=self.lead,
            at=clock.now(),
        )
        return update

    def lock(self, round_: Round) -> Edition:
        return lock_round(self.session, self.plan, round_, rights=self.rights, by=self.lead, at=clock.now())
