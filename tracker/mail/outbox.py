"""The way into the outbox. A request queues a row in its own transaction and never speaks SMTP."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Insert, String, cast, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tracker.mail.letters import sensitive_kinds
from tracker.mail.models import Mail, MailState

EXPIRES_AFTER = timedelta(days=4)  # RFC 5321, 4.5.4.1: give up after four to five days
# Written when it leaves, and told once: neither a long hold nor a mail server that is away may swallow it.
NOTICE_EXPIRES_AFTER = timedelta(days=30)
OPEN = (MailState.queued, MailState.sending, MailState.uncertain)

_PLAIN = r"[^\s@<>,;:\"()\[\]\\\x00-\x1f\x7f-\x9f]+"
_ADDRESS = re.compile(f"{_PLAIN}@{_PLAIN}")
_mail: Any = Mail.__table__


def queue(
    session: Session,
    *,
    kind: str,
    dedupe_key: str,
    person_id: int | None,
    address: str,
    payload: Mapping[str, Any],
    plan_id: int | None,
    at: datetime,
    expires_at: datetime | None = None,
) -> bool:
    """Lay a letter down, to leave from `at` on; False when `dedupe_key` was laid down before.

    `payload` is JSON: the ids from which the kind renders the letter; for a letter to an address without a
    person also `name` and `language`. Raises ValueError for anything but one plain address.
    """
    row = row_for(
        kind=kind,
        dedupe_key=dedupe_key,
        person_id=person_id,
        address=address,
        payload=payload,
        plan_id=plan_id,
        at=at,
        expires_at=expires_at,
    )
    return bool(queue_all(session, [row]))


def row_for(
    *,
    kind: str,
    dedupe_key: str,
    person_id: int | None,
    address: str,
    payload: Mapping[str, Any],
    plan_id: int | None,
    at: datetime,
    expires_at: datetime | None = None,
) -> dict[str, Any]:
    """The values of a new row, for `queue_all`. Raises ValueError as `queue` does."""
    return {
        "kind": kind,
        "dedupe_key": dedupe_key,
        "person_id": person_id,
        "address": one_address(address),
        "payload": dict(payload),
        "plan_id": plan_id,
        "state": MailState.queued,
        "attempts": 0,
        "next_at": at,
        "created_at": at,
        "expires_at": expires_at or at + EXPIRES_AFTER,
        "uncertain_resends": 0,
    }


def queue_all(session: Session, rows: list[dict[str, Any]]) -> dict[str, int]:
    """Lay down many rows made by `row_for`; the ids of those that were new, by their key."""
    if not rows:
        return {}
    new = session.execute(_laid_down(session.get_bind().dialect.name), rows)
    return dict(new.all())


@cache
def _laid_down(dialect: str) -> Insert:
    """The INSERT of rows that are given when it is executed; what is there already stays."""
    insert: Any = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}[dialect]
    statement: Insert = insert(_mail).on_conflict_do_nothing(index_elements=[_mail.c.dedupe_key])
    return statement.returning(_mail.c.dedupe_key, _mail.c.id)


def forget_old_secrets(session: Session, now: datetime) -> None:
    """Blank what a sensitive letter that failed is written from, once it has expired."""
    told = cast(Mail.payload, String) != "{}"
    session.execute(
        update(Mail)
        .where(Mail.state == MailState.failed, Mail.expires_at <= now, Mail.kind.in_(sensitive_kinds()), told)
        .values(payload={}),
        execution_options={"synchronize_session": False},
    )


def one_address(address: str) -> str:
    """The address, when it is exactly one: `somebody@host`, at most 254 characters. Raises ValueError."""
    if len(address) > 254 or not _ADDRESS.fullmatch(address):
        raise ValueError("not one plain mail address")
    return address


def counts(session: Session, *, plan_ids: Iterable[int] | None = None) -> dict[MailState, int]:
    """How many letters are in each state, of these plans or of all."""
    query = select(Mail.state, func.count()).group_by(Mail.state)
    if plan_ids is not None:
        query = query.where(Mail.plan_id.in_(list(plan_ids)))
    return dict(session.execute(query).all())
