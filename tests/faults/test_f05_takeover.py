"""F5: when the process that sends is gone, another sends the rest with its next tick.

What gunicorn and workers do together stands in test_the_whole_service.py; `make storm` kills them at the
pace of the real clock.
"""

from __future__ import annotations

import signal
import time

import pytest

from tests.faults.scene import Scene
from tests.faults.storming import wait_until

pytestmark = pytest.mark.both_databases

BEAT = 1.0  # between two ticks; the service's is thirty seconds


@pytest.mark.parametrize("where", ["claimed", "recipient named", "server says go on"])
def test_another_takes_over_within_two_ticks(scene: Scene, where: str) -> None:
    owners = scene.people(12)
    first = scene.start(dies_at=where, turn=2)
    wait_until("the first one sends", lambda: bool(scene.peer.heard))
    second = scene.start(ticks=60, pause=BEAT)
    assert first.wait() == -signal.SIGKILL, first.log.read_text()
    died = time.monotonic()
    scene.peer.wait_for(len(owners), seconds=30)
    took = time.monotonic() - died
    second.kill()
    second.wait()
    assert took < 2 * BEAT + 5, f"{took:.1f} s"  # the five are the machine's, when it is busy
    verdict = scene.judge(owners)
    assert verdict.is_kept, verdict
    assert not verdict.doubled | verdict.uncertain
