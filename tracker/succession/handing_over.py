"""What whoever takes an initiative over needs to know: it is read for a page, and nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.deadlines.models import DeadlineState
from tracker.deadlines.queries import InitiativeDeadline, deadlines_of_initiative
from tracker.domain.reminders import Place
from tracker.plans.models import Initiative, Placement
from tracker.reminders.ledger import Asked, LedgerLine, of_obligations
from tracker.reminders.models import ItemState
from tracker.rounds.models import RoundState
from tracker.rounds.obligations import of_initiative
from tracker.rounds.queries import YearsStatus, history_of

LATEST_LETTERS = 20


@dataclass(frozen=True, slots=True)
class Held:
    """Who held the initiative for which days, as owner or deputy."""

    place: Place
    name: str
    from_on: date
    until_on: date | None


@dataclass(frozen=True, slots=True)
class HandOver:
    """`current` is this year's status while its round is open, `published` the last that was locked.

    `letters` are the reminders that were sent, the latest first.
    """

    current: YearsStatus | None
    published: YearsStatus | None
    deadlines: Sequence[InitiativeDeadline]
    reached: Sequence[InitiativeDeadline]
    held: Sequence[Held]
    letters: Sequence[LedgerLine]


def hand_over_of(session: Session, initiative: Initiative, *, on: date) -> HandOver:
    """Everything of an initiative that its reader may see; the caller has asked for that right."""
    history = history_of(session, initiative.id)
    dates = deadlines_of_initiative(session, initiative.id)
    page = of_obligations(session, of_initiative(session, initiative.id), Asked(initiative.plan_id, on))
    sent = [one for one in page.lines if one.state is ItemState.sent]
    return HandOver(
        current=next((one for one in history if one.round_state is RoundState.open), None),
        published=next((one for one in history if one.round_state is RoundState.locked), None),
        deadlines=[one for one in dates if one.state is DeadlineState.open],
        reached=[one for one in dates if one.state is DeadlineState.met],
        held=_held(session, initiative.id),
        letters=sent[:LATEST_LETTERS],
    )


def _held(session: Session, initiative_id: int) -> list[Held]:
    """Everybody who has held it or will, the latest first."""
    found = (
        select(Placement.place, Person.name, Placement.from_on, Placement.until_on)
        .join(Placement.person)
        .where(Placement.initiative_id == initiative_id)
        .order_by(Placement.from_on.desc(), Placement.id.desc())
    )
    return [Held(*row) for row in session.execute(found)]
