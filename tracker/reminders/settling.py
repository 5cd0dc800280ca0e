"""What becomes of the reminders in a letter when it is judged, leaves, and comes to rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, literal, or_, select, update
from sqlalchemy.orm import Session

from tracker.domain.reminders import ObligationKind
from tracker.mail.models import Mail, MailState
from tracker.mail.outbox import OPEN
from tracker.reminders.models import ItemState, ReminderItem

_TOKEN = re.compile(rb"(/(?:=\r?\n)?f(?:=\r?\n)?/)((?:(?:=\r?\n)?[0-9a-f]){64})")


def still_in(mail: Mail) -> tuple[Any, Any]:
    """Which items are in a letter and still owed."""
    return ReminderItem.mail_id == mail.id, ReminderItem.state == ItemState.assigned


def still_wanted(session: Session, mail: Mail) -> str | None:
    """Whether anything in it is owed; of a letter whose bytes are frozen, whether all that they say is.

    Locks what it asks about: who changes any of it has committed before, or waits until the window is open.
    """
    inside = select(ReminderItem.state, ReminderItem.enclosed_at).where(ReminderItem.mail_id == mail.id)
    rows = session.execute(inside.order_by(ReminderItem.id).with_for_update()).all()
    if not any(state is ItemState.assigned for state, _ in rows):
        return "nothing in it is owed any more"
    if mail.mime is not None and any(said and state is not ItemState.assigned for state, said in rows):
        return "a part of it is not owed any more"
    return None


def enclosed(session: Session, mail: Mail, at: datetime) -> None:
    """They may be with the mail server from now on."""
    _change(session, *still_in(mail), enclosed_at=at)


def settled(session: Session, mail: Mail, at: datetime) -> None:
    """What became of the letter becomes of its items.

    An item that was cancelled while the letter was already with the server did arrive: the ledger says sent.
    """
    _hide_links(session, mail)
    inside = ReminderItem.mail_id == mail.id
    if mail.state is MailState.sent:
        arrived = ReminderItem.enclosed_at.is_not(None)
        _change(
            session,
            inside,
            or_(arrived, ReminderItem.state == ItemState.assigned),
            # What joined the letter after it had left, before the database was restored, is still owed.
            state=case((arrived, literal(ItemState.sent, ReminderItem.state.type)), else_=ItemState.planned),
            mail_id=case((arrived, mail.id), else_=None),
            settled_at=case((arrived, literal(at, ReminderItem.settled_at.type)), else_=None),
            reason=mail.last_error[:200],
        )
    elif mail.state in {MailState.failed, MailState.undeliverable}:
        lost = ItemState.undeliverable
        _change(session, *still_in(mail), state=lost, settled_at=at, reason=mail.last_error[:200])
        if mail.state is MailState.undeliverable:  # it may have come back after it was accepted
            came_back = ReminderItem.state.in_((ItemState.sent, ItemState.waiting))
            _change(session, inside, came_back, state=lost, settled_at=at, reason=mail.last_error[:200])
        # What was cancelled meanwhile and is called for again goes into another letter.
        _change(session, inside, ReminderItem.state == ItemState.cancelled, enclosed_at=None)
    elif mail.state is MailState.needs_human:
        _change(session, *still_in(mail), state=ItemState.waiting, reason=mail.last_error[:200])
    else:
        if mail.state is not MailState.cancelled:  # a person may have taken back a letter at rest
            given_up = ReminderItem.state.in_((ItemState.undeliverable, ItemState.waiting))
            _change(session, inside, given_up, state=ItemState.assigned, settled_at=None, reason="")
        if mail.mime is None or mail.state is MailState.cancelled:  # else it may have arrived once
            _change(session, inside, enclosed_at=None)
        if mail.state is MailState.cancelled:
            # Still owed, and in no letter: the next one takes them, to whoever they are owed to by then.
            _change(session, *still_in(mail), state=ItemState.planned, mail_id=None)


def give_up(session: Session, item_id: int, reason: str, *, at: datetime) -> None:
    """An item that cannot be written comes to an end; what else is in its letter goes without it."""
    values = {"settled_at": at, "reason": reason[:200], "mail_id": None}
    _change(session, ReminderItem.id == item_id, state=ItemState.undeliverable, **values)


def _hide_links(session: Session, mail: Mail) -> None:
    """A letter at rest keeps its words and no secret: the marks of its personal links are struck out."""
    at_rest = mail.state not in {*OPEN, MailState.needs_human}
    if at_rest and mail.mime is not None and _TOKEN.search(mail.mime):
        hidden = _TOKEN.sub(lambda found: found[1] + re.sub(rb"[0-9a-f]", b"-", found[2]), mail.mime)
        _change_mail(session, mail.id, mime=hidden)


def _change_mail(session: Session, mail_id: int, **values: Any) -> None:
    session.execute(
        update(Mail).where(Mail.id == mail_id).values(**values),
        execution_options={"synchronize_session": False},
    )


def contents(session: Session, mail: Mail) -> list[str]:
    """The keys of the items that are about to leave: `kind:id:step:deadline:person`."""
    columns = (
        ReminderItem.obligation_kind,
        ReminderItem.obligation_id,
        ReminderItem.step,
        ReminderItem.deadline_on,
        ReminderItem.person_id,
    )
    return [
        f"{ObligationKind(kind).value}:{id_}:{step}:{deadline_on:%Y-%m-%d}:{person_id}"
        for kind, id_, step, deadline_on, person_id in session.execute(
            select(*columns).where(*still_in(mail))
        )
    ]


def replay(session: Session, keys: Sequence[str], at: datetime) -> None:
    """What was sent before the database was restored: those of these items that it still owes are sent."""
    for key in keys:
        kind, id_, step, deadline_on, person_id = key.split(":")
        _change(
            session,
            ReminderItem.obligation_kind == ObligationKind(kind),
            ReminderItem.obligation_id == int(id_),
            ReminderItem.step == step,
            ReminderItem.deadline_on == date.fromisoformat(deadline_on),
            ReminderItem.person_id == int(person_id),
            ReminderItem.state.in_((ItemState.planned, ItemState.assigned, ItemState.cancelled)),
            state=ItemState.sent,
            settled_at=at,
            enclosed_at=at,
            reason="found in the sent journal",
        )


def _change(session: Session, *which: Any, **values: Any) -> None:
    session.execute(
        update(ReminderItem).where(*which).values(**values),
        execution_options={"synchronize_session": False},
    )
