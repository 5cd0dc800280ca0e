"""The service and its floor under gunicorn: start, load, memory, stop."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Batch:
    """One stretch of load: answers a second, their 95th percentile and processor time each, in ms."""

    rate: float
    p95: float
    processor: float


@dataclass(frozen=True)
class Server:
    """A running gunicorn with its workers. `started` is the seconds from its start to its first answer."""

    process: subprocess.Popen[bytes]
    port: int
    started: float

    def load(self, path: str, *, cookie: str = "", seconds: float, marker: str = "", times: int = 0) -> Batch:
        """Load one address with eight connections at once."""
        asked = {"port": self.port, "path": path, "cookie": cookie, "seconds": seconds}
        command = [
            sys.executable,
            ROOT / "benchmarks/load.py",
            json.dumps(asked | {"marker": marker, "times": times}),
        ]
        before = self.processor_seconds()
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        spent = self.processor_seconds() - before
        found = json.loads(done.stdout)
        count = found["requests"]
        return Batch(count / found["seconds"], found["p95"], spent / count * 1000)

    def pids(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text("ascii")
        return [self.process.pid, *map(int, children.split())]

    def processor_seconds(self) -> float:
        fields = (
            Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split() for pid in self.pids()
        )
        return sum(int(one[11]) + int(one[12]) for one in fields) / _TICKS

    def memory(self) -> float:
        """Proportional set size of master and workers, in MB."""
        rollups = (Path(f"/proc/{pid}/smaps_rollup").read_text("ascii") for pid in self.pids())
        return sum(int(one.partition("\nPss:")[2].split()[0]) for one in rollups) / 1024


@contextmanager
def serving(
    app: str, *, settings: Path, port: int, environment: Mapping[str, str], first: str, log: Path
) -> Iterator[Server]:
    """Run gunicorn until the block ends; entered when it has answered `first`."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("TRACKER_", "FLASK_"))}
    command = [sys.executable, "-m", "gunicorn", "-c", settings, "--bind", f"127.0.0.1:{port}", app]
    with log.open("wb") as output:
        begun = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, env=clean | environment, stdout=output, stderr=output)
        try:
            _first_answer(process, f"http://127.0.0.1:{port}{first}", log)
            yield Server(process, port, time.perf_counter() - begun)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()


def _first_answer(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                answer.read()
            return
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{url} answered {error.code}\n{_end(log)}") from None
        except OSError:
            time.sleep(0.005)
    raise SystemExit(f"{url} did not answer\n{_end(log)}")


def _end(log: Path) -> str:
    return log.read_text("utf-8", errors="replace")[-3000:]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port
