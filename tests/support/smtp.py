"""A real SMTP server that remembers what it accepted and misbehaves on request.

    with smtp.peer(record=tmp_path / "accepted.jsonl") as peer:
        peer.script(smtp.reply("RCPT", "451 4.3.0 try again"), smtp.drop("DATA"))
        ...
        assert peer.recipients == ["owner@example.com"]

Every accepted message is in the file, on the disk, before the peer answers 250: what the file holds is what a
recipient would have, whatever becomes of the sender.
"""

from __future__ import annotations

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

from tests.support.ports import free_port
from tests.support.smtp_conversation import Conversation, PeerController

Step = Literal["CONNECT", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "354", "DATA", "ACCEPTED", "QUIT"]


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

    354 is the command DATA, and DATA the message that follows it. ACCEPTED is the moment after a message was
    recorded and before it is answered: the sender cannot know.
    """

    step: Step
    act: Literal["reply", "hang", "drop", "slow", "reset", "drip"]
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


def reset(step: Step, answer: str) -> Misbehaviour:
    """Answer with this line, and reset the connection as soon as it was read."""
    return Misbehaviour(step, "reset", answer=answer)


def drip(step: Step, answer: str, seconds: float) -> Misbehaviour:
    """Answer with this line, one byte each so many seconds."""
    return Misbehaviour(step, "drip", answer=answer, seconds=seconds)


class Peer:
    """What a test sees of the server. Safe to read while processes send."""

    def __init__(self, *, port: int, record: Path | None) -> None:
        self.host = "127.0.0.1"
        self.port = port
        self.connections = 0
        self.heard: list[tuple[str, bool]] = []  # each command, and whether it came over TLS
        self._record = record
        self._accepted: list[Accepted] = []
        self._script: deque[Misbehaviour] = deque()
        self._always: dict[Step, Misbehaviour] = {}
        self._change = threading.Condition()
        self._talking: set[Conversation] = set()
        self._limit: tuple[int, float] | None = None
        self._begun: deque[float] = deque()

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

    def wait_until_alone(self, *, seconds: float = 10) -> None:
        """Until nobody is connected: then all that anybody handed over is in the file."""
        with self._change:
            assert self._change.wait_for(lambda: not self._talking, timeout=seconds), (
                "somebody stays connected"
            )

    def script(self, *misbehaviours: Misbehaviour) -> None:
        """What to do wrong next, each once and in this order."""
        with self._change:
            self._script.extend(misbehaviours)

    @property
    def has_played(self) -> bool:
        """Whether everything in the script has begun to happen."""
        with self._change:
            return not self._script

    def always(self, misbehaviour: Misbehaviour) -> None:
        """What to do wrong every time."""
        self._always[misbehaviour.step] = misbehaviour

    def limit(self, letters: int, *, seconds: float) -> None:
        """Take so many letters in so many seconds, and answer 421 to those above."""
        self._limit = (letters, seconds)

    def behave(self) -> None:
        """Forget every misbehaviour still to come."""
        with self._change:
            self._script.clear()
            self._always.clear()
            self._limit = None

    def _next(self, step: Step) -> Misbehaviour | None:
        with self._change:
            if self._script and self._script[0].step == step:
                return self._script.popleft()
            if step == "MAIL" and self._is_above_the_limit():
                return reply("MAIL", "421 4.7.0 too many letters at once")
            return self._always.get(step)

    def _is_above_the_limit(self) -> bool:
        if self._limit is None:
            return False
        letters, seconds = self._limit
        now = time.monotonic()
        while self._begun and self._begun[0] <= now - seconds:
            self._begun.popleft()
        if len(self._begun) >= letters:
            return True
        self._begun.append(now)
        return False

    def _opened(self, conversation: Conversation) -> None:
        with self._change:
            self._talking.add(conversation)

    def _closed(self, conversation: Conversation) -> None:
        with self._change:
            self._talking.discard(conversation)
            self._change.notify_all()

    def _accept(self, sender: str, recipients: tuple[str, ...], content: bytes) -> None:
        letter = Accepted(sender, recipients, content)
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
    controller = PeerController(
        it,
        ssl_context=tls,
        tls_context=starttls,
        require_starttls=starttls is not None,
        authenticator=authenticator,
        auth_required=authenticator is not None,
        auth_require_tls=starttls is not None,
    )
    controller.start()
    it.connections, it.heard = 0, []  # the controller made one to see that it is up
    try:
        yield it
    finally:
        controller.stop()
