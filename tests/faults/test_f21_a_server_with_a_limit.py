"""F21: a mail server takes so many letters in so many seconds and says 421 to more."""

from __future__ import annotations

import time

import pytest

from tests.faults.scene import Scene
from tests.faults.storming import ENDLESS

PEOPLE = 60


@pytest.mark.both_databases
def test_all_are_sent_though_late_and_none_twice(scene: Scene) -> None:
    scene.peer.limit(15, seconds=1)
    owners = scene.people(PEOPLE)
    # A minute of the service's time is half a second: so long is the first pause after a 421.
    child = scene.start(ticks=ENDLESS, pause=0.25, epoch=time.time(), pace=120)
    scene.peer.wait_for(PEOPLE, seconds=60)
    time.sleep(0.5)  # for what would come twice
    child.kill()
    child.wait()
    verdict = scene.judge(owners)
    assert not verdict.lost
    assert not verdict.doubled
    assert not verdict.tripled
    assert not verdict.outside_window
