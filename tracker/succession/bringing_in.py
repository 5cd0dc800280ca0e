"""Doing what an import of people and places was prepared to do: all of it, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.accounts.adding import NewPerson, add_people
from tracker.accounts.models import Person
from tracker.audit.actions import record
from tracker.domain.errors import InvalidInput
from tracker.plans.importing import Line, Prepared
from tracker.plans.placing import Wanted
from tracker.succession.placing import place_many


def bring_in(
    session: Session,
    plan_id: int,
    prepared: Prepared,
    *,
    invite: Callable[[Sequence[Person]], None],
    by: int,
    at: datetime,
) -> tuple[int, int]:
    """Add the people and fill the places; the new people are handed to `invite`, once.

    Returns how many people and how many places. Raises InvalidInput on `file` while a row is bad.
    """
    if prepared.bad:
        raise InvalidInput("file", "Nothing is imported while a row cannot be read.")
    people = {one.email: one.person_id for one in prepared.lines if one.person_id is not None}
    new = [NewPerson(one.name, email, one.language) for email, one in prepared.new_people.items()]
    added = add_people(session, new, by=by, at=at)
    invite(added)
    people |= {person.email: person.id for person in added}
    wanted = [_wanted(line, people[line.email]) for line in prepared.placing]
    place_many(session, plan_id, wanted, by=by, at=at)
    if prepared.changes:
        counts = {"people": len(prepared.new_people), "places": len(wanted)}
        record(session, "people_imported", "plan", plan_id, by=by, at=at, plan_id=plan_id, **counts)
    return len(prepared.new_people), len(wanted)


def _wanted(line: Line, person_id: int) -> Wanted:
    assert line.place is not None
    assert line.target is not None
    assert line.from_on is not None
    return Wanted(
        line.place,
        person_id,
        line.from_on,
        line.until_on,
        initiative_id=line.target.initiative_id,
        administration_id=line.target.administration_id,
        instead_of=line.instead_of,
    )
