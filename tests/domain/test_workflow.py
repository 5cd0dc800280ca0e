"""The table of moves, compared with one written down a second time, row by row."""

from datetime import date

import pytest

from tracker.domain.errors import DomainError, InvalidInput, MoveRefused, NoRight, NotAllowed, StaleVersion
from tracker.domain.workflow import (
    AWAITING_APPROVAL,
    RULES,
    SETTLED,
    WRITABLE,
    Facts,
    Move,
    Outcome,
    ProgressState,
    Role,
    State,
)
from tracker.domain.workflow_moves import moves_open_to, next_state

# Everything that a condition may ask for, so that only state, role and authorship decide.
ENOUGH: Facts = {
    "outcome": Outcome.reported,
    "progress": ProgressState.started,
    "text": "Two workshops were held.",
    "reason": "The supplier is late.",
    "comment": "Say how many came.",
    "new_date": date(2026, 3, 9),
    "today": date(2026, 3, 2),
    "every_row_settled": True,
    "confirmed_by_another": True,
    "former": State.draft,
}

O, D, C, S, L = Role.owner, Role.deputy, Role.coordinator, Role.secretariat, Role.lead  # noqa: E741
OFFICE = {S, L}
# from -> move -> (to, who, who may as its submitter)
EXPECTED: dict[State, dict[Move, tuple[State, set[Role], set[Role]]]] = {
    State.not_started: {
        Move.save: (State.draft, {O, D, C, S, L}, {O, D, C, S, L}),
        Move.submit: (State.submitted, {O, D, C}, {O, D, C}),
        Move.ask_more_time: (State.not_started, {O, D}, {O, D}),
        Move.waive: (State.waived, {L}, {L}),
    },
    State.draft: {
        Move.save: (State.draft, {O, D, C, S, L}, {O, D, C, S, L}),
        Move.submit: (State.submitted, {O, D, C}, {O, D, C}),
        Move.ask_more_time: (State.draft, {O, D}, {O, D}),
        Move.waive: (State.waived, {L}, {L}),
    },
    State.returned: {
        Move.save: (State.returned, {O, D, C, S, L}, {O, D, C, S, L}),
        Move.submit: (State.submitted, {O, D, C}, {O, D, C}),
        Move.ask_more_time: (State.returned, {O, D}, {O, D}),
        Move.waive: (State.waived, {L}, {L}),
    },
    State.submitted: {
        Move.mend: (State.submitted, OFFICE, OFFICE),
        Move.withdraw: (State.draft, {O}, {O, D, C}),
        Move.take: (State.in_review, OFFICE, set()),
        Move.return_: (State.returned, OFFICE, set()),
        Move.approve: (State.approved, OFFICE, set()),
        Move.waive: (State.waived, {L}, {L}),
    },
    State.in_review: {
        Move.mend: (State.in_review, OFFICE, OFFICE),
        Move.release: (State.submitted, OFFICE, OFFICE),
        Move.return_: (State.returned, OFFICE, set()),
        Move.approve: (State.approved, OFFICE, set()),
        Move.waive: (State.waived, {L}, {L}),
    },
    State.approved: {
        Move.reopen: (State.returned, {L}, {L}),
        Move.lock: (State.locked, {L}, {L}),
        Move.waive: (State.waived, {L}, {L}),
    },
    State.locked: {Move.correct: (State.approved, {L}, {L})},
    State.waived: {Move.unwaive: (State.draft, {L}, {L})},
}


def facts_for(move: Move) -> Facts:
    return {**ENOUGH, "outcome": Outcome.merged} if move is Move.waive else ENOUGH


@pytest.mark.parametrize("is_submitter", [False, True])
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.submitter])
@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("state", State)
def test_each_state_move_and_person_as_the_table_says(
    state: State, move: Move, role: Role, is_submitter: bool
) -> None:
    expected = EXPECTED[state].get(move)
    roles = frozenset({role})
    permitted = expected is not None and role in expected[2 if is_submitter else 1]
    assert (move in moves_open_to(state, roles=roles, is_submitter=is_submitter)) == permitted
    if expected is not None and permitted:
        reached = next_state(state, move, roles=roles, is_submitter=is_submitter, **facts_for(move))
        assert reached is expected[0]
    else:
        with pytest.raises(DomainError) as refused:
            next_state(state, move, roles=roles, is_submitter=is_submitter, **facts_for(move))
        assert type(refused.value) is _refusal(state, move, role)


def _refusal(state: State, move: Move, role: Role) -> type[DomainError]:
    """Nobody is told the state of what they never may move; four eyes are a matter between colleagues."""
    rows = [moves[move] for moves in EXPECTED.values() if move in moves]
    if not any(role in permitted | as_submitter for _, permitted, as_submitter in rows):
        return NoRight
    if move not in EXPECTED[state]:
        return MoveRefused
    return NotAllowed if role in EXPECTED[state][move][1] else NoRight


def test_the_table_has_no_other_pair() -> None:
    assert set(RULES) == {(state, move) for state, moves in EXPECTED.items() for move in moves}


def test_every_state_is_written_read_or_settled() -> None:
    assert set(State) == WRITABLE | AWAITING_APPROVAL | SETTLED


def test_nobody_moves_anything_without_a_role() -> None:
    for state in State:
        assert moves_open_to(state, roles=frozenset(), is_submitter=True) == ()


