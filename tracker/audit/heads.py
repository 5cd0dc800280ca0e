"""The heads of the chain, in a file outside of the database: a chain that was cut or made anew is seen.

One line a sealing, between tabs: a mark of the installation, when, `head` or `accepted`, the sequence, the
hash and a full stop, without which the line is torn and counts for nothing. `accepted` says that a person
took the chain as it stood, after a backup was restored: the heads beyond it, noted before, are given up.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tracker.audit.chain import Head, instant

NAME = "journal.heads"
_TAIL = 4_096


def mark_of(began: datetime) -> str:
    """What tells an installation that began then from another in the same folder."""
    return str(round(began.timestamp() * 1_000_000))


@dataclass(frozen=True, slots=True)
class HeadsFile:
    """The file in the data folder, as far as it speaks of the installation with this `mark`."""

    folder: Path
    mark: str

    @property
    def path(self) -> Path:
        return self.folder / NAME

    def note(self, head: Head, *, at: datetime) -> None:
        """Add the head unless the last line has it; it is on the disk when this returns. Raises OSError."""
        if head.sequence and self._last() != head:
            self._append("head", head, at)

    def accept(self, head: Head, *, at: datetime) -> None:
        """Take the chain as it stands: heads noted before that lie beyond are given up. Raises OSError."""
        self._append("accepted", head, at)

    def begins(self) -> bool:
        """Whether a file is here at all."""
        return self.path.is_file()

    def heads(self) -> Iterator[Head]:
        """The heads that hold, in the order in which they were noted."""
        given_up = [(place, head.sequence) for place, what, head in self._lines() if what == "accepted"]
        for place, _what, head in self._lines():
            if head.sequence and not any(
                later > place and head.sequence > sequence for later, sequence in given_up
            ):
                yield head

    def _last(self) -> Head | None:
        if not self.begins():
            return None
        with self.path.open("rb") as file:
            file.seek(max(0, self.path.stat().st_size - _TAIL))
            lines = file.read().decode("ascii", "replace").splitlines()
        found = [parsed for line in lines if (parsed := self._parse(line))]
        return found[-1][1] if found else None

    def _append(self, what: str, head: Head, at: datetime) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        line = "\t".join((self.mark, instant(at), what, str(head.sequence), head.hash, ".")) + "\n"
        descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            size = os.fstat(descriptor).st_size
            torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
            data = (b"\n" if torn else b"") + line.encode("ascii")
            if os.write(descriptor, data) != len(data):
                raise OSError(f"the head of the journal could not be written to {self.path}")
            os.fdatasync(descriptor)
        finally:
            os.close(descriptor)

    def _lines(self) -> Iterator[tuple[int, str, Head]]:
        if not self.begins():
            return
        with self.path.open(encoding="ascii", errors="replace") as file:
            for place, line in enumerate(file):
                if line.endswith("\n") and (parsed := self._parse(line.rstrip("\n"))):
                    yield place, *parsed

    def _parse(self, line: str) -> tuple[str, Head] | None:
        fields = line.split("\t")
        if len(fields) != 6 or fields[0] != self.mark or fields[5] != "." or not fields[3].isdigit():
            return None
        return fields[2], Head(int(fields[3]), fields[4])
