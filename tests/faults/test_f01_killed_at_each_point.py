"""F1: the process that sends is killed at each point between plan and mark, and another takes over."""

from __future__ import annotations

import signal
from datetime import timedelta

import pytest

from tests.faults.oracle import open_items
from tests.faults.points import POINTS
from tests.faults.scene import Scene
from tests.mail.post import NOW
from tests.support.smtp import recorded

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize("name", POINTS)
def test_killed_at_any_point_everybody_is_reminded(scene: Scene, name: str) -> None:
    point = POINTS[name]
    owners = scene.people(3)
    # Of three letters the second is in hand: one is behind it, and one claimed and not begun.
    died = scene.start(dies_at=name, turn=2 if point.often else 1)
    assert died.wait() == -signal.SIGKILL, died.log.read_text()
    scene.peer.wait_until_alone()
    before = len(recorded(scene.record))
    for minutes in (1, 15):
        scene.tick(NOW + timedelta(minutes=minutes))
    verdict = scene.judge(owners)
    assert verdict.is_kept, verdict
    assert not verdict.lost
    assert len(recorded(scene.record)) > before or before == len(owners)
    assert not open_items(scene.engine)
    if not point.window:
        assert not verdict.doubled | verdict.uncertain, verdict
    else:
        assert len(verdict.uncertain) <= 1
