"""A letter that could not reach its reader: what follows for the person, and who is told the same moment.

The deputies of the initiatives concerned and the plan's secretariat get a letter that names the person, the
address, the server's words and what stood in the letter; administrators get it where nobody else can. Of a
letter of that kind which does not arrive itself nobody is told, so that it ends there.
"""

from __future__ import annotations

import hashlib
import logging
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.models import Person
from tracker.audit.actions import record
from tracker.domain.reminders import Place
from tracker.mail import outbox
from tracker.mail.letters import LetterKind
from tracker.mail.letters import register as register_kind
from tracker.mail.models import Mail, MailState
from tracker.mail.undeliverable import when_undeliverable
from tracker.plans.people import people_of_plan
from tracker.plans.rights import rights_of
from tracker.reminders.actions import take_out
from tracker.rounds.replanning import replan_person
from tracker.succession.lost_letters import KIND, matters_of, render, servers_words, still_wanted

log = logging.getLogger(__name__)


def register() -> None:
    register_kind(LetterKind(name=KIND, render=render, still_wanted=still_wanted))
    when_undeliverable(escalate)


def escalate(session: Session, mail: Mail, address_is_wrong: bool, at: datetime) -> None:
    """Mark the person whose address is wrong, journal it, and tell those who can do something about it."""
    person = session.get(Person, mail.person_id) if mail.person_id is not None else None
    if person is None:
        return
    marked = address_is_wrong and person.email == mail.address
    first = marked and person.undeliverable_at is None
    if marked:
        person.undeliverable_at, person.undeliverable_reason = at, servers_words(mail)
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
