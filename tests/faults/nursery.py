"""Processes that begin with everything loaded: forked from one that did nothing but load.

The tests' own process has threads and open connections, of which a fork would keep a copy; this one has none.

    python -m tests.faults.nursery      reads one order a line, answers one line each
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.sending import Job, run

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Child:
    """A process that works on a job. Its number is not given to another before `wait` has seen its end."""

    pid: int
    log: Path
    _nursery: Nursery
    _ended: int | None = None

    def signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)

    def poll(self) -> int | None:
        """How it ended, as `subprocess` says it, or None while it lives."""
        if self._ended is None:
            self._ended = self._nursery.order(reap=self.pid)
        return self._ended

    def wait(self, *, seconds: float = 60) -> int:
        """How it ended. Fails the test, with its log, when it does not in time."""
        until = time.monotonic() + seconds
        while (ended := self.poll()) is None:
            assert time.monotonic() < until, f"still there after {seconds} s\n{self.log.read_text()}"
            time.sleep(0.01)
        return ended

    def wait_for(self, word: str, *, seconds: float = 60) -> None:
        """Until the process has said so in its log."""
        until = time.monotonic() + seconds
        while word not in self.log.read_text():
            assert time.monotonic() < until, f"{word!r} not after {seconds} s\n{self.log.read_text()}"
            time.sleep(0.01)


@dataclass
class Nursery:
    """Where children come from. All that are still there at the end are killed."""

    folder: Path
    _process: subprocess.Popen[str]
    _speaking: threading.Lock = field(default_factory=threading.Lock)
    _started: int = 0

    def start(self, job: Job) -> Child:
        self._started += 1
        log = self.folder / f"child-{self._started}.log"
        log.touch()
        return Child(self.order(job=job.as_values(), log=str(log)), log, self)

    def run(self, job: Job, *, seconds: float = 60) -> int:
        """Start it and wait for its end."""
        return self.start(job).wait(seconds=seconds)

    def order(self, **words: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._speaking:
            self._process.stdin.write(json.dumps(words) + "\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())


@contextmanager
def nursery(folder: Path) -> Iterator[Nursery]:
    """A nursery for the length of the block; its children's logs lie in `folder`."""
    words = [sys.executable, "-m", "tests.faults.nursery"]
    with subprocess.Popen(
        words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        yield Nursery(folder, process)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(timeout=10)


# --- the process itself -----------------------------------------------------------------------------


def main() -> None:
    """Obey until the orders end; then end what is left."""
    children: set[int] = set()
    for line in sys.stdin:
        order = json.loads(line)
        if "job" in order:
            answer = _fork(Job.from_values(order["job"]), order["log"])
            children.add(answer)
        else:
            answer = _reaped(order["reap"])
            children -= {order["reap"]} if answer is not None else set()
        print(json.dumps(answer), flush=True)
    for pid in children:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _fork(job: Job, log: str) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        output = os.open(log, os.O_WRONLY | os.O_APPEND)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for number, target in ((nothing, 0), (output, 1), (output, 2)):
            os.dup2(number, target)
        run(job)
        code = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _reaped(pid: int) -> int | None:
    found, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


if __name__ == "__main__":
    main()
