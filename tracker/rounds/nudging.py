"""Asking those who are silent once more, by hand: one letter a person, at most one a day.

Whom a letter finds is decided when it is queued: the owner, or the deputy while the owner is away, has left
or gets letters that come back. Nothing here commits.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.models import Person
from tracker.audit.actions import record
from tracker.deadlines.models import Deadline
from tracker.domain.errors import InvalidInput
from tracker.domain.reminders import Place
from tracker.domain.text import clean
from tracker.domain.workflow import WRITABLE
from tracker.mail import outbox
from tracker.mail.letters import Letter, LetterContext, LetterKind
from tracker.mail.letters import register as register_kind
from tracker.mail.models import Mail
from tracker.mail.rendering import letter_from
from tracker.plans.models import Initiative, Plan
from tracker.plans.people import PlanPeople, people_of_plan
from tracker.plans.rights import Rights
from tracker.rounds.listing import Choice, Line, page_of
from tracker.rounds.models import Round, RoundState, StatusUpdate

KIND = "nudge"
LONGEST_MESSAGE = 300


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who would get one letter about `lines`. `instead_of` are the owners they stand in for.

    `told_today` when a letter of this kind went to them today already.
    """

    person_id: int
    name: str
    email: str
    lines: tuple[Line, ...]
    instead_of: tuple[str, ...]
    told_today: bool


@dataclass(frozen=True, slots=True)
class Recipients:
    """Whom the letters would find, by name, and the rows for which nobody is there."""

    people: tuple[Recipient, ...]
    unreached: tuple[Line, ...]

    def chosen(self, person_ids: Collection[int]) -> Recipients:
        """Those alone who were chosen and have not been told today."""
        people = (one for one in self.people if one.person_id in person_ids and not one.told_today)
        return replace(self, people=tuple(people))


def register() -> None:
    register_kind(LetterKind(name=KIND, render=_render, still_wanted=_still_wanted))


def recipients_of(session: Session, rights: Rights, round_: Round, choice: Choice, *, on: date) -> Recipients:
    """Who would be asked for what is still to be sent of the rows that a choice leaves: four queries."""
    every = replace(choice, everything=True, after=None, before=None)
    lines = [line for line in page_of(session, rights, round_, every, on=on).lines if line.state in WRITABLE]
    people = people_of_plan(
        session, round_.plan_id, on=on, initiative_ids=[one.initiative_id for one in lines]
    )
    asked: dict[int, list[Line]] = {}
    instead: dict[int, dict[str, None]] = {}
    unreached = []
    for line in lines:
        found = _reached(people, line.initiative_id, on)
        if not found:
            unreached.append(line)
        for place, person_id in found:
            asked.setdefault(person_id, []).append(line)
            if place is Place.deputy and line.owner:
                instead.setdefault(person_id, {})[line.owner] = None
    told = _told(session, round_, asked, on)
    named = session.execute(
        select(Person.id, Person.name, Person.email)
        .where(Person.id.in_(sorted(asked)))
        .order_by(Person.name_sort)
    )
    return Recipients(
        tuple(
            Recipient(id_, name, email, tuple(asked[id_]), tuple(instead.get(id_, ())), id_ in told)
            for id_, name, email in named
        ),
        tuple(unreached),
    )


def _reached(people: PlanPeople, initiative_id: int, on: date) -> list[tuple[Place, int]]:
    """The owner, else those deputies whom a letter finds, else nobody."""
    held = people.by_initiative.get(initiative_id, ())
    present = [
        (place, person_id)
        for place, person_id in held
        if (absence := people.absences.get(person_id)) is None or not absence.covers(on)
    ]
    owners = [one for one in present if one[0] is Place.owner]
    return owners or [one for one in present if one[0] is Place.deputy]


def _key(round_: Round, person_id: int, on: date) -> str:
    return f"{KIND}:{round_.id}:{person_id}:{on.isoformat()}"


