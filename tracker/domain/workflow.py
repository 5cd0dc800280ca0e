"""The life of a status update: which move leads from which state to which, for whom, on what conditions.

`RULES` is the whole table; a pair that is not in it is refused. `workflow_moves` asks it, with the facts of
the case (what was typed, who submitted, whether the round is open) as values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TypedDict


class State(StrEnum):
    not_started = "not_started"
    draft = "draft"
    submitted = "submitted"
    in_review = "in_review"
    returned = "returned"
    approved = "approved"
    locked = "locked"
    waived = "waived"


class Move(StrEnum):
    save = "save"
    submit = "submit"
    mend = "mend"
    ask_more_time = "ask_more_time"
    withdraw = "withdraw"
    take = "take"
    release = "release"
    return_ = "return"
    approve = "approve"
    reopen = "reopen"
    lock = "lock"
    correct = "correct"
    waive = "waive"
    unwaive = "unwaive"


class Role(StrEnum):
    """What a person is towards one initiative and its plan. A lead is also secretariat.

    `submitter` is whoever submitted the text as it stands; handing it in among the roles says the same as
    `is_submitter`.
    """

    owner = "owner"
    deputy = "deputy"
    coordinator = "coordinator"
    head = "head"
    secretariat = "secretariat"
    lead = "lead"
    administrator = "administrator"
    reader = "reader"
    submitter = "submitter"


class ProgressState(StrEnum):
    """How far an initiative is, as a person chose it."""

    planned = "planned"
    in_preparation = "in_preparation"
    started = "started"
    delayed = "delayed"
    completed = "completed"
    discontinued = "discontinued"
    awaiting_funding = "awaiting_funding"
    not_stated = "not_stated"

    @property
    def needs_reason(self) -> bool:
        return self in {ProgressState.delayed, ProgressState.discontinued}


class Outcome(StrEnum):
    """How an initiative of last year's edition ends this year."""

    reported = "reported"
    nothing_new = "nothing_new"
    merged = "merged"
    discontinued = "discontinued"
    awaiting_funding = "awaiting_funding"


class Need(StrEnum):
    """A condition of a move besides state and role."""

    current_version = "current_version"
    open_round = "open_round"
    required_parts = "required_parts"
    comment = "comment"
    reason = "reason"
    date = "date"
    not_submitter = "not_submitter"
    not_mender = "not_mender"
    edition_open = "edition_open"
    every_row_settled = "every_row_settled"
    confirmed_by_another = "confirmed_by_another"
    waiving_outcome = "waiving_outcome"


class Facts(TypedDict, total=False):
    """What the conditions look at. What is left out counts as said in brackets."""

    version_matches: bool  # made from the newest version (yes)
    round_open: bool  # (yes)
    edition_locked: bool  # the final edition is locked (no)
    outcome: Outcome | None  # (none)
    progress: ProgressState | None  # (none)
    text: str  # the status text (empty)
    reason: str  # (empty)
    comment: str  # (empty)
    new_date: date | None  # (none)
    today: date  # needed with new_date
    is_mender: bool  # this person mended the text after it was submitted (no)
    every_row_settled: bool  # each update of the round is approved or waived (no)
    confirmed_by_another: bool  # another lead or secretary confirmed (no)
    former: State  # what the update was before it was waived (draft)


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table. `to` is None for 'the former state'.

    `roles` may make the move; `submitter_roles` only with a text that they submitted themselves.
    """

    to: State | None
    roles: frozenset[Role]
    needs: tuple[Need, ...] = ()
    submitter_roles: frozenset[Role] = frozenset()


WRITABLE = frozenset({State.not_started, State.draft, State.returned})
AWAITING_APPROVAL = frozenset({State.submitted, State.in_review})
SETTLED = frozenset({State.approved, State.locked, State.waived})
WAIVING = frozenset({Outcome.merged, Outcome.discontinued, Outcome.awaiting_funding})

_WRITERS = frozenset({Role.owner, Role.deputy, Role.coordinator})
_OFFICE = frozenset({Role.secretariat})
_LEAD = frozenset({Role.lead})


def _rules() -> dict[tuple[State, Move], Rule]:
    version, open_round = Need.current_version, Need.open_round
    rules: dict[tuple[State, Move], Rule] = {}
    for state in WRITABLE:
        saved = State.returned if state is State.returned else State.draft
        rules[state, Move.save] = Rule(saved, _WRITERS | _OFFICE, (version, open_round))
        rules[state, Move.submit] = Rule(
            State.submitted, _WRITERS, (version, open_round, Need.required_parts)
        )
        rules[state, Move.ask_more_time] = Rule(
            state, frozenset({Role.owner, Role.deputy}), (open_round, Need.date, Need.reason)
        )
    for state in AWAITING_APPROVAL:
        rules[state, Move.mend] = Rule(state, _OFFICE, (version, open_round))
        rules[state, Move.return_] = Rule(
            State.returned, _OFFICE, (version, open_round, Need.not_submitter, Need.comment, Need.date)
        )
        rules[state, Move.approve] = Rule(
            State.approved, _OFFICE, (version, open_round, Need.not_submitter, Need.not_mender)
        )
    rules[State.submitted, Move.withdraw] = Rule(
        State.draft,
        frozenset({Role.owner}),
        (version, open_round),
        submitter_roles=frozenset({Role.deputy, Role.coordinator}),
    )
    rules[State.submitted, Move.take] = Rule(
        State.in_review, _OFFICE, (version, open_round, Need.not_submitter)
    )
    rules[State.in_review, Move.release] = Rule(State.submitted, _OFFICE, (version, open_round))
    rules[State.approved, Move.reopen] = Rule(
        State.returned, _LEAD, (version, Need.edition_open, Need.reason)
    )
    rules[State.approved, Move.lock] = Rule(State.locked, _LEAD, (Need.every_row_settled,))
    rules[State.locked, Move.correct] = Rule(
        State.approved, _LEAD, (version, Need.reason, Need.confirmed_by_another)
    )
    for state in State:
        if state not in {State.locked, State.waived}:
            rules[state, Move.waive] = Rule(
                State.waived, _LEAD, (version, Need.edition_open, Need.waiving_outcome, Need.reason)
            )
    rules[State.waived, Move.unwaive] = Rule(None, _LEAD, (version, Need.edition_open, Need.reason))
    return rules


RULES: Mapping[tuple[State, Move], Rule] = MappingProxyType(_rules())
