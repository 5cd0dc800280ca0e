"""The only reader of the system clock.

`now` and `today` are the business time, which a demonstration may move forward. `real_now` is what
sessions, tokens and guards use: it never moves.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Copenhagen")


class _Shift:
    """How far the demonstration's clock is ahead, kept in a file so that every process sees it."""

    file: Path | None = None
    _stamp: int = -1
    _ahead: timedelta = timedelta()

    def ahead(self) -> timedelta:
        if self.file is None:
            return timedelta()
        try:
            stamp = self.file.stat().st_mtime_ns
        except FileNotFoundError:
            return timedelta()
        if stamp != self._stamp:
            self._ahead = timedelta(seconds=json.loads(self.file.read_text())["seconds_ahead"])
            self._stamp = stamp
        return self._ahead


_shift = _Shift()


def allow_moving(file: Path | None) -> None:
    """Let `move_forward` work, remembering in `file`; None (a real installation) forbids it."""
    _shift.file = file
    _shift._stamp = -1


def can_move() -> bool:
    return _shift.file is not None


def move_forward(by: timedelta) -> None:
    """Move the business time `by` ahead, for the demonstration.

    Raises ValueError when moving is not allowed here or `by` is negative.
    """
    if _shift.file is None or by < timedelta():
        raise ValueError("the clock cannot be moved here")
    total = _shift.ahead() + by
    _shift.file.parent.mkdir(parents=True, exist_ok=True)
    waiting = _shift.file.with_suffix(".new")
    waiting.write_text(json.dumps({"seconds_ahead": total.total_seconds()}))
    waiting.replace(_shift.file)


def real_now() -> datetime:
    """The system's time, aware, in UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """The business time, aware, in UTC."""
    return real_now() + _shift.ahead()


def today() -> date:
    """The business date in Copenhagen."""
    return local_date(now())


def local_date(instant: datetime) -> date:
    """The date in Copenhagen of an aware instant."""
    return instant.astimezone(ZONE).date()
