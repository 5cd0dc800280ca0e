"""F7: PostgreSQL ends at once in the middle of it, its disk is full, somebody holds its locks."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta

import psycopg
import pytest

from tests.faults.nursery import Child
from tests.faults.oracle import open_items
from tests.faults.scene import Scene
from tests.faults.storming import ENDLESS
from tests.mail.post import NOW, ready_engine
from tests.support import smtp
from tests.support.databases import migrate
from tests.support.postgres import OwnServer, own_server

PEOPLE = 30


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnServer]:
    """A server that these tests may break; it keeps what it has committed."""
    with own_server(settings=["synchronous_commit=on"]) as server:
        migrate(server.database("postgres"), data_folder=tmp_path_factory.mktemp("template"))
        yield server


@dataclass
class Place:
    server: OwnServer
    name: str

    def connect(self) -> psycopg.Connection:
        address = self.server.url.set(database=self.name, drivername="postgresql")
        return psycopg.connect(address.render_as_string(hide_password=False), autocommit=True)


@pytest.fixture
def place(server: OwnServer) -> Iterator[Place]:
    with server.fresh_database(like="postgres") as name:
        yield Place(server, name)


@pytest.fixture
def database_url(place: Place) -> str:
    return place.server.database(place.name)


@contextmanager
def _sending(scene: Scene) -> Iterator[Child]:
    """A process that sends to thirty people, when the first of them have their letter."""
    scene.people(PEOPLE)
    scene.peer.always(smtp.slow("ACCEPTED", 0.05))
    child = scene.start(ticks=ENDLESS, pause=0.2)
    scene.peer.wait_for(5, seconds=60)
    yield child
    scene.peer.wait_for(PEOPLE - 1, seconds=60)  # one may be in doubt, and that rests ten minutes
    assert child.poll() is None, child.log.read_text()
    child.kill()
    child.wait()


def _all_have_one(scene: Scene) -> None:
    for minutes in (10, 30):
        scene.tick(NOW + timedelta(hours=1, minutes=minutes))
    verdict = scene.judge([f"owner{place}@example.com" for place in range(1, PEOPLE + 1)])
    assert verdict.is_kept, verdict
    assert len(verdict.doubled) <= 1
    assert not open_items(scene.engine)


def test_a_server_that_ends_at_once_and_comes_back_loses_no_letter(scene: Scene, place: Place) -> None:
    with _sending(scene):
        for _ in range(2):
            before = len(scene.peer.accepted)
            place.server.stop_at_once()
            time.sleep(0.3)
            place.server.start()
            scene.peer.wait_for(min(before + 3, PEOPLE - 1), seconds=60)
    scene.engine.dispose()
    _all_have_one(scene)


@pytest.mark.parametrize("table", ["mail", "installation"])
def test_locks_that_somebody_holds_are_waited_for(scene: Scene, place: Place, table: str) -> None:
    with _sending(scene), closing(place.connect()) as other, other.transaction():
        other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        time.sleep(0.5)
    _all_have_one(scene)


@pytest.mark.skipif(os.geteuid() != 0, reason="a small disk can only be made by root")
def test_a_full_disk_stops_the_letters_and_loses_none(scene: Scene, place: Place) -> None:
    scene.engine.dispose()
    with _small_disk(place) as small:
        scene.job = replace(scene.job, url=small.server.database(small.name))
        scene.engine = ready_engine(scene.job.url)
        _all_have_one_after_a_full_disk(scene, small)
        scene.engine.dispose()


def _all_have_one_after_a_full_disk(scene: Scene, place: Place) -> None:
    with _sending(scene) as child, closing(place.connect()) as other:
        other.execute("CREATE TABLE ballast AS SELECT repeat('x', 2000) AS words WHERE false")
        for size in (500, 20, 1):
            _fill(other, size)
        child.wait_for("DiskFull", seconds=30)
        stopped = len(scene.peer.accepted)
        time.sleep(1)
        assert len(scene.peer.accepted) <= stopped + 1
        assert stopped < PEOPLE
        other.execute("DROP TABLE ballast")
        other.execute("CHECKPOINT")
    _all_have_one(scene)


def _fill(other: psycopg.Connection, rows: int) -> None:
    words = "INSERT INTO ballast SELECT repeat(md5(n::text), 60) FROM generate_series(1, %s) n"
    with suppress(psycopg.errors.DiskFull):
        while True:
            other.execute(words, [rows])


@contextmanager
def _small_disk(place: Place) -> Iterator[Place]:
    """A copy of the database in a place of sixteen megabytes."""
    disk = place.server.home / "disk"
    disk.mkdir()
    owner = place.server.home.stat()
    options = f"size=16m,uid={owner.st_uid},gid={owner.st_gid},mode=0700"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tracker", disk], check=False, capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    try:
        with closing(Place(place.server, "postgres").connect()) as admin:
            admin.execute(f"CREATE TABLESPACE small LOCATION '{disk}'")
            admin.execute(f"CREATE DATABASE small TEMPLATE {place.name} TABLESPACE small")
            try:
                yield Place(place.server, "small")
            finally:
                admin.execute("DROP DATABASE small WITH (FORCE)")
                admin.execute("DROP TABLESPACE small")
    finally:
        subprocess.run(["umount", "-l", disk], check=True)
