"""The service as an operator runs it: gunicorn and workers, as processes with nothing but an environment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

import config

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(sys.executable).parent


def environment(settings: config.Settings) -> dict[str, str]:
    """These settings as environment variables, all of them, so that no .env file has a say."""
    given = {name: getattr(settings, name) for name in type(settings).model_fields}
    return {f"TRACKER_{name.upper()}": _word(value) for name, value in given.items() if value is not None}


def _word(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return ",".join(sorted(value)) if isinstance(value, frozenset) else str(value)


@dataclass
class Running:
    """Some processes of the service; each leads a group of its own, which holds its children."""

    settings: config.Settings
    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def gunicorn(self, *, workers: int) -> None:
        """`gunicorn wsgi:app`, with the project's gunicorn.conf.py, at the settings' address."""
        address = urlsplit(self.settings.base_url).netloc
        self._start("gunicorn", "wsgi:app", "--workers", str(workers), "--bind", address)

    def worker(self) -> None:
        self._start("flask", "tracker", "worker")

    def _start(self, program: str, *words: str) -> None:
        with (self.folder / f"log-{len(self.processes)}-{program}").open("wb") as log:
            self.processes.append(
                subprocess.Popen(
                    [PROGRAMS / program, *words],
                    cwd=ROOT,
                    env={**os.environ, **environment(self.settings)},
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            )

    def log(self) -> str:
        """What every process wrote."""
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("log-*")))

    def stop(self, *, seconds: float = 60) -> list[int]:
        """Ask all to end, as systemd does; their exit codes."""
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        until = time.monotonic() + seconds
        return [process.wait(timeout=max(0.1, until - time.monotonic())) for process in self.processes]

    @property
    def left_behind(self) -> list[int]:
        """Groups in which a process still lives."""
        return [process.pid for process in self.processes if _lives(process.pid)]


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def service(settings: config.Settings, folder: Path) -> Iterator[Running]:
    """Whatever is started inside the block is dead after it."""
    folder.mkdir()
    running = Running(settings, folder)
    with ExitStack() as ending:
        ending.callback(_kill, running)
        yield running


def _kill(running: Running) -> None:
    for group in running.left_behind:
        os.killpg(group, signal.SIGKILL)
    for process in running.processes:
        process.wait()
