"""F6: a process is stopped, as a machine that sleeps or a debugger does, and goes on later."""

from __future__ import annotations

import signal
import socket
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest

from tests.faults.scene import Scene
from tests.faults.storming import wait_until
from tests.mail.post import NOW
from tests.support import smtp
from tracker.mail.patience import DeadlineReader


@pytest.mark.both_databases
@pytest.mark.parametrize("step", ["MAIL", "354", "ACCEPTED"])
def test_what_it_holds_is_not_stolen_and_does_not_go_twice(
    scene: Scene, step: smtp.Step, database_kind: str
) -> None:
    owners = scene.people(15)
    scene.peer.script(smtp.slow(step, 0.5))
    sleeper = scene.start()
    wait_until("a letter under way", lambda: scene.peer.has_played)
    sleeper.signal(signal.SIGSTOP)
    for minutes in (1, 15, 300):
        scene.tick(NOW + timedelta(minutes=minutes))
    # On PostgreSQL others send what the sleeper had not claimed; on SQLite only one may send at all.
    others = set(scene.peer.recipients)
    assert len(others) <= (1 if database_kind == "sqlite" else 6)
    sleeper.signal(signal.SIGCONT)
    assert sleeper.wait() == 0, sleeper.log.read_text()
    scene.tick(NOW + timedelta(minutes=315))
    verdict = scene.judge(owners)
    assert verdict.is_kept, verdict
    assert not verdict.doubled | verdict.uncertain, verdict


@pytest.mark.both_databases
def test_many_that_are_stopped_and_go_on_in_turn_send_each_letter_once(scene: Scene) -> None:
    owners = scene.people(40)
    scene.peer.always(smtp.slow("ACCEPTED", 0.02))
    crew = [scene.start(ticks=5, pause=0.05) for _ in range(3)]
    for child in crew * 2:
        child.signal(signal.SIGSTOP)  # wherever it is, even where it has the only right to write
        newcomer = scene.start(start=NOW + timedelta(minutes=1))
        time.sleep(0.2)
        child.signal(signal.SIGCONT)
        assert newcomer.wait() == 0, newcomer.log.read_text()
    for child in crew:
        assert child.wait() == 0, child.log.read_text()
    verdict = scene.judge(owners)
    assert verdict.is_kept, verdict
    assert not verdict.doubled | verdict.uncertain, verdict


@pytest.mark.both_databases
def test_an_answer_that_came_while_it_was_stopped_is_no_cause_for_doubt(scene: Scene) -> None:
    owners = scene.people(3)
    scene.peer.script(smtp.slow("ACCEPTED", 0.3))
    sleeper = scene.start(patience=1)
    wait_until("a letter under way", lambda: scene.peer.has_played)
    sleeper.signal(signal.SIGSTOP)
    time.sleep(2.5)  # longer than it would have waited for the answer
    sleeper.signal(signal.SIGCONT)
    assert sleeper.wait() == 0, sleeper.log.read_text()
    verdict = scene.judge(owners)
    assert verdict.is_kept, verdict
    assert not verdict.doubled | verdict.uncertain, verdict


def test_an_answer_that_lies_ready_is_read_however_late() -> None:
    here, there = socket.socketpair()
    with here, there:
        reader = DeadlineReader(here, SimpleNamespace(deadline=0))  # type: ignore[arg-type]
        with pytest.raises(TimeoutError):
            reader.readinto(bytearray(80))
        there.sendall(b"250 ok\r\n")
        answer = bytearray(80)
        assert reader.readinto(answer) == len(b"250 ok\r\n")
        assert answer.startswith(b"250 ok")
