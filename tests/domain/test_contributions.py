"""Who may move an administration's contribution from where to where, and what stands in the way."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.domain.contributions import (
    RULES,
    Case,
    CommitteeDecision,
    ContributionMove,
    ContributionState,
    Treatment,
    checked,
    moves_open_to,
    next_state,
)
from tracker.domain.errors import InvalidInput, MoveRefused, NoRight
from tracker.domain.workflow import Role

C, M = ContributionState, ContributionMove
OFFICE, LEAD, COORDINATOR = (
    frozenset({Role.secretariat}),
    frozenset({Role.secretariat, Role.lead}),
    frozenset({Role.coordinator}),
)
TODAY = date(2026, 10, 8)
# State x move: where it leads, and who may make it besides the lead. The lead may make every one of them.
TABLE = {
    (C.collecting, M.sign_off): (C.signed_off, COORDINATOR),
    (C.signed_off, M.treat): (C.treated, OFFICE),
    (C.signed_off, M.send_back): (C.collecting, OFFICE),
    (C.signed_off, M.consolidate): (C.consolidated, OFFICE),
    (C.signed_off, M.take_back): (C.collecting, COORDINATOR),
    (C.treated, M.treat): (C.treated, OFFICE),
    (C.treated, M.send_back): (C.collecting, OFFICE),
    (C.treated, M.consolidate): (C.consolidated, OFFICE),
    (C.consolidated, M.take_back): (C.treated, OFFICE),
}
NO_COMMITTEE = Case(has_committee=False, treated=True)


def test_the_table_has_no_other_pair() -> None:
    assert set(RULES) == set(TABLE)


@pytest.mark.parametrize("state", C)
@pytest.mark.parametrize("move", M)
@pytest.mark.parametrize("role", [None, *Role])
def test_every_state_with_every_move_by_everybody(
    state: ContributionState, move: ContributionMove, role: Role | None
) -> None:
    roles = frozenset({role}) if role is not None else frozenset()
    found = TABLE.get((state, move))
    open_to = moves_open_to(state, roles=roles, has_committee=False)
    if found is None:
        # Whoever never has the move is not told how far the contribution is.
        ever = {Role.lead}.union(*(who for (_, of), (_, who) in TABLE.items() if of is move))
        with pytest.raises(MoveRefused if roles & ever else NoRight):
            next_state(state, move, roles=roles, case=NO_COMMITTEE)
        assert move not in open_to
        return
    to, permitted = found
    if roles & (permitted | {Role.lead}):
        assert next_state(state, move, roles=roles, case=NO_COMMITTEE) is to
        assert move in open_to
    else:
        with pytest.raises(NoRight):
            next_state(state, move, roles=roles, case=NO_COMMITTEE)
        assert move not in open_to


def test_signing_off_names_what_is_missing() -> None:
    case = Case(missing=("Courses", "Signs in parks"))
    with pytest.raises(MoveRefused, match="Still missing: Courses; Signs in parks"):
        next_state(C.collecting, M.sign_off, roles=COORDINATOR, case=case)


def test_consolidating_waits_for_the_approvals_and_for_the_committee() -> None:
    with pytest.raises(MoveRefused, match="Still open: Courses"):
        next_state(C.treated, M.consolidate, roles=OFFICE, case=Case(unsettled=("Courses",)))
    with pytest.raises(MoveRefused, match="The committee has to treat"):
        next_state(C.signed_off, M.consolidate, roles=OFFICE, case=Case())
    assert M.consolidate not in moves_open_to(C.signed_off, roles=OFFICE)


def test_what_no_committee_treated_goes_back_to_being_signed_off() -> None:
    case = Case(has_committee=False)
    assert next_state(C.consolidated, M.take_back, roles=OFFICE, case=case) is C.signed_off


def test_in_a_closed_round_nothing_moves() -> None:
    case = Case(round_open=False, has_committee=False)
    for state, move in RULES:
        with pytest.raises(MoveRefused, match="The round is closed"):
            next_state(state, move, roles=LEAD | COORDINATOR, case=case)


@pytest.mark.parametrize(
    ("treatment", "field"),
    [
        (Treatment(date(2026, 10, 9), "12", CommitteeDecision.noted), "treated_on"),
        (Treatment(TODAY, " ", CommitteeDecision.noted), "item_number"),
        (Treatment(TODAY, "1" * 61, CommitteeDecision.noted), "item_number"),
        (Treatment(TODAY, "12", CommitteeDecision.sent_back, "\n"), "decision_note"),
        (Treatment(TODAY, "12", CommitteeDecision.noted, "x" * 2001), "decision_note"),
    ],
)
def test_what_a_treatment_lacks_is_said_at_its_field(treatment: Treatment, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked(treatment, today=TODAY)
    assert refused.value.field == field


def test_a_treatment_is_tidied() -> None:
    said = checked(Treatment(TODAY, "  12  b ", CommitteeDecision.noted, " All agreed.\n"), today=TODAY)
    assert (said.item_number, said.note) == ("12 b", "All agreed.")
