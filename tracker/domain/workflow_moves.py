"""Which moves a case of the workflow admits: where one leads, what it lacks, and the words of a refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Unpack

from tracker.domain.errors import (
    DomainError,
    InvalidInput,
    MoveRefused,
    NoRight,
    NotAllowed,
    StaleVersion,
    sentence,
)
from tracker.domain.workflow import RULES, WAIVING, Facts, Move, Need, Outcome, ProgressState, Role, State

_EVER: Mapping[Move, frozenset[Role]] = {
    move: frozenset().union(
        *(rule.roles | rule.submitter_roles for (_, of), rule in RULES.items() if of is move)
    )
    for move in Move
}

_AS_IT_STANDS: Mapping[State, str] = {
    State.not_started: sentence("This is not possible yet: nothing has been written on this status."),
    State.draft: sentence("This is not possible yet: the status is a draft and has not been submitted."),
    State.submitted: sentence("This is not possible now: the status has been submitted."),
    State.in_review: sentence("This is not possible now: the secretariat is reading the status."),
    State.returned: sentence("This is not possible now: the status has been returned to its owner."),
    State.approved: sentence("This is not possible any more: the status has been approved."),
    State.locked: sentence("This is not possible any more: the status is part of a locked edition."),
    State.waived: sentence("This is not possible: no status is expected from this initiative this year."),
}


def _blank(text: str | None) -> bool:
    return not (text or "").strip()


def missing_parts(
    *, outcome: Outcome | None, text: str | None, progress: ProgressState | None, reason: str | None
) -> tuple[InvalidInput, ...]:
    """Everything that a status still lacks before it can be submitted, in the order of the form."""
    if outcome not in {Outcome.reported, Outcome.nothing_new}:
        return (InvalidInput("outcome", "Say whether there is something to report or nothing new."),)
    if outcome is Outcome.nothing_new:
        return (InvalidInput("reason", "Write why there is nothing new."),) if _blank(reason) else ()
    found = []
    if _blank(text):
        found.append(InvalidInput("text", "Write the status before you submit it."))
    if progress is None or progress is ProgressState.not_stated:
        found.append(InvalidInput("progress", "Choose how far the initiative is."))
    elif progress.needs_reason and _blank(reason):
        found.append(
            InvalidInput("reason", "Write the reason why the initiative is delayed or discontinued.")
        )
    return tuple(found)


def _parts(facts: Facts) -> DomainError | None:
    lacking = missing_parts(
        outcome=facts.get("outcome"),
        text=facts.get("text"),
        progress=facts.get("progress"),
        reason=facts.get("reason"),
    )
    return lacking[0] if lacking else None


def _date(facts: Facts) -> DomainError | None:
    new_date = facts.get("new_date")
    if new_date is None:
        return InvalidInput("new_date", "Give a new date.")
    if new_date < facts["today"]:
        return InvalidInput("new_date", "The new date is in the past. Give today or a later day.")
    return None


def _unless(holds: bool, error: DomainError) -> DomainError | None:
    return None if holds else error


_CHECKS: Mapping[Need, Callable[[Facts], DomainError | None]] = {
    Need.current_version: lambda facts: _unless(facts.get("version_matches", True), StaleVersion()),
    Need.open_round: lambda facts: _unless(
        facts.get("round_open", True), MoveRefused("The round is closed.")
    ),
    Need.required_parts: _parts,
    Need.comment: lambda facts: _unless(
        not _blank(facts.get("comment")),
        InvalidInput("comment", "Write what should be changed, so that the owner knows what to do."),
    ),
    Need.reason: lambda facts: _unless(
        not _blank(facts.get("reason")), InvalidInput("reason", "Write a reason.")
    ),
    Need.date: _date,
    Need.not_mender: lambda facts: _unless(
        not facts.get("is_mender", False),
        NotAllowed("You have changed this text yourself, so another person must approve it."),
    ),
    Need.edition_open: lambda facts: _unless(
        not facts.get("edition_locked", False), MoveRefused("The edition is locked.")
    ),
    Need.every_row_settled: lambda facts: _unless(
        facts.get("every_row_settled", False),
        MoveRefused("The edition cannot be locked before each status is approved or waived."),
    ),
    Need.confirmed_by_another: lambda facts: _unless(
        facts.get("confirmed_by_another", False),
        MoveRefused("Another lead or a member of the secretariat must confirm the correction first."),
    ),
    Need.waiving_outcome: lambda facts: _unless(
        facts.get("outcome") in WAIVING,
        InvalidInput("outcome", "Say whether the initiative is merged, discontinued or waiting for funding."),
    ),
}


def _refusal(
    state: State, move: Move, roles: frozenset[Role], is_submitter: bool
) -> MoveRefused | NotAllowed | None:
    """Why this person cannot begin the move, whatever is filled in; None when it is open to them.

    Whoever has the move in no state at all is told nothing of the state.
    """
    if Role.lead in roles:
        roles |= {Role.secretariat}
    if not roles & _EVER[move]:
        return NoRight()
    rule = RULES.get((state, move))
    if rule is None:
        return MoveRefused(_AS_IT_STANDS[state])
    is_submitter = is_submitter or Role.submitter in roles
    permitted = rule.roles | rule.submitter_roles if is_submitter else rule.roles
    if not roles & permitted:
        return NoRight()
    if Need.not_submitter in rule.needs and is_submitter:
        return NotAllowed("You have submitted this status yourself, so another person must deal with it.")
    return None


def next_state(
    state: State,
    move: Move,
    *,
    roles: frozenset[Role],
    is_submitter: bool = False,
    **facts: Unpack[Facts],
) -> State:
    """The state that `move` leads to.

    Raises NoRight when the move is not for anybody in this person's place, NotAllowed when another has to
    make it this time, MoveRefused when the pair is not in the table or the case does not admit it,
    InvalidInput when something is missing, StaleVersion for an old version.
    """
    refusal = _refusal(state, move, roles, is_submitter)
    if refusal is not None:
        raise refusal
    rule = RULES[state, move]
    for need in rule.needs:
        check = _CHECKS.get(need)
        error = check(facts) if check else None
        if error is not None:
            raise error
    return facts.get("former", State.draft) if rule.to is None else rule.to


def moves_open_to(
    state: State,
    *,
    roles: frozenset[Role],
    is_submitter: bool = False,
    is_mender: bool = False,
    round_open: bool = True,
    edition_locked: bool = False,
) -> tuple[Move, ...]:
    """The moves that this person can begin, in the order of `Move`, before anything is filled in."""
    closed = {Need.open_round: not round_open, Need.edition_open: edition_locked, Need.not_mender: is_mender}
    return tuple(
        move
        for move in Move
        if _refusal(state, move, roles, is_submitter) is None
        and not any(closed.get(need, False) for need in RULES[state, move].needs)
    )
