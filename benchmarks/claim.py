"""One worker of B8: `python -m benchmarks.claim ours|bare OWNER`. Prints count, begin and end (monotonic)."""

from __future__ import annotations

import os
import sys
import time
from datetime import datetime, timedelta

from sqlalchemy import create_engine, make_url
from sqlalchemy.orm import Session

from benchmarks.claiming import bare_postgresql, bare_sqlite
from tracker import clock
from tracker.database import prepare_sqlite
from tracker.mail import claiming


def ours(url: str, owner: int, now: datetime) -> int:
    engine = create_engine(url)
    prepare_sqlite(engine)
    total = 0
    with engine.connect() as connection:
        while True:
            with Session(connection, expire_on_commit=False) as session, session.begin():
                found = claiming.claim(session, owner=owner, now=now, limit=100)
            if not found:
                return total
            total += len(found)


def bare(url: str, owner: int, now: datetime) -> int:
    parts = make_url(url)
    if parts.drivername == "sqlite":
        assert parts.database is not None
        return bare_sqlite(parts.database, owner, now.strftime("%Y-%m-%d %H:%M:%S.%f"))
    address = parts.set(drivername="postgresql").render_as_string(hide_password=False)
    return bare_postgresql(address, owner, now)


if __name__ == "__main__":
    way = {"ours": ours, "bare": bare}[sys.argv[1]]
    print("ready", flush=True)
    sys.stdin.readline()
    begun = time.monotonic()
    count = way(os.environ["TRACKER_DATABASE_URL"], int(sys.argv[2]), clock.now() + timedelta(hours=1))
    print(count, begun, time.monotonic())
