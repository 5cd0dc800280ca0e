"""Where a part of the storm takes place: a fresh database, a mail server and processes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Literal

from tests.faults.nursery import Nursery
from tests.faults.scene import Scene, open_scene
from tests.support import smtp
from tests.support.databases import migrate
from tests.support.postgres import OwnServer

Kind = Literal["sqlite", "postgresql"]
KINDS: tuple[Kind, Kind] = ("sqlite", "postgresql")

_numbers = count(1)


@dataclass(frozen=True)
class Grounds:
    """`scale` is the share of the full length: of letters and of waiting alike."""

    folder: Path
    server: OwnServer
    children: Nursery
    scale: float
    seed: int

    def number(self, full: int, *, least: int = 10) -> int:
        return max(least, round(full * self.scale))

    @contextmanager
    def scene(self, kind: Kind) -> Iterator[Scene]:
        """A scene on a migrated database of this kind, with a mail server that behaves."""
        folder = self.folder / f"scene-{next(_numbers)}"
        folder.mkdir()
        with ExitStack() as open_:
            url = f"sqlite:///{folder / 'tracker.db'}"
            if kind == "postgresql":
                url = self.server.database(open_.enter_context(self.server.fresh_database()))
            migrate(url, data_folder=folder)
            peer = open_.enter_context(smtp.peer(record=folder / "accepted.jsonl"))
            yield open_.enter_context(open_scene(url, folder, peer, self.children))
