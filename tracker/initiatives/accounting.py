"""Nobody disappears: what becomes in a round of each initiative of the round before. Nothing here commits.

Each ends as reported, nothing new, merged into another, discontinued or awaiting funding. Which of last
round's are asked about: all but those that ended there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.domain.comparison import Account, Ending, account
from tracker.domain.errors import InvalidInput, MoveRefused
from tracker.domain.text import clean
from tracker.domain.workflow import WAIVING, Outcome, State
from tracker.plans.coverage import is_reachable
from tracker.plans.editing import take_part_again
from tracker.plans.journal import journal
from tracker.plans.models import Administration, Initiative, Plan, Standing
from tracker.plans.rights import Rights
from tracker.rounds import opening
from tracker.rounds.chains import Timetable
from tracker.rounds.models import Round, RoundState, StatusUpdate
from tracker.rounds.queries import update_in
from tracker.rounds.replanning import replan_initiatives
from tracker.statuses.waiving import merger_target, waive, waive_otherwise

LONGEST_REASON = 2_000
ENDS = frozenset({Outcome.merged, Outcome.discontinued})
STANDING_OF = {
    Outcome.merged: Standing.merged,
    Outcome.discontinued: Standing.discontinued,
    Outcome.awaiting_funding: Standing.unfunded,
}
_OUTCOME_OF = {standing: outcome for outcome, standing in STANDING_OF.items()}


@dataclass(frozen=True, slots=True)
class LastLine:
    """An initiative of last round as it stands now; `outcome` and `reason` are what was said there."""

    initiative_id: int
    number: int | None
    title: str
    administration_id: int
    administration_code: str
    standing: Standing
    merged_into_id: int | None
    reachable: bool
    state: State
    outcome: Outcome | None
    reason: str

    @property
    def waived(self) -> bool:
        return self.state is State.waived and self.outcome in WAIVING

    @property
    def ended(self) -> bool:
        """It was accounted for when it ended, and takes no part any more."""
        return self.waived and self.outcome in ENDS and self.standing is not Standing.active

    @property
    def needs_word(self) -> bool:
        """Somebody has to say what becomes of it: it takes no part, or took none last time."""
        return not self.ended and (self.standing is not Standing.active or self.waived)

    @property
    def suggested(self) -> Outcome | None:
        """What is likely: what it stands as, or what was said last time; None when it is carried on."""
        return _OUTCOME_OF.get(self.standing) or (self.outcome if self.waived else None)


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of an initiative; `outcome` is None when it is carried on."""

    outcome: Outcome | None
    reason: str = ""
    merged_into_id: int | None = None


def round_before(session: Session, plan_id: int, year: int) -> Round | None:
    """The newest round of a plan before a year."""
    found = select(Round).where(Round.plan_id == plan_id, Round.year < year)
    return session.scalar(found.order_by(Round.year.desc()).limit(1))


def lines_of_last(session: Session, last: Round, *, on: date) -> list[LastLine]:
    """The initiatives of a round as they stand now, in printed order: one query."""
    found = (
        select(
            Initiative.id,
            StatusUpdate.number,
            Initiative.title,
            Initiative.administration_id,
            Administration.code,
            Initiative.standing,
            Initiative.merged_into_id,
            is_reachable(on),
            StatusUpdate.state,
            StatusUpdate.outcome,
            StatusUpdate.reason,
        )
        .join(StatusUpdate, StatusUpdate.initiative_id == Initiative.id)
        .join(Administration, Administration.id == Initiative.administration_id)
        .where(StatusUpdate.round_id == last.id)
        .order_by(StatusUpdate.number, Administration.position, Initiative.position)
    )
    return [LastLine(*row) for row in session.execute(found)]


def open_accounted(
    session: Session,
    plan: Plan,
    *,
    year: int,
    due_on: date,
    timetable: Timetable | None = None,
    decisions: Mapping[int, Decision],
    rights: Rights,
    by: Person,
    at: datetime,
) -> Round:
    """Open a round with everything that last round's initiatives become. `decisions` are by initiative.

    Raises what `opening.open_round` raises, and InvalidInput on `reason_<id>` or `into_<id>`.
    """
    for initiative_id, decision in decisions.items():
        _check(initiative_id, decision)
    initiatives = _initiatives(session, plan.id, decisions)
    for initiative in initiatives:
        if decisions[initiative.id].outcome is None and initiative.standing is not Standing.active:
            take_part_again(session, initiative, by=by.id, at=at)
    round_ = opening.open_round(session, plan, year=year, due_on=due_on, timetable=timetable, by=by.id, at=at)
    for initiative in initiatives:
        decision = decisions[initiative.id]
        if decision.outcome is not None:
            account_for(session, round_, initiative, decision, rights=rights, by=by, at=at)
    return round_


