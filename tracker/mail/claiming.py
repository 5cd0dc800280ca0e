"""Which letters are due, and whose they are: taken in one statement, so that no letter has two owners."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import Select, bindparam, case, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import instance_dict, instance_state

from tracker.mail.models import Mail, MailState
from tracker.mail.rows import WAITING

_mail: Any = Mail.__table__
_mapper: Any = Mail.__mapper__
_COLUMNS = [_mapper.get_property_by_column(one).key for one in _mail.c]


def _due() -> Select[int]:
    return (
        select(_mail.c.id)
        .where(WAITING, _mail.c.next_at <= bindparam("now"))
        .order_by(_mail.c.next_at, _mail.c.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
    )


def _claim(candidates: Select[int]) -> Any:
    again = _mail.c.state == MailState.uncertain
    return (
        update(_mail)
        .where(
            _mail.c.id.in_(select(candidates.cte("candidates").c.id)),
            _mail.c.state.in_((MailState.queued, MailState.uncertain)),
        )
        .values(
            state=MailState.sending,
            owner=bindparam("me"),
            attempts=_mail.c.attempts + 1,
            uncertain_resends=_mail.c.uncertain_resends + case((again, 1), else_=0),
        )
        .returning(_mail)
    )


_DUE = _due()
_DUE_TO = _DUE.where(_mail.c.address == bindparam("only_to"))
_CLAIM, _CLAIM_TO = _claim(_DUE), _claim(_DUE_TO)


def due(now: datetime, limit: int, *, only_to: str | None = None) -> Select[int]:
    """The ids of letters to send now, oldest first, that no other dispatcher is taking at this moment.

    With `only_to` those to this address alone.
    """
    return (_DUE if only_to is None else _DUE_TO).params(now=now, most=limit, only_to=only_to)


def claim(
    session: Session, *, owner: int, now: datetime, limit: int, only_to: str | None = None
) -> list[Mail]:
    """Take up to `limit` letters that are due, in one statement: no letter has two owners.

    They belong to no session; `rows.write` writes them.
    """
    given = {"me": owner, "now": now, "most": limit}
    if only_to is not None:
        given["only_to"] = only_to
    taken = session.connection().execute(_CLAIM if only_to is None else _CLAIM_TO, given).all()
    return [_letter(row) for row in sorted(taken, key=attrgetter("next_at", "id"))]


def _letter(row: Any) -> Mail:
    """What a session that was closed would have left, at half the cost: detached, with all that was read."""
    found: Mail = _mapper.class_manager.new_instance()
    instance_dict(found).update(zip(_COLUMNS, row, strict=True))
    instance_state(found).key = _mapper.identity_key_from_primary_key((found.id,))
    return found


def release(session: Session, mails: Iterable[Mail], *, owner: int | None) -> None:
    """Put back letters that were claimed and not tried; the attempt does not count."""
    session.execute(
        update(Mail)
        .where(Mail.id.in_([mail.id for mail in mails]), Mail.state == MailState.sending, Mail.owner == owner)
        .values(
            state=case((Mail.uncertain_resends > 0, MailState.uncertain), else_=MailState.queued),
            owner=None,
            attempts=Mail.attempts - 1,
            uncertain_resends=case((Mail.uncertain_resends > 0, Mail.uncertain_resends - 1), else_=0),
        ),
        execution_options={"synchronize_session": False},
    )
