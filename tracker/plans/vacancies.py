"""Vacant initiatives: the secretariat is told on the day on which the last owner is gone.

An initiative is vacant when it is carried out, has had an owner, and has none today: because the person left,
or because the place ended. One that never had an owner is being set up; its page says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.models import Person
from tracker.domain.reminders import DUE_TIME, Place
from tracker.mail import outbox
from tracker.mail.letters import Letter, LetterContext, LetterKind
from tracker.mail.letters import register as register_kind
from tracker.mail.models import Mail, MailState
from tracker.mail.rendering import letter_from
from tracker.plans.models import (
    Administration,
    Initiative,
    Membership,
    MembershipRole,
    Placement,
    Plan,
    Standing,
)
from tracker.plans.rights import holds_on

KIND = "vacancy"


@dataclass(frozen=True, slots=True)
class Vacancy:
    """An initiative that nobody owns, as the letter names it. `link` leads to where it is handed over."""

    plan: str
    title: str
    link: str


def register() -> None:
    register_kind(LetterKind(name=KIND, render=_render, still_wanted=_still_wanted))


def tell_of_vacancies(session: Session, *, now: datetime) -> int:
    """Tell each plan's secretariat of the initiatives that have become vacant: one letter a person.

    Returns how many were told of. Saying it twice changes nothing; what comes up while a letter waits joins
    it. Before 08:00 local time nobody is written to, and where a plan has no secretariat it is said as soon
    as there is one.
    """
    if now.astimezone(clock.ZONE).time() < DUE_TIME:
        return 0
    today = clock.local_date(now)
    session.execute(
        update(Initiative)
        .where(Initiative.vacancy_told_at.is_not(None), ~_is_vacant(today))
        .values(vacancy_told_at=None),
        execution_options={"synchronize_session": False},
    )
    found = select(Initiative.plan_id, Initiative.id).where(
        Initiative.vacancy_told_at.is_(None), _is_vacant(today)
    )
    vacant: dict[int, list[int]] = defaultdict(list)
    for plan_id, initiative_id in session.execute(found.order_by(Initiative.id)):
        vacant[plan_id].append(initiative_id)
    letters: dict[int, list[int]] = defaultdict(list)
    people: dict[int, Person] = {}
    told = 0
    for plan_id, initiative_ids in sorted(vacant.items()):
        members = _office(session, plan_id, today)
        claimed = _claim(session, initiative_ids, now) if members else []
        told += len(claimed)
        for person in members if claimed else ():
            people[person.id] = person
            letters[person.id].extend(claimed)
    for person_id, initiative_ids in sorted(letters.items()):
        _write_to(session, people[person_id], initiative_ids, now=now)
    return told


def _is_vacant(on: date) -> ColumnElement[bool]:
    owned = and_(Placement.initiative_id == Initiative.id, Placement.place == Place.owner)
    held = (
        exists()
        .where(owned, holds_on(on), Person.id == Placement.person_id, Person.active)
        .correlate(Initiative)
    )
    begun = exists().where(owned, Placement.from_on <= on).correlate(Initiative)
    return and_(Initiative.standing == Standing.active, ~held, begun)


def _claim(session: Session, initiative_ids: Sequence[int], now: datetime) -> list[int]:
    """Those of these initiatives that no other process tells of at this moment."""
    claimed = session.scalars(
        update(Initiative)
        .where(Initiative.id.in_(initiative_ids), Initiative.vacancy_told_at.is_(None))
        .values(vacancy_told_at=now)
        .returning(Initiative.id),
        execution_options={"synchronize_session": False},
    )
    return sorted(claimed)


def _office(session: Session, plan_id: int, today: date) -> Sequence[Person]:
    """The secretariat without those who are away; all of it when all are away."""
    found = (
        select(Person)
        .where(
            Person.active,
            Person.undeliverable_at.is_(None),
            exists().where(
                Membership.person_id == Person.id,
                Membership.plan_id == plan_id,
                Membership.role.in_([MembershipRole.lead, MembershipRole.secretariat]),
            ),
        )
        .order_by(Person.id)
    )
    away = and_(Person.absent_from <= today, or_(Person.absent_until.is_(None), Person.absent_until >= today))
    there = found.where(or_(Person.absent_from.is_(None), ~away))
    return session.scalars(there).all() or session.scalars(found).all()


def _write_to(session: Session, person: Person, initiative_ids: list[int], *, now: datetime) -> None:
    mine = select(Mail).where(Mail.kind == KIND, Mail.person_id == person.id)
    waiting = mine.where(Mail.state == MailState.queued, Mail.mime.is_(None)).order_by(Mail.id)
    letter = session.scalar(waiting.limit(1).with_for_update(skip_locked=True))
    if letter is not None:
        known = letter.payload["initiatives"]
        letter.payload = {**letter.payload, "initiatives": sorted({*known, *initiative_ids})}
        session.flush()
        return
    today = clock.local_date(now)
    midnight = datetime.combine(today, time(), tzinfo=clock.ZONE)
    number = session.scalar(
        select(func.count())
        .select_from(Mail)
        .where(Mail.kind == KIND, Mail.person_id == person.id, Mail.created_at >= midnight)
    )
    outbox.queue(
        session,
        kind=KIND,
        dedupe_key=f"{KIND}:{person.id}:{today:%Y-%m-%d}:{number}",
        person_id=person.id,
        address=person.email,
        payload={"initiatives": initiative_ids},
        plan_id=None,
        at=now,
        expires_at=now + outbox.NOTICE_EXPIRES_AFTER,
    )


def _vacant_still(session: Session, mail: Mail, today: date) -> Sequence[Any]:
    found = (
        select(Plan.name, Plan.slug, Initiative.id, Initiative.title)
        .join(Plan, Plan.id == Initiative.plan_id)
        .join(Administration, Administration.id == Initiative.administration_id)
        .where(Initiative.id.in_(mail.payload["initiatives"]), _is_vacant(today))
        .order_by(Plan.name, Administration.position, Initiative.position)
    )
    return session.execute(found).all()


def _render(session: Session, mail: Mail, context: LetterContext) -> Letter:
    """To the secretariat: these initiatives have nobody any more; hand them over."""
    rows = _vacant_still(session, mail, clock.local_date(context.now))
    return write(
        [
            Vacancy(plan, title, f"{context.base_url}/secretariat/{slug}/initiatives/{id_}")
            for plan, slug, id_, title in rows
        ],
        context,
    )


def write(vacancies: Iterable[Vacancy], context: LetterContext) -> Letter:
    """The letter that names these vacancies, plan by plan."""
    ordered = list(vacancies)
    groups = [(plan, list(some)) for plan, some in groupby(ordered, key=lambda one: one.plan)]
    return letter_from(KIND, context, groups=groups, number=len(ordered))


def _still_wanted(session: Session, mail: Mail) -> str | None:
    """Not when each has been given to somebody, from that day or from the next."""
    today = clock.local_date(mail.next_at)
    days = (today, today + timedelta(days=1))
    still = [{row.id for row in _vacant_still(session, mail, day)} for day in days]
    return None if still[0] & still[1] else "somebody holds the initiatives again"
