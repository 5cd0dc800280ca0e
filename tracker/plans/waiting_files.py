"""Files that somebody has handed over and not confirmed yet, beside the database and never in the plan.

One a person and plan: the next takes its place. Nobody names a path: it is made of the two ids.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WaitingFile:
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class WaitingFiles:
    """The files in `folder`, readable for the service alone."""

    folder: Path

    def keep(self, plan_id: int, person_id: int, file: WaitingFile, *, real_at: datetime) -> None:
        """Keep a file instead of the one that waited; whatever nobody has confirmed for a day goes."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in self.folder.iterdir():
            if old.stat().st_mtime < (real_at - KEPT_FOR).timestamp():
                old.unlink(missing_ok=True)
        path = self._path(plan_id, person_id)
        new = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(json.dumps({"name": file.name}).encode() + b"\n" + file.content)
        new.replace(path)

    def waiting(self, plan_id: int, person_id: int) -> WaitingFile | None:
        """What a person has handed over for a plan, or None."""
        try:
            head, _, content = self._path(plan_id, person_id).read_bytes().partition(b"\n")
            return WaitingFile(str(json.loads(head)["name"]), content)
        except (FileNotFoundError, ValueError, KeyError):
            return None

    def drop(self, plan_id: int, person_id: int) -> None:
        self._path(plan_id, person_id).unlink(missing_ok=True)

    def _path(self, plan_id: int, person_id: int) -> Path:
        return self.folder / f"{plan_id}-{person_id}.people"
