"""What one tick does, in order, each a function of `now`: sweep, assemble, send, seal, heartbeat."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, delete, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from tracker import clock
from tracker.audit.heads import HeadsFile, mark_of
from tracker.audit.sealing import seal_everything
from tracker.database import forgettable, reading
from tracker.deadlines import queries as deadlines
from tracker.domain.reminders import Obligation
from tracker.mail import durability, guards, idling
from tracker.mail.delivery import Dispatcher, Turn, first_line
from tracker.mail.heartbeat import HeartbeatCall
from tracker.mail.idling import Outlook
from tracker.mail.installation import installation_of
from tracker.mail.models import Heartbeat
from tracker.mail.outbox import forget_old_secrets
from tracker.plans.people_uploads import forget_old_uploads
from tracker.plans.vacancies import tell_of_vacancies
from tracker.reminders.assembler import assemble
from tracker.reminders.calendars import plan_alone
from tracker.reminders.sweeping import sweep
from tracker.rounds import obligations as rounds

PATIENCE_AT_THE_END = 5.0
SWEEP_EVERY = timedelta(hours=1)
REST = timedelta(minutes=5)
FORGET_PROCESS_AFTER = timedelta(days=2)

log = logging.getLogger(__name__)

Obligations = Callable[[Session, date], Iterator[Obligation]]


def open_obligations(session: Session, today: date) -> Iterator[Obligation]:
    """Everything anybody owes: what the rounds hand over, and the deadlines."""
    yield from rounds.open_obligations(session, today=today)
    yield from deadlines.open_obligations(session, today=today)


@dataclass
class Clockwork:
    """What a process that ticks holds between ticks. Made after fork, one a process."""

    engine: Engine
    dispatcher: Dispatcher
    process: str
    obligations: Obligations = open_obligations
    heartbeat: HeartbeatCall | None = None
    checks_durability: bool = False
    swept: bool = False
    sessions: sessionmaker[Session] = field(init=False)
    _busy: threading.Lock = field(default_factory=threading.Lock, init=False)
    _closed: bool = field(default=False, init=False)
    _trusted: bool = field(default=True, init=False)
    _done_at: datetime | None = field(default=None, init=False)  # when everything was done, and well
    failures: list[str] = field(default_factory=list, init=False)  # what failed in the last tick, in words

    def __post_init__(self) -> None:
        self.sessions = sessionmaker(self.engine, expire_on_commit=False)

    def tick(self, now: datetime) -> Turn:
        """Sweep when it is time, lay letters down, send what is due, seal the journal, leave a heartbeat.

        When everything was done a few minutes ago, only what is due since, and a heartbeat.
        A step that fails is logged and does not keep the next ones from their work. While the clock is not
        trusted nothing is planned. Raises NotDurableError where mail must not be sent at all.
        """
        with self._busy:
            if self._closed:
                return Turn(standby=True)
            if self.checks_durability:
                self.ensure_durable()
            self.failures = []
            outlook = self._outlook(now)
            if outlook is not None and not outlook.due:
                return Turn(held=outlook.held)
            well = outlook is not None or self._step("clock", self._watch_clock, now)
            if well and self._trusted:
                if outlook is None:
                    well &= self._step("sweep", self._sweep, now)
                    well &= self._step("vacancies", self._tell_of_vacancies, now)
                if outlook is None or outlook.reminders:
                    well &= self._step("assemble", self._assemble, now)
            turn = self.dispatcher.turn(now)
            if turn.failed:
                self.failures.append(f"send: {turn.failed}")
            if outlook is None or turn.tried:
                well &= self._step("seal", self._seal, now)
            well &= self._step("heartbeat", self._beat, now)
            well &= not (turn.failed or turn.standby or turn.off)
            done = well and self._trusted and not turn.tried
            self._done_at = (self._done_at if outlook else now) if done else None
            if well and not turn.held and self.heartbeat:
                self.heartbeat()
            return turn

    def _outlook(self, now: datetime) -> Outlook | None:
        """What is due since everything was done, a few minutes ago; then there is no more to do than that.

        When nothing is due the heartbeat is left at once. Every few minutes, and upon any doubt or error, it
        is None: then everything is done.
        """
        if self._done_at is None or not self._done_at <= now < self._done_at + REST:
            return None
        try:
            with idling.briefly(self.engine) as connection:
                found = idling.look(connection, now=now)
                seen = found.clock_seen_at
                if found.swept_at is None or not swept_lately(found.swept_at, now):
                    return None
                if seen is not None and not seen <= now < seen + guards.SEEN_EVERY:
                    return None
                if not found.due and not idling.beat(connection, self.process, now=now):
                    return None
        except DBAPIError:
            log.exception("the tick cannot see whether anything is due")
            return None
        if self.heartbeat and not (found.due or found.held):
            self.heartbeat()
        return found

    def ensure_durable(self) -> None:
        """Once in the life of a process; raises NotDurableError with the one sentence that says why not."""
        for warning in durability.check(self.engine):
            log.warning("%s", warning)
        self.checks_durability = False

    def close(self, now: datetime) -> None:
        """Give up the right to send, so that another process takes over at once.

        A tick that sends ends after the letter in hand. One that hangs on a mail server is not waited for:
        its right ends with the process.
        """
        self._closed = True
        self.dispatcher.stop()
        if self._busy.acquire(timeout=PATIENCE_AT_THE_END):
            try:
                self.dispatcher.close(now)
            finally:
                self._busy.release()

    def _step(self, name: str, step: Callable[[datetime], None], now: datetime) -> bool:
        try:
            step(now)
        except Exception as error:
            log.exception("the step %s failed; the next tick tries again", name)
            self.failures.append(f"{name}: {first_line(error)}")
            return False
        return True

    def _watch_clock(self, now: datetime) -> None:
        """Hold all mail when the clock jumped; in a demonstration it does."""
        premises = self.dispatcher.premises
        if premises is None or premises.demonstration:
            return
        with reading(), self.sessions() as session:
            news = guards.clock_is_news(session, now)
        if news:
            with self.sessions.begin() as session:
                self._trusted = guards.trusts_clock(session, now)
        else:
            self._trusted = True

    def _sweep(self, now: datetime) -> None:
        """Plan everything anew: at start, and when nobody has done so for an hour."""
        with reading(), self.sessions() as session:
            if not self._sweep_is_due(session, now):
                return
        with self.sessions.begin() as session:
            plan_alone(session)
            if self._sweep_is_due(session, now):
                sweep(session, self.obligations(session, clock.local_date(now)), now=now)
                self._row(session, now).swept_at = now
                session.execute(delete(Heartbeat).where(Heartbeat.ticked_at < now - FORGET_PROCESS_AFTER))
                forget_old_secrets(session, now)
                forget_old_uploads(session, now)
        self.swept = True

    def _sweep_is_due(self, session: Session, now: datetime) -> bool:
        if not self.swept:
            return True
        last = session.scalar(
            select(Heartbeat.swept_at)
            .where(Heartbeat.swept_at.is_not(None))
            .order_by(Heartbeat.swept_at.desc())
            .limit(1)
        )
        return last is None or not swept_lately(last, now)

    def _tell_of_vacancies(self, now: datetime) -> None:
        with self.sessions.begin() as session:
            tell_of_vacancies(session, now=now)

    def _assemble(self, now: datetime) -> None:
        after: int | None = 0
        while after is not None:
            # Forgotten, it is done again: nothing of it has left before a commit that waits for the disk.
            with self.engine.connect() as connection, forgettable(connection) as session:
                after = assemble(session, now=now, after=after)

    def _seal(self, now: datetime) -> None:
        """Give what was journaled since its place in the chain; not in a database of the moment."""
        premises = self.dispatcher.premises
        if premises is None:
            return
        with reading(), self.sessions() as session:
            row = installation_of(session)
        if row is not None:
            seal_everything(self.sessions, HeadsFile(premises.folder, mark_of(row.created_at)), now=now)

    def _beat(self, now: datetime) -> None:
        with idling.briefly(self.engine) as connection:
            noted = idling.beat(connection, self.process, now=now)
        if not noted:
            with self.sessions.begin() as session:
                self._row(session, now).ticked_at = now

    def _row(self, session: Session, now: datetime) -> Heartbeat:
        row = session.scalar(select(Heartbeat).where(Heartbeat.process == self.process))
        if row is None:
            row = Heartbeat(process=self.process, ticked_at=now)
            session.add(row)
        return row


def swept_lately(swept_at: datetime, now: datetime) -> bool:
    """Whether everything was planned within the hour; a time to come is no such time."""
    return now - SWEEP_EVERY < swept_at <= now
