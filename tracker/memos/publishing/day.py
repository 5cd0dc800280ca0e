"""When a locked round may be read by everybody: the rule, the same rule for a query, and the lead's choices.

A locked round is public from the day that the lead has chosen, without one at once, and never before every
contribution has been treated. Whoever has a part in the plan reads a locked edition from the start.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.audit.actions import record
from tracker.domain.contributions import LONGEST_NOTE, ContributionState
from tracker.domain.errors import InvalidInput, MoveRefused, NoRight
from tracker.domain.text import clean
from tracker.plans.models import Administration, Committee, Initiative, Plan
from tracker.plans.rights import Rights
from tracker.rounds.models import Contribution, Round, RoundState, StatusUpdate

TREATED = frozenset({ContributionState.treated, ContributionState.consolidated})


@dataclass(frozen=True, slots=True)
class Treated:
    """How far a contribution is, and the day of the meeting that treated it, where one did."""

    state: ContributionState
    on: date | None = None


def public_from(contributions: Iterable[Treated], *, locked: bool, publish_on: date | None) -> date | None:
    """The first day on which a round is public; `date.min` for at once, None while something holds it back.

    A contribution that no committee treats is consolidated when the round is locked, or by the lead.
    """
    every = list(contributions)
    if not locked or any(one.state not in TREATED for one in every):
        return None
    return max([publish_on or date.min, *(one.on for one in every if one.on is not None)])


def is_public(contributions: Iterable[Treated], *, locked: bool, publish_on: date | None, on: date) -> bool:
    """Whether a round may be read by everybody on a day."""
    first = public_from(contributions, locked=locked, publish_on=publish_on)
    return first is not None and first <= on


def public_rounds(on: date) -> ColumnElement[bool]:
    """What `is_public` says, as a condition on `Round` in a query: one anti-join."""
    holds_back = exists().where(
        Contribution.round_id == Round.id,
        or_(Contribution.state.not_in(TREATED), Contribution.treated_on > on),
    )
    return and_(
        Round.state == RoundState.locked,
        or_(Round.publish_on.is_(None), Round.publish_on <= on),
        ~holds_back,
    )


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A contribution that keeps a locked round from the public, and whose it is."""

    contribution: Contribution
    administration: Administration


def held_back_by(session: Session, round_: Round) -> list[HeldBack]:
    """What has not been treated yet of a round's contributions, in the order of the memo: one query.

    While the round is open, without what no committee will treat.
    """
    found = (
        select(Contribution, Administration)
        .join(Administration, Administration.id == Contribution.administration_id)
        .where(Contribution.round_id == round_.id, Contribution.state.not_in(TREATED))
        .order_by(Administration.position)
    )
    if round_.state is RoundState.open:
        found = found.where(~_treated_by_nobody())
    return [HeldBack(contribution, administration) for contribution, administration in session.execute(found)]


def treated_of(session: Session, round_ids: Iterable[int]) -> dict[int, list[Treated]]:
    """How far the contributions of some rounds are, by round: one query."""
    found = select(Contribution.round_id, Contribution.state, Contribution.treated_on).where(
        Contribution.round_id.in_(list(round_ids))
    )
    by_round: dict[int, list[Treated]] = {}
    for round_id, state, on in session.execute(found):
        by_round.setdefault(round_id, []).append(Treated(state, on))
    return by_round


def choose_day(
    session: Session, round_: Round, day: date | None, *, rights: Rights, by: Person, at: datetime
) -> None:
    """From when a locked round is public; None for at once. Choosing the same day again changes nothing.

    Raises NoRight for anybody but the lead, MoveRefused while the round is open.
    """
    _lead_of_locked(round_, rights)
    if round_.publish_on == day:
        return
    round_.publish_on = day
    said = day.isoformat() if day is not None else None
    record(
        session, "publishing_day_chosen", "round", round_.id, by=by.id, at=at, plan_id=round_.plan_id, on=said
    )


def let_through(
    session: Session,
    round_: Round,
    contribution: Contribution,
    reason: str,
    *,
    rights: Rights,
    by: Person,
    at: datetime,
) -> None:
    """Publish without a committee's treatment, with the lead's reason. Doing it twice changes nothing.

    Raises NoRight for anybody but the lead, InvalidInput without a reason, MoveRefused while the round is
    open: until then, the committee's decision is written down on the contribution's own page.
    """
    _lead_of_locked(round_, rights)
    session.refresh(contribution, with_for_update=True)
    if contribution.state in TREATED:
        return
    said = clean(reason).strip()
    if not said:
        raise InvalidInput("reason", "Write why the committee does not treat it.")
    if len(said) > LONGEST_NOTE:
        raise InvalidInput("reason", "This can have at most %(count)s characters.", count=LONGEST_NOTE)
    contribution.decision_note = "\n".join(part for part in (contribution.decision_note, said) if part)
    _consolidate(session, round_, contribution, "contribution_let_through", by=by.id, at=at)


def consolidate_the_rest(session: Session, round_: Round, *, by: int | None, at: datetime) -> None:
    """What no committee will treat is part of the whole when the round is locked."""
    found = (
        select(Contribution)
        .join(Administration, Administration.id == Contribution.administration_id)
        .where(Contribution.round_id == round_.id, Contribution.state.not_in(TREATED), _treated_by_nobody())
    )
    for contribution in session.scalars(found).all():
        _consolidate(session, round_, contribution, "contribution_consolidated", by=by, at=at)


def _treated_by_nobody() -> ColumnElement[bool]:
    """A contribution without a row in the round, of an administration without a committee of its own, or of
    the coordinating one, whose committee treats the whole. Of Contribution and Administration, joined.
    """
    own_committee = exists().where(Committee.administration_id == Contribution.administration_id)
    has_rows = exists().where(
        StatusUpdate.round_id == Contribution.round_id,
        StatusUpdate.initiative_id == Initiative.id,
        Initiative.administration_id == Contribution.administration_id,
    )
    coordinates = exists().where(
        Plan.id == Administration.plan_id, Plan.coordinating_administration == Administration.name
    )
    return or_(~own_committee, ~has_rows, coordinates)


def _consolidate(
    session: Session, round_: Round, contribution: Contribution, fact: str, *, by: int | None, at: datetime
) -> None:
    contribution.state = ContributionState.consolidated
    contribution.consolidated_at, contribution.consolidated_by_id = at, by
    record(
        session,
        fact,
        "contribution",
        contribution.id,
        by=by,
        at=at,
        plan_id=round_.plan_id,
        administration_id=contribution.administration_id,
        state=contribution.state.value,
    )
    session.flush()


def _lead_of_locked(round_: Round, rights: Rights) -> None:
    if round_.plan_id not in rights.leads:
        raise NoRight()
    if round_.state is not RoundState.locked:
        raise MoveRefused("The memo of %(year)s is not locked yet.", year=round_.year)
