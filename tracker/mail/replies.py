"""What becomes of a letter after what the mail server said, or did not say. Pure.

RFC 5321 4.2 (reply codes), RFC 3463 (enhanced codes), RFC 1047 (why a break after the body is uncertain).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240))

_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_NO_SUCH_MAILBOX = frozenset({550, 551, 553})
_OF_THE_SENDER = frozenset({"7", "8"})  # 5.1.7 and 5.1.8: its address is bad, whoever the letter is for


class Stage(StrEnum):
    """How far the conversation had come. Only after `body` may the server own the letter."""

    connect = "connect"
    sender = "sender"
    recipient = "recipient"
    data = "data"
    body = "body"


class Verdict(StrEnum):
    later = "later"
    undeliverable = "undeliverable"
    refused = "refused"
    uncertain = "uncertain"


@dataclass(frozen=True, slots=True)
class Reply:
    """The server's answer at a stage; `code` is None for a break, a time-out or garbage."""

    stage: Stage
    code: int | None
    text: str

    def __str__(self) -> str:
        said = f"{self.code} {self.text}" if self.code else self.text
        return f"{self.stage}: {said}"[:500]


def parse(text: str) -> Reply | None:
    """The reply that `str` made this of; None for anything else."""
    stage, colon, said = text.partition(": ")
    if not colon or stage not in set(Stage):
        return None
    code, _, rest = said.partition(" ")
    number = int(code) if len(code) == 3 and code.isascii() and code.isdigit() else None
    return Reply(Stage(stage), number, rest if number else said)


def verdict(reply: Reply) -> Verdict:
    """What a reply that is not an acceptance means for the letter.

    No reply to the body leaves it uncertain; anywhere else it means later. A refusal before the sender was
    named concerns the connection, never the letter, so that is later as well.
    """
    if reply.code is None or not 400 <= reply.code < 600:
        return Verdict.uncertain if reply.stage is Stage.body else Verdict.later
    if reply.code < 500 or reply.stage is Stage.connect:
        return Verdict.later
    if reply.stage is Stage.recipient and _names_no_mailbox(reply):
        return Verdict.undeliverable
    return Verdict.refused


def _names_no_mailbox(reply: Reply) -> bool:
    enhanced = _ENHANCED.search(reply.text)
    if enhanced is None:
        return reply.code in _NO_SUCH_MAILBOX
    _, subject, detail = enhanced.groups()
    return (subject == "1" and detail not in _OF_THE_SENDER) or (subject, detail) == ("2", "1")


def next_attempt(attempts: int, *, now: datetime) -> datetime:
    """When to try again after the `attempts`-th attempt failed for now."""
    return now + BACK_OFF[min(max(attempts, 1), len(BACK_OFF)) - 1]
