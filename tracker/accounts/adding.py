"""Many people at once: added and invited with a few statements. Nothing here commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.accounts import tokens
from tracker.accounts.actions import INVITATION_LASTS
from tracker.accounts.models import AccountToken, Language, Person, TokenPurpose
from tracker.audit.actions import record
from tracker.domain.danish_order import sort_key
from tracker.mail import outbox


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to add; name and address are as `normal_name` and `normal_email` give them."""

    name: str
    email: str
    language: Language


def add_people(
    session: Session, people: Sequence[NewPerson], *, by: int | None, at: datetime
) -> list[Person]:
    """Add people whom nobody knows yet; the database refuses an address that is taken by now."""
    made = [
        Person(
            name=one.name,
            name_sort=sort_key(one.name),
            email=one.email,
            language=one.language,
            is_administrator=False,
            created_at=at,
        )
        for one in people
    ]
    session.add_all(made)
    session.flush()
    for person in made:
        record(session, "person_added", "person", person.id, by=by, at=at, administrator=False)
    return made


def invite_people(
    session: Session,
    people: Sequence[Person],
    *,
    secret: bytes,
    by: int | None,
    at: datetime,
    real_at: datetime,
) -> None:
    """Invite people who have just been added, and so hold no older token: as `invite` does one of them."""
    purpose = TokenPurpose.invitation
    nonces = [tokens.new_nonce() for _ in people]
    rows = [
        AccountToken(
            token_hash=tokens.digest(tokens.derive(secret, purpose.value, nonce)),
            person_id=person.id,
            purpose=purpose,
            created_at=real_at,
            expires_at=real_at + INVITATION_LASTS,
        )
        for person, nonce in zip(people, nonces, strict=True)
    ]
    session.add_all(rows)
    session.flush()
    letters = [
        outbox.row_for(
            kind=purpose.value,
            dedupe_key=f"{purpose.value}:{person.id}:{nonce}",
            person_id=person.id,
            address=person.email,
            payload={"nonce": nonce, "token_id": row.id, "expires_at": row.expires_at.isoformat()},
            plan_id=None,
            at=at,
        )
        for person, nonce, row in zip(people, nonces, rows, strict=True)
    ]
    outbox.queue_all(session, letters)
    for person in people:
        record(session, "invited", "person", person.id, by=by, at=at)
