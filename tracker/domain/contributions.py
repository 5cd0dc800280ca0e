"""The way of an administration's contribution: collected, signed off, treated by its committee, consolidated.

`RULES` is the whole table; a pair that is not in it is refused. Facts about the case are handed in as values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from tracker.domain.errors import InvalidInput, MoveRefused, NoRight, sentence
from tracker.domain.workflow import Role

LONGEST_ITEM = 60
LONGEST_NOTE = 2_000


class ContributionState(StrEnum):
    """How far an administration's contribution is on its way to the City Council."""

    collecting = "collecting"
    signed_off = "signed_off"
    treated = "treated"
    consolidated = "consolidated"


class CommitteeDecision(StrEnum):
    """What a standing committee decided about its administration's contribution."""

    noted = "noted"
    approved = "approved"
    sent_back = "sent_back"


class ContributionMove(StrEnum):
    """`take_back` undoes the last step; `send_back` is a treatment that ends in collecting again."""

    sign_off = "sign_off"
    treat = "treat"
    send_back = "send_back"
    consolidate = "consolidate"
    take_back = "take_back"


@dataclass(frozen=True, slots=True)
class ContributionRule:
    to: ContributionState
    roles: frozenset[Role]


_OFFICE = frozenset({Role.secretariat})
_SIGNERS = frozenset({Role.coordinator, Role.lead})


def _rules() -> dict[tuple[ContributionState, ContributionMove], ContributionRule]:
    state, move = ContributionState, ContributionMove
    rules = {
        (state.collecting, move.sign_off): ContributionRule(state.signed_off, _SIGNERS),
        (state.signed_off, move.take_back): ContributionRule(state.collecting, _SIGNERS),
        # A committee of its own is not everybody's: then what was signed off is consolidated at once.
        (state.signed_off, move.consolidate): ContributionRule(state.consolidated, _OFFICE),
        (state.treated, move.consolidate): ContributionRule(state.consolidated, _OFFICE),
        (state.consolidated, move.take_back): ContributionRule(state.treated, _OFFICE),
    }
    for treatable in (state.signed_off, state.treated):  # what was written down wrongly is written again
        rules[treatable, move.treat] = ContributionRule(state.treated, _OFFICE)
        rules[treatable, move.send_back] = ContributionRule(state.collecting, _OFFICE)
    return rules


RULES: Mapping[tuple[ContributionState, ContributionMove], ContributionRule] = MappingProxyType(_rules())

_EVER: Mapping[ContributionMove, frozenset[Role]] = {
    move: frozenset().union(*(rule.roles for (_, of), rule in RULES.items() if of is move))
    for move in ContributionMove
}

_AS_IT_STANDS: Mapping[ContributionState, str] = {
    ContributionState.collecting: sentence(
        "This is not possible yet: the contribution has not been signed off."
    ),
    ContributionState.signed_off: sentence("This is not possible now: the contribution has been signed off."),
    ContributionState.treated: sentence(
        "This is not possible any more: the committee has treated the contribution."
    ),
    ContributionState.consolidated: sentence(
        "This is not possible any more: the contribution has been consolidated."
    ),
}


@dataclass(frozen=True, slots=True)
class Case:
    """What the conditions look at.

    `missing` are the titles of the statuses that still have to be submitted, `unsettled` of those that are
    neither approved nor waived. `has_committee`: a committee of the administration's own treats it.
    """

    round_open: bool = True
    missing: Sequence[str] = ()
    unsettled: Sequence[str] = ()
    has_committee: bool = True
    treated: bool = False


def moves_open_to(
    state: ContributionState, *, roles: frozenset[Role], has_committee: bool = True
) -> tuple[ContributionMove, ...]:
    """The moves that this person can begin, in the order of `ContributionMove`."""
    return tuple(move for move in ContributionMove if _refusal(state, move, roles, has_committee) is None)


def next_state(
    state: ContributionState, move: ContributionMove, *, roles: frozenset[Role], case: Case
) -> ContributionState:
    """The state that `move` leads to.

    Raises NoRight when it is not for this person, MoveRefused when the contribution or its statuses are
    not so far; the sentence names the statuses that are missing.
    """
    refusal = _refusal(state, move, roles, case.has_committee)
    if refusal is not None:
        raise refusal
    if not case.round_open:
        raise MoveRefused("The round is closed.")
    if move is ContributionMove.sign_off and case.missing:
        raise MoveRefused(
            "The contribution can be signed off when every status has been submitted. "
            "Still missing: %(titles)s",
            titles="; ".join(case.missing),
        )
    if move is ContributionMove.consolidate and case.unsettled:
        raise MoveRefused(
            "The contribution can be consolidated when every status is approved or waived. "
            "Still open: %(titles)s",
            titles="; ".join(case.unsettled),
        )
    if (state, move) == (ContributionState.consolidated, ContributionMove.take_back) and not case.treated:
        return ContributionState.signed_off
    return RULES[state, move].to


def _refusal(
    state: ContributionState, move: ContributionMove, roles: frozenset[Role], has_committee: bool
) -> MoveRefused | NoRight | None:
    if Role.lead in roles:
        roles |= _OFFICE
    if not roles & _EVER[move]:
        return NoRight()
    rule = RULES.get((state, move))
    if rule is None:
        return MoveRefused(_AS_IT_STANDS[state])
    if not roles & rule.roles:
        return NoRight()
    if (state, move) == (ContributionState.signed_off, ContributionMove.consolidate) and has_committee:
        return MoveRefused("The committee has to treat the contribution before it is consolidated.")
    return None


@dataclass(frozen=True, slots=True)
class Treatment:
    """What happened at a committee's meeting."""

    on: date
    item_number: str
    decision: CommitteeDecision
    note: str = ""


def checked(treatment: Treatment, *, today: date) -> Treatment:
    """The treatment with its texts tidied. Raises InvalidInput on the part that is missing or wrong."""
    item, note = " ".join(treatment.item_number.split()), treatment.note.strip()
    if treatment.on > today:
        raise InvalidInput("treated_on", "The meeting has not been held yet. Give today or an earlier day.")
    if not item:
        raise InvalidInput("item_number", "Write the number of the item on the agenda.")
    if len(item) > LONGEST_ITEM:
        raise InvalidInput("item_number", "This can have at most %(count)s characters.", count=LONGEST_ITEM)
    if treatment.decision is CommitteeDecision.sent_back and not note:
        raise InvalidInput("decision_note", "Write what the committee asks for.")
    if len(note) > LONGEST_NOTE:
        raise InvalidInput("decision_note", "This can have at most %(count)s characters.", count=LONGEST_NOTE)
    return Treatment(treatment.on, item, treatment.decision, note)
