"""Reading the journal with the names that its ids have now. Names of people who have left stay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, tuple_
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.audit import access
from tracker.audit.models import JournalEntry
from tracker.deadlines.models import Deadline
from tracker.plans.models import Administration, Initiative, Plan
from tracker.reminders.models import ReminderItem
from tracker.rounds.models import Round, StatusUpdate
from tracker.rounds.obligations import of_initiative

A_PAGE = 100


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One entry. `by` and `about` are names as they are now; empty where there is none.

    `concerning` is the name of the person whom the details speak of.
    """

    id: int
    at: datetime
    fact: str
    object_kind: str
    object_id: int
    by: str
    about: str
    concerning: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """What of the whole journal is asked for; `since` and `until` are instants, the latter not included."""

    plan_id: int | None = None
    person_id: int | None = None
    fact: str = ""
    object_kind: str = ""
    object_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


def initiative_journal(
    session: Session, initiative_id: int, *, before: int | None = None
) -> list[JournalLine]:
    """An initiative with its statuses, deadlines and letters about it, newest first: a page and one more.

    The caller has read the initiative.
    """
    updates = select(StatusUpdate.id).where(StatusUpdate.initiative_id == initiative_id)
    deadlines = select(Deadline.id).where(Deadline.initiative_id == initiative_id)
    concerning = of_initiative(session, initiative_id)
    letters = select(ReminderItem.mail_id).where(
        tuple_(ReminderItem.obligation_kind, ReminderItem.obligation_id).in_(concerning),
        ReminderItem.mail_id.is_not(None),
    )
    about = or_(
        and_(JournalEntry.object_kind == "initiative", JournalEntry.object_id == initiative_id),
        and_(JournalEntry.object_kind == "status_update", JournalEntry.object_id.in_(updates)),
        and_(JournalEntry.object_kind == "deadline", JournalEntry.object_id.in_(deadlines)),
        and_(JournalEntry.object_kind == "mail", JournalEntry.object_id.in_(letters)),
    )
    return _lines(session, select(JournalEntry).where(about), before)


@dataclass(frozen=True, slots=True)
class LookLine:
    """Somebody read the status of a year before it was approved, or was refused it.

    `among_all` when they saw the texts of the whole round, as in the draft of its memo.
    """

    at: datetime
    by: str
    year: int
    refused: bool
    among_all: bool


def looks_at_initiative(session: Session, initiative_id: int) -> list[LookLine]:
    """Who read the initiative's drafts, newest first, at most two hundred. The caller has read it."""
    found = session.execute(
        select(StatusUpdate.id, Round.id, Round.year)
        .join(Round, Round.id == StatusUpdate.round_id)
        .where(StatusUpdate.initiative_id == initiative_id)
    ).all()
    years = {("status_update", id_): year for id_, _, year in found}
    years |= {("round", round_id): year for _, round_id, year in found}
    looks = [
        *access.looks_at(session, "status_update", [id_ for id_, _, _ in found]),
        *access.looks_at(session, "round", [round_id for _, round_id, _ in found]),
    ]
    looks.sort(key=lambda one: one.id, reverse=True)
    names = _names(session, Person, Person.name, [one.person_id for one in looks])
    return [
        LookLine(
            one.at,
            names.get(one.person_id or 0, ""),
            years[one.object_kind, one.object_id],
            refused=one.fact == access.REFUSED,
            among_all=one.object_kind == "round",
        )
        for one in looks[:200]
    ]


def actors(session: Session, *, plan_id: int | None = None) -> list[tuple[int, str]]:
    """Everybody who did something that was journaled, of a plan or of all, by name."""
    did = select(JournalEntry.actor_id).where(JournalEntry.actor_id.is_not(None))
    if plan_id is not None:
        did = did.where(JournalEntry.plan_id == plan_id)
    found = select(Person.id, Person.name).where(Person.id.in_(did)).order_by(Person.name_sort)
    return [(id_, name) for id_, name in session.execute(found)]


def whole_journal(
    session: Session, choice: Choice, *, before: int | None = None, titles: bool = True
) -> list[JournalLine]:
    """The entries that fit, newest first: a page and one more.

    Without `titles` for whoever reads no drafts: an owner's milestone is one until it is published.
    """
    entry, wanted = JournalEntry, list[ColumnElement[bool]]()
    for column, value in (
        (entry.plan_id, choice.plan_id),
        (entry.actor_id, choice.person_id),
        (entry.fact, choice.fact or None),
        (entry.object_kind, choice.object_kind or None),
        (entry.object_id, choice.object_id),
    ):
        if value is not None:
            wanted.append(column == value)
    if choice.since:
        wanted.append(entry.at >= choice.since)
    if choice.until:
        wanted.append(entry.at < choice.until)
    return _lines(session, select(entry).where(*wanted), before, titles=titles)


def _lines(
    session: Session, found: Select[Any], before: int | None, *, titles: bool = True
) -> list[JournalLine]:
    if before is not None:
        found = found.where(JournalEntry.id < before)
    entries = session.scalars(found.order_by(JournalEntry.id.desc()).limit(A_PAGE + 1)).all()
    people = _names(
        session,
        Person,
        Person.name,
        [one.actor_id for one in entries]
        + [one.details.get("person_id") for one in entries]
        + [one.object_id for one in entries if one.object_kind == "person"],
    )
    about = _abouts(session, entries, titles=titles) | {("person", id_): name for id_, name in people.items()}
    return [
        JournalLine(
            one.id,
            one.at,
            one.fact,
            one.object_kind,
            one.object_id,
            people.get(one.actor_id or 0, ""),
            about.get((one.object_kind, one.object_id), ""),
            people.get(one.details.get("person_id") or 0, ""),
            one.details,
        )
        for one in entries
    ]


def _abouts(session: Session, entries: Sequence[JournalEntry], *, titles: bool) -> dict[tuple[str, int], str]:
    """What the objects of some entries are called now; without the titles of deadlines where not wanted."""
    found: dict[tuple[str, int], str] = {}
    for kind, table, name in (
        ("initiative", Initiative, Initiative.title),
        ("deadline", Deadline, Deadline.title),
        ("plan", Plan, Plan.name),
        ("administration", Administration, Administration.name),
        ("round", Round, Round.year),
    ):
        if kind == "deadline" and not titles:
            continue
        ids = [one.object_id for one in entries if one.object_kind == kind]
        found |= {(kind, id_): said for id_, said in _names(session, table, name, ids).items()}
    updates = sorted({one.object_id for one in entries if one.object_kind == "status_update"})
    if updates:
        years = (
            select(StatusUpdate.id, Round.year, Initiative.title)
            .join(Round, Round.id == StatusUpdate.round_id)
            .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
            .where(StatusUpdate.id.in_(updates))
        )
        found |= {("status_update", id_): f"{year}: {title}" for id_, year, title in session.execute(years)}
    return found


def _names(session: Session, table: Any, name: Any, ids: Iterable[Any]) -> dict[int, str]:
    wanted = sorted({id_ for id_ in ids if isinstance(id_, int)})
    if not wanted:
        return {}
    return {
        id_: str(said) for id_, said in session.execute(select(table.id, name).where(table.id.in_(wanted)))
    }
