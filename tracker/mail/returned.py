"""What is done with a message that came back: the letter it speaks of becomes undeliverable, or nothing does.

A report counts only when it returns a letter with a Message-ID of ours, which nobody can guess, and speaks of
the address that this very letter went to. The same report twice changes nothing.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tracker.mail import settling
from tracker.mail.bounces import Bounce, NotABounceError, read
from tracker.mail.models import AttemptNote, Mail, MailAttempt, MailState
from tracker.mail.rows import note
from tracker.mail.undeliverable import tell_undeliverable

MOST_NOTES = 20
LEFT = frozenset({MailState.sent, MailState.uncertain, MailState.needs_human})

log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """`too_early`: the letter is just being handed over; the message should be offered again in a minute."""

    undeliverable = "undeliverable"
    noted = "noted"
    known = "known"
    ignored = "ignored"
    too_early = "too_early"


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of a message, and why, in words for a log."""

    outcome: Outcome
    words: str
    mail_id: int | None = None

    def __str__(self) -> str:
        letter = f" letter {self.mail_id}" if self.mail_id is not None else ""
        return f"{self.outcome.replace('_', ' ')}{letter}: {self.words}"


def take(session: Session, content: bytes, *, at: datetime, sender: str = "") -> Handled:
    """Do what a message that came back calls for, in the caller's transaction.

    `sender` is the envelope's: a report has none (RFC 3464, 2), whatever else it says.
    """
    handled = _take(session, content, at, sender)
    log.info("a message that came back: %s", handled)
    return handled


def _take(session: Session, content: bytes, at: datetime, sender: str) -> Handled:
    if sender:
        return Handled(Outcome.ignored, "its envelope has a sender, which a report has not")
    try:
        bounces = read(content)
    except NotABounceError as error:
        return Handled(Outcome.ignored, str(error))
    mail = session.scalar(
        select(Mail)
        .where(
            Mail.message_id == bounces[0].message_id, text("mail.message_id <> ''")
        )  # the words of its index
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if mail is None:
        return Handled(Outcome.ignored, "the letter it returns is not ours")
    of_ours = [bounce for bounce in bounces if mail.address.lower() in bounce.recipients]
    if not of_ours:
        return Handled(Outcome.ignored, "it speaks of another recipient than the letter had", mail.id)
    gravest = max(of_ours, key=lambda bounce: (bounce.gave_up, bounce.still_tries))
    return _apply(session, mail, gravest, at)


def _apply(session: Session, mail: Mail, bounce: Bounce, at: datetime) -> Handled:
    words = _words(bounce)
    if not bounce.gave_up and not bounce.still_tries:
        return Handled(Outcome.ignored, f"it reports no failure: {words}", mail.id)
    if mail.state is MailState.sending:
        return Handled(Outcome.too_early, "the letter is just being handed over", mail.id)
    known = select(MailAttempt.text).where(
        MailAttempt.mail_id == mail.id, MailAttempt.note == AttemptNote.bounce
    )
    notes = session.scalars(known).all()
    if words in notes or len(notes) >= MOST_NOTES or mail.state is MailState.undeliverable:
        return Handled(Outcome.known, words, mail.id)
    note(session, mail, AttemptNote.bounce, words, at=at)
    if not bounce.gave_up or mail.state not in LEFT:
        return Handled(Outcome.noted, words, mail.id)
    settling.settle(session, mail, MailState.undeliverable, words, at=at)
    tell_undeliverable(session, mail, address_is_wrong=bounce.names_no_mailbox, at=at)
    return Handled(Outcome.undeliverable, words, mail.id)


def _words(bounce: Bounce) -> str:
    """`bounce: 550 5.1.1 user unknown`, with the code where the server's words lack it."""
    said = bounce.diagnostic
    if bounce.status and bounce.status not in said:
        said = f"{bounce.status} {said}".strip()
    kind = "bounce" if bounce.gave_up else bounce.action or "delayed"
    return f"{kind}: {said or 'no reason given'}"[:500]
