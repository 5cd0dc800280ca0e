"""What the rows of an import speak of: people, and a plan's initiatives, administrations and places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.domain.errors import sentence
from tracker.domain.reminders import Place
from tracker.plans.import_rows import BadRowError, Said
from tracker.plans.models import Administration, Initiative, Placement, Standing

_A_BATCH = 500
OF_INITIATIVE = frozenset({Place.owner, Place.deputy})


@dataclass(frozen=True, slots=True)
class Target:
    """What a place belongs to: one of the two."""

    initiative_id: int | None = None
    administration_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Initiative:
    id: int
    title: str
    administration_id: int


@dataclass(frozen=True)
class Known:
    """`people` by address, `held` the places that last, `names` of whoever is in them, by id."""

    people: Mapping[str, Person]
    held: Mapping[tuple[Place, Target], tuple[Placement, ...]]
    names: Mapping[int, str]
    by_title: Mapping[str, tuple[_Initiative, ...]]
    by_number: Mapping[int, _Initiative]
    administrations: Mapping[str, Administration]

    def at(self, place: Place | None, target: Target | None) -> tuple[Placement, ...]:
        """Who holds a place, now and to come."""
        return self.held.get((place, target), ()) if place and target else ()

    def target(self, said: Said) -> tuple[Target, str]:
        """What a row's place belongs to, with its title or name. Raises BadRowError."""
        administration = self._administration(said)
        if said.place not in OF_INITIATIVE:
            if administration is None:
                raise BadRowError(sentence("Write which administration."))
            return Target(administration_id=administration.id), administration.name
        found = self._initiative(said, administration)
        return Target(initiative_id=found.id), found.title

    def _administration(self, said: Said) -> Administration | None:
        if not said.administration:
            return None
        found = self.administrations.get(_folded(said.administration))
        if found is None:
            raise BadRowError(
                sentence("The plan has no administration called “%(name)s”."), name=said.administration
            )
        return found

    def _initiative(self, said: Said, administration: Administration | None) -> _Initiative:
        title, number = said.initiative, said.number
        if not title and not number:
            raise BadRowError(sentence("Write which initiative: its title, or its number in the list."))
        typed = (title or number).strip("# .")
        found = self.by_title.get(_folded(title), ())
        if administration is not None:
            found = tuple(one for one in found if one.administration_id == administration.id)
        # A title that a spreadsheet took for a number ("007") must not stand for another initiative.
        if not found and (not number or typed == number):
            found = self._numbered(typed, administration)
        elif len(found) > 1 and number:
            found = tuple(one for one in found if self.by_number.get(_number(number)) is one) or found
        if not found:
            raise BadRowError(
                sentence("The plan has no such initiative: “%(title)s”."), title=title or number
            )
        if len(found) > 1:
            raise BadRowError(
                sentence("Several initiatives have this title. Write the administration, or the number.")
            )
        return found[0]

    def _numbered(self, typed: str, administration: Administration | None) -> tuple[_Initiative, ...]:
        one = self.by_number.get(_number(typed))
        if one is None or (administration is not None and one.administration_id != administration.id):
            return ()
        return (one,)


def known_of(session: Session, plan_id: int, emails: Collection[str], *, today: date) -> Known:
    """Read it all: five queries, and one for each 500 addresses."""
    people: dict[str, Person] = {}
    listed = sorted(emails)
    for start in range(0, len(listed), _A_BATCH):
        batch = select(Person).where(Person.email.in_(listed[start : start + _A_BATCH]))
        people |= {person.email: person for person in session.scalars(batch)}
    held: dict[tuple[Place, Target], list[Placement]] = defaultdict(list)
    lasting = Placement.until_on.is_(None) | (Placement.until_on >= today)
    for one in session.scalars(select(Placement).where(Placement.plan_id == plan_id, lasting)):
        held[one.place, Target(one.initiative_id, one.administration_id)].append(one)
    by_title, by_number = _initiatives(session, plan_id)
    administrations: dict[str, Administration] = {}
    for one_ in session.scalars(select(Administration).where(Administration.plan_id == plan_id)):
        administrations |= {_folded(one_.code): one_, _folded(one_.name): one_}
    return Known(
        people,
        {key: tuple(places) for key, places in held.items()},
        _names(session, plan_id, today),
        by_title,
        by_number,
        administrations,
    )


def _initiatives(
    session: Session, plan_id: int
) -> tuple[dict[str, tuple[_Initiative, ...]], dict[int, _Initiative]]:
    """By folded title, and by the number that the list of initiatives shows."""
    found = (
        select(Initiative.id, Initiative.title, Initiative.administration_id, Initiative.standing)
        .join(Initiative.administration)
        .where(Initiative.plan_id == plan_id)
        .order_by(Administration.position, Initiative.position)
    )
    by_title: dict[str, tuple[_Initiative, ...]] = defaultdict(tuple)
    by_number: dict[int, _Initiative] = {}
    for id_, title, administration_id, standing in session.execute(found):
        one = _Initiative(id_, title, administration_id)
        by_title[_folded(title)] += (one,)
        if standing is Standing.active:
            by_number[len(by_number) + 1] = one
    return dict(by_title), by_number


def _names(session: Session, plan_id: int, today: date) -> dict[int, str]:
    lasting = Placement.until_on.is_(None) | (Placement.until_on >= today)
    found = select(Person.id, Person.name).where(
        Person.id.in_(select(Placement.person_id).where(Placement.plan_id == plan_id, lasting))
    )
    return dict(session.execute(found).all())


def _folded(text: str) -> str:
    """Without a leading apostrophe, which an export may have put there."""
    return " ".join(text.split()).removeprefix("'").casefold()


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0
