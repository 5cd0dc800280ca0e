"""What follows when somebody steps out of a place: without any part left, their sessions end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.models import Person, SignInSession
from tracker.plans.models import Membership, Placement
from tracker.plans.rights import holds_on

_A_BATCH = 500


def sign_out_without_a_part(session: Session, person_ids: Iterable[int], *, at: datetime) -> None:
    """End the sessions of those among these people who have no part in any plan today.

    An administrator keeps an own. Who steps out on a later day has no rights from then on, and no session
    that is older than twelve hours. One statement for every five hundred people.
    """
    today = clock.local_date(at)
    ids = sorted(set(person_ids))
    for start in range(0, len(ids), _A_BATCH):
        parted = select(Person.id).where(
            Person.id.in_(ids[start : start + _A_BATCH]),
            ~Person.is_administrator,
            ~exists().where(Membership.person_id == Person.id),
            ~exists().where(Placement.person_id == Person.id, holds_on(today)),
        )
        session.execute(
            update(SignInSession)
            .where(SignInSession.ended_at.is_(None), SignInSession.person_id.in_(parted))
            .values(ended_at=at),
            execution_options={"synchronize_session": False},
        )
