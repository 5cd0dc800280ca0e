"""What waits for the secretariat's answer: a request for more time, a correction. Nothing here commits.

Of each kind one at a time waits on a status.
"""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.errors import NoRight, StaleVersion
from tracker.domain.workflow import Role
from tracker.plans.rights import Rights
from tracker.rounds.models import StatusUpdate
from tracker.statuses.models import Correction, MoreTimeRequest

_Asked = TypeVar("_Asked", Correction, MoreTimeRequest)


def waiting(session: Session, kind: type[_Asked], update_id: int) -> _Asked | None:
    """What waits for its answer. The caller has read the update."""
    return session.scalar(select(kind).where(kind.update_id == update_id, kind.answered_at.is_(None)))


def waiting_held(session: Session, kind: type[_Asked], update: StatusUpdate) -> _Asked | None:
    """The same, with the update's row held: of two who ask at the same moment the second finds what the
    first did.
    """
    session.execute(select(StatusUpdate.id).where(StatusUpdate.id == update.id).with_for_update())
    return waiting(session, kind, update.id)


def to_answer(session: Session, kind: type[_Asked], id_: int, update: StatusUpdate, rights: Rights) -> _Asked:
    """What is to be answered, as it waits, held until the transaction has ended.

    Raises NoRight outside of the secretariat, StaleVersion when it has been answered.
    """
    if not rights.roles_on(update.initiative) & {Role.secretariat, Role.lead}:
        raise NoRight()
    found = session.scalar(
        select(kind)
        .where(kind.id == id_, kind.update_id == update.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None or found.answered_at is not None:
        raise StaleVersion()
    return found
