"""The letter about letters that could not reach their reader: what stood in each, and where that is mended.

It is read by deputies, secretariats and administrators, and each is told what they may see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.models import Person
from tracker.deadlines.models import Deadline
from tracker.domain.reminders import ObligationKind
from tracker.mail.letters import Letter, LetterContext
from tracker.mail.models import Mail, MailState
from tracker.mail.rendering import letter_from
from tracker.plans.addresses import may_correct_address
from tracker.plans.models import Initiative, Plan
from tracker.plans.rights import Rights, rights_of
from tracker.reminders.calendars import Calendars
from tracker.reminders.letters import Line, line_of
from tracker.reminders.models import ReminderItem
from tracker.rounds.models import StatusUpdate

KIND = "undeliverable"
_OF_UPDATES = frozenset({ObligationKind.status_due, ObligationKind.returned, ObligationKind.review})


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


def render(session: Session, mail: Mail, context: LetterContext) -> Letter:
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


def still_wanted(session: Session, mail: Mail) -> str | None:
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
        words=servers_words(mail),
        address_is_wrong=person.undeliverable_at is not None and person.email == mail.address,
        corrected=person.email != mail.address,
        left_at=mail.dated_at,
        groups=[(plan, list(some)) for plan, some in groupby(lines, key=lambda line: line.plan)],
        others=[(one.title, context.base_url + one.path) for one in seen if one.item is None],
        **_links(session, person, mail, rights, plans, context),
    )


def servers_words(mail: Mail) -> str:
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
