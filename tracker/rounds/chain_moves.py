"""Planning a round by its meetings: what would change, and changing it in one go. Nothing here commits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker import clock
from tracker.audit.actions import record
from tracker.deadlines.models import Deadline, DeadlineState
from tracker.domain.errors import InvalidInput, MoveRefused, StaleVersion
from tracker.domain.rounds import Chain, ChainStepKind, Shift, shifts
from tracker.domain.workflow import WRITABLE
from tracker.plans.models import Administration, Initiative, Plan
from tracker.rounds.chain_laying import WHOLE, check_timetable, lay, move_to
from tracker.rounds.chains import (
    Parties,
    Slot,
    Timetable,
    chains_of,
    mark_of,
    opened_on,
    owners_days,
    parties_of,
    slots_of,
    timetable_of,
)
from tracker.rounds.models import Round, RoundState, StatusUpdate
from tracker.rounds.replanning import replan_updates


@dataclass(frozen=True, slots=True)
class Owners:
    """The statuses of an administration that are still to be written, and the day they would be due.

    `moved` counts those that follow, `kept` those with a date of their own. `on` is None where the day that
    the meetings call for has passed, and the statuses stay due when they are.
    """

    administration: Administration
    on: date | None
    moved: int
    kept: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What saving would do. `shifts` has each step of all administrations once, under an empty code."""

    chains: tuple[Chain, ...]
    shifts: tuple[Shift, ...]
    owners: tuple[Owners, ...]
    mark: str

    @property
    def broken(self) -> tuple[Chain, ...]:
        """The chains that cannot be kept."""
        return tuple(chain for chain in self.chains if chain.broken_at is not None)

    @property
    def changes(self) -> bool:
        return bool(self.shifts) or any(one.moved for one in self.owners)


def preview(session: Session, plan: Plan, round_: Round, timetable: Timetable, *, today: date) -> Preview:
    """What another timetable would move, without moving anything. Raises InvalidInput on what cannot be."""
    parties = parties_of(session, plan)
    check_timetable(parties, timetable)
    slots = slots_of(session, round_, parties)
    before = chains_of(parties, timetable_of(round_, slots), opens_on=opened_on(round_))
    after = chains_of(parties, timetable, opens_on=opened_on(round_))
    follow = _following(session, round_, parties, slots, timetable, today=today)
    return Preview(after, _once(shifts(before, after)), _owners(follow, parties), mark_of(round_, slots))


def save(
    session: Session,
    plan: Plan,
    round_: Round,
    timetable: Timetable,
    *,
    reason: str,
    mark: str,
    by: int,
    at: datetime,
) -> None:
    """Keep the timetable: every paper, meeting and status deadline that follows from it, with one reason.

    A deadline that was met stays; another day for its step becomes a deadline beside it. Raises StaleVersion
    when the preview of `mark` is overtaken, InvalidInput on `reason`, a span or a meeting, MoveRefused when
    the round is closed.
    """
    session.refresh(round_, with_for_update=True)
    parties = parties_of(session, plan)
    slots = slots_of(session, round_, parties)
    if mark_of(round_, slots) != mark:
        raise StaleVersion()
    if round_.state is not RoundState.open:
        raise MoveRefused("The round is closed.")
    if timetable.council is None:
        raise InvalidInput("council", "Give the day of the council's meeting.")
    check_timetable(parties, timetable)
    follow = _following(session, round_, parties, slots, timetable, today=clock.local_date(at))
    lay(session, round_, parties, timetable, slots=slots, reason=reason, by=by, at=at)
    moved = _move_statuses(session, follow, reason=reason, by=by, at=at)
    if days := [one.on for one in follow if one.on is not None]:
        round_.due_on = max(days)
    session.flush()
    record(session, "round_planned", "round", round_.id, by=by, at=at, plan_id=plan.id, statuses=moved)


@dataclass(frozen=True, slots=True)
class _Following:
    """The statuses that follow the owners' day of their administration; `kept` have a date of their own."""

    administration_id: int
    on: date | None
    updates: Sequence[StatusUpdate]
    kept: int


def _following(
    session: Session,
    round_: Round,
    parties: Parties,
    slots: Mapping[Slot, Deadline],
    timetable: Timetable,
    *,
    today: date,
) -> list[_Following]:
    """What is still to be written follows; whoever got a date of their own keeps it."""
    opens_on = opened_on(round_)
    old = _all_days(parties, timetable_of(round_, slots), opens_on)
    new = _all_days(parties, timetable, opens_on)
    ahead = owners_days(parties, timetable, today=today)
    found: list[_Following] = []
    for administration_id, updates in _to_write(session, round_).items():
        day = new.get(administration_id)
        on = day if administration_id in ahead or (day is not None and day == today) else None
        usual = {round_.due_on, old.get(administration_id)}
        moving, kept = [], 0
        for update in updates:
            deadline = update.deadline
            if deadline is None or deadline.state is not DeadlineState.open or deadline.last_on == on:
                continue
            if deadline.moves and deadline.last_on not in usual:
                kept += 1
            elif on is not None:
                moving.append(update)
        found.append(_Following(administration_id, on, moving, kept))
    return found


def _all_days(parties: Parties, timetable: Timetable, opens_on: date) -> dict[int, date]:
    ids = {one.code: one.id for one in parties.administrations}
    chains = chains_of(parties, timetable, opens_on=opens_on)
    return {ids[one.administration]: one.owners_due_on for one in chains}


def _to_write(session: Session, round_: Round) -> dict[int, list[StatusUpdate]]:
    found = (
        select(StatusUpdate)
        .join(StatusUpdate.initiative)
        .options(joinedload(StatusUpdate.deadline), joinedload(StatusUpdate.initiative))
        .where(StatusUpdate.round_id == round_.id, StatusUpdate.state.in_(WRITABLE))
        .order_by(Initiative.position)
    )
    updates: dict[int, list[StatusUpdate]] = {}
    for update in session.scalars(found):
        updates.setdefault(update.initiative.administration_id, []).append(update)
    return updates


def _owners(follow: Sequence[_Following], parties: Parties) -> tuple[Owners, ...]:
    found = {one.administration_id: one for one in follow}
    return tuple(
        Owners(one, found[one.id].on, len(found[one.id].updates), found[one.id].kept)
        for one in parties.administrations
        if one.id in found
    )


def _move_statuses(
    session: Session, follow: Sequence[_Following], *, reason: str, by: int, at: datetime
) -> int:
    moved: list[int] = []
    for one in follow:
        for update in one.updates:
            assert update.deadline is not None
            assert one.on is not None
            move_to(session, update.deadline, one.on, reason=reason, by=by, at=at)
            moved.append(update.id)
    if moved:
        replan_updates(session, moved, at=at)
    return len(moved)


def _once(found: Sequence[Shift]) -> tuple[Shift, ...]:
    """The steps that are everybody's once, under an empty code, after those of each administration."""
    times = Counter(one.kind for one in found)
    own = [one for one in found if one.kind not in WHOLE and one.kind is not ChainStepKind.opens]
    whole = {one.kind: Shift("", one.kind, one.old, one.new) for one in found if one.kind in WHOLE}
    return (*own, *(whole[kind] for kind in WHOLE if times[kind]))
