"""The dispatcher: how one letter after another leaves the outbox.

Each letter: claimed, offered to the server up to its 354, then the window opens (one transaction that asks
once more whether it is wanted, freezes its bytes and notes that they are about to leave), the body, and the
window closes with what the server said. Between the two transactions no lock is held. A failure before the
window is nothing; one inside it leaves the letter uncertain.

Still to come here: the journal of what was sent, kept outside of the database (between the server's 250 and
`_close_window`), and the guards that hold the queue.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine, exists, select
from sqlalchemy.orm import Session

from tracker.mail import settling
from tracker.mail.composing import Envelope, SafeMessage, message_id_for
from tracker.mail.connection import MailServer, SafeConnection, ServerError
from tracker.mail.letters import kind_named
from tracker.mail.models import AttemptNote, Mail, MailAttempt, MailState
from tracker.mail.ownership import Post, take_post
from tracker.mail.replies import Reply, Stage

BATCH = 10
MOST_A_TURN = 500
MOST_A_CONNECTION = 50  # servers limit the letters of one session, OpenSMTPD to 100
BREAKS_THAT_END_A_TURN = 3

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Service:
    """From whom letters come and where their links lead; `secret` is the installation's key."""

    base_url: str
    sender: str
    sender_name: str
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Turn:
    """What a turn did. `standby`: another process sends; `held`: the queue is held."""

    sent: int = 0
    tried: int = 0
    standby: bool = False
    held: bool = False


class _OutOfPatienceError(Exception):
    """The server cannot be reached, or breaks one conversation after another: another turn, later."""


