"""Texts kept for their author alone: one that met a newer version, and one that is still being written.

Nothing here commits, changes the status or tells anybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.audit.actions import record
from tracker.domain.errors import InvalidInput
from tracker.domain.text import clean
from tracker.domain.workflow import Move, Role
from tracker.domain.workflow_moves import next_state
from tracker.plans.rights import Rights
from tracker.rounds.models import RoundState, StatusUpdate
from tracker.statuses.models import KeptCause, KeptDraft

LONGEST_TEXT = 40_000
LONGEST_REASON = 4_000
OTHERS = ("outcome", "progress", "reason", "comment", "milestone", "milestone_on")

_kept: Any = KeptDraft.__table__
_FORGET = delete(_kept).where(
    _kept.c.update_id == bindparam("update"), _kept.c.person_id == bindparam("author")
)


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it stands in a browser. `made_from` is the version that it was opened with."""

    text: str
    others: Mapping[str, str]
    made_from: int


def kept_by(session: Session, update_id: int, person_id: int) -> dict[KeptCause, KeptDraft]:
    """What a person has kept beside a status; at most one text a cause."""
    found = session.scalars(
        select(KeptDraft).where(KeptDraft.update_id == update_id, KeptDraft.person_id == person_id),
        execution_options={"populate_existing": True},
    )
    return {one.cause: one for one in found}


def autosave(
    session: Session, update: StatusUpdate, typed: Typed, *, rights: Rights, by: Person, at: datetime
) -> None:
    """Keep what is being written, in the place of what was kept before; the status stays as it is.

    Raises what `domain.workflow` raises where the person may not write now, and InvalidInput on a text that
    is too long to be kept whole. A version that is not the newest is no obstacle: both texts are there.
    """
    roles = rights.roles_on(update.initiative)
    next_state(update.state, Move.save, roles=roles, round_open=update.round.state is RoundState.open)
    for field, value, longest in (
        ("text", typed.text, LONGEST_TEXT),
        *((name, value, LONGEST_REASON) for name, value in typed.others.items()),
    ):
        if len(value) > longest:
            raise InvalidInput(field, "This can have at most %(count)s characters.", count=longest)
    known = KeptCause.autosaved in kept_by(session, update.id, by.id)
    keep(session, update, typed, cause=KeptCause.autosaved, by=by, at=at)
    if not known and not roles & {Role.owner, Role.deputy}:
        record(
            session, "began_on_behalf", "status_update", update.id,
            by=by.id, at=at, plan_id=update.round.plan_id,
        )  # fmt: skip


def keep(
    session: Session, update: StatusUpdate, typed: Typed, *, cause: KeptCause, by: Person, at: datetime
) -> None:
    """Keep a text for its author; two that arrive at once leave one of them."""
    key: dict[str, Any] = {"update_id": update.id, "person_id": by.id, "cause": cause}
    content = {
        "made_from_version": typed.made_from,
        "text": clean(typed.text),
        "others": {name: clean(typed.others[name]) for name in OTHERS if typed.others.get(name)},
        "at": at,
    }
    insert: Any = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}[session.get_bind().dialect.name]
    session.execute(
        insert(KeptDraft)
        .values(**key, **content)
        .on_conflict_do_update(index_elements=list(key), set_=content),
        execution_options={"synchronize_session": False},
    )


def forget(session: Session, update: StatusUpdate, *, by: Person, cause: KeptCause | None = None) -> None:
    """Throw one's own kept texts away, or the one of a cause: used, or not wanted."""
    whose = {"update": update.id, "author": by.id}
    if cause is None:
        session.execute(_FORGET, whose)
    else:
        session.execute(_FORGET.where(_kept.c.cause == cause), whose)
