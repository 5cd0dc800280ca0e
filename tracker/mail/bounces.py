"""A message from a mail server, read into values: what became of a letter. Pure; nothing in it is trusted.

RFC 6522 (multipart/report), RFC 3464 (delivery status), RFC 6533 (the same in UTF-8). Python's own parser of
messages is not used: its time grows with the square of what a hostile message may hold, and a report needs
only its headers, its parts and their fields.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

MOST_BYTES = 1_000_000
_MOST_PARTS = 30
_MOST_LEVELS = 3
_MOST_BLOCKS = 100
_MOST_HEADER_BYTES = 100_000
_MOST_VALUE = 2_000

_STATUS_PARTS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_ORIGINAL_PARTS = frozenset(
    {
        "message/rfc822",
        "message/rfc822-headers",
        "text/rfc822-headers",
        "message/global",
        "message/global-headers",
    }
)
_FIELD_NAME = re.compile(r"[!-9;-~]{1,100}")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,198}>")
_CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_XTEXT = re.compile(r"\+([0-9A-F]{2})")
_ANSWERS = re.compile(
    r"\s*(automatisk svar|automatic reply|out of office|ikke til stede|fravær)\b", re.IGNORECASE
)
# Where a server gives no code, or only the one for "something else", its words have to do.
_NO_SUCH_MAILBOX = re.compile(
    r"(user|mailbox|recipient|address|account|person)[^.;]{0,60}"
    r"(unknown|not found|not exist|doesn't exist|no longer exists)"
    r"|(unknown|no such|invalid|bad) (local )?(user|mailbox|recipient|address|account|person)",
    re.IGNORECASE,
)


class NotABounceError(Exception):
    """The message does not say what became of a letter; its words say what it is instead."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a report says of one recipient of the letter `message_id` (with its angle brackets).

    `recipient` is the final one, in lower case, and `original` the one that was asked for, or "". `action` is
    failed, delayed, delivered, relayed, expanded or ""; `status` is like 5.1.1, or "". `diagnostic` are the
    server's words on one line.
    """

    message_id: str
    recipient: str
    action: str
    status: str
    diagnostic: str
    original: str = ""

    @property
    def recipients(self) -> frozenset[str]:
        """Every spelling of the recipient; the original may be in xtext (RFC 3461, 4)."""
        decoded = _XTEXT.sub(lambda found: chr(int(found[1], 16)), self.original.upper()).lower()
        return frozenset({self.recipient, self.original, decoded}) - {""}

    @property
    def gave_up(self) -> bool:
        """The letter will not arrive: also after days of a temporary failure."""
        if self.action:
            return self.action == "failed" and not self.status.startswith("2")
        return self.status.startswith("5")

    @property
    def still_tries(self) -> bool:
        return self.action == "delayed" or (not self.action and self.status.startswith("4"))

    @property
    def names_no_mailbox(self) -> bool:
        """Whether the address is wrong, and no letter to it will ever arrive (RFC 3463, 3.2 and 3.3).

        Not for a full mailbox, a refusal by policy, or an address of the sender that the server disliked.
        """
        if not self.gave_up or self.status.startswith("4"):
            return False
        code = _telling_code(self.status) or _telling_code(self.diagnostic)
        if code is None:
            return _NO_SUCH_MAILBOX.search(self.diagnostic) is not None
        if code == ("4", "1"):  # Exchange Online's answer for an address that its directory does not have
            return "recipient address rejected: access denied" in self.diagnostic.lower()
        return code == ("2", "1") or (code[0] == "1" and code[1] not in {"7", "8", "20", "90"})


def read(content: bytes) -> tuple[Bounce, ...]:
    """What a message reports, one value a recipient, at least one. Raises NotABounceError, nothing else."""
    if len(content) > MOST_BYTES:
        raise NotABounceError(f"it is larger than {MOST_BYTES} bytes")
    message = _Part(_without_envelope(content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")))
    report = _report_in(message, _MOST_LEVELS)
    if report is None:
        raise NotABounceError(_what_else(message))
    message_id = _returned_id(report)
    found = tuple(_recipients_in(report, message_id))
    if not found:
        raise NotABounceError("its report names no recipient")
    return found


class _Part:
    """A message or a part of one: its fields by lower-case name, and what follows them."""

    def __init__(self, content: bytes) -> None:
        head, _, self.body = (b"", b"", content[1:]) if content[:1] == b"\n" else content.partition(b"\n\n")
        self.fields = _fields(head)

    def field(self, name: str) -> str:
        return self.fields.get(name, [""])[0]

    @cached_property
    def kind(self) -> str:
        return self.field("content-type").partition(";")[0].strip().lower() or "text/plain"

    def parameter(self, name: str) -> str:
        given = rf';\s*{name}\s*=\s*(?:"([^"]*)"|([^\s;"]+))'
        found = re.search(given, self.field("content-type"), re.IGNORECASE)
        return (found[1] or found[2] or "").strip() if found else ""

    @cached_property
    def parts(self) -> list[_Part]:
        boundary = self.parameter("boundary")
        if not self.kind.startswith("multipart/") or not boundary:
            return []
        line = rb"(?m)^--" + re.escape(boundary.encode("utf-8", "replace")) + rb"(--)?[ \t]*(?:\n|\Z)"
        pieces = re.split(line, self.body, maxsplit=_MOST_PARTS + 1)
        found = []
        for closing, piece in zip(pieces[1::2], pieces[2::2], strict=True):
            if closing is not None:
                break
            found.append(_Part(piece))
        return found[:_MOST_PARTS]

    @property
    def plain(self) -> bytes:
        """The body without its transfer encoding."""
        encoding = self.field("content-transfer-encoding").lower()
        if encoding == "quoted-printable":
            return quopri.decodestring(self.body)
        if encoding == "base64":
            try:
                return base64.b64decode(self.body).replace(b"\r\n", b"\n")
            except (binascii.Error, ValueError):
                return self.body
        return self.body


def _without_envelope(content: bytes) -> bytes:
    """The message without the line that an mbox, or a pipe from Postfix, has before it."""
    content = content.lstrip(b"\n")
    return content.partition(b"\n")[2] if content.startswith(b"From ") else content


def _fields(head: bytes) -> dict[str, list[str]]:
    """Unfolded fields, each value on one line; what is no field is passed over."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in [*_decoded(head[:_MOST_HEADER_BYTES]).split("\n"), ""]:
        if lines and line[:1] in {" ", "\t"}:
            lines.append(line)
            continue
        name, colon, first = lines[0].partition(":") if lines else ("", "", "")
        if colon and _FIELD_NAME.fullmatch(name.rstrip()):
            value = one_line(" ".join([first, *lines[1:]]), most=_MOST_VALUE)
            found.setdefault(name.rstrip().lower(), []).append(value)
        lines = [line]
    return found