class Dispatcher:
    """One for each process that sends, made after fork. Not for several threads at once."""

    def __init__(self, engine: Engine, server: MailServer, service: Service, *, process: str) -> None:
        self._engine = engine
        self._service = service
        self._process = process
        self._line = SafeConnection(server)
        self._post: Post | None = None
        self._now: datetime
        self._breaks = 0
        self._sent = self._tried = 0
        self._stopping = False
        self.only_to: str | None = None  # an address: then letters to anybody else stay where they are

    def turn(self, now: datetime, *, most: int = MOST_A_TURN) -> Turn:
        """Send what is due, up to `most` letters.

        On an unexpected error the session is dropped and the next turn begins with a new id: ordinary
        recovery does the rest.
        """
        self._now, self._breaks, self._sent, self._tried = now, 0, 0, 0
        try:
            return self._turn(most)
        except Exception:
            log.exception("the dispatcher gives its post up after an error")
            self._line.drop()
            self.close(None)
            return Turn(self._sent, self._tried)

    def stop(self) -> None:
        """End the turn that runs, in whichever thread, after the letter in hand; none begins any more."""
        self._stopping = True

    def close(self, now: datetime | None) -> None:
        """Give the post up, so that another can take it at once."""
        post, self._post = self._post, None
        if post is not None:
            post.leave(now)

    def _turn(self, most: int) -> Turn:
        if self._post is None:
            self._post = take_post(self._engine, process=self._process, now=self._now)
        post = self._post
        if post is None:
            return Turn(standby=True)
        self._recover(post)
        try:
            while self._tried < most and not self._stopping:
                with post.transaction() as session:
                    if settling.is_held(session):
                        return Turn(self._sent, self._tried, held=True)
                    batch = settling.claim(
                        session, owner=post.id, now=self._now, limit=BATCH, only_to=self.only_to
                    )
                    wanted = [mail for mail in batch if self._still_goes(session, mail)]
                if not batch:
                    break
                self._send_all(post, wanted)
        except _OutOfPatienceError:
            pass
        finally:
            self._line.quit()
        return Turn(self._sent, self._tried)

    def _send_all(self, post: Post, mails: list[Mail]) -> None:
        for position, mail in enumerate(mails):
            if self._stopping:
                self._put_back(post, mails[position:])
                return
            try:
                self._send(post, mail)
            except _OutOfPatienceError:
                self._put_back(post, mails[position + 1 :])
                raise

    def _put_back(self, post: Post, mails: list[Mail]) -> None:
        with post.transaction() as session:
            settling.release(session, mails, owner=post.id)

    def _send(self, post: Post, mail: Mail) -> None:
        self._tried += 1
        try:
            self._connect()
            self._line.offer(self._service.sender, mail.address)
            mime = self._open_window(post, mail.id)
            if mime is None:
                self._line.drop()  # after the 354 the only way to say nothing is to hang up
                return
            accepted = self._line.hand_over(mime)
        except ServerError as error:
            self._close_window(post, mail.id, error.reply)
            self._count(error.reply)
        except ValueError as error:
            self._fail(post, mail.id, error)
        else:
            self._close_window(post, mail.id, Reply(Stage.body, 250, accepted))
            self._sent += 1
            self._breaks = 0

    def _connect(self) -> None:
        if self._line.host is not None and self._line.num_emails >= MOST_A_CONNECTION:
            self._line.quit()
        if self._line.host is None:
            self._line.__enter__()

    def _still_goes(self, session: Session, mail: Mail) -> bool:
        """Whether the letter is wanted; one that is not comes to rest here."""
        try:
            with session.begin_nested():
                reason = settling.why_not(session, mail, now=self._now)
        except Exception as error:
            log.exception("letter %s cannot be judged", mail.id)
            settling.settle(session, mail, MailState.failed, _words(error), at=self._now)
            return False
        if reason is None:
            return True
        # Of a letter that may have arrived nobody can say that it was cancelled.
        state = MailState.needs_human if mail.uncertain_resends else MailState.cancelled
        settling.settle(session, mail, state, reason, at=self._now)
        return False

    def _open_window(self, post: Post, mail_id: int) -> bytes | None:
        """The bytes that are about to leave; None when the letter must not go after all."""
        try:
            with post.transaction() as session:
                mail = settling.mine(session, mail_id, owner=post.id)
                if mail is None or not self._still_goes(session, mail):
                    return None
                if mail.mime is None:
                    self._freeze(session, mail)
                kind_named(mail.kind).enclosed(session, mail, self._now)
                settling.note(session, mail, AttemptNote.data, mail.message_id, at=self._now)
                session.flush()
                return mail.mime
        except _CannotRenderError as error:
            self._fail(post, mail_id, error.__cause__ or error)
            return None

    def _freeze(self, session: Session, mail: Mail) -> None:
        service = self._service
        try:
            context = settling.context_for(
                session, mail, base_url=service.base_url, secret=service.secret, now=self._now
            )
            letter = kind_named(mail.kind).render(session, mail, context)
            domain = service.sender.rpartition("@")[2]
            envelope = Envelope(
                sender=service.sender,
                sender_name=service.sender_name,
                recipient=mail.address,
                recipient_name=context.name,
                message_id=message_id_for(mail.dedupe_key, secret=service.secret, domain=domain),
                dated_at=self._now,
                language=context.language,
            )
            mail.mime = SafeMessage(letter, envelope).as_bytes()
        except Exception as error:
            log.exception("letter %s cannot be written", mail.id)
            raise _CannotRenderError from error
        mail.subject, mail.message_id, mail.dated_at = letter.subject, envelope.message_id, envelope.dated_at
        mail.mime_hash = hashlib.sha256(mail.mime).hexdigest()

    def _close_window(self, post: Post, mail_id: int, reply: Reply) -> None:
        with post.transaction() as session:
            mail = settling.mine(session, mail_id, owner=post.id)
            if mail is None:
                log.error("letter %s was taken from dispatcher %s while it sent it", mail_id, post.id)
            elif reply.code == 250:
                settling.note(session, mail, AttemptNote.result, str(reply), at=self._now)
                settling.settle(session, mail, MailState.sent, "", at=self._now)
            else:
                settling.refuse(session, mail, reply, at=self._now)

    def _fail(self, post: Post, mail_id: int, error: BaseException) -> None:
        with post.transaction() as session:
            mail = settling.mine(session, mail_id, owner=post.id)
            if mail is not None:
                settling.settle(session, mail, MailState.failed, _words(error), at=self._now)

    def _count(self, reply: Reply) -> None:
        if reply.stage is Stage.connect:
            raise _OutOfPatienceError
        if self._line.host is None:
            self._breaks += 1
            if self._breaks >= BREAKS_THAT_END_A_TURN:
                raise _OutOfPatienceError

    def _recover(self, post: Post) -> None:
        """What a dead dispatcher held goes back, or is uncertain when its body may have left."""
        with post.transaction() as session:
            holding = select(Mail.owner).where(Mail.state == MailState.sending).distinct()
            for owner in session.scalars(holding).all():
                if owner == post.id or post.is_dead(session, owner):
                    self._recover_from(session, owner)

    def _recover_from(self, session: Session, owner: int | None) -> None:
        left = select(Mail).where(Mail.state == MailState.sending, Mail.owner == owner).with_for_update()
        for mail in session.scalars(left).all():
            handed_over = session.scalar(
                select(
                    exists().where(
                        MailAttempt.mail_id == mail.id,
                        MailAttempt.attempt == mail.attempts,
                        MailAttempt.note == AttemptNote.data,
                    )
                )
            )
            if handed_over:
                reason = "the dispatcher ended while it handed the letter over"
                settling.note(session, mail, AttemptNote.result, reason, at=self._now)
                settling.doubt(session, mail, reason, at=self._now)
            else:
                settling.release(session, [mail], owner=owner)  # type: ignore[arg-type]


class _CannotRenderError(Exception):
    """The letter could not be written; the cause is the reason."""


def _words(error: BaseException) -> str:
    return f"it cannot be written: {type(error).__name__}: {error}"[:500]
