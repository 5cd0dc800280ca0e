"""What follows when somebody steps out of a place: without any part left, their sessions end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.actions import end_sessions
from tracker.accounts.models import Person
from tracker.plans.rights import rights_of


def sign_out_without_a_part(session: Session, person_ids: Iterable[int], *, at: datetime) -> None:
    """End the sessions of those among these people who have no part in any plan today.

    An administrator keeps an own. Who steps out on a later day has no rights from then on, and no session
    that is older than twelve hours.
    """
    ids = sorted(set(person_ids))
    if not ids:
        return
    session.flush()
    for person in session.scalars(select(Person).where(Person.id.in_(ids), ~Person.is_administrator)):
        if not rights_of(session, person.id, administrator=False, on=clock.local_date(at)).plans:
            end_sessions(session, person, at=at)
