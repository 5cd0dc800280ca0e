"""The letters of the coming days as a page lists them: by day, to whom, and why each line comes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, groupby

from flask import current_app, request

from tracker import clock
from tracker.deadlines import queries as deadlines
from tracker.domain.reminders import Obligation
from tracker.extensions import db
from tracker.reminders.forecast import ForecastLetter, forecast
from tracker.rounds import obligations as rounds
from tracker.web import letter_words

PERIODS = (14, 30, 60)


@dataclass(frozen=True, slots=True)
class Summary:
    """A letter to come in the list: for each line its title, its address and why it comes."""

    person_id: int
    name: str
    address: str
    lines: tuple[tuple[str, str, str], ...]


def asked_days() -> int:
    """How many days ahead the address or the form asks for: one of PERIODS."""
    days = request.values.get("days", type=int)
    return days if days in PERIODS else PERIODS[0]


def open_in(plan_id: int) -> Iterator[Obligation]:
    """Everything that is open in a plan."""
    session, today = db.session(), clock.today()
    return chain(
        rounds.open_obligations(session, today=today, plan_id=plan_id),
        deadlines.open_obligations(session, today=today, plan_id=plan_id),
    )


def letters_to_come(
    obligations: Iterable[Obligation], *, days: int, people: Collection[int] | None = None
) -> list[ForecastLetter]:
    """The letters about these obligations, to these people alone when they are given."""
    return forecast(
        db.session(),
        obligations=obligations,
        now=clock.now(),
        days=days,
        base_url=current_app.extensions["settings"].base_url.rstrip("/"),
        people=people,
    )


def by_day(letters: Sequence[ForecastLetter]) -> list[tuple[date, list[Summary]]]:
    return [(day, [summary(one) for one in some]) for day, some in groupby(letters, key=lambda one: one.on)]


def summary(one: ForecastLetter) -> Summary:
    lines = tuple(
        (line.title, line.link.removeprefix(one.base_url), letter_words.reason(kind, step))
        for line, (kind, step) in zip(one.lines, one.why, strict=True)
    )
    return Summary(one.recipient.id, one.recipient.name, one.recipient.email, lines)
