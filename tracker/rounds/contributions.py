"""What an administration hands in to a round, and its way to the City Council. Nothing here commits.

Who may do what when is `tracker.domain.contributions`'. Signing off meets the deadline of the papers, the
committee's treatment that of its meeting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.models import Person
from tracker.audit.actions import record
from tracker.deadlines.actions import meet_deadline, reopen_deadline
from tracker.deadlines.models import Deadline, DeadlineKind, DeadlineState
from tracker.domain.contributions import (
    Case,
    CommitteeDecision,
    ContributionMove,
    ContributionState,
    Treatment,
    checked,
    moves_open_to,
    next_state,
)
from tracker.domain.text import clean
from tracker.domain.workflow import SETTLED, WRITABLE, Role, State
from tracker.plans.models import Administration, Committee, Initiative, Plan
from tracker.plans.rights import Rights
from tracker.rounds import contribution_letters as letters
from tracker.rounds.models import Contribution, Round, RoundState, StatusUpdate

# A committee may meet after the memo was locked, which waits for it before it is public.
AFTER_THE_LOCK = frozenset({ContributionMove.treat})


@dataclass(frozen=True, slots=True)
class Share:
    """A contribution with what the rules look at: `missing` and `unsettled` are titles of statuses."""

    contribution: Contribution
    round: Round
    administration: Administration
    committee: Committee | None
    has_committee: bool
    total: int
    missing: tuple[str, ...]
    unsettled: tuple[str, ...]

    def roles(self, rights: Rights) -> frozenset[Role]:
        """The person's roles towards this contribution."""
        held = {
            Role.coordinator: self.administration.id in rights.coordinates,
            Role.secretariat: self.round.plan_id in rights.secretariat_of,
            Role.lead: self.round.plan_id in rights.leads,
        }
        return frozenset(role for role, holds in held.items() if holds)

    def moves(self, rights: Rights) -> tuple[ContributionMove, ...]:
        """What this person can begin to do with it; in a closed round only what may follow the lock."""
        state, roles = self.contribution.state, self.roles(rights)
        moves = moves_open_to(state, roles=roles, has_committee=self.has_committee)
        if self.round.state is not RoundState.open:
            return tuple(move for move in moves if move in AFTER_THE_LOCK)
        return moves


def shares_of(session: Session, round_: Round, *, administration_id: int | None = None) -> list[Share]:
    """The contributions of a round in the order of the memo, or that of one administration: four queries."""
    found = (
        select(Contribution, Administration)
        .join(Administration, Administration.id == Contribution.administration_id)
        .where(Contribution.round_id == round_.id)
        .order_by(Administration.position)
    )
    if administration_id is not None:
        found = found.where(Contribution.administration_id == administration_id)
    committees = _own_committees(session, round_.plan_id)
    coordinating = session.get_one(Plan, round_.plan_id).coordinating_administration
    statuses = _statuses(session, round_.id, administration_id)
    shares = []
    for contribution, administration in session.execute(found):
        own = committees.get(administration.id)
        lines = statuses.get(administration.id, [])
        shares.append(
            Share(
                contribution,
                round_,
                administration,
                own,
                # The coordinating committee treats what all have handed in, at its own time.
                has_committee=own is not None and administration.name != coordinating,
                total=len(lines),
                missing=tuple(title for title, state in lines if state in WRITABLE),
                unsettled=tuple(title for title, state in lines if state not in SETTLED),
            )
        )
    return shares


def share_of(session: Session, round_: Round, administration_id: int) -> Share | None:
    """The contribution of one administration, or None. The caller has the right to read it."""
    found = shares_of(session, round_, administration_id=administration_id)
    return found[0] if found else None


def sign_off(session: Session, share: Share, *, rights: Rights, by: Person, at: datetime) -> None:
    """The coordinator signs off on behalf of the administration's head; so may the lead.

    Doing it twice changes nothing. Raises MoveRefused, naming them, while statuses are not submitted.
    """
    contribution = share.contribution
    session.refresh(contribution, with_for_update=True)
    if contribution.state is ContributionState.signed_off:
        return
    _move(share, ContributionMove.sign_off, rights)
    contribution.signed_off_at, contribution.signed_off_by_id = at, by.id
    _meet(session, share, DeadlineKind.committee_papers, by=by, at=at)
    _journal(session, "signed_off", share, rights, by=by, at=at)


def treat(
    session: Session, share: Share, treatment: Treatment, *, rights: Rights, by: Person, at: datetime
) -> None:
    """Write down what the committee decided. Sent back, it is collected again, and the coordinator is told.

    Raises InvalidInput on the part that is missing, MoveRefused when it has not been signed off.
    """
    contribution = share.contribution
    session.refresh(contribution, with_for_update=True)
    sent_back = treatment.decision is CommitteeDecision.sent_back
    move = ContributionMove.send_back if sent_back else ContributionMove.treat
    state = _next(share, move, rights)
    said = checked(
        Treatment(treatment.on, clean(treatment.item_number), treatment.decision, clean(treatment.note)),
        today=clock.local_date(at),
    )
    contribution.state = state
    contribution.treated_on, contribution.item_number = said.on, said.item_number
    contribution.decision, contribution.decision_note = said.decision, said.note
    contribution.treated_at, contribution.treated_by_id = at, by.id
    if sent_back:
        contribution.signed_off_at = contribution.signed_off_by_id = None
    _meet(session, share, DeadlineKind.committee_meeting, by=by, at=at)
    fact = "contribution_sent_back" if sent_back else "contribution_treated"
    details = {"treated_on": said.on.isoformat(), "decision": said.decision.value}
    _journal(session, fact, share, rights, by=by, at=at, **details)
    if sent_back:
        letters.queue_sent_back(session, contribution, plan_id=share.round.plan_id, at=at)


