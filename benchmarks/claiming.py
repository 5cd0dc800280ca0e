"""B8: claiming letters in batches of a hundred, beside the same claim in the database's own words.

On PostgreSQL by four processes at once, on SQLite by one. Each claim is committed. Every letter must end up
with exactly one owner.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator

import psycopg
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.orm import Session

from benchmarks import databases
from benchmarks.letters import environment_of
from benchmarks.results import Result, at_least
from benchmarks.sending import queue
from benchmarks.servers import ROOT
from tracker import clock
from tracker.mail.models import Dispatcher, Mail, MailState

LETTERS = 100_000
WORKERS = {"sqlite": 1, "postgresql": 4}


def claiming() -> Iterator[Result]:
    for name, database in databases.NAMES.items():
        with database() as engine:
            _fill(engine)
            engines = _rate(engine, "bare")
            _put_back(engine)
            ours = _rate(engine, "ours")
            yield at_least(f"B8 {name}: claim 100,000 letters, letters/s", ours, engines, 0.3)


def _fill(engine: Engine) -> None:
    queue(engine, LETTERS, "claim")
    with Session(engine) as session, session.begin():
        session.add_all(Dispatcher(process=f"worker {n}", started_at=clock.now()) for n in range(4))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _put_back(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        session.execute(update(Mail).values(state=MailState.queued, owner=None, attempts=0))
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM FULL ANALYZE mail"))


def _rate(engine: Engine, way: str) -> float:
    """Letters a second, from the first worker's start to the last one's end."""
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.claim", way, str(number)],
            cwd=ROOT, env=environment_of(engine, 9), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for number in range(1, WORKERS[engine.dialect.name] + 1)
    ]  # fmt: skip
    for worker in workers:
        assert worker.stdout is not None
        worker.stdout.readline()  # it is ready
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    said = [worker.communicate(timeout=300)[0].split() for worker in workers]
    if sum(int(count) for count, _, _ in said) != LETTERS or not _each_has_one_owner(engine):
        raise SystemExit("a letter was claimed twice, or not at all")
    return LETTERS / (max(float(end) for _, _, end in said) - min(float(begun) for _, begun, _ in said))


def _each_has_one_owner(engine: Engine) -> bool:
    with Session(engine) as session:
        once = select(func.count()).where(Mail.owner.is_not(None), Mail.attempts == 1)
        return session.scalar(once) == LETTERS


BARE = """
    UPDATE mail SET state = 'sending', owner = {mark}, attempts = attempts + 1
    WHERE id IN (SELECT id FROM mail WHERE state IN ('queued', 'uncertain') AND next_at <= {mark}
                 ORDER BY next_at, id LIMIT 100 {skip})
    RETURNING id, address, payload
"""


def bare_sqlite(path: str, owner: int, now: str) -> int:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("synchronous=FULL", "busy_timeout=20000"):
        connection.execute(f"PRAGMA {pragma}")
    total = 0
    while True:
        connection.execute("BEGIN IMMEDIATE")
        found = connection.execute(BARE.format(mark="?", skip=""), (owner, now)).fetchall()
        connection.execute("COMMIT")
        if not found:
            return total
        total += len(found)


def bare_postgresql(address: str, owner: int, now: object) -> int:
    statement = BARE.format(mark="%s", skip="FOR UPDATE SKIP LOCKED")
    total = 0
    with psycopg.connect(address) as connection:
        while found := connection.execute(statement, (owner, now)).fetchall():
            connection.commit()
            total += len(found)
    return total
