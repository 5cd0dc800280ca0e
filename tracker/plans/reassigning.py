"""One owner for many initiatives: which there are to choose from, and what would change, before it does."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.domain.reminders import Place
from tracker.plans import queries
from tracker.plans.models import Standing
from tracker.plans.rights import Rights
from tracker.plans.roster import InitiativeLine, initiative_lines

NOBODY = "none"


@dataclass(frozen=True, slots=True)
class Filter:
    """What is shown to choose from: a code, an owner's id or NOBODY, words of the title; "" for all."""

    administration: str = ""
    owner: str = ""
    words: str = ""

    def fits(self, line: InitiativeLine) -> bool:
        if self.administration and line.administration_code != self.administration:
            return False
        if self.owner == NOBODY and line.owners:
            return False
        if self.owner not in {"", NOBODY} and self.owner not in {str(one.person_id) for one in line.owners}:
            return False
        return all(word in line.title.casefold() for word in self.words.casefold().split())


@dataclass(frozen=True, slots=True)
class Change:
    """An initiative with who owns it on the first day as things stand; `same`: the new owner does already."""

    initiative_id: int
    title: str
    administration_code: str
    old: tuple[str, ...]
    same: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """`seen` stands for exactly these initiatives with these owners: another value, another preview."""

    changes: tuple[Change, ...]
    seen: str

    @property
    def changing(self) -> frozenset[int]:
        """The initiatives that get another owner."""
        return frozenset(one.initiative_id for one in self.changes if not one.same)


def choosable(session: Session, rights: Rights, plan_id: int, *, on: date) -> Sequence[InitiativeLine]:
    """The active initiatives of a plan with who holds them on a day, in the order of the memo."""
    held = queries.holders(session, plan_id, on=on)
    lines = initiative_lines(session, rights, plan_id, holders=held)
    return [one for one in lines if one.standing is Standing.active]


def preview(
    session: Session,
    rights: Rights,
    plan_id: int,
    *,
    initiative_ids: Collection[int],
    person: Person,
    from_on: date,
) -> Preview:
    """What naming a person the owner of these initiatives from a day would change."""
    found = [one for one in choosable(session, rights, plan_id, on=from_on) if one.id in initiative_ids]
    changes = tuple(
        Change(
            one.id,
            one.title,
            one.administration_code,
            tuple(holder.name for holder in one.owners),
            same=[(holder.person_id, holder.until_on) for holder in one.owners] == [(person.id, None)],
        )
        for one in found
    )
    facts = [
        (one.id, [(holder.place, holder.placement_id, holder.until_on) for holder in one.owners])
        for one in found
    ]
    told = repr((plan_id, person.id, from_on, facts, Place.owner))
    return Preview(changes, hashlib.sha256(told.encode()).hexdigest())
