"""What other rules would do to the letters of the coming days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.domain.danish_order import sort_key
from tracker.domain.reminders import Reminder
from tracker.reminders.forecast import ForecastLetter
from tracker.reminders.letters import Line


class Effect(StrEnum):
    """What becomes of one person's letter of one day."""

    added = "added"
    gone = "gone"
    changed = "changed"


Entry = tuple[Line, Reminder]


@dataclass(frozen=True, slots=True)
class LetterChange:
    """One letter that would not be as it is now: the entries that come into it, and those that leave it."""

    on: date
    name: str
    email: str
    effect: Effect
    more: tuple[Entry, ...]
    less: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class LadderPreview:
    """The letters of a time with the rules as they are and as they would be; `changes` by day and name."""

    letters_before: int
    letters_after: int
    changes: tuple[LetterChange, ...]

    def count(self, effect: Effect) -> int:
        """How many letters this becomes of."""
        return sum(one.effect is effect for one in self.changes)


def what_changes(before: Sequence[ForecastLetter], after: Sequence[ForecastLetter]) -> LadderPreview:
    """Compare two forecasts of the same days. A letter is a person's letter of a day."""
    old, new = _by_day_and_person(before), _by_day_and_person(after)
    either = old | new
    keys = sorted(either, key=lambda key: (key[0], sort_key(either[key].recipient.name), key[1]))
    changes = [found for key in keys if (found := _change(old.get(key), new.get(key))) is not None]
    return LadderPreview(len(before), len(after), tuple(changes))


def _by_day_and_person(letters: Sequence[ForecastLetter]) -> dict[tuple[date, int], ForecastLetter]:
    return {(one.on, one.recipient.id): one for one in letters}


def _change(old: ForecastLetter | None, new: ForecastLetter | None) -> LetterChange | None:
    either = old or new
    assert either is not None
    before, after = _entries(old), _entries(new)
    more = tuple(entry for key, entry in after.items() if key not in before)
    less = tuple(entry for key, entry in before.items() if key not in after)
    if not more and not less:
        return None
    effect = Effect.added if old is None else Effect.gone if new is None else Effect.changed
    return LetterChange(either.on, either.recipient.name, either.recipient.email, effect, more, less)


def _entries(letter: ForecastLetter | None) -> dict[object, Entry]:
    if letter is None:
        return {}
    return {
        reminder.key: (line, reminder) for line, reminder in zip(letter.lines, letter.reminders, strict=True)
    }
