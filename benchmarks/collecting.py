"""The day of the deadline: 500 people a minute open their form, autosave three times and submit.

Each person begins at a moment of the plan, for three minutes, whether or not those before are done. Nothing
may fail or be lost: afterwards there are as many submitted statuses as answers given, each with the text
that was sent, and the journal verifies.
"""

from __future__ import annotations

import http.client
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

import config
from benchmarks import databases
from benchmarks.data import environment
from benchmarks.results import Result, bounded, told
from benchmarks.servers import ROOT, free_port, serving
from benchmarks.submitting import Form, forms_of
from tracker import clock
from tracker.application import create_app
from tracker.audit.heads import HeadsFile
from tracker.audit.sealing import seal_everything
from tracker.audit.verifying import verify
from tracker.domain.workflow import State
from tracker.rounds.models import StatusUpdate

A_MINUTE, MINUTES, PAUSE = 500, 3, 1.0  # seconds between what one person does
TYPED = "Kurset er holdt to gange, og {number} deltog."


@dataclass
class Found:
    """What the visitors met: seconds of each answer, and what went wrong by its name."""

    took: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    submitted: set[int] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, status: int, seconds: float, wanted: int) -> bool:
        with self._lock:
            self.took.append(seconds)
            if status != wanted:
                self.errors[f"{status} instead of {wanted}"] += 1
        return status == wanted

    def lost(self, error: Exception) -> None:
        with self._lock:
            self.errors[type(error).__name__] += 1


def collecting() -> Iterator[Result]:
    for name, database in databases.NAMES.items():
        with database() as engine, tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            yield from _on(name, engine, Path(folder))


def _on(name: str, engine: Engine, folder: Path) -> Iterator[Result]:
    settings = environment(folder, port := free_port()) | {
        "TRACKER_DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "TRACKER_EMBEDDED_CLOCK": "true",
    }
    app = _application(settings)
    forms = forms_of(app, A_MINUTE * MINUTES)
    server = serving(
        "wsgi:app",
        settings=ROOT / "gunicorn.conf.py",
        port=port,
        environment=settings,
        first="/livez",
        log=folder / "ours.log",
    )
    with server:
        found = _visited(port, forms)
    took = sorted(found.took)
    for what, count in found.errors.items():
        print(f"  {name}: {count} x {what}")
    yield bounded(f"{name}: 500 people a minute, errors", sum(found.errors.values()), 0, "")
    with Session(engine) as session:
        yield bounded(f"{name}: answers lost", _lost(session, found), 0, "")
        yield bounded(f"{name}: submitted rows beyond the answers", _beyond(session, found), 0, "")
    yield told(f"{name}: median, ms", took[len(took) // 2] * 1000)
    yield bounded(f"{name}: 99th percentile, ms", took[int(len(took) * 0.99)] * 1000, 1000, "ms")
    yield bounded(f"{name}: journal that does not verify", _unsound(engine, folder), 0, "")


def _application(settings: dict[str, str]) -> Flask:
    given = {name.removeprefix("TRACKER_").lower(): value for name, value in settings.items()}
    return create_app(config.Settings(_env_file=None, **given))  # type: ignore[arg-type]


def _visited(port: int, forms: list[Form]) -> Found:
    """Let everybody come at their moment; what they met."""
    found, begun = Found(), time.perf_counter()
    with ThreadPoolExecutor(max_workers=120) as pool:
        for number, form in enumerate(forms):
            time.sleep(max(0.0, begun + number * 60 / A_MINUTE - time.perf_counter()))
            pool.submit(_visit, port, form, found)
    return found


def _visit(port: int, form: Form, found: Found) -> None:
    """One person: open, keep what is typed three times, submit."""
    where = f"/my/updates/{form.update}"
    try:
        if not found.answer(*_asked(port, "GET", where, form), 200):
            return
        for words in ("Kurset", "Kurset er holdt", TYPED.format(number=form.update)):
            time.sleep(PAUSE)
            found.answer(*_asked(port, "POST", f"{where}/autosave", form, text=words), 200)
        time.sleep(PAUSE)
        words = TYPED.format(number=form.update)
        if found.answer(*_asked(port, "POST", where, form, text=words, action="submit"), 303):
            found.submitted.add(form.update)
    except (OSError, http.client.HTTPException) as error:
        found.lost(error)


def _asked(port: int, method: str, path: str, form: Form, **typed: str) -> tuple[int, float]:
    """The status of one answer and its seconds."""
    values = {"version": "1", "outcome": "reported", "progress": "started", "csrf_token": form.token} | typed
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": form.cookie}
    begun = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, urlencode(values) if method == "POST" else None, headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status, time.perf_counter() - begun
    finally:
        connection.close()


def _texts(session: Session) -> dict[int, str]:
    submitted = select(StatusUpdate.id, StatusUpdate.text).where(StatusUpdate.state == State.submitted)
    return dict(session.execute(submitted).all())


def _lost(session: Session, found: Found) -> int:
    """Answers of 303 whose text is not there as it was sent."""
    texts = _texts(session)
    return sum(texts.get(one) != TYPED.format(number=one) for one in found.submitted)


def _beyond(session: Session, found: Found) -> int:
    return len(set(_texts(session)) ^ found.submitted)


def _unsound(engine: Engine, folder: Path) -> int:
    """1 when the verifier finds a bad row. The chain's end is sealed first, as the next tick would."""
    (beside := folder / "verified").mkdir()
    heads = HeadsFile(beside, "benchmark")
    seal_everything(sessionmaker(engine), heads, now=clock.now())
    with Session(engine) as session:
        return int(not verify(session, heads, now=clock.now()).sound)
