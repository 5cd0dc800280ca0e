"""A letter that could not reach its reader: what follows for the person, and who is told the same moment.

The deputies of the initiatives concerned and the plan's secretariat get a letter that names the person, the
address, the server's words and what stood in the letter; administrators get it where nobody else can. Of a
letter of that kind which does not arrive itself nobody is told, so that it ends there.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.models import Person
from tracker.audit.actions import record
from tracker.deadlines.models import Deadline
from tracker.domain.reminders import ObligationKind, Place
from tracker.mail import outbox
from tracker.mail.letters import Letter, LetterContext, LetterKind
from tracker.mail.letters import register as register_kind
from tracker.mail.models import Mail, MailState
from tracker.mail.rendering import letter_from
from tracker.mail.undeliverable import when_undeliverable
from tracker.plans.addresses import may_correct_address
from tracker.plans.models import Initiative, Plan
from tracker.plans.queries import people_of_plan
from tracker.plans.rights import Rights, rights_of
from tracker.reminders.actions import take_out
from tracker.reminders.calendars import Calendars
from tracker.reminders.letters import Line, line_of
from tracker.reminders.models import ReminderItem
from tracker.rounds.models import StatusUpdate
from tracker.rounds.replanning import replan_person

KIND = "undeliverable"
_OF_UPDATES = frozenset({ObligationKind.status_due, ObligationKind.returned, ObligationKind.review})

log = logging.getLogger(__name__)


def register() -> None:
    register_kind(LetterKind(name=KIND, render=_render, still_wanted=_still_wanted))
    when_undeliverable(escalate)


def escalate(session: Session, mail: Mail, address_is_wrong: bool, at: datetime) -> None:
    """Mark the person whose address is wrong, journal it, and tell those who can do something about it."""
    person = session.get(Person, mail.person_id) if mail.person_id is not None else None
    if person is None:
        return
    marked = address_is_wrong and person.email == mail.address
    first = marked and person.undeliverable_at is None
    if marked:
        person.undeliverable_at, person.undeliverable_reason = at, _servers_words(mail)
    record(
        session,
        "letter_undeliverable",
        "person",
        person.id,
        by=None,
        at=at,
        plan_id=mail.plan_id,
        mail_id=mail.id,
        address_is_wrong=marked,
    )
    if first:  # what the person is owed from now on goes to the deputies
        session.flush()
        take_out(session, person_id=person.id)
        replan_person(session, person.id, at=at)
    if mail.kind == KIND:
        log.error("letter %s, about one that came back, came back itself", mail.id)
        return
    told = _to_be_told(session, mail, person, everything=first, on=clock.local_date(at))
    for recipient in told:
        _tell(session, mail, recipient, at=at)
    if not told:
        log.error("letter %s is undeliverable, and there is nobody to be told", mail.id)


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that stood in a letter: a reminder, or another matter whose page is at `path`."""

    plan_id: int
    initiative_id: int | None
    title: str
    path: str
    item: ReminderItem | None = None


def matters_of(session: Session, mail: Mail) -> list[Matter]:
    """What stood in a letter of reminders, or which status another letter was about."""
    items = session.scalars(select(ReminderItem).where(ReminderItem.mail_id == mail.id)).all()
    about = mail.payload.get("update_id")
    updates = _initiatives(session, [about, *(one.obligation_id for one in items if _is_status(one))])
    deadlines = dict(
        session.execute(
            select(Deadline.id, Deadline.initiative_id).where(
                Deadline.id.in_([one.obligation_id for one in items if not _is_status(one)])
            )
        ).all()
    )
    found = []
    for item in items:
        status = updates.get(item.obligation_id) if _is_status(item) else None
        of = status.id if status else None if _is_status(item) else deadlines.get(item.obligation_id)
        found.append(Matter(item.plan_id, of, item.title, item.path, item))
    if about in updates:
        found.append(
            Matter(updates[about].plan_id, updates[about].id, updates[about].title, f"/updates/{about}")
        )
    return found


def _is_status(item: ReminderItem) -> bool:
    """Whether the reminder's obligation is an update; every other is a deadline."""
    return item.obligation_kind in _OF_UPDATES


def _initiatives(session: Session, update_ids: Iterable[int | None]) -> dict[int, Initiative]:
    found = (
        select(StatusUpdate.id, Initiative)
        .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
        .where(StatusUpdate.id.in_([one for one in update_ids if one is not None]))
    )
    return dict(session.execute(found).all())


def _to_be_told(session: Session, mail: Mail, person: Person, *, everything: bool, on: date) -> list[Person]:
    """Deputies and secretariat of what the letter was about, or of everything the person has a part in."""
    plan_ids, initiative_ids = _concerned(session, mail, person, everything=everything, on=on)
    ids: dict[int, None] = {}
    for plan_id in sorted(plan_ids):
        people = people_of_plan(session, plan_id, on=on, initiative_ids=initiative_ids)
        for held in people.by_initiative.values():
            ids.update({one: None for place, one in held if place is Place.deputy})
        ids.update({one: None for _place, one in people.secretariat})
    ids.pop(person.id, None)
    reachable = select(Person).where(Person.active, Person.undeliverable_at.is_(None)).order_by(Person.id)
    told = session.scalars(reachable.where(Person.id.in_(list(ids)))).all()
    if not told:
        told = session.scalars(reachable.where(Person.is_administrator, Person.id != person.id)).all()
    return list(told)


