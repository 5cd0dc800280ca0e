"""What `flask tracker reminders forecast` and `explain` print."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import click
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.models import Person
from tracker.clockwork import open_obligations
from tracker.database import reading
from tracker.extensions import db
from tracker.plans.models import Initiative, Plan
from tracker.reminders.explaining import explain_initiative, explain_person
from tracker.reminders.explaining_words import answer, as_text, heading
from tracker.reminders.explanations import Explanation
from tracker.reminders.forecast import ForecastLetter, fingerprint, forecast
from tracker.reminders.phrases import matter, step_words
from tracker.rounds.obligations import of_initiative

MOST_NAMED = 20


def plan_called(session: Session, slug: str) -> Plan:
    """The plan of this short name; ends the command with a sentence when there is none."""
    plan = session.scalar(select(Plan).where(Plan.slug == slug))
    if plan is None:
        known = ", ".join(session.scalars(select(Plan.slug).order_by(Plan.slug)))
        there = f"There is: {known}." if known else "There is no plan yet."
        raise click.ClickException(f"No plan is called {slug}. {there}")
    return plan


def forecast_lines(*, days: int, slug: str | None) -> Iterator[str]:
    """Every letter of the coming days, then their number and the checksum of the list."""
    now = clock.now()
    with reading():
        session = db.session()
        plan_id = plan_called(session, slug).id if slug else None
        owed = open_obligations(session, clock.local_date(now))
        wanted = (one for one in owed if plan_id is None or one.plan_id == plan_id)
        letters = forecast(session, obligations=wanted, now=now, days=days)
        session.rollback()
    for letter in letters:
        yield from letter_lines(letter)
    number = "1 letter" if len(letters) == 1 else f"{len(letters)} letters"
    yield f"{number} in the next {days} days."
    yield f"Checksum: {fingerprint(letters)}"


def letter_lines(letter: ForecastLetter) -> Iterator[str]:
    """One letter: its day and recipient, and a line for each reminder in it."""
    yield f"{letter.on:%Y-%m-%d %a}  {letter.recipient.name} <{letter.recipient.email}>"
    for line, reminder in zip(letter.lines, letter.reminders, strict=True):
        kind = reminder.obligation_kind
        why = step_words(kind, reminder.step, "en")
        yield f"    {matter(kind, 'en')}, {why}, due {line.deadline_on:%Y-%m-%d}: {line.title}"


def explanation_lines(whom: str, *, on: date | None, language: str) -> Iterator[str]:
    """The answer in words; or, when several could be meant, who they are."""
    if not whom.strip():
        raise click.UsageError("Say whom you ask about: an address, a name, a title or an id.")
    now = clock.now()
    day = on or clock.local_date(now)
    with reading():
        session = db.session()
        people, initiatives = _meant(session, whom)
        if len(people) + len(initiatives) != 1:
            yield from _ambiguous(whom, people, initiatives)
            return
        owed = open_obligations(session, clock.local_date(now))
        found: Explanation
        if people:
            found = explain_person(session, people[0].id, obligations=owed, on=day, now=now)
        else:
            [initiative] = initiatives
            found = explain_initiative(
                session,
                initiative.title,
                concerning=of_initiative(session, initiative.id),
                obligations=owed,
                on=day,
                now=now,
            )
        yield as_text(heading(found, language), answer(found, language))
        session.rollback()


def _meant(session: Session, whom: str) -> tuple[list[Person], list[Initiative]]:
    """By address or id first, whole names next, then any part of a name or title."""
    wanted = " ".join(whom.split())
    if not wanted:
        return [], []
    if "@" in wanted:
        return list(session.scalars(select(Person).where(Person.email == wanted.lower()))), []
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 10:
        number = int(wanted)
        return (
            list(session.scalars(select(Person).where(Person.id == number))),
            list(session.scalars(select(Initiative).where(Initiative.id == number))),
        )
    people = list(
        session.scalars(
            select(Person)
            .where(or_(Person.name.icontains(wanted, autoescape=True), Person.email == wanted.lower()))
            .order_by(Person.name_sort)
        )
    )
    titles = select(Initiative).where(Initiative.title.icontains(wanted, autoescape=True))
    initiatives = list(session.scalars(titles.order_by(Initiative.id)))
    exact = [one for one in people if one.name.casefold() == wanted.casefold()]
    same = [one for one in initiatives if one.title.casefold() == wanted.casefold()]
    return (exact, same) if exact or same else (people, initiatives)


def _ambiguous(whom: str, people: list[Person], initiatives: list[Initiative]) -> Iterator[str]:
    number = len(people) + len(initiatives)
    if not number:
        raise click.ClickException(f"No person and no initiative is called {whom}.")
    yield f"{number} could be meant. Ask again with an address or a whole title:"
    for person in people[:MOST_NAMED]:
        yield f"  {person.name} <{person.email}>"
    for initiative in initiatives[:MOST_NAMED]:
        yield f"  {initiative.title}"
