"""The dispatcher: how one letter after another leaves the outbox.

Each letter: claimed, offered to the server up to its 354, then the window opens (one transaction that asks
once more whether it is wanted, freezes its bytes and notes that they are about to leave), the body, a line in
the sent journal when the server has it, and the window closes with what the server said. Between the two
transactions no lock is held. A failure before the window is nothing; one inside it leaves the letter
uncertain, unless the journal has it.

The window opens with a commit that is on the disk before the first byte of the body leaves. A claim, and the
closing of a window when the journal has the line, do not wait for the disk: a power cut that takes them back
leaves a letter that is queued, or one that recovery finds in the journal. A lasting commit brings all before
it to the disk.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tracker.database import may_succeed_again
from tracker.mail import claiming, guards, judging, recovery, settling, window
from tracker.mail.connection import MailServer, SafeConnection, ServerError
from tracker.mail.home import Home
from tracker.mail.installation import Premises
from tracker.mail.models import Mail, MailState
from tracker.mail.ownership import Post, take_post
from tracker.mail.replies import Reply, Stage, Verdict
from tracker.mail.rows import TakenError
from tracker.mail.window import Leaving, Service

BATCH = 25
MOST_A_TURN = 500
MOST_A_CONNECTION = 50  # servers limit the letters of one session, OpenSMTPD to 100
BREAKS_THAT_END_A_TURN = 3

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """What a turn did. `standby`: another process sends; `held`: the queue is held.

    `off` is a code of `installation.Off`: the database does not belong here, and no mail leaves. `failed`:
    the error of its own that the dispatcher met, in a line; it begins anew.
    """

    sent: int = 0
    tried: int = 0
    standby: bool = False
    held: bool = False
    off: str | None = None
    failed: str | None = None


def first_line(error: BaseException) -> str:
    """An error in one line of at most 300 characters."""
    said = str(error).strip().partition("\n")[0]
    return (f"{type(error).__name__}: {said}" if said else type(error).__name__)[:300]


class _OutOfPatienceError(Exception):
    """The server cannot be reached, or breaks one conversation after another: another turn, later."""


class _HeldError(Exception):
    """All mail is held since the turn began."""


class Dispatcher:
    """One for each process that sends, made after fork. Not for several threads at once.

    Without `premises` it keeps no journal and asks for no machine file: for a database of the moment.
    """

    def __init__(
        self,
        engine: Engine,
        server: MailServer,
        service: Service,
        *,
        process: str,
        premises: Premises | None = None,
    ) -> None:
        self._engine = engine
        self._service = service
        self._process = process
        self._line = SafeConnection(server)
        self._post: Post | None = None
        self.home = Home(premises, service.base_url)
        self._now: datetime
        self._breaks = self._refused = 0
        self._sent = self._tried = 0
        self._stopping = False
        self.only_to: str | None = None  # an address: then letters to anybody else stay where they are

    @property
    def premises(self) -> Premises | None:
        """Where the installation keeps its files."""
        return self.home.premises

    def turn(self, now: datetime, *, most: int = MOST_A_TURN) -> Turn:
        """Send what is due, up to `most` letters.

        On an unexpected error the session is dropped and the next turn begins with a new id: ordinary
        recovery does the rest.
        """
        self._now, self._breaks, self._sent, self._tried = now, 0, 0, 0
        try:
            return self._turn(most)
        except Exception as error:
            log.exception("the dispatcher gives its post up after an error")
            self._line.drop()
            self.close(None)
            return Turn(self._sent, self._tried, failed=first_line(error))

    def stop(self) -> None:
        """End the turn that runs, in whichever thread, after the letter in hand; none begins any more."""
        self._stopping = True

    def close(self, now: datetime | None) -> None:
        """Give the post up, so that another can take it at once."""
        post, self._post = self._post, None
        self.home.close()
        if post is not None:
            post.leave(now)

    def _turn(self, most: int) -> Turn:
        if self._post is None:
            self._post = take_post(self._engine, process=self._process, now=self._now)
        if self._post is None:
            return Turn(standby=True)
        try:
            off = self._prepare(self._post)
            return Turn(off=off) if off else self._deliver(self._post, most)
        finally:
            self._post.rest()

    def _prepare(self, post: Post) -> str | None:
        """Recover what the dead left behind; or why no mail may leave from here."""
        with post.transaction() as session:
            off = self.home.enter(session, at=self._now)
            if off:
                return off
            recovery.recover(session, post, self.home.journal, at=self._now)
            if self.premises is not None and not self.premises.demonstration:
                guards.watch_volume(session, self._now)
        return None

    def _deliver(self, post: Post, most: int) -> Turn:
        try:
            while self._tried < most and not self._stopping:
                wanted = self._claim(post)
                if wanted is None:
                    break
                self._send_all(post, wanted)
        except _OutOfPatienceError:
            pass
        except _HeldError:
            return Turn(self._sent, self._tried, held=True)
        finally:
            self._line.quit()
        return Turn(self._sent, self._tried)

    def _claim(self, post: Post) -> list[Mail] | None:
        """The next letters to send, without those that are not wanted any more; None when nothing is due."""
        with post.transaction(lasting=False) as session:
            held, self._refused = judging.standing(session)
            if not held:
                batch = claiming.claim(
                    session, owner=post.id, now=self._now, limit=BATCH, only_to=self.only_to
                )
                readers = judging.readers(session, batch)
                wanted = [one for one in batch if self._still_goes(session, one, readers.get(one.person_id))]
        if held:
            raise _HeldError
        return wanted if batch else None

    def _send_all(self, post: Post, mails: list[Mail]) -> None:
        for position, mail in enumerate(mails):
            if self._stopping:
                self._put_back(post, mails[position:])
                return
            try:
                self._send(post, mail)
            except (_OutOfPatienceError, _HeldError):
                self._put_back(post, mails[position + 1 :])
                raise

    def _put_back(self, post: Post, mails: list[Mail]) -> None:
        with post.transaction() as session:
            claiming.release(session, mails, owner=post.id)

    def _send(self, post: Post, mail: Mail) -> None:
        self._tried += 1
        try:
            self._connect()
            self._line.offer(self._service.sender, mail.address)
            leaving = self._open_window(post, mail)
            if leaving is None:
                self._line.drop()  # after the 354 the only way to say nothing is to hang up
                return
            accepted = self._line.hand_over(leaving.mime)
        except ServerError as error:
            self._close_window(post, mail, error.reply)
            self._count(error.reply)
        except ValueError as error:
            self._fail(post, mail, error)
        else:
            remembered = self.home.remember(leaving.line)
            self._close_window(post, mail, Reply(Stage.body, 250, accepted), remembered=remembered)
            self._sent += 1
            self._breaks = 0

    def _connect(self) -> None:
        if self._line.host is not None and self._line.num_emails >= MOST_A_CONNECTION:
            self._line.quit()
        if self._line.host is None:
            self._line.__enter__()

    def _still_goes(self, session: Session, mail: Mail, reader: judging.Reader | None) -> bool:
        """Whether the letter is wanted; one that is not comes to rest here, or waits for its new address."""
        if self.home.journal is not None:
            secret, domain = self._service.secret, self._service.domain
            found = recovery.found_sent(session, mail, self.home.journal, secret=secret, domain=domain)
            if found is not None:
                recovery.settle_found(session, mail, found, at=self._now)
                return False
        try:
            reason = judging.why_not(session, mail, reader, now=self._now)
        except Exception as error:
            if may_succeed_again(error):
                raise
            log.exception("letter %s cannot be judged", mail.id)
            settling.settle(session, mail, MailState.failed, window.words(error), at=self._now)
            return False
        if reason is None:
            return True
        address = judging.new_address(mail, reader)
        if reason == judging.MOVED and address is not None:
            settling.redirect(session, mail, address, at=self._now)
            return False
        # Of a letter that may have arrived nobody can say that it was cancelled.
        state = MailState.needs_human if mail.uncertain_resends else MailState.cancelled
        settling.settle(session, mail, state, reason, at=self._now)
        return False

    def _open_window(self, post: Post, mail: Mail) -> Leaving | None:
        """The bytes that are about to leave; None when the letter must not go after all."""
        try:
            with post.transaction() as session:
                stands = judging.look(session, mail, owner=post.id)
                if stands is not None and stands.held:
                    claiming.release(session, [mail], owner=post.id)
                elif stands is None or not self._still_goes(session, mail, stands.reader):
                    return None
                else:
                    return window.prepare(session, mail, stands.reader, self._service, now=self._now)
        except window.CannotLeaveError as error:
            self._fail(post, mail, error.__cause__ or error)
            return None
        self._line.drop()
        raise _HeldError

    def _close_window(self, post: Post, mail: Mail, reply: Reply, *, remembered: bool = False) -> None:
        held = False
        try:
            with post.transaction(lasting=not remembered) as session:
                if reply.code == 250:
                    settling.accept(session, mail, reply, at=self._now)
                    if self._refused:
                        guards.forget_refusals(session)
                        self._refused = 0
                elif settling.refuse(session, mail, reply, at=self._now) is Verdict.refused:
                    self._refused += 1
                    held = guards.count_refusal(session, at=self._now)
        except TakenError:
            log.error("letter %s was taken from dispatcher %s while it sent it", mail.id, post.id)
        if held:
            raise _HeldError

    def _fail(self, post: Post, mail: Mail, error: BaseException) -> None:
        # Of a letter that may have arrived nobody can say that it failed.
        state = MailState.needs_human if mail.uncertain_resends else MailState.failed
        with suppress(TakenError), post.transaction() as session:
            settling.settle(session, mail, state, window.words(error), at=self._now)

    def _count(self, reply: Reply) -> None:
        if reply.stage is Stage.connect:
            raise _OutOfPatienceError
        if self._line.host is None:
            self._breaks += 1
            if self._breaks >= BREAKS_THAT_END_A_TURN:
                raise _OutOfPatienceError