def _concerned(
    session: Session, mail: Mail, person: Person, *, everything: bool, on: date
) -> tuple[set[int], set[int]]:
    """The plans and the initiatives that a lost letter concerns."""
    matters = matters_of(session, mail)
    plans = {matter.plan_id for matter in matters} | ({mail.plan_id} if mail.plan_id else set())
    initiatives = {matter.initiative_id for matter in matters if matter.initiative_id is not None}
    if everything or not plans:
        rights = rights_of(session, person.id, administrator=person.is_administrator, on=on)
        plans |= rights.plans
        initiatives |= rights.owns
    return plans, initiatives


def _tell(session: Session, mail: Mail, recipient: Person, *, at: datetime) -> None:
    """Add to the letter that waits for this person, or lay one down: a bad morning is no forty letters."""
    waiting = session.scalar(
        select(Mail)
        .where(
            Mail.kind == KIND,
            Mail.person_id == recipient.id,
            Mail.state == MailState.queued,
            Mail.mime.is_(None),
        )
        .order_by(Mail.id.desc())
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if waiting is not None:
        named = waiting.payload["mail_ids"]
        waiting.payload = {"mail_ids": list(dict.fromkeys([*named, mail.id]))}
        if waiting.plan_id != mail.plan_id:
            waiting.plan_id = None  # no longer for the secretariat of one plan to read
        session.flush()
        return
    # By its key, not its id: in a restored database another letter may get the id of one that was told of.
    lost = hashlib.sha256(mail.dedupe_key.encode()).hexdigest()[:32]
    outbox.queue(
        session,
        kind=KIND,
        dedupe_key=f"{KIND}:{lost}:{recipient.id}",
        person_id=recipient.id,
        address=recipient.email,
        payload={"mail_ids": [mail.id]},
        plan_id=mail.plan_id,
        at=at,
        expires_at=at + outbox.NOTICE_EXPIRES_AFTER,
    )


@dataclass(frozen=True, slots=True)
class Lost:
    """One lost letter as its report says it. `groups` are the reminders by plan, `others` (title, link)."""

    person: str
    address: str
    subject: str
    words: str
    address_is_wrong: bool
    corrected: bool
    left_at: datetime | None
    groups: list[tuple[str, list[Line]]]
    others: list[tuple[str, str]]
    address_link: str
    places_link: str


def _render(session: Session, mail: Mail, context: LetterContext) -> Letter:
    """To a deputy or the secretariat: whom a letter did not reach, why, and what stood in it."""
    assert mail.person_id is not None
    reader = session.get_one(Person, mail.person_id)
    rights = rights_of(
        session, reader.id, administrator=reader.is_administrator, on=clock.local_date(context.now)
    )
    lost = [_lost(session, one, person, rights, context) for one, person in _still_lost(session, mail)]
    office = rights.administrator or bool(rights.secretariat_of)
    return letter_from(KIND, context, lost=lost, number=len(lost), office=office)


def _still_lost(session: Session, mail: Mail) -> Iterator[Any]:
    """The lost letters that a report is about, each with its reader."""
    found = (
        select(Mail, Person)
        .join(Person, Person.id == Mail.person_id)
        .where(Mail.id.in_(mail.payload["mail_ids"]), Mail.state == MailState.undeliverable)
        .order_by(Mail.id)
    )
    yield from session.execute(found)


def _still_wanted(session: Session, mail: Mail) -> str | None:
    left = next(_still_lost(session, mail), None)
    return None if left is not None else "the letters it tells of are no longer lost"


def _lost(session: Session, mail: Mail, person: Person, rights: Rights, context: LetterContext) -> Lost:
    today = clock.local_date(context.now)
    seen = [matter for matter in matters_of(session, mail) if _may_see(matter, rights)]
    plans = {plan.id: plan for plan in session.scalars(select(Plan))}
    calendars = Calendars(session, today)
    lines = sorted(
        (
            line_of(
                matter.item,
                plan=plans[matter.plan_id].name,
                calendar=calendars.of(matter.plan_id),
                today=today,
                base_url=context.base_url,
            )
            for matter in seen
            if matter.item is not None
        ),
        key=lambda line: (line.plan, line.deadline_on, line.title),
    )
    return Lost(
        person=person.name,
        address=mail.address,
        subject=mail.subject,
        words=_servers_words(mail),
        address_is_wrong=person.undeliverable_at is not None and person.email == mail.address,
        corrected=person.email != mail.address,
        left_at=mail.dated_at,
        groups=[(plan, list(some)) for plan, some in groupby(lines, key=lambda line: line.plan)],
        others=[(one.title, context.base_url + one.path) for one in seen if one.item is None],
        **_links(session, person, mail, rights, plans, context),
    )


def _servers_words(mail: Mail) -> str:
    """What the mail server said, without the word for when it said it."""
    return mail.last_error.partition(": ")[2] or mail.last_error


def _may_see(matter: Matter, rights: Rights) -> bool:
    return matter.plan_id in rights.secretariat_of or matter.initiative_id in rights.deputises


def _links(
    session: Session,
    person: Person,
    mail: Mail,
    rights: Rights,
    plans: dict[int, Plan],
    context: LetterContext,
) -> dict[str, Any]:
    """Where the reader can correct the address and find somebody else; "" for what they may not do."""
    on = clock.local_date(context.now)
    theirs = rights_of(session, person.id, administrator=False, on=on).plans
    mine = sorted(rights.secretariat_of & (theirs | ({mail.plan_id} if mail.plan_id else set())))
    people = f"{context.base_url}/secretariat/{plans[mine[0]].slug}/people" if mine else ""
    address = ""
    if rights.administrator:
        address = f"{context.base_url}/admin/people/{person.id}/address"
    elif people and may_correct_address(session, rights, person, on=on):
        address = f"{people}/{person.id}/address"
    return {"address_link": address, "places_link": people}
