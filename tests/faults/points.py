"""Places between plan and mark at which a process of the tests dies, as if the power went.

The product knows nothing of them: in the process that is to die, and only there, the function at that place
is replaced by one that kills the process by SIGKILL.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tracker import clockwork
from tracker.clockwork import Clockwork
from tracker.mail import claiming, connection, delivery, settling, window
from tracker.mail.connection import SafeConnection
from tracker.mail.delivery import Dispatcher
from tracker.mail.replies import Stage
from tracker.mail.sent_journal import SentJournal

Replacing = Callable[[Callable[..., Any], Callable[[], None]], Callable[..., Any]]


@dataclass(frozen=True)
class Point:
    """Where `owner.name` is called. In the `window` nobody can know whether the server has the letter: it
    ends with the line in the sent journal.

    `often`: it comes by once for each letter, otherwise once a tick.
    """

    owner: Any
    name: str
    replacing: Replacing
    window: bool = False
    often: bool = False


def before(function: Callable[..., Any], die: Callable[[], None]) -> Callable[..., Any]:
    def dying(*words: Any, **named: Any) -> Any:
        die()
        return function(*words, **named)

    return dying


def after(function: Callable[..., Any], die: Callable[[], None]) -> Callable[..., Any]:
    def dying(*words: Any, **named: Any) -> Any:
        result = function(*words, **named)
        die()
        return result

    return dying


def after_words(word: object) -> Replacing:
    """After a call that has this among its arguments."""

    def replacing(function: Callable[..., Any], die: Callable[[], None]) -> Callable[..., Any]:
        def dying(*words: Any, **named: Any) -> Any:
            result = function(*words, **named)
            if word in words:
                die()
            return result

        return dying

    return replacing


def sent_so_far(share: float) -> Replacing:
    """In `hand_over`, when this share of the letter and its dot has left and nothing was read."""

    def replacing(function: Callable[..., Any], die: Callable[[], None]) -> Callable[..., Any]:
        def dying(line: SafeConnection, mime: bytes) -> str:
            body = connection._dotted(mime)
            part = body[: int(len(body) * share)]
            assert line.host is not None

            def die_in_the_middle() -> None:
                assert line.host is not None
                line.host.sock.sendall(part)
                os.kill(os.getpid(), signal.SIGKILL)

            return _either(die, die_in_the_middle, lambda: function(line, mime))

        return dying

    return replacing


def _either(die: Any, instead: Callable[[], None], go_on: Callable[[], str]) -> str:
    if die.is_time():
        instead()
    return go_on()


POINTS: dict[str, Point] = {
    "planned, not committed": Point(clockwork, "sweep", after),
    "planned": Point(Clockwork, "_assemble", before),
    "assembled, not committed": Point(clockwork, "assemble", after),
    "assembled": Point(Dispatcher, "turn", before),
    "post taken": Point(delivery, "take_post", after),
    "recovered": Point(claiming, "claim", before),
    "claimed, not committed": Point(claiming, "claim", after),
    "claimed": Point(Dispatcher, "_send", before, often=True),
    "connected": Point(SafeConnection, "__enter__", after),
    "sender named": Point(SafeConnection, "_say", after_words(Stage.sender), often=True),
    "recipient named": Point(SafeConnection, "_say", after_words(Stage.recipient), often=True),
    "server says go on": Point(SafeConnection, "_say", after_words(Stage.data), often=True),
    "window open, not committed": Point(window, "prepare", after, often=True),
    "window open": Point(SafeConnection, "hand_over", before, window=True, often=True),
    "half of the letter left": Point(SafeConnection, "hand_over", sent_so_far(0.5), window=True, often=True),
    "the letter left, its answer unread": Point(
        SafeConnection, "hand_over", sent_so_far(1), window=True, often=True
    ),
    "accepted": Point(SafeConnection, "hand_over", after, window=True, often=True),
    "in the journal": Point(SentJournal, "append", after, often=True),
    "answer noted, not committed": Point(settling, "_tell_kind", before, often=True),
    "marked, not committed": Point(settling, "accept", after, often=True),
    "marked": Point(Dispatcher, "_close_window", after, often=True),
    "leave taken": Point(SafeConnection, "quit", after),
    "heartbeat due": Point(Clockwork, "_beat", before),
}


class _Death:
    """Dies the `turn`-th time it is asked to."""

    def __init__(self, turn: int) -> None:
        self.left = turn

    def is_time(self) -> bool:
        self.left -= 1
        return self.left == 0

    def __call__(self) -> None:
        if self.is_time():
            os.kill(os.getpid(), signal.SIGKILL)


def arm(name: str, turn: int) -> None:
    """From now on this process dies the `turn`-th time it comes by the point; no name arms nothing."""
    if name:
        point = POINTS[name]
        setattr(point.owner, point.name, point.replacing(getattr(point.owner, point.name), _Death(turn)))
