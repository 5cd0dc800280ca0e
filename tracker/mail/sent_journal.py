"""What was sent, in a file outside of the database: a database restored from yesterday sends nothing twice.

One line a letter, on the disk between the server's 250 and the closing of the window. A line has nine fields
between tabs: when the installation began, the instant, the kind, the Message-ID, the dedupe key, a mark of
the recipient, the hash of the MIME, the keys of the contents between blanks, and a full stop, without which
the line is torn and counts for nothing. What follows a torn line begins a new one; where it did not, it is
read all the same. No line holds a name, an address or a text.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, unquote

REMEMBERED = timedelta(days=400)

_INSTANT = "%Y-%m-%dT%H:%M:%S.%fZ"  # of one width, so that instants compare as words
_END = b"."
_FIELDS = 9
_PLAIN = ":/@<>+,;=!$&'()*"


@dataclass(frozen=True, slots=True)
class SentLetter:
    """One letter that the mail server accepted. `keys` are those of `LetterKind.contents`."""

    kind: str
    message_id: str
    dedupe_key: str
    recipient: str
    mime_hash: str
    at: datetime
    keys: tuple[str, ...] = ()


def recipient_mark(message_id: str, address: str) -> str:
    """Tells recipients apart without naming them."""
    return hashlib.sha256(f"{message_id}\n{address}".encode()).hexdigest()[:16]


class SentJournal:
    """The journal of one installation, told from others in the same folder by when it `began`.

    Holds about a hundred bytes a letter in memory. Made after fork; other processes may write to the same
    file, and `refresh` reads what they wrote.
    """

    def __init__(self, file: Path, *, began: datetime, now: datetime) -> None:
        self._file = file
        self._mark = b"%d" % round(began.timestamp() * 1_000_000)
        self._from = _instant(now - REMEMBERED)
        self._places: dict[int, int] = {}
        self._read = 0
        file.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self.refresh()

    def append(self, letter: SentLetter) -> None:
        """Add a line; it is on the disk when this returns. Raises OSError."""
        fields = (
            self._mark,
            _instant(letter.at),
            _word(letter.kind),
            _word(letter.message_id),
            _word(letter.dedupe_key),
            _word(letter.recipient),
            _word(letter.mime_hash),
            b" ".join(_word(key) for key in letter.keys),
            _END,
        )
        line = b"\t".join(fields) + b"\n"
        if not self._ends_whole():  # whoever wrote last died of it, or the disk was full
            line = b"\n" + line
        written = os.write(self._descriptor, line)
        if written != len(line):
            raise OSError(f"only {written} of {len(line)} bytes could be written to {self._file}")
        os.fdatasync(self._descriptor)  # with the file's new length

    def refresh(self) -> None:
        """Take notice of what was written since."""
        lines = self._lines(self._read, to_refresh=True)
        self._places.update((hash(fields[3]), place) for place, fields in lines if fields[1] >= self._from)

    def find(self, message_id: str) -> SentLetter | None:
        """The letter with this Message-ID, as it was last sent."""
        place = self._places.get(hash(_word(message_id)))
        if place is None:
            return None
        fields = next((fields for _, fields in self._lines(place)), None)
        found = None if fields is None else _letter(fields)
        return found if found is not None and found.message_id == message_id else None

    def since(self, instant: datetime | None) -> Iterator[SentLetter]:
        """The letters sent from then on, or all that are remembered, in the order of the file."""
        first = max(_instant(instant), self._from) if instant else self._from
        for _, fields in self._lines(0):
            if fields[1] >= first:
                yield _letter(fields)

    def close(self) -> None:
        os.close(self._descriptor)

    def _lines(self, start: int, *, to_refresh: bool = False) -> Iterator[tuple[int, list[bytes]]]:
        """The whole lines of this installation from a place on: where each begins, and its fields."""
        if start >= os.fstat(self._descriptor).st_size:
            return
        mark, end = self._mark + b"\t", b"\t" + _END + b"\n"
        with self._file.open("rb") as file:
            file.seek(start)
            place = start
            for line in file:
                if not line.endswith(b"\n"):
                    break  # torn, or being written just now
                if mark in line and line.endswith(end):
                    fields = line.split(b"\t")[-_FIELDS:]  # without a torn line that stands before it
                    if len(fields) == _FIELDS and fields[0].endswith(self._mark):
                        yield place, fields
                place += len(line)
        if to_refresh:
            self._read = place

    def _ends_whole(self) -> bool:
        size = os.fstat(self._descriptor).st_size
        return size == 0 or os.pread(self._descriptor, 1, size - 1) == b"\n"


def _letter(fields: Sequence[bytes]) -> SentLetter:
    at, kind, message_id, dedupe_key, recipient, mime_hash, keys = (
        one.decode("ascii") for one in fields[1:8]
    )
    return SentLetter(
        kind=unquote(kind),
        message_id=unquote(message_id),
        dedupe_key=unquote(dedupe_key),
        recipient=recipient,
        mime_hash=mime_hash,
        at=datetime.fromisoformat(at),
        keys=tuple(unquote(key) for key in keys.split()),
    )


def _instant(at: datetime) -> bytes:
    return at.astimezone(UTC).strftime(_INSTANT).encode("ascii")


def _word(text: str) -> bytes:
    return quote(text, safe=_PLAIN).encode("ascii")
