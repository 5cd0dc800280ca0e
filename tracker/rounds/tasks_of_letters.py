"""What letters tell of deadlines and statuses: who answers for them, how often a date has changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.deadlines.models import Deadline, DeadlineMove
from tracker.domain.reminders import Place
from tracker.plans.models import Placement
from tracker.reminders import tasks as letters
from tracker.reminders.calendar_files import OF_UPDATES
from tracker.reminders.tasks import Revision, Task
from tracker.rounds.models import StatusUpdate

_A_BATCH = 500


def _owners(of: type[Deadline | StatusUpdate]) -> Any:
    return (
        select(of.id, Person.id, Person.name)
        .join_from(of, Placement, Placement.initiative_id == of.initiative_id)
        .join(Person, Person.id == Placement.person_id)
        .where(
            of.id.in_(bindparam("ids", expanding=True)),
            Placement.place == Place.owner,
            Placement.from_on <= bindparam("on"),
            or_(Placement.until_on.is_(None), Placement.until_on >= bindparam("on")),
            Person.active,
        )
        .order_by(Placement.id)
    )


def _revisions(of: type[Deadline | StatusUpdate]) -> Any:
    moved_at = select(func.max(DeadlineMove.moved_at)).where(DeadlineMove.deadline_id == Deadline.id)
    found = select(
        of.id, Deadline.version, Deadline.created_at, Deadline.settled_at, moved_at.scalar_subquery()
    )
    if of is StatusUpdate:
        found = found.join_from(StatusUpdate, Deadline, Deadline.id == StatusUpdate.deadline_id)
    return found.where(of.id.in_(bindparam("ids", expanding=True)))


# Asked for each letter, so built once; by whether a task is an update's.
_OWNERS = {True: _owners(StatusUpdate), False: _owners(Deadline)}
_REVISIONS = {True: _revisions(StatusUpdate), False: _revisions(Deadline)}


def register() -> None:
    letters.register(owners=owners_of, revisions=revisions_of)


def owners_of(session: Session, tasks: Iterable[Task], on: date) -> Mapping[Task, Mapping[int, str]]:
    owners: dict[Task, dict[int, str]] = defaultdict(dict)
    for task, (person_id, name) in _read(session, _OWNERS, tasks, on=on):
        owners[task][person_id] = name
    return owners


def revisions_of(session: Session, tasks: Iterable[Task]) -> Mapping[Task, Revision]:
    return {
        task: Revision(version - 1, max(instant for instant in instants if instant is not None))
        for task, (version, *instants) in _read(session, _REVISIONS, tasks)
    }


def _read(
    session: Session, questions: Mapping[bool, Any], tasks: Iterable[Task], **given: object
) -> Iterator[tuple[Task, tuple[Any, ...]]]:
    """Each task with what was found of it, without the id."""
    wanted: dict[bool, dict[int, list[Task]]] = {True: {}, False: {}}
    for task in set(tasks):
        wanted[task[0] in OF_UPDATES].setdefault(task[1], []).append(task)
    for of_updates, by_id in wanted.items():
        ids = sorted(by_id)
        for start in range(0, len(ids), _A_BATCH):
            given_ids = {"ids": ids[start : start + _A_BATCH]}
            for id_, *found in session.execute(questions[of_updates], given | given_ids):
                for task in by_id[id_]:
                    yield task, tuple(found)