def _told(session: Session, round_: Round, person_ids: Iterable[int], on: date) -> set[int]:
    keys = {_key(round_, person_id, on): person_id for person_id in person_ids}
    found = session.scalars(select(Mail.dedupe_key).where(Mail.dedupe_key.in_(sorted(keys))))
    return {keys[key] for key in found}


def cleaned_message(message: str) -> str:
    """The one line that a secretariat adds. Raises InvalidInput on `message` when it is too long."""
    line = " ".join(clean(message).split())
    if len(line) > LONGEST_MESSAGE:
        raise InvalidInput("message", "This can have at most %(count)s characters.", count=LONGEST_MESSAGE)
    return line


def nudge(
    session: Session, round_: Round, recipients: Recipients, *, message: str, by: int, at: datetime
) -> int:
    """Queue a letter to each recipient, and journal it; how many were new. Twice on a day is once.

    Raises InvalidInput on `people` when nobody is chosen or the round is closed.
    """
    if round_.state is not RoundState.open:
        raise InvalidInput("people", "The round is closed.")
    if not recipients.people:
        raise InvalidInput("people", "Choose at least one person who has not had such a letter today.")
    message, on = cleaned_message(message), clock.local_date(at)
    rows = [
        outbox.row_for(
            kind=KIND,
            dedupe_key=_key(round_, one.person_id, on),
            person_id=one.person_id,
            address=one.email,
            payload={
                "round_id": round_.id,
                "update_ids": [line.id for line in one.lines],
                "message": message,
            },
            plan_id=round_.plan_id,
            at=at,
        )
        for one in recipients.people
    ]
    new = outbox.queue_all(session, rows)
    if new:
        told = [one for one in recipients.people if _key(round_, one.person_id, on) in new]
        record(
            session,
            "nudged",
            "round",
            round_.id,
            by=by,
            at=at,
            plan_id=round_.plan_id,
            people=[one.person_id for one in told],
            updates=sorted({line.id for one in told for line in one.lines}),
        )
    return len(new)


def preview(round_: Round, plan: Plan, recipient: Recipient, message: str, context: LetterContext) -> Letter:
    """The letter as this recipient would get it now."""
    lines = [(one.id, one.title, one.due_on) for one in recipient.lines]
    return _letter(plan.name, round_.year, lines, cleaned_message(message), context)


def _render(session: Session, mail: Mail, context: LetterContext) -> Letter:
    """To an owner, or the deputy: what the secretariat still waits for, as far as it still does."""
    round_ = session.get_one(Round, mail.payload["round_id"])
    plan = session.get_one(Plan, round_.plan_id)
    return _letter(plan.name, round_.year, _open_lines(session, mail), mail.payload["message"], context)


def _letter(
    plan: str,
    year: int,
    lines: Iterable[tuple[int, str, date | None]],
    message: str,
    context: LetterContext,
) -> Letter:
    today = clock.local_date(context.now)
    shown = [
        (title, due_on, due_on is not None and due_on < today, f"{context.base_url}/updates/{id_}")
        for id_, title, due_on in lines
    ]
    return letter_from(KIND, context, plan=plan, year=year, lines=shown, number=len(shown), message=message)


def _open_lines(session: Session, mail: Mail) -> list[tuple[int, str, date | None]]:
    payload: Mapping[str, list[int]] = mail.payload
    found = session.execute(
        select(StatusUpdate.id, Initiative.title, Deadline.last_on)
        .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
        .join(Round, Round.id == StatusUpdate.round_id)
        .outerjoin(Deadline, Deadline.id == StatusUpdate.deadline_id)
        .where(
            StatusUpdate.id.in_(payload["update_ids"]),
            StatusUpdate.state.in_(sorted(WRITABLE)),
            Round.state == RoundState.open,
        )
        .order_by(Deadline.last_on, Initiative.title)
    )
    return [(id_, title, due_on) for id_, title, due_on in found]


def _still_wanted(session: Session, mail: Mail) -> str | None:
    return None if _open_lines(session, mail) else "the statuses it asks for have been sent"
