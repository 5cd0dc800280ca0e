"""The ladder of each plan: its own where the secretariat has changed it, else the usual one.

A changed ladder changes what is owed. The ledger follows when the plan is planned anew in the same
transaction, by `tracker.rounds.replanning.replan_plan`: what is open there is known above this package.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tracker.audit.actions import record
from tracker.database import rows_of
from tracker.domain.errors import StaleVersion
from tracker.domain.ladders import (
    DEFAULT_LADDER,
    Anchor,
    Ladder,
    ObligationKind,
    Place,
    Step,
    changed_ladder,
    checked_steps,
    rung,
)
from tracker.reminders.models import PlanLadder

__all__ = [
    "Ladders",
    "change_ladder",
    "changed_ladder",
    "ladder_of",
    "own_ladders",
    "restore_ladder",
]

_OWN = select(PlanLadder.plan_id, PlanLadder.obligation_kind, PlanLadder.steps)
_OWN_OF = _OWN.where(PlanLadder.plan_id == bindparam("plan"))


@dataclass
class Ladders:
    """Ladders by plan, all read in one query when the first is asked for.

    `instead` are ladders to go by in place of a plan's own: `Ladders(session, {plan_id: new})` is a preview.
    """

    session: Session
    instead: Mapping[int, Ladder] = field(default_factory=dict)
    _own: dict[int, Ladder] | None = None

    def of(self, plan_id: int) -> Ladder:
        """The plan's ladder. Two plans with the usual one get the same object."""
        if plan_id in self.instead:
            return self.instead[plan_id]
        if self._own is None:
            self._own = _read(self.session, None)
        return self._own.get(plan_id, DEFAULT_LADDER)


def ladder_of(session: Session, plan_id: int) -> Ladder:
    """The ladder that a plan goes by."""
    return _read(session, plan_id).get(plan_id, DEFAULT_LADDER)


def own_ladders(session: Session, plan_id: int) -> dict[ObligationKind, PlanLadder]:
    """What the plan has changed, by kind, with version, when and who; a kind that is missing is as usual."""
    rows = session.scalars(select(PlanLadder).where(PlanLadder.plan_id == plan_id))
    return {row.obligation_kind: row for row in rows}


def change_ladder(
    session: Session,
    *,
    plan_id: int,
    kind: ObligationKind,
    steps: tuple[Step, ...],
    version: int | None,
    by: int | None,
    at: datetime,
) -> None:
    """Give a plan its own steps for one kind; none at all remind nobody.

    `version` is that of the plan's own ladder, None while it has the usual one. Codes and urgencies of
    `steps` are derived anew. Raises StaleVersion, and InvalidInput as `checked_steps` does.
    """
    tidy = checked_steps(kind, steps)
    row = _row(session, plan_id, kind, version)
    if row is None:
        row = PlanLadder(plan_id=plan_id, obligation_kind=kind, steps=[], changed_at=at)
        session.add(row)
    row.steps = [_stored(step) for step in tidy]
    row.changed_at, row.changed_by_id = at, by
    _flush(session)
    record(
        session,
        "ladder_changed",
        "plan",
        plan_id,
        by=by,
        at=at,
        plan_id=plan_id,
        kind=kind.value,
        steps=[step.code if step.every is None else f"{step.code}-{step.days}" for step in tidy],
    )


def restore_ladder(
    session: Session,
    *,
    plan_id: int,
    kind: ObligationKind,
    version: int | None,
    by: int | None,
    at: datetime,
) -> None:
    """Go back to the usual steps for one kind; a plan that has them stays as it is. Raises StaleVersion."""
    row = _row(session, plan_id, kind, version)
    if row is None:
        return
    session.delete(row)
    _flush(session)
    record(session, "ladder_restored", "plan", plan_id, by=by, at=at, plan_id=plan_id, kind=kind.value)


def _row(session: Session, plan_id: int, kind: ObligationKind, version: int | None) -> PlanLadder | None:
    found = select(PlanLadder).where(PlanLadder.plan_id == plan_id, PlanLadder.obligation_kind == kind)
    row = session.scalar(found)
    if (row.version if row else None) != version:
        raise StaleVersion()
    return row


def _flush(session: Session) -> None:
    try:
        session.flush()
    except (StaleDataError, IntegrityError) as error:
        raise StaleVersion() from error


def _read(session: Session, plan_id: int | None) -> dict[int, Ladder]:
    found = rows_of(session, _OWN, {}) if plan_id is None else rows_of(session, _OWN_OF, {"plan": plan_id})
    changed: dict[int, dict[ObligationKind, tuple[Step, ...]]] = {}
    for plan, kind, steps in found:
        changed.setdefault(plan, {})[kind] = tuple(_step(kind, stored) for stored in steps)
    return {plan: MappingProxyType({**DEFAULT_LADDER, **own}) for plan, own in changed.items()}


def _stored(step: Step) -> dict[str, Any]:
    """What is kept of a step: what its code and urgency follow from."""
    return {
        "places": [place.value for place in step.places],
        "anchor": step.anchor.value,
        "days": step.days,
        "working_days": step.working_days,
        "every": step.every,
    }


def _step(kind: ObligationKind, stored: dict[str, Any]) -> Step:
    return rung(
        kind,
        (Place(place) for place in stored["places"]),
        Anchor(stored["anchor"]),
        stored["days"],
        working_days=stored["working_days"],
        every=stored["every"],
    )
