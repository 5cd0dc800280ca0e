"""B5: an owner submits a status, beside a bare update with version check and audit row.

The service checks sign-in, rights, CSRF and version, keeps a revision, journals, cancels reminders and queues
the letters; the floor updates one row and adds another. Both under gunicorn, one request at a time, in turns.
Then the same while a worker sends what the submissions queue: to a mail server that takes it, to none, and
to one that says nothing for five seconds. Three services on copies of one database, each with its worker,
are asked in turns, so that what else the machine does costs each the same. A page never waits for mail.
"""

from __future__ import annotations

import http.client
import os
import secrets
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, permutations
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from benchmarks.data import SECRET, TEXT, YEAR, add_initiatives, application, environment
from benchmarks.results import Result, at_most, told
from benchmarks.sending import allow_many, sink
from benchmarks.servers import ROOT, Server, free_port, serving
from tracker import clock
from tracker.accounts import actions as accounts
from tracker.accounts.models import Person
from tracker.extensions import db
from tracker.plans import actions as plans
from tracker.plans.models import Placement
from tracker.rounds import opening
from tracker.rounds.models import StatusUpdate

EACH = 120
WARMING_UP = 12  # each worker builds its statements once
SILENCE = 5  # seconds


@dataclass(frozen=True)
class Cost:
    """What one submission costs, in ms: the median by the clock, and processor time on average."""

    median: float
    processor: float


@dataclass(frozen=True)
class Form:
    """One status as its owner's browser would send it."""

    update: int
    cookie: str
    token: str

    def body(self) -> str:
        values = {"version": "1", "outcome": "reported", "text": TEXT, "progress": "started"}
        return urlencode({**values, "action": "submit", "csrf_token": self.token})


def submitting(folder: Path) -> Iterator[Result]:
    alone = folder / "alone"
    alone.mkdir()
    app = application(alone)
    forms = forms_of(app, 3 * EACH + 2 * WARMING_UP)
    with app.app_context():
        allow_many(db.engine)
        db.engine.dispose()
    others = {name: folder / name for name in ("up", "down", "silent")}
    for other in others.values():
        shutil.copytree(alone, other)
    with sink() as (port, _):
        ours, floor = _beside_the_floor(alone, port, forms[EACH:])
    yield at_most("B5 submit a status, median ms", ours.median, floor.median, 2)
    yield told("B5 submit a status, processor ms", ours.processor, floor.processor)
    quiet = _side_by_side(others, forms[:EACH])
    yield at_most("B5 with a mail server that is down, median ms", quiet["down"], quiet["up"], 1.1)
    silent = f"B5 with one that is silent for {SILENCE} s, median ms"
    yield at_most(silent, quiet["silent"], quiet["up"], 1.1)


def _side_by_side(folders: dict[str, Path], forms: list[Form]) -> dict[str, float]:
    """The median of submitting each form to each of the three, in every order in turns."""
    took: dict[str, list[float]] = {name: [] for name in folders}
    with ExitStack() as opened:
        up, accepted = opened.enter_context(sink())
        silent, _ = opened.enter_context(sink(seconds=SILENCE))
        ports = {"up": up, "down": free_port(), "silent": silent}
        servers = {
            name: opened.enter_context(_service(folder, ports[name])) for name, folder in folders.items()
        }
        for name, folder in folders.items():
            opened.enter_context(_worker(folder, ports[name]))
        for form, order in zip(forms, cycle(permutations(folders)), strict=False):
            for name in order:
                took[name].append(_submit(servers[name], form))
        if not accepted.read_text("ascii"):
            raise SystemExit("no worker sent a letter meanwhile")
    return {name: median(times) * 1000 for name, times in took.items()}


