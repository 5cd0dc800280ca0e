"""B12: a command starts at once, because it imports only what it needs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.results import Result, at_most
from benchmarks.servers import ROOT

RUNS = 7


def command() -> Iterator[Result]:
    """`flask tracker --help` beside the imports that any such command has."""
    flask = [str(Path(sys.executable).with_name("flask")), "tracker", "--help"]
    bare = [sys.executable, "-c", "import flask, flask_sqlalchemy"]
    ours, floor = [], []
    for _ in range(RUNS):
        ours.append(seconds(flask))
        floor.append(seconds(bare))
    yield at_most("B12 flask tracker --help, s", min(ours), min(floor), 3)


def seconds(command: list[str], **environment: str) -> float:
    """From start to end of a process that succeeds."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("TRACKER_", "FLASK_"))}
    begun = time.perf_counter()
    done = subprocess.run(
        command, cwd=ROOT, env=clean | environment, capture_output=True, text=True, check=False
    )
    took = time.perf_counter() - begun
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-3000:]}")
    return took
