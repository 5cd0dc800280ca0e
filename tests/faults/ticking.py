"""A process that ticks, as a worker or a web process does.

    python -m tests.faults.ticking URL PORT FIRST LAST TICKS

Owes two statuses each to the people with ids FIRST to LAST, in every process the same.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

import tracker.models  # noqa: F401 - the tables
from tests.mail.post import NOW, SERVICE
from tracker import clock
from tracker.database import prepare_sqlite
from tracker.domain.reminders import Obligation, ObligationKind, Place
from tracker.jobs import Clockwork
from tracker.mail.connection import MailServer, Security
from tracker.mail.delivery import Dispatcher
from tracker.reminders import letters

DUE = clock.local_date(NOW) + timedelta(days=7)


def main(url: str, port: int, first: int, last: int, ticks: int) -> None:
    """Tick so many times, a tenth of a second apart."""
    letters.register()
    engine = create_engine(url)
    prepare_sqlite(engine)

    def owed(_session: Session, _today: date) -> Iterator[Obligation]:
        for person_id in range(first, last + 1):
            for number in (1, 2):
                yield Obligation(
                    kind=ObligationKind.status_due,
                    id=person_id * 10 + number,
                    plan_id=1,
                    people=((Place.owner, person_id),),
                    first=None,
                    last=DUE,
                    opened_on=DUE - timedelta(days=60),
                    title="Mentorer til unge",
                    path=f"/updates/{person_id * 10 + number}",
                )

    server = MailServer("127.0.0.1", port, Security.none, timeout=10, connect_timeout=10, body_timeout=10)
    works = Clockwork(
        engine, Dispatcher(engine, server, SERVICE, process=sys.argv[0]), f"{time.time_ns()}", owed
    )
    print("ready", flush=True)
    for number in range(ticks):
        works.tick(NOW + timedelta(seconds=number))
        time.sleep(0.1)
    works.close(NOW)
    engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1], *(int(word) for word in sys.argv[2:6]))
