"""What other rules would do to the letters of some days: added, fallen away, or with other contents."""

from __future__ import annotations

from datetime import date

from tracker.domain.reminders import ObligationKind, Reminder
from tracker.reminders.forecast import ForecastLetter
from tracker.reminders.ladder_preview import Effect, what_changes
from tracker.reminders.letters import Line
from tracker.reminders.queries import Recipient

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
DEADLINE = date(2026, 12, 1)
ANE = Recipient(1, "Ane Møller", "ane@example.com", "da", None, None)
AASE = Recipient(2, "Åse Bruun", "aase@example.com", "da", None, None)


def _letter(on: date, to: Recipient, *steps: str) -> ForecastLetter:
    reminders = tuple(
        Reminder(ObligationKind.status_due, 1, step, DEADLINE, to.id, on, urgency=30) for step in steps
    )
    lines = tuple(
        Line(
            kind=ObligationKind.status_due.value,
            step=step,
            title="Mentorer",
            plan="Handleplan",
            link="https://tracker.example.com/updates/1",
            first_on=DEADLINE,
            deadline_on=DEADLINE,
            words="",
            days_left=6,
            starts_in=6,
        )
        for step in steps
    )
    return ForecastLetter(on, to, lines, reminders)


def test_the_same_letters_change_nothing() -> None:
    letters = [_letter(MONDAY, ANE, "t-7"), _letter(TUESDAY, AASE, "t-7")]
    found = what_changes(letters, letters)
    assert not found.changes
    assert (found.letters_before, found.letters_after) == (2, 2)


def test_a_reminder_on_another_day_takes_one_letter_away_and_adds_one() -> None:
    found = what_changes([_letter(TUESDAY, ANE, "t-7")], [_letter(MONDAY, ANE, "t-8")])
    assert [(one.on, one.effect) for one in found.changes] == [
        (MONDAY, Effect.added),
        (TUESDAY, Effect.gone),
    ]
    assert (found.count(Effect.added), found.count(Effect.gone), found.count(Effect.changed)) == (1, 1, 0)


def test_a_letter_that_stays_says_what_comes_in_and_what_leaves_it() -> None:
    found = what_changes([_letter(MONDAY, ANE, "t-14", "t-7")], [_letter(MONDAY, ANE, "t-7", "t-8")])
    (change,) = found.changes
    assert change.effect is Effect.changed
    assert [reminder.step for _, reminder in change.more] == ["t-8"]
    assert [reminder.step for _, reminder in change.less] == ["t-14"]


def test_within_a_day_names_stand_in_danish_order() -> None:
    found = what_changes([], [_letter(MONDAY, AASE, "t-7"), _letter(MONDAY, ANE, "t-7")])
    assert [one.name for one in found.changes] == ["Ane Møller", "Åse Bruun"]
