"""Who answers for what a letter reminds of: told to a coordinator, a head or a secretariat, who will ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Integer, bindparam, column, or_, select, table
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.domain.reminders import ObligationKind, Place
from tracker.plans.models import Placement
from tracker.reminders.calendar_files import OF_UPDATES

CHUNK = 500

# Deadlines and rounds stand above reminders; of both, this needs only which initiative they belong to.
_deadline = table("deadline", column("id", Integer), column("initiative_id", Integer))
_update = table("status_update", column("id", Integer), column("initiative_id", Integer))


def _owners(of: Any) -> Any:
    return (
        select(of.c.id, Person.id, Person.name)
        .join_from(of, Placement, Placement.initiative_id == of.c.initiative_id)
        .join(Person, Person.id == Placement.person_id)
        .where(
            of.c.id.in_(bindparam("ids", expanding=True)),
            Placement.place == Place.owner,
            Placement.from_on <= bindparam("on"),
            or_(Placement.until_on.is_(None), Placement.until_on >= bindparam("on")),
            Person.active,
        )
        .order_by(Placement.id)
    )


_OWNERS = ((True, _owners(_update)), (False, _owners(_deadline)))

_Task = tuple[bool, int]  # whether it is an update's, and its id


class Responsible:
    """The owners of the initiatives of some tasks, on one day."""

    def __init__(self, owners: Mapping[_Task, Mapping[int, str]]) -> None:
        self._owners = owners

    def beside(self, reader: int, kind: ObligationKind, id_: int) -> str:
        """The names of those who answer for a task, when the reader is none of them; or ""."""
        owners = self._owners.get((kind in OF_UPDATES, id_), {})
        return "" if reader in owners else ", ".join(owners.values())


def responsible_for(
    session: Session, tasks: Iterable[tuple[ObligationKind, int]], *, on: date
) -> Responsible:
    """Read for all of these tasks, named by kind and id, at once."""
    ids: dict[bool, set[int]] = {True: set(), False: set()}
    for kind, id_ in tasks:
        ids[kind in OF_UPDATES].add(id_)
    owners: dict[_Task, dict[int, str]] = defaultdict(dict)
    for of_updates, question in _OWNERS:
        wanted = sorted(ids[of_updates])
        for start in range(0, len(wanted), CHUNK):
            given = {"ids": wanted[start : start + CHUNK], "on": on}
            for id_, person_id, name in session.execute(question, given):
                owners[of_updates, id_][person_id] = name
    return Responsible(owners)
