"""A real SMTP server that remembers what it accepted and misbehaves on request.

    with smtp.peer(record=tmp_path / "accepted.jsonl") as peer:
        peer.script(smtp.reply("RCPT", "451 4.3.0 try again"), smtp.drop("DATA"))
        ...
        assert peer.recipients == ["owner@example.com"]

Every accepted message is in the file, on the disk, before the peer answers 250: what the file holds is what a
recipient would have, whatever becomes of the sender.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.ports import free_port

Step = Literal["CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "ACCEPTED"]


@dataclass(frozen=True)
class Accepted:
    """One message the peer took responsibility for."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        message = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message

    @property
    def text(self) -> str:
        """The plain text part."""
        part = self.message.get_body(preferencelist=("plain",))
        return "" if part is None else part.get_content()


@dataclass(frozen=True)
class Misbehaviour:
    """What the peer does once, the next time a conversation reaches `step`.

    ACCEPTED is the moment after a message was recorded and before it is answered: the sender cannot know.
    """

    step: Step
    act: Literal["reply", "hang", "drop", "slow"]
    answer: str = ""
    seconds: float = 0


def reply(step: Step, answer: str) -> Misbehaviour:
    """Answer with this line, e.g. `550 5.1.1 no such person`. At CONNECT it is the greeting, then the
    line is cut.
    """
    return Misbehaviour(step, "reply", answer=answer)


def hang(step: Step) -> Misbehaviour:
    """Say nothing, until the peer is closed or the sender gives up."""
    return Misbehaviour(step, "hang")


def drop(step: Step) -> Misbehaviour:
    """Cut the line without a word."""
    return Misbehaviour(step, "drop")


def slow(step: Step, seconds: float) -> Misbehaviour:
    """Go on as usual, `seconds` later."""
    return Misbehaviour(step, "slow", seconds=seconds)


class Peer:
    """What a test sees of the server. Safe to read while processes send."""

    def __init__(self, *, port: int, record: Path | None) -> None:
        self.host = "127.0.0.1"
        self.port = port
        self.connections = 0
        self._record = record
        self._accepted: list[Accepted] = []
        self._script: deque[Misbehaviour] = deque()
        self._always: dict[Step, Misbehaviour] = {}
        self._change = threading.Condition()

    @property
    def accepted(self) -> list[Accepted]:
        with self._change:
            return list(self._accepted)

    @property
    def recipients(self) -> list[str]:
        """The envelope recipients of everything accepted, in order."""
        return [recipient for letter in self.accepted for recipient in letter.recipients]

    def letters_to(self, address: str) -> list[Accepted]:
        return [letter for letter in self.accepted if address in letter.recipients]

    def wait_for(self, number: int, *, seconds: float = 10) -> list[Accepted]:
        """Everything accepted, once there are `number` messages; fails the test when they do not come
        in time.
        """
        with self._change:
            came = self._change.wait_for(lambda: len(self._accepted) >= number, timeout=seconds)
            assert came, f"{len(self._accepted)} of {number} letters came within {seconds} s"
            return list(self._accepted)

    def script(self, *misbehaviours: Misbehaviour) -> None:
        """What to do wrong next, each once and in this order."""
        with self._change:
            self._script.extend(misbehaviours)

    def always(self, misbehaviour: Misbehaviour) -> None:
        """What to do wrong every time."""
        self._always[misbehaviour.step] = misbehaviour

    def behave(self) -> None:
        """Forget every misbehaviour still to come."""
        with self._change:
            self._script.clear()
            self._always.clear()

    def _next(self, step: Step) -> Misbehaviour | None:
        with self._change:
            if self._script and self._script[0].step == step:
                return self._script.popleft()
            return self._always.get(step)

    def _accept(self, letter: Accepted) -> None:
        if self._record:
            line = {
                "sender": letter.sender,
                "recipients": letter.recipients,
                "content": base64.b64encode(letter.content).decode(),
                "at": time.time(),
            }
            with self._record.open("a") as file:
                file.write(json.dumps(line) + "\n")
                file.flush()
                os.fsync(file.fileno())
        with self._change:
            self._accepted.append(letter)
            self._change.notify_all()


def recorded(record: Path) -> list[Accepted]:
    """What a peer's file holds: also the file of a peer in another process."""
    lines = [json.loads(line) for line in record.read_text().splitlines()] if record.exists() else []
    return [
        Accepted(line["sender"], tuple(line["recipients"]), base64.b64decode(line["content"]))
        for line in lines
    ]


@contextmanager
def peer(
    *,
    record: Path | None = None,
    port: int | None = None,
    tls: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    authenticator: Callable[..., Any] | None = None,
) -> Iterator[Peer]:
    """A peer that listens on the loopback address for the length of the block.

    `tls` speaks TLS from the first byte; `starttls` offers it and demands it; `authenticator` is aiosmtpd's.
    """
    it = Peer(port=port or free_port(), record=record)
    controller = _Controller(
        it,
        ssl_context=tls,
        tls_context=starttls,
        require_starttls=starttls is not None,
        authenticator=authenticator,
        auth_required=authenticator is not None,
        auth_require_tls=starttls is not None,
    )
    controller.start()
    it.connections = 0  # the controller made one to see that it is up
    try:
        yield it
    finally:
        controller.stop()


_CUT = "421 4.3.2 closing"


class _Conversation(SMTP):
    """One connection."""

    peer: Peer

    async def misbehave(self, step: Step) -> str | None:
        """Do what the script says at `step`; the answer to give, or None to go on as usual."""
        wrong = self.peer._next(step)
        if wrong is None:
            return None
        if wrong.act == "slow":
            await asyncio.sleep(wrong.seconds)
            return None
        if wrong.act == "hang":
            await asyncio.sleep(3600)
        if wrong.act == "drop":
            assert self.transport is not None
            self.transport.abort()
            return _CUT
        return wrong.answer

    async def _handle_client(self) -> None:
        self.peer.connections += 1
        answer = await self.misbehave("CONNECT")
        if answer is not None:
            if not self.transport.is_closing():
                await self.push(answer)
            self.transport.close()
            return
        await super()._handle_client()


class _Handler:
    """The hooks aiosmtpd calls; each may be told to misbehave."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: _Conversation, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        answer = await server.misbehave("EHLO")
        return responses if answer is None else [answer]

    async def handle_MAIL(  # noqa: N802
        self, server: _Conversation, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await server.misbehave("MAIL")
        if answer is None:
            envelope.mail_from = address
        return answer or "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: _Conversation, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await server.misbehave("RCPT")
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802
        self, server: _Conversation, session: Session, envelope: Envelope
    ) -> str:
        answer = await server.misbehave("DATA")
        if answer is not None:
            return answer
        content = envelope.original_content or b""
        self.peer._accept(Accepted(envelope.mail_from or "", tuple(envelope.rcpt_tos), content))
        return await server.misbehave("ACCEPTED") or "250 2.0.0 accepted"


class _Controller(Controller):
    def __init__(self, peer: Peer, **settings: Any) -> None:
        self._peer = peer
        self._open: list[_Conversation] = []
        super().__init__(_Handler(peer), hostname=peer.host, port=peer.port, ready_timeout=10, **settings)

    def factory(self) -> SMTP:
        conversation = _Conversation(self.handler, **self.SMTP_kwargs)
        conversation.peer = self._peer
        self._open.append(conversation)
        return conversation

    def stop(self, no_assert: bool = False) -> None:
        self.loop.call_soon_threadsafe(self._hang_up)
        super().stop(no_assert)

    def _hang_up(self) -> None:
        for conversation in self._open:
            if conversation.transport is not None:
                conversation.transport.abort()