@contextmanager
def _worker(folder: Path, mail_port: int) -> Iterator[None]:
    """A worker at its work, which looks for letters each second."""
    settings = environment(folder, 8000) | {"TRACKER_MAIL_PORT": str(mail_port)}
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.work", "1"], cwd=ROOT, env=dict(os.environ) | settings,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        with closing(sqlite3.connect(folder / "tracker.db")) as connection:
            while connection.execute("SELECT id FROM heartbeat").fetchone() is None:
                time.sleep(0.1)
        yield
    finally:
        process.kill()
        process.wait()


def _beside_the_floor(folder: Path, port: int, forms: list[Form]) -> tuple[Cost, Cost]:
    bare_service = serving(
        "benchmarks.floor:app",
        settings=ROOT / "benchmarks/floor_server.py",
        port=free_port(),
        environment={"BENCHMARK_DATABASE": str(folder / "tracker.db")},
        first="/static-string",
        log=folder / "floor.log",
    )
    pairs = list(zip(forms[::2], forms[1::2], strict=True))
    with _service(folder, port) as one, bare_service as other:
        for mine, bare in pairs[:WARMING_UP]:
            _submit(one, mine)
            _submit_bare(other, bare)
        before = one.processor_seconds(), other.processor_seconds()
        took = [(_submit(one, mine), _submit_bare(other, bare)) for mine, bare in pairs[WARMING_UP:]]
        spent = (one.processor_seconds() - before[0], other.processor_seconds() - before[1])
    ours, floors = (
        Cost(median(each) * 1000, seconds / EACH * 1000)
        for each, seconds in zip(zip(*took, strict=True), spent, strict=True)
    )
    return ours, floors


def _service(folder: Path, mail_port: int):  # type: ignore[no-untyped-def]
    port = free_port()
    settings = environment(folder, port) | {
        "TRACKER_MAIL_PORT": str(mail_port),
        "TRACKER_BASE_URL": "http://127.0.0.1:8000",
        "TRACKER_EXTRA_HOSTS": f"127.0.0.1:{port}",
    }
    return serving(
        "wsgi:app",
        settings=ROOT / "gunicorn.conf.py",
        port=port,
        environment=settings,
        first="/livez",
        log=folder / "ours.log",
    )


def _submit(server: Server, form: Form) -> float:
    status, where, took = _post(server.port, f"/my/updates/{form.update}", form.body(), form.cookie)
    if status != 303 or "sign-in" in where:
        raise SystemExit(f"a status could not be submitted: {status} {where}")
    return took


def _submit_bare(server: Server, form: Form) -> float:
    body = urlencode({"version": "1", "text": TEXT})
    status, _, took = _post(server.port, f"/updates/{form.update}", body, "")
    if status != 303:
        raise SystemExit(f"the floor answered {status}")
    return took


def _post(port: int, path: str, body: str, cookie: str) -> tuple[int, str, float]:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    begun = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.headers.get("Location", ""), time.perf_counter() - begun


def forms_of(app: Flask, count: int) -> list[Form]:
    """An open round with so many statuses, and a signed-in owner for each."""
    with app.app_context():
        session, at = db.session(), clock.now()
        plan = plans.create_plan(session, slug="submitting", name="Planen", by=None, at=at)
        add_initiatives(session, plan, count)
        opened = opening.open_round(
            session, plan, year=YEAR, due_on=clock.today() + timedelta(days=21), by=None, at=at
        )
        found = session.execute(
            select(StatusUpdate.id, Person)
            .join(Placement, Placement.initiative_id == StatusUpdate.initiative_id)
            .join(Person, Person.id == Placement.person_id)
            .where(StatusUpdate.round_id == opened.id)
        ).all()
        forms = []
        for number, person in found:
            raw = secrets.token_hex(20)
            kept = {
                "_user_id": accounts.open_session(session, person, at=clock.real_now()),
                "_fresh": True,
                "language": "da",
                "csrf_token": raw,
            }
            serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
            cookie = f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(kept)}"
            token = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps(raw)
            forms.append(Form(number, cookie, str(token)))
        session.commit()
        db.session.remove()
        db.engine.dispose()
    return forms
