"""People who are each owed one letter, a mail server that keeps a file, and processes that are to send."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.faults import oracle
from tests.faults.nursery import Child, Nursery
from tests.faults.sending import Job
from tests.mail.post import NOW, person, ready_engine
from tests.support.smtp import Peer
from tracker.mail.installation import settle_in
from tracker.plans.models import Plan


@dataclass
class Scene:
    """People who are each owed one letter this morning, and processes that are to send it."""

    engine: Engine
    record: Path
    peer: Peer
    children: Nursery
    job: Job

    def people(self, number: int) -> list[str]:
        """So many people, each owing two statuses; their addresses."""
        addresses = [f"owner{place}@example.com" for place in range(1, number + 1)]
        with Session(self.engine) as session, session.begin():
            ids = tuple(person(session, address).id for address in addresses)
            here = settle_in(session, self.job.base_url, Path(self.job.folder) / "installation", NOW)
            here.volume_allowed_until = NOW + timedelta(days=60)  # somebody has been asked
        self.job = replace(self.job, people=ids)
        return addresses

    def start(self, **values: Any) -> Child:
        """A process; `values` are those of its job that differ."""
        return self.children.start(replace(self.job, **values))

    def tick(self, at: datetime, **values: Any) -> None:
        """One tick of a process that comes, ticks and goes."""
        child = self.start(start=at, ticks=1, **values)
        assert child.wait() == 0, child.log.read_text()

    def judge(self, expected: list[str]) -> oracle.Verdict:
        """What the mail server's file says, once nobody talks to it any more."""
        self.peer.wait_until_alone()
        return oracle.judge(self.record, self.engine, expected=expected)


@contextmanager
def open_scene(database_url: str, folder: Path, peer: Peer, children: Nursery) -> Iterator[Scene]:
    """A plan without people yet, in a migrated database. The peer's file is `accepted.jsonl` in `folder`."""
    engine = ready_engine(database_url)
    with Session(engine) as session, session.begin():
        session.add(Plan(id=1, slug="plan", name="Handleplan", created_at=NOW))
    job = Job(url=database_url, port=peer.port, people=(), folder=str(folder / "data"))
    found = Scene(engine, folder / "accepted.jsonl", peer, children, job)
    try:
        yield found
    finally:
        found.engine.dispose()