def consolidate(session: Session, share: Share, *, rights: Rights, by: Person, at: datetime) -> None:
    """Take the contribution into the whole. Raises MoveRefused, naming them, while statuses are open."""
    contribution = share.contribution
    session.refresh(contribution, with_for_update=True)
    if contribution.state is ContributionState.consolidated:
        return
    _move(share, ContributionMove.consolidate, rights)
    contribution.consolidated_at, contribution.consolidated_by_id = at, by.id
    _journal(session, "contribution_consolidated", share, rights, by=by, at=at)


def take_back(session: Session, share: Share, *, rights: Rights, by: Person, at: datetime) -> None:
    """Undo the last step: the signing off, or the consolidation. What was decided is kept.

    Without the signature the papers are due again.
    """
    contribution = share.contribution
    session.refresh(contribution, with_for_update=True)
    signed = contribution.state is ContributionState.signed_off
    _move(share, ContributionMove.take_back, rights)
    if signed:
        reopen_papers(session, contribution, by=by, at=at)
        contribution.signed_off_at = contribution.signed_off_by_id = None
    else:
        contribution.consolidated_at = contribution.consolidated_by_id = None
    _journal(session, "contribution_taken_back", share, rights, by=by, at=at)


def reopen_papers(session: Session, contribution: Contribution, *, by: Person, at: datetime) -> None:
    """Open again the deadlines of papers that were met by the signing off which is taken back."""
    found = (
        select(Deadline)
        .outerjoin(Committee, Committee.id == Deadline.committee_id)
        .where(
            Deadline.round_id == contribution.round_id,
            Deadline.kind == DeadlineKind.committee_papers,
            Deadline.state == DeadlineState.met,
            Deadline.settled_at == contribution.signed_off_at,
            func.coalesce(Deadline.administration_id, Committee.administration_id)
            == contribution.administration_id,
        )
    )
    for deadline in session.scalars(found).all():
        reopen_deadline(session, deadline, by=by.id, at=at)


def _next(share: Share, move: ContributionMove, rights: Rights) -> ContributionState:
    contribution = share.contribution
    decided = contribution.decision in {CommitteeDecision.noted, CommitteeDecision.approved}
    case = Case(
        round_open=share.round.state is RoundState.open or move in AFTER_THE_LOCK,
        missing=share.missing,
        unsettled=share.unsettled,
        has_committee=share.has_committee,
        treated=decided,
    )
    return next_state(contribution.state, move, roles=share.roles(rights), case=case)


def _move(share: Share, move: ContributionMove, rights: Rights) -> None:
    share.contribution.state = _next(share, move, rights)


def _meet(session: Session, share: Share, kind: DeadlineKind, *, by: Person, at: datetime) -> None:
    """Meet the open deadline of this kind that the administration has in the round, if there is one."""
    found = (
        select(Deadline)
        .outerjoin(Committee, Committee.id == Deadline.committee_id)
        .where(
            Deadline.round_id == share.round.id,
            Deadline.kind == kind,
            Deadline.state == DeadlineState.open,
            (Deadline.administration_id == share.administration.id)
            | (
                Deadline.administration_id.is_(None)
                & (Committee.administration_id == share.administration.id)
            ),
        )
    )
    if not share.has_committee:
        found = found.where(Deadline.administration_id.is_not(None))  # the other is the coordinating one's
    for deadline in session.scalars(found).all():
        meet_deadline(session, deadline, by=by.id, at=at)


def _journal(
    session: Session, fact: str, share: Share, rights: Rights, *, by: Person, at: datetime, **details: object
) -> None:
    own = share.administration.id in rights.coordinates
    signs = fact in {"signed_off", "contribution_taken_back"}
    record(
        session,
        fact,
        "contribution",
        share.contribution.id,
        by=by.id,
        at=at,
        plan_id=share.round.plan_id,
        administration_id=share.administration.id,
        state=share.contribution.state.value,
        **({"on_behalf": True} if signs and not own else {}),
        **details,
    )
    session.flush()


def _own_committees(session: Session, plan_id: int) -> dict[int, Committee]:
    """The standing committee of each administration; of several the first by code."""
    found = select(Committee).where(Committee.plan_id == plan_id).order_by(Committee.code.desc())
    return {one.administration_id: one for one in session.scalars(found) if one.administration_id is not None}


def _statuses(
    session: Session, round_id: int, administration_id: int | None
) -> dict[int, list[tuple[str, State]]]:
    found = (
        select(Initiative.administration_id, Initiative.title, StatusUpdate.state)
        .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
        .where(StatusUpdate.round_id == round_id)
        .order_by(Initiative.position)
    )
    if administration_id is not None:
        found = found.where(Initiative.administration_id == administration_id)
    statuses: dict[int, list[tuple[str, State]]] = {}
    for of, title, state in session.execute(found):
        statuses.setdefault(of, []).append((title, state))
    return statuses
