"""Who judges: the mail server's own file of what it accepted, and never our own table alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.support.smtp import Accepted, recorded
from tracker.mail.models import Mail, MailState
from tracker.reminders.models import ItemState, ReminderItem

WAITS_FOR_A_PERSON = frozenset({MailState.uncertain, MailState.needs_human})


@dataclass(frozen=True)
class Verdict:
    """What came of one letter each to some people.

    `lost`: people to whom nothing came and for whom nobody is asked. `doubled` and `tripled`: to whom two
    letters came, and more. `outside_window`: copies that no flag admits, or that are not byte for byte the
    first. `uncertain`: letters whose fate the ledger says it does not know, or did not know for a while.
    """

    lost: frozenset[str]
    doubled: frozenset[str]
    outside_window: frozenset[str]
    tripled: frozenset[str]
    uncertain: frozenset[str]

    @property
    def is_kept(self) -> bool:
        """Whether the promise is kept: nothing lost, at most one copy, and only where the ledger says so."""
        return not (self.lost or self.outside_window or self.tripled)

    def __str__(self) -> str:
        return (
            f"lost {len(self.lost)} doubled {len(self.doubled)} outside-window {len(self.outside_window)}"
            f" tripled {len(self.tripled)} uncertain {len(self.uncertain)}"
        )

    def __add__(self, other: Verdict) -> Verdict:
        return Verdict(
            *(
                frozenset({*(f"{one} (1)" for one in mine), *(f"{one} (2)" for one in theirs)})
                for mine, theirs in zip(self._parts(), other._parts(), strict=True)
            )
        )

    def _parts(self) -> tuple[frozenset[str], ...]:
        return self.lost, self.doubled, self.outside_window, self.tripled, self.uncertain


def judge(record: Path, engine: Engine, *, expected: Collection[str]) -> Verdict:
    """What the file says of the people who were to get exactly one letter, held against the outbox."""
    copies: dict[str, list[Accepted]] = defaultdict(list)
    for letter in recorded(record):
        copies[letter.recipients[0]].append(letter)
    strangers = set(copies) - set(expected)
    flagged = flags(engine)
    waiting = _addresses_in(engine, WAITS_FOR_A_PERSON)
    admitted = {address for address, again in flagged.items() if again} | waiting
    return Verdict(
        lost=frozenset(set(expected) - set(copies) - waiting),
        doubled=frozenset(address for address, some in copies.items() if len(some) == 2),
        outside_window=frozenset(
            {address for address, some in copies.items() if not _is_admitted(some, flagged[address])}
            | strangers
        ),
        tripled=frozenset(address for address, some in copies.items() if len(some) > 2),
        uncertain=frozenset(admitted),
    )


def flags(engine: Engine) -> Counter[str]:
    """How often the outbox says that it gave a letter to an address once more."""
    with Session(engine) as session:
        found = session.execute(select(Mail.address, Mail.uncertain_resends)).all()
    counted: Counter[str] = Counter()
    for address, again in found:
        counted[address] += again
    return counted


def _is_admitted(copies: list[Accepted], again: int) -> bool:
    return len(copies) <= 1 + again and len({copy.content for copy in copies}) == 1


def _addresses_in(engine: Engine, states: Iterable[MailState]) -> set[str]:
    with Session(engine) as session:
        return set(session.scalars(select(Mail.address).where(Mail.state.in_(list(states)))))


def open_items(engine: Engine) -> Counter[str]:
    """How many due items of the ledger have come to no end yet, by their state."""
    with Session(engine) as session:
        states = session.scalars(
            select(ReminderItem.state).where(
                ReminderItem.state.in_((ItemState.planned, ItemState.assigned)), ReminderItem.step == "t-7"
            )
        ).all()
    return Counter(state.value for state in states)