def account_for(
    session: Session,
    round_: Round,
    initiative: Initiative,
    decision: Decision,
    *,
    rights: Rights,
    by: Person,
    at: datetime,
) -> None:
    """Say how an initiative ends in an open round, whether or not it is in it already.

    Raises InvalidInput on `outcome`, `reason_<id>` or `into_<id>`, and what waiving raises.
    """
    if round_.state is not RoundState.open:
        raise MoveRefused("The round is closed.")
    if decision.outcome is None:
        raise InvalidInput(
            "outcome", "Say whether the initiative is merged, discontinued or waiting for funding."
        )
    _check(initiative.id, decision)
    if decision.outcome is Outcome.merged:
        with _named_for(initiative.id):
            merger_target(session, initiative, decision.merged_into_id)
    if update_in(session, round_.id, initiative.id) is None:
        opening.join_round(session, round_, [initiative], at=at)
    update = update_in(session, round_.id, initiative.id)
    assert update is not None
    said = waive_otherwise if update.state is State.waived else waive
    said(
        session,
        update,
        outcome=decision.outcome,
        reason=decision.reason,
        merged_into_id=decision.merged_into_id,
        version=update.version,
        rights=rights,
        by=by,
        at=at,
    )


@contextmanager
def _named_for(initiative_id: int) -> Iterator[None]:
    """A refusal names the field of that one initiative among several."""
    try:
        yield
    except InvalidInput as error:
        raise InvalidInput(f"into_{initiative_id}", error.message, **error.params) from error


def account_of(session: Session, round_: Round) -> tuple[Account, dict[int, str]]:
    """What the round says of each initiative of the round before, and the titles by id.

    An empty account, which is complete, where there is no round before.
    """
    last = round_before(session, round_.plan_id, round_.year)
    if last is None:
        return account((), ()), {}
    earlier = lines_of_last(session, last, on=date.min)
    asked = [one.initiative_id for one in earlier if not _ended_then(one)]
    found = (
        select(StatusUpdate, Initiative.title, Initiative.merged_into_id)
        .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
        .where(StatusUpdate.round_id == round_.id)
    )
    endings, titles = [], {one.initiative_id: one.title for one in earlier}
    for update, title, merged_into in session.execute(found):
        titles[update.initiative_id] = title
        endings.append(Ending(update.initiative_id, _outcome(update), update.reason, merged_into))
    return account(asked, endings), titles


def _ended_then(line: LastLine) -> bool:
    return line.state is State.waived and line.outcome in ENDS


def under_way(session: Session, round_: Round) -> frozenset[int]:
    """The initiatives whose status of the round is still being written, read or approved."""
    open_ = select(StatusUpdate.initiative_id).where(
        StatusUpdate.round_id == round_.id,
        StatusUpdate.state.not_in([State.approved, State.locked, State.waived]),
    )
    return frozenset(session.scalars(open_))


def check_accounted(session: Session, round_: Round) -> None:
    """Raises MoveRefused, naming them, while initiatives of the round before are not accounted for."""
    found, titles = account_of(session, round_)
    if not found.is_complete:
        raise MoveRefused(
            "The memo cannot be locked before each initiative of last round is accounted for. "
            "Not accounted for: %(titles)s",
            titles="; ".join(titles[fault.initiative_id] for fault in found.faults),
        )


def conclude(session: Session, round_: Round, *, by: int, at: datetime) -> None:
    """With the locked memo, what was merged, discontinued or awaits funding takes no part in later rounds."""
    found = (
        select(StatusUpdate.outcome, Initiative)
        .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
        .where(
            StatusUpdate.round_id == round_.id,
            StatusUpdate.state == State.waived,
            StatusUpdate.outcome.in_(WAIVING),
            (Initiative.standing == Standing.active)
            | ((Initiative.standing == Standing.unfunded) & StatusUpdate.outcome.in_(ENDS)),
        )
    )
    concluded: list[int] = []
    for outcome, initiative in session.execute(found).all():
        assert outcome is not None
        initiative.standing = STANDING_OF[outcome]
        journal(session, "initiative_concluded", initiative, by=by, at=at)
        concluded.append(initiative.id)
    session.flush()
    replan_initiatives(session, concluded, at=at)


def _check(initiative_id: int, decision: Decision) -> None:
    if decision.outcome is None:
        return
    reason = clean(decision.reason).strip()
    if not reason:
        raise InvalidInput(f"reason_{initiative_id}", "Write a reason.")
    if len(reason) > LONGEST_REASON:
        raise InvalidInput(
            f"reason_{initiative_id}", "This can have at most %(count)s characters.", count=LONGEST_REASON
        )
    if decision.outcome is Outcome.merged and decision.merged_into_id in {None, initiative_id}:
        raise InvalidInput(f"into_{initiative_id}", "Choose the initiative that it was merged into.")


def _initiatives(session: Session, plan_id: int, decisions: Mapping[int, Decision]) -> Sequence[Initiative]:
    found = select(Initiative).where(Initiative.id.in_(sorted(decisions)), Initiative.plan_id == plan_id)
    return session.scalars(found.order_by(Initiative.id)).all()


def _outcome(update: StatusUpdate) -> Outcome | None:
    """How the round ends for it; None while that is open."""
    if update.state in {State.approved, State.locked}:
        return update.outcome or Outcome.reported
    return update.outcome if update.state is State.waived else None
