"""Telling somebody that a place is theirs: one letter a person and plan, however many places.

It leads to the hand-over page of each initiative. Neither who takes a place by an own hand is written to,
nor a head of administration, who only receives what is overdue.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.models import Person
from tracker.domain.reminders import Place
from tracker.mail import outbox
from tracker.mail.letters import Letter, LetterContext, LetterKind
from tracker.mail.letters import register as register_kind
from tracker.mail.models import Mail, MailState
from tracker.mail.rendering import letter_from
from tracker.plans.models import Administration, Initiative, Placement, Plan

KIND = "handover"
_A_BATCH = 500


@dataclass(frozen=True, slots=True)
class Given:
    """A place as the letter names it. `from_on` is None for one that has begun; `alone`: nobody owns it."""

    title: str
    link: str
    from_on: date | None
    until_on: date | None
    alone: bool = False


def register() -> None:
    register_kind(LetterKind(name=KIND, render=_render, still_wanted=_still_wanted))


def tell(session: Session, placements: Iterable[Placement], *, by: int | None, at: datetime) -> int:
    """Write to those who hold these places, now or soon; returns to how many.

    What comes up while a letter waits joins it.
    """
    given: dict[tuple[int, int], list[Placement]] = defaultdict(list)
    for one in placements:
        if one.person_id != by and one.place is not Place.head:
            given[one.plan_id, one.person_id].append(one)
    rows = []
    for plan_id in sorted({plan for plan, _ in given}):
        people = {person: places for (plan, person), places in given.items() if plan == plan_id}
        rows += _letters(session, plan_id, people, at=at)
    outbox.queue_all(session, rows)
    return len(given)


def _letters(
    session: Session, plan_id: int, people: Mapping[int, Sequence[Placement]], *, at: datetime
) -> list[dict[str, object]]:
    """The rows of the letters that do not wait already."""
    waiting, sent, addresses = _known(session, plan_id, sorted(people), at=at)
    today, rows = clock.local_date(at), []
    for person_id, places in sorted(people.items()):
        initiatives = {one.initiative_id for one in places if one.initiative_id is not None}
        administrations = {one.administration_id for one in places if one.administration_id is not None}
        if (letter := waiting.get(person_id)) is not None:
            initiatives |= set(letter.payload["initiatives"])
            administrations |= set(letter.payload["administrations"])
        payload = {"initiatives": sorted(initiatives), "administrations": sorted(administrations)}
        if letter is not None:
            letter.payload = payload
        elif person_id in addresses:
            key = f"{KIND}:{plan_id}:{person_id}:{today:%Y-%m-%d}:{sent.get(person_id, 0)}"
            rows.append(
                outbox.row_for(
                    kind=KIND,
                    dedupe_key=key,
                    person_id=person_id,
                    address=addresses[person_id],
                    payload=payload,
                    plan_id=plan_id,
                    at=at,
                    expires_at=at + outbox.NOTICE_EXPIRES_AFTER,
                )
            )
    session.flush()
    return rows


def _known(
    session: Session, plan_id: int, ids: list[int], *, at: datetime
) -> tuple[dict[int, Mail], dict[int, int], dict[int, str]]:
    """Of these people: the letter that waits, how many were laid down today, and the address."""
    midnight = datetime.combine(clock.local_date(at), time(), tzinfo=clock.ZONE)
    waiting: dict[int, Mail] = {}
    sent: dict[int, int] = {}
    addresses: dict[int, str] = {}
    for start in range(0, len(ids), _A_BATCH):
        mine = (Mail.kind == KIND, Mail.plan_id == plan_id, Mail.person_id.in_(ids[start : start + _A_BATCH]))
        open_ = select(Mail).where(*mine, Mail.state == MailState.queued, Mail.mime.is_(None))
        for letter in session.scalars(open_.order_by(Mail.id).with_for_update(skip_locked=True)):
            waiting[letter.person_id or 0] = letter
        counted = select(Mail.person_id, func.count()).where(*mine, Mail.created_at >= midnight)
        sent |= {person or 0: count for person, count in session.execute(counted.group_by(Mail.person_id))}
        found = select(Person.id, Person.email).where(Person.id.in_(ids[start : start + _A_BATCH]))
        addresses |= dict(session.execute(found.where(Person.active)).all())
    return waiting, sent, addresses


def _held(session: Session, mail: Mail, today: date) -> Sequence[Placement]:
    """The places of the letter that its reader still holds, or will hold."""
    found = (
        select(Placement)
        .where(
            Placement.person_id == mail.person_id,
            Placement.until_on.is_(None) | (Placement.until_on >= today),
            or_(
                Placement.initiative_id.in_(mail.payload["initiatives"]),
                Placement.administration_id.in_(mail.payload["administrations"]),
            ),
        )
        .order_by(Placement.from_on, Placement.id)
    )
    return session.scalars(found).all()


def _still_wanted(session: Session, mail: Mail) -> str | None:
    held = _held(session, mail, clock.local_date(mail.next_at))
    return None if held else "somebody else holds the places by now"


def _render(session: Session, mail: Mail, context: LetterContext) -> Letter:
    """To whoever takes over: what is theirs from now on, and where it is handed over."""
    today = clock.local_date(context.now)
    held = _held(session, mail, today)
    owned, deputised = (
        _of_place(session, held, place, today, context) for place in (Place.owner, Place.deputy)
    )
    return letter_from(
        KIND,
        context,
        plan=session.get_one(Plan, mail.plan_id).name,
        owned=owned,
        deputised=deputised,
        led=_led(session, held, today, context),
    )


def _of_place(
    session: Session, held: Sequence[Placement], place: Place, today: date, context: LetterContext
) -> list[Given]:
    mine = {one.initiative_id: one for one in reversed(held) if one.place is place}
    owned = (
        select(Placement.id)
        .where(
            Placement.initiative_id == Initiative.id,
            Placement.place == Place.owner,
            Placement.until_on.is_(None) | (Placement.until_on > today),
        )
        .exists()
    )
    found = session.execute(
        select(Initiative.id, Initiative.title, owned)
        .join(Initiative.administration)
        .where(Initiative.id.in_([id_ for id_ in mine if id_ is not None]))
        .order_by(Administration.position, Initiative.position)
    )
    link = f"{context.base_url}/my/initiatives"
    return [
        Given(
            title,
            f"{link}/{id_}/hand-over",
            mine[id_].from_on if mine[id_].from_on > today else None,
            mine[id_].until_on,
            alone=not is_owned,
        )
        for id_, title, is_owned in found
    ]


def _led(session: Session, held: Sequence[Placement], today: date, context: LetterContext) -> list[Given]:
    """The administrations that the reader coordinates; a head has no page of an own."""
    mine = {one.administration_id: one for one in reversed(held) if one.place is Place.coordinator}
    found = session.execute(
        select(Administration.id, Administration.name)
        .where(Administration.id.in_([id_ for id_ in mine if id_ is not None]))
        .order_by(Administration.position)
    )
    return [
        Given(
            name,
            f"{context.base_url}/administrations/{id_}",
            mine[id_].from_on if mine[id_].from_on > today else None,
            mine[id_].until_on,
        )
        for id_, name in found
    ]
