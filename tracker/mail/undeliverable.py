"""Who is told that a letter cannot reach its reader: features above register, mail knows none of them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from tracker.database import may_succeed_again
from tracker.mail.models import Mail, MailState
from tracker.mail.outbox import one_address

Listener = Callable[[Session, Mail, bool, datetime], None]

log = logging.getLogger(__name__)
_listeners: list[Listener] = []


def when_undeliverable(listener: Listener) -> None:
    """Call `listener(session, mail, address_is_wrong, at)` once for each letter that turns out undeliverable.

    It runs in the transaction that settles the letter, after its kind, and never commits. `address_is_wrong`
    says that no letter to this address will ever arrive; otherwise only this one did not.
    """
    if listener not in _listeners:
        _listeners.append(listener)


def tell_undeliverable(session: Session, mail: Mail, *, address_is_wrong: bool, at: datetime) -> None:
    """Tell everybody who asked. One that fails cannot undo what happened to the letter: it is logged.

    A deadlock is raised: it is no reason to tell nobody, and whoever began the transaction begins anew.
    """
    for listener in _listeners:
        try:
            with session.begin_nested():
                listener(session, mail, address_is_wrong, at)
        except Exception as error:
            if may_succeed_again(error):
                raise
            log.exception("nobody could be told that letter %s is undeliverable", mail.id)


def redirect(session: Session, *, person_id: int, address: str) -> None:
    """Let what waits for a person, and of which nothing has left yet, go to another address."""
    session.execute(
        update(Mail)
        .where(Mail.person_id == person_id, Mail.state == MailState.queued, Mail.mime.is_(None))
        .values(address=one_address(address)),
        execution_options={"synchronize_session": False},
    )
