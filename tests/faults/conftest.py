"""Fixtures of the faults: a plan with people, a mail server that keeps a file, and processes to lose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.faults import oracle
from tests.faults.nursery import Child, Nursery, nursery
from tests.faults.sending import Job
from tests.mail.post import NOW, Post, open_post, person, ready_engine, server_at
from tests.support.smtp import Peer
from tracker.mail.installation import settle_in
from tracker.plans.models import Plan


@pytest.fixture(scope="session")
def children(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Where processes come from that are loaded already."""
    with nursery(tmp_path_factory.mktemp("children")) as found:
        yield found


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


@pytest.fixture
def scene(database_url: str, smtp_peer: Peer, tmp_path: Path, children: Nursery) -> Iterator[Scene]:
    """A plan without people yet."""
    engine = ready_engine(database_url)
    with Session(engine) as session, session.begin():
        session.add(Plan(id=1, slug="plan", name="Handleplan", created_at=NOW))
    found = Scene(
        engine,
        tmp_path / "accepted.jsonl",
        smtp_peer,
        children,
        Job(url=database_url, port=smtp_peer.port, people=(), folder=str(tmp_path / "data")),
    )
    yield found
    found.engine.dispose()


@pytest.fixture
def post(database_url: str, smtp_peer: Peer) -> Iterator[Post]:
    """The mail alone, in this process, to a server whose silence is not waited for long."""
    with open_post(database_url, server_at(smtp_peer, timeout=0.5, body_timeout=0.5)) as post:
        yield post