def _decoded(text: bytes) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return text.decode("latin-1")


def one_line(text: str, *, most: int) -> str:
    """Text with every run of blanks and controls as one blank, at most so many characters."""
    return " ".join(re.sub(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+", " ", text[: 4 * most]).split())[:most]


def _report_in(part: _Part, levels: int) -> _Part | None:
    """The report, also inside of a footer that a server added; what somebody forwards is not looked into."""
    if part.kind == "multipart/report" and any(one.kind in _STATUS_PARTS for one in part.parts):
        return part
    if levels:
        for one in part.parts:
            found = _report_in(one, levels - 1)
            if found is not None:
                return found
    return None


def _returned_id(report: _Part) -> str:
    """The Message-ID of the letter that came back. Raises NotABounceError unless there is exactly one."""
    returned = next((one for one in report.parts if one.kind in _ORIGINAL_PARTS), None)
    if returned is None:
        raise NotABounceError("the returned letter is not in it")
    named = _Part(returned.plain.lstrip(b"\n")).fields.get("message-id", [])
    ids: set[str] = {found for value in named for found in _MESSAGE_ID.findall(value)}
    if len(ids) != 1:
        raise NotABounceError("the returned letter has no Message-ID, or more than one")
    (message_id,) = ids
    return message_id


def _recipients_in(report: _Part, message_id: str) -> Iterator[Bounce]:
    status = next(one for one in report.parts if one.kind in _STATUS_PARTS)
    for block in re.split(rb"\n[ \t]*\n", status.plain, maxsplit=_MOST_BLOCKS)[:_MOST_BLOCKS]:
        fields = _fields(block.strip(b"\n"))
        final, original = fields.get("final-recipient"), fields.get("original-recipient")
        if final is None and original is None:
            continue
        code = _CODE.search(fields.get("status", [""])[0])
        action = fields.get("action", [""])[0].lower().split(maxsplit=1)
        yield Bounce(
            message_id=message_id,
            recipient=_address(final),
            action=re.sub(r"[^a-z].*", "", action[0]) if action else "",
            status=".".join(code.groups()) if code else "",
            diagnostic=_words(fields),
            original=_address(original),
        )


def _address(values: list[str] | None) -> str:
    """`rfc822; <Owner@Example.com>` -> `owner@example.com`."""
    text = (values or [""])[0]
    return text.partition(";")[2].strip().removeprefix("<").removesuffix(">").strip().lower()[:320]


def _words(fields: dict[str, list[str]]) -> str:
    given = fields.get("diagnostic-code", [""])[0]
    words = given.partition(";")[2].strip() or given
    return one_line(words or fields.get("status", [""])[0], most=400)


def _telling_code(text: str) -> tuple[str, str] | None:
    """Subject and detail of the enhanced code in a text; None for none, or one that says "something else"."""
    for found in _CODE.finditer(text):
        if (found[2], found[3]) not in {("0", "0"), ("5", "0"), ("3", "0")}:
            return found[2], found[3]
    return None


def _what_else(message: _Part) -> str:
    """What a message without a delivery report is, in a few words."""
    report = message.parameter("report-type").lower() if message.kind == "multipart/report" else ""
    if report == "disposition-notification":
        return "it is a read receipt"
    if report == "feedback-report":
        return "it is a complaint of a reader's mail service"
    answered = message.field("auto-submitted").lower().startswith("auto-replied")
    marked = {"x-autoreply", "x-autorespond"} & message.fields.keys()
    if answered or marked or _ANSWERS.match(message.field("subject")):
        return "it is an automatic answer"
    return "no delivery report is in it"
