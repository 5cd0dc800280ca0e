"""An office for tests: a plan, its people, what they owe, and mornings that pass."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from tests.mail.post import NOW, SERVICE, Post, person
from tracker import clock
from tracker.clockwork import Clockwork
from tracker.domain.reminders import Obligation, ObligationKind, Place
from tracker.plans.models import Plan
from tracker.reminders import actions, letters
from tracker.reminders.models import ItemState, ReminderItem

letters.register()

TODAY = clock.local_date(NOW)  # Monday 5 October 2026


def at(day: date, hour: int = 8, minute: int = 30) -> datetime:
    """That local time."""
    return datetime.combine(day, time(hour, minute), tzinfo=clock.ZONE)


@dataclass
class Office:
    """`owed` is what is open: what the sweep and the tick are given."""

    post: Post
    owed: list[Obligation] = field(default_factory=list)

    def __post_init__(self) -> None:
        with self.post.sessions.begin() as session:
            plan = Plan(slug="plan", name="Handleplan for ligebehandling", created_at=NOW)
            session.add(plan)
            session.flush()
            self.plan_id = plan.id
            self.owner = person(session, "owner@example.com", name="Ane Møller").id
            self.deputy = person(session, "deputy@example.com", name="Bo Ladegaard").id
            self.coordinator = person(session, "coordinator@example.com", name="Camilla Å. Hvid").id
            self.office = person(session, "office@example.com", name="Dina Quist", language="en").id
        self.works = Clockwork(
            self.post.engine,
            self.post.dispatcher(),
            "test",
            obligations=lambda _session, _today: iter(self.owed),
        )

    def status(self, id_: int = 1, *, due: date, opened: date | None = None, **values: Any) -> Obligation:
        """A status update that is due."""
        given: dict[str, Any] = {
            "kind": ObligationKind.status_due,
            "people": (
                (Place.owner, self.owner),
                (Place.deputy, self.deputy),
                (Place.coordinator, self.coordinator),
            ),
            "first": None,
            "opened_on": opened or due - timedelta(days=60),
            "title": f"Mentorer til unge, del {id_}",
            "path": f"/updates/{id_}",
            **values,
        }
        return Obligation(id=id_, plan_id=self.plan_id, last=due, **given)

    def replan(self, *obligations: Obligation, on: date = TODAY) -> None:
        """As an action does in its own transaction."""
        with self.post.sessions.begin() as session:
            actions.replan(session, iter(obligations), now=at(on))

    def morning(self, day: date, *, hour: int = 8, minute: int = 30) -> None:
        """One tick on that day."""
        self.works.tick(at(day, hour, minute))

    def items(self, *, person_id: int | None = None) -> dict[str, ItemState]:
        """The owner's steps, and what became of them; several dates of one step get the date too."""
        with self.post.sessions() as session:
            rows = session.execute(
                select(ReminderItem.step, ReminderItem.deadline_on, ReminderItem.state)
                .where(ReminderItem.person_id == (person_id or self.owner))
                .order_by(ReminderItem.deadline_on, ReminderItem.due_on)
            ).all()
        dates = {deadline_on for _, deadline_on, _ in rows}
        return {
            step if len(dates) == 1 else f"{step} {deadline_on:%d.%m}": state
            for step, deadline_on, state in rows
        }

    def item(self, step: str, *, deadline_on: date | None = None) -> ReminderItem:
        with self.post.sessions() as session:
            found = select(ReminderItem).where(
                ReminderItem.step == step, ReminderItem.person_id == self.owner
            )
            if deadline_on is not None:
                found = found.where(ReminderItem.deadline_on == deadline_on)
            return session.scalars(found).one()


__all__ = ["NOW", "SERVICE", "TODAY", "Office", "at"]
