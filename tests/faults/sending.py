"""What a process of these tests does: it ticks, as a worker or a web process does, and perhaps dies of it."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.orm import Session, configure_mappers

from tests.faults import points
from tests.mail.post import NOW, SERVICE
from tracker import clock
from tracker.clockwork import Clockwork
from tracker.database import prepare_sqlite
from tracker.domain.reminders import Obligation, ObligationKind, Place
from tracker.mail.connection import MailServer, Security
from tracker.mail.delivery import Dispatcher
from tracker.mail.installation import Premises
from tracker.reminders import letters

DUE = clock.local_date(NOW) + timedelta(days=7)
PER_PERSON = 2  # statuses that each owes; they go in one letter

configure_mappers()
letters.register()


@dataclass(frozen=True)
class Job:
    """Tick so many times, `pause` real seconds apart, as one who owes two statuses to each of `people`.

    The service's time begins at `start`, and goes `pace` times as fast as real time since `epoch` (of
    time.time()); without an epoch it advances `step` seconds a tick. `dies_at` names one of the points, and
    the process dies there the `turn`-th time it comes by. `folder` is the data folder of the installation.
    One that is `swept` does not plan everything anew at its start.
    """

    url: str
    port: int
    people: tuple[int, ...]
    ticks: int = 1
    pause: float = 0
    start: datetime = NOW
    step: float = 1
    epoch: float = 0
    pace: float = 1
    patience: float = 10
    folder: str = ""
    base_url: str = SERVICE.base_url
    swept: bool = False
    dies_at: str = ""
    turn: int = 1

    def as_values(self) -> dict[str, Any]:
        return {**asdict(self), "start": self.start.isoformat()}

    @classmethod
    def from_values(cls, values: dict[str, Any]) -> Job:
        return cls(
            **{
                **values,
                "start": datetime.fromisoformat(values["start"]),
                "people": tuple(values["people"]),
            }
        )

    def now(self, tick: int) -> datetime:
        """The service's time at a tick."""
        passed = (time.time() - self.epoch) * self.pace if self.epoch else tick * self.step
        return self.start + timedelta(seconds=passed)


def owed(people: tuple[int, ...], *, due: date = DUE) -> Iterator[Obligation]:
    """Two statuses of each of these people."""
    for person_id in people:
        for number in range(1, PER_PERSON + 1):
            yield Obligation(
                kind=ObligationKind.status_due,
                id=person_id * 10 + number,
                plan_id=1,
                people=((Place.owner, person_id),),
                first=None,
                last=due,
                opened_on=due - timedelta(days=60),
                title="Mentorer til unge",
                path=f"/updates/{person_id * 10 + number}",
            )


def run(job: Job) -> None:
    """Do the job."""
    logging.basicConfig(level=logging.INFO)
    points.arm(job.dies_at, job.turn)
    engine = create_engine(job.url)
    prepare_sqlite(engine)
    server = MailServer(
        "127.0.0.1",
        job.port,
        Security.none,
        timeout=job.patience,
        connect_timeout=job.patience,
        body_timeout=job.patience,
    )

    def obligations(_session: Session, _today: date) -> Iterator[Obligation]:
        return owed(job.people)

    process = f"test:{os.getpid()}"
    service = replace(SERVICE, base_url=job.base_url)
    premises = Premises(Path(job.folder))
    dispatcher = Dispatcher(engine, server, service, process=process, premises=premises)
    works = Clockwork(engine, dispatcher, process, obligations, swept=job.swept)
    print("ready", flush=True)
    for tick in range(job.ticks):
        works.tick(job.now(tick))
        print(f"tick {tick}", flush=True)
        time.sleep(job.pause)
    works.close(job.now(job.ticks))
    engine.dispose()
