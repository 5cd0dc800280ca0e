"""F4: processes that send are killed at random, one after another. `make storm` does it at full length."""

from __future__ import annotations

import pytest

from tests.faults.oracle import open_items
from tests.faults.scene import Scene
from tests.faults.storming import kill_storm
from tests.support import smtp

LETTERS = 120


@pytest.mark.both_databases
def test_in_a_storm_of_kills_nothing_is_lost_and_nothing_comes_thrice(
    scene: Scene, database_kind: str
) -> None:
    processes = 1 if database_kind == "sqlite" else 4
    scene.peer.always(smtp.slow("ACCEPTED", 0.01 * processes))
    outcome = kill_storm(scene, letters=LETTERS, processes=processes, seed=20261005, seconds=120)
    assert outcome.kills >= 4
    assert outcome.verdict.is_kept, outcome.verdict
    assert len(outcome.verdict.doubled) <= len(outcome.verdict.uncertain) <= outcome.kills
    assert not open_items(scene.engine)
