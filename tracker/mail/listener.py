"""Where a mail server hands in what came back: LMTP (RFC 2033), or SMTP, on a loopback address.

Every message is handled in a transaction of its own, and accepted only when that has been committed: whatever
dies, the mail server still has the message and offers it again.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session as DatabaseSession

from tracker.mail.bounces import MOST_BYTES
from tracker.mail.returned import Handled, Outcome, take

PATIENCE_AT_THE_END = 30.0
LATER = "451 4.3.0"

log = logging.getLogger(__name__)


class Inlet:
    """The mail server's side of `take`; one for a process. `now` gives the business time."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    def handle(self, content: bytes, *, sender: str = "") -> Handled:
        """Take a message in a transaction and commit it. Raises what the database raises."""
        with DatabaseSession(self._engine) as session, session.begin():
            return take(session, content, at=self._now(), sender=sender)

    def answer(self, content: bytes, *, sender: str = "") -> str:
        """The same with the reply that the mail server gets. Never raises."""
        try:
            handled = self.handle(content, sender=sender)
        except DBAPIError as error:
            log.warning("the database does not answer: %s", type(error.orig).__name__)
            return f"{LATER} the database does not answer; try again later"
        except Exception:
            log.exception("a message that came back cannot be handled")
            return f"{LATER} it cannot be handled now; try again later"
        if handled.outcome is Outcome.too_early:
            return f"{LATER} {handled.words}; try again later"
        return f"250 2.0.0 {handled.outcome.replace('_', ' ')}"


class Listener:
    """A server for one event loop. `stop` lets the messages in hand come to their end."""

    def __init__(self, inlet: Inlet, *, lmtp: bool = True) -> None:
        self._inlet = inlet
        self._kind: type[SMTP] = _Lmtp if lmtp else _Smtp
        self._lmtp = lmtp
        self._server: asyncio.Server | None = None
        self._lines: set[SMTP] = set()
        self._busy = 0
        self._idle = asyncio.Event()
        self._idle.set()
        # SQLite has one writer, and bounces come by the dozen: one after another is enough.
        self._hands = ThreadPoolExecutor(max_workers=1, thread_name_prefix="bounces")

    async def start(self, host: str, port: int) -> int:
        """Listen; port 0 takes a free one. Raises OSError when the port is not to be had."""
        self._server = await asyncio.get_running_loop().create_server(self._line, host, port)
        found: int = self._server.sockets[0].getsockname()[1]
        return found

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), PATIENCE_AT_THE_END)
        for line in list(self._lines):
            if line.transport is not None:
                line.transport.close()
        await asyncio.sleep(0)
        self._hands.shutdown(wait=False)

    def _line(self) -> SMTP:
        line = self._kind(
            self,
            data_size_limit=MOST_BYTES,
            enable_SMTPUTF8=True,
            hostname="localhost",
            ident="Initiative Tracker",
            loop=asyncio.get_running_loop(),
        )
        self._lines = {one for one in self._lines if one.transport is not None}
        self._lines.add(line)
        return line

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """aiosmtpd calls this when a message is complete; the last it hears is the reply."""
        content = envelope.original_content or b""
        sender = (envelope.mail_from or "").strip("<>")  # aiosmtpd has "<>" for none
        self._busy += 1
        self._idle.clear()
        try:
            loop = asyncio.get_running_loop()
            reply = await loop.run_in_executor(
                self._hands, lambda: self._inlet.answer(content, sender=sender)
            )
        finally:
            self._busy -= 1
            if not self._busy:
                self._idle.set()
        # LMTP answers once for each recipient, SMTP once for the message.
        return "\r\n".join([reply] * (len(envelope.rcpt_tos) if self._lmtp else 1))


class _Smtp(SMTP):
    line_length_limit = 100_000  # some servers write a whole letter on one line


class _Lmtp(LMTP):
    line_length_limit = 100_000


async def _serve(listener: Listener, host: str, port: int, said: Callable[[int], Any]) -> None:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    said(await listener.start(host, port))
    await ended.wait()
    await listener.stop()


def serve(inlet: Inlet, *, host: str, port: int, lmtp: bool, said: Callable[[int], Any]) -> None:
    """Listen until SIGTERM or Ctrl-C; `said` is told the port once it is open. Raises OSError."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd has ten lines for every message
    asyncio.run(_serve(Listener(inlet, lmtp=lmtp), host, port, said))
