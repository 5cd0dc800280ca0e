"""In which browsers a person is signed in, as the person sees it, and ending that from another one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tracker.accounts.actions import SESSION_ABSOLUTE, SESSION_IDLE
from tracker.accounts.models import SignInSession
from tracker.audit.actions import record


def live_sessions_of(session: Session, person_id: int, *, at: datetime) -> Sequence[SignInSession]:
    """Where the person is signed in at the real time `at`, the browser that was seen last first."""
    found = (
        select(SignInSession)
        .where(
            SignInSession.person_id == person_id,
            SignInSession.ended_at.is_(None),
            SignInSession.last_seen_at > at - SESSION_IDLE,
            SignInSession.created_at > at - SESSION_ABSOLUTE,
        )
        .order_by(SignInSession.last_seen_at.desc(), SignInSession.id.desc())
    )
    return session.scalars(found).all()


def end_other_sessions(
    session: Session, person_id: int, *, keep: int, only: int | None = None, at: datetime
) -> int:
    """Sign the person out in every browser but the one of the session `keep`, or in `only` one; how many.

    Journaled where there was one. The browser that was signed out is sent to sign in at its next request.
    """
    others = (
        update(SignInSession)
        .where(
            SignInSession.person_id == person_id,
            SignInSession.id != keep,
            SignInSession.ended_at.is_(None),
            SignInSession.last_seen_at > at - SESSION_IDLE,
            SignInSession.created_at > at - SESSION_ABSOLUTE,
        )
        .values(ended_at=at)
        .returning(SignInSession.id)
    )
    if only is not None:
        others = others.where(SignInSession.id == only)
    ended = session.scalars(others).all()
    if ended:
        record(session, "signed_out_elsewhere", "person", person_id, by=person_id, at=at, browsers=len(ended))
    return len(ended)
