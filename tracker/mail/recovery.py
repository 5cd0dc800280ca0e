"""What the dead left behind, and what a restored database does not know: settled before anything is sent."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tracker.audit.actions import record
from tracker.mail import claiming, settling
from tracker.mail.composing import message_id_for
from tracker.mail.decisions import SEND_AGAIN
from tracker.mail.letters import kind_named
from tracker.mail.models import AttemptNote, Mail, MailAttempt, MailState
from tracker.mail.ownership import Post
from tracker.mail.rows import SENDING, note
from tracker.mail.sent_journal import SentJournal, SentLetter, recipient_mark

FOUND = "found in the sent journal"
OVERLAP = timedelta(days=2)
CHUNK = 500
_UNSETTLED = frozenset({MailState.queued, MailState.uncertain, MailState.needs_human})

log = logging.getLogger(__name__)


def recover(session: Session, post: Post, journal: SentJournal | None, *, at: datetime) -> None:
    """What a dead dispatcher held: sent when the journal has it, uncertain when its body may have left."""
    holding = select(Mail.owner).where(SENDING).distinct()
    for owner in session.scalars(holding).all():
        if owner == post.id or post.is_dead(session, owner):
            if journal is not None:
                journal.refresh()  # it may have written its last line a moment ago
            _recover_from(session, owner, journal, at=at)


def _recover_from(session: Session, owner: int | None, journal: SentJournal | None, *, at: datetime) -> None:
    left = select(Mail).where(SENDING, Mail.owner == owner).with_for_update()
    for mail in session.scalars(left).all():
        handed_over = exists().where(
            MailAttempt.mail_id == mail.id,
            MailAttempt.attempt == mail.attempts,
            MailAttempt.note == AttemptNote.data,
        )
        if not session.scalar(select(handed_over)):
            claiming.release(session, [mail], owner=owner)
            continue
        found = journal.find(mail.message_id) if journal else None
        if found is not None and found.mime_hash == mail.mime_hash and not _sent_again(session, mail, found):
            settle_found(session, mail, found, at=at)
            continue
        reason = "the dispatcher ended while it handed the letter over"
        note(session, mail, AttemptNote.result, reason, at=at)
        settling.doubt(session, mail, reason, at=at)


def found_sent(
    session: Session, mail: Mail, journal: SentJournal, *, secret: bytes, domain: str
) -> SentLetter | None:
    """The journal's line of this very letter, unless a person has said since that it shall go again."""
    message_id = message_id_for(mail.dedupe_key, secret=secret, domain=domain)
    found = journal.find(message_id)
    if found is None or found.recipient != recipient_mark(message_id, mail.address):
        return None
    return None if _sent_again(session, mail, found) else found


def settle_found(session: Session, mail: Mail, found: SentLetter, *, at: datetime) -> None:
    """The mail server has had this letter: what it stood for is settled, and so is the letter."""
    _replay(session, found.kind, list(found.keys), at=found.at)
    note(session, mail, AttemptNote.result, FOUND, at=at)
    settling.settle(session, mail, MailState.sent, FOUND, at=found.at)
    record(
        session, "letter_found_sent", "mail", mail.id, by=None, at=at, plan_id=mail.plan_id, kind=mail.kind
    )


def compare(session: Session, journal: SentJournal, *, at: datetime) -> int:
    """Settle as sent what the journal has and the tables do not; how many letters.

    Looks at what was sent since two days before the newest letter that the table calls sent: in a database
    restored from before, that is everything since then.
    """
    newest = session.scalar(
        select(Mail.settled_at).where(Mail.state == MailState.sent).order_by(Mail.id.desc()).limit(1)
    )
    lines = journal.since(newest - OVERLAP if newest else None)
    return sum(_compare(session, some, at=at) for some in _chunks(lines))


def _compare(session: Session, some: list[SentLetter], *, at: datetime) -> int:
    keys = [letter.dedupe_key for letter in some]
    known = select(Mail).where(Mail.dedupe_key.in_(keys)).with_for_update()
    rows = {mail.dedupe_key: mail for mail in session.scalars(known)}
    unknown: dict[tuple[str, datetime], list[str]] = defaultdict(list)
    number = 0
    for letter in some:
        mail = rows.get(letter.dedupe_key)
        if mail is None:
            unknown[letter.kind, letter.at].extend(letter.keys)
            number += 1
        elif (
            mail.state in _UNSETTLED
            and letter.recipient == recipient_mark(letter.message_id, mail.address)
            and not _sent_again(session, mail, letter)
        ):
            settle_found(session, mail, letter, at=at)
            number += 1
    for (kind, sent_at), contents in unknown.items():
        _replay(session, kind, contents, at=sent_at)
    return number


def _sent_again(session: Session, mail: Mail, letter: SentLetter) -> bool:
    said = exists().where(
        MailAttempt.mail_id == mail.id,
        MailAttempt.note == AttemptNote.human,
        MailAttempt.text == SEND_AGAIN,
        MailAttempt.at > letter.at,
    )
    return bool(session.scalar(select(said)))


def _replay(session: Session, kind: str, keys: list[str], *, at: datetime) -> None:
    if not keys:
        return
    try:
        with session.begin_nested():
            kind_named(kind).replay(session, keys, at)
    except Exception:
        log.exception("what the sent journal says of letters of kind %s cannot be settled", kind)


def _chunks(letters: Iterable[SentLetter]) -> Iterator[list[SentLetter]]:
    source = iter(letters)
    while some := list(islice(source, CHUNK)):
        yield some
