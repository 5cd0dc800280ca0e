"""The rungs of a ladder: what they are called, which can be, and the usual ones."""

from dataclasses import replace

import pytest

from tracker.domain.errors import InvalidInput
from tracker.domain.ladders import (
    DEFAULT_LADDER,
    MOST_STEPS,
    Anchor,
    ObligationKind,
    Place,
    Step,
    changed_ladder,
    checked_steps,
    rung,
)

STATUS = ObligationKind.status_due
OWNER = (Place.owner,)


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        (STATUS, ["open", "t-28", "t-14", "t-7", "t-1", "overdue", "overdue"]),
        (ObligationKind.returned, ["t-28", "t-14", "t-7", "t-1", "overdue", "overdue"]),
        (ObligationKind.review, ["waiting-3", "waiting-6"]),
        (ObligationKind.committee_papers, ["t-14", "t-5", "t-1"]),
        (ObligationKind.committee_meeting, ["t-14", "t-1"]),
        (ObligationKind.campaign_window, ["start-28", "start-7", "end-3", "after-1"]),
        (ObligationKind.application_round, ["start-28", "start-7", "end-3", "after-1"]),
        (ObligationKind.delivery, ["t-14", "t-1", "overdue"]),
        (ObligationKind.milestone, ["t-14", "t-1", "overdue"]),
        (ObligationKind.other, ["t-14", "t-1"]),
    ],
)
def test_the_usual_ladder_of_each_kind(kind: ObligationKind, codes: list[str]) -> None:
    assert [step.code for step in DEFAULT_LADDER[kind]] == codes
    assert checked_steps(kind, DEFAULT_LADDER[kind]) == DEFAULT_LADDER[kind]


def test_every_kind_has_a_usual_ladder() -> None:
    assert set(DEFAULT_LADDER) == set(ObligationKind)


def test_a_rung_that_stays_keeps_its_code_when_another_changes() -> None:
    usual = DEFAULT_LADDER[STATUS]
    changed = changed_ladder(DEFAULT_LADDER, STATUS, [*usual[:3], rung(STATUS, OWNER, usual[3].anchor, 10)])
    assert [step.code for step in changed[STATUS]] == ["open", "t-28", "t-14", "t-10"]
    assert changed[STATUS][:3] == usual[:3]
    assert changed[ObligationKind.other] is DEFAULT_LADDER[ObligationKind.other]


def test_the_nearer_rung_is_the_more_urgent() -> None:
    steps = [rung(STATUS, OWNER, Anchor.before_last, days) for days in (40, 14, 7, 1)]
    assert [step.urgency for step in steps] == sorted({step.urgency for step in steps})


def test_calendar_days_and_working_days_are_two_rungs() -> None:
    days, working_days = (
        rung(STATUS, OWNER, Anchor.before_last, 5, working_days=working) for working in (False, True)
    )
    assert (days.code, working_days.code) == ("t-5", "t-5w")


def test_codes_that_are_handed_in_are_derived_anew_and_the_rungs_put_in_order() -> None:
    steps = [
        Step("overdue", OWNER, Anchor.after_last, 2, every=4),
        Step("x", OWNER, Anchor.before_last, 3),
        Step("y", (Place.deputy, Place.owner, Place.owner), Anchor.before_last, 10),
    ]
    found = checked_steps(STATUS, steps)
    assert [(step.code, step.places) for step in found] == [
        ("t-10", (Place.owner, Place.deputy)),
        ("t-3", OWNER),
        ("overdue", OWNER),
    ]
    assert found[-1].working_days


def test_an_empty_ladder_is_a_ladder() -> None:
    assert checked_steps(STATUS, []) == ()


GOOD = Step("", OWNER, Anchor.before_last, 3)


@pytest.mark.parametrize(
    ("steps", "field"),
    [
        ([replace(GOOD, days=-1)], "steps-0-days"),
        ([GOOD, replace(GOOD, days=366)], "steps-1-days"),
        ([replace(GOOD, places=())], "steps-0-places"),
        ([GOOD, replace(GOOD, places=(Place.head,))], "steps-1-days"),
        ([replace(GOOD, every=3)], "steps-0-every"),
        ([replace(GOOD, anchor=Anchor.after_last, every=0)], "steps-0-every"),
        ([replace(GOOD, anchor=Anchor.after_last, every=61)], "steps-0-every"),
        ([replace(GOOD, anchor=Anchor.after_last, days=0)], "steps-0-days"),
        ([replace(GOOD, days=days) for days in range(MOST_STEPS + 1)], "steps"),
    ],
)
def test_what_cannot_be_a_ladder_is_refused_at_the_part_that_is_wrong(steps: list[Step], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_steps(STATUS, steps)
    assert refused.value.field == field
    assert str(refused.value)