def test_an_owner_who_also_sits_in_the_secretariat_does_not_approve_an_own_text() -> None:
    both = frozenset({Role.owner, Role.secretariat})
    with pytest.raises(NotAllowed):
        next_state(State.submitted, Move.approve, roles=both, is_submitter=True)
    assert next_state(State.submitted, Move.approve, roles=both) is State.approved
    assert Move.approve not in moves_open_to(State.submitted, roles=both | {Role.submitter})


def test_whoever_mended_a_text_does_not_approve_it() -> None:
    with pytest.raises(NotAllowed):
        next_state(State.in_review, Move.approve, roles=frozenset({Role.secretariat}), is_mender=True)


def test_nothing_is_open_that_the_round_or_the_lock_would_refuse() -> None:
    everybody = frozenset({O, D, C, S, L})
    closed = {state: moves_open_to(state, roles=everybody, round_open=False) for state in State}
    assert closed[State.draft] == (Move.waive,)
    assert closed[State.submitted] == (Move.waive,)
    assert moves_open_to(State.approved, roles=everybody, edition_locked=True) == (Move.lock,)
    assert moves_open_to(State.waived, roles=everybody, edition_locked=True) == ()
    mended = moves_open_to(State.in_review, roles=everybody, is_mender=True)
    assert Move.approve not in mended
    assert Move.return_ in mended


@pytest.mark.parametrize(
    ("state", "move", "role"),
    [
        (State.submitted, Move.withdraw, O),
        (State.submitted, Move.take, S),
        (State.in_review, Move.release, S),
        (State.approved, Move.reopen, L),
        (State.draft, Move.waive, L),
        (State.waived, Move.unwaive, L),
        (State.locked, Move.correct, L),
        (State.in_review, Move.mend, S),
    ],
)
def test_no_move_is_made_from_a_version_that_nobody_read(state: State, move: Move, role: Role) -> None:
    with pytest.raises(StaleVersion):
        next_state(state, move, roles=frozenset({role}), version_matches=False, **facts_for(move))


def submit(**changes: object) -> State:
    facts: Facts = {**ENOUGH, **changes}  # type: ignore[typeddict-item]
    return next_state(State.draft, Move.submit, roles=frozenset({Role.owner}), **facts)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"outcome": None}, "outcome"),
        ({"outcome": Outcome.merged}, "outcome"),
        ({"text": " \n"}, "text"),
        ({"progress": None}, "progress"),
        ({"progress": ProgressState.not_stated}, "progress"),
        ({"progress": ProgressState.delayed, "reason": " "}, "reason"),
        ({"progress": ProgressState.discontinued, "reason": ""}, "reason"),
        ({"outcome": Outcome.nothing_new, "reason": ""}, "reason"),
    ],
)
def test_submitting_names_the_part_that_is_missing(changes: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        submit(**changes)
    assert refused.value.field == field


def test_nothing_new_needs_a_reason_and_no_text() -> None:
    assert submit(outcome=Outcome.nothing_new, text="", progress=None) is State.submitted


def test_a_stale_version_and_a_closed_round_stop_a_save() -> None:
    owner = frozenset({Role.owner})
    with pytest.raises(StaleVersion):
        next_state(State.draft, Move.save, roles=owner, version_matches=False)
    with pytest.raises(MoveRefused, match="closed"):
        next_state(State.draft, Move.save, roles=owner, round_open=False)


@pytest.mark.parametrize(
    ("comment", "new_date", "field"),
    [
        ("  ", date(2026, 3, 9), "comment"),
        ("Say more.", None, "new_date"),
        ("Say more.", date(2026, 3, 1), "new_date"),
    ],
)
def test_a_return_needs_a_comment_and_a_date_that_is_not_past(
    comment: str, new_date: date | None, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        next_state(
            State.in_review,
            Move.return_,
            roles=frozenset({Role.secretariat}),
            comment=comment,
            new_date=new_date,
            today=date(2026, 3, 2),
        )
    assert refused.value.field == field


def test_a_return_for_the_same_day_is_possible() -> None:
    today = date(2026, 3, 2)
    assert (
        next_state(
            State.submitted,
            Move.return_,
            roles=frozenset({Role.secretariat}),
            comment="Say more.",
            new_date=today,
            today=today,
        )
        is State.returned
    )


@pytest.mark.parametrize(
    ("state", "move", "facts"),
    [
        (State.approved, Move.lock, {}),
        (State.approved, Move.reopen, {"reason": "An error.", "edition_locked": True}),
        (State.approved, Move.reopen, {"reason": ""}),
        (State.locked, Move.correct, {"reason": "An error."}),
        (State.draft, Move.waive, {"reason": "Ended.", "outcome": Outcome.reported}),
        (State.draft, Move.waive, {"reason": "", "outcome": Outcome.merged}),
        (State.waived, Move.unwaive, {"reason": ""}),
    ],
)
def test_a_lead_is_held_to_the_conditions(state: State, move: Move, facts: Facts) -> None:
    with pytest.raises(DomainError):
        next_state(state, move, roles=frozenset({Role.lead}), **facts)


def test_unwaiving_leads_back_to_the_former_state() -> None:
    back = next_state(
        State.waived,
        Move.unwaive,
        roles=frozenset({Role.lead}),
        reason="It goes on after all.",
        former=State.approved,
    )
    assert back is State.approved


def test_an_error_fills_its_sentence_in() -> None:
    error = InvalidInput("text", "At most %(count)s characters.", count=7000)
    assert (str(error), error.message, error.params, error.field) == (
        "At most 7000 characters.",
        "At most %(count)s characters.",
        {"count": 7000},
        "text",
    )
    assert str(MoveRefused("100 % done")) == "100 % done"
