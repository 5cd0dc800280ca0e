"""Processes that send, and are killed at random, until everybody has a letter."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from tests.faults.nursery import Child
from tests.faults.oracle import Verdict, open_items
from tests.faults.scene import Scene
from tests.mail.post import NOW
from tests.support.smtp import recorded

EARLY = NOW - timedelta(hours=3)  # the day is planned, and nobody is written to before eight
ENDLESS = 1_000_000
AFTERWARDS = (timedelta(hours=12), timedelta(hours=13), timedelta(hours=14))


@dataclass(frozen=True)
class Outcome:
    """What came of a storm: the verdict, and how many processes were killed."""

    verdict: Verdict
    kills: int


def kill_storm(
    scene: Scene,
    *,
    letters: int,
    processes: int,
    seed: int,
    seconds: float,
    every: float = 0,
    pace: float = 100,
) -> Outcome:
    """So many letters, sent by so many processes of which one is killed and replaced again and again.

    `every` so many seconds one is killed, and then all is planned before: who is killed that often never
    comes to the end of planning for thousands. Without it one is killed when a few more letters have come,
    which takes as long as it takes on a busy machine. The service's time runs `pace` times as fast as ours.
    Ends when everybody has a letter; then three quiet ticks settle what is uncertain. Fails the test when
    that takes more than `seconds`.
    """
    chance = random.Random(seed)
    owners = scene.people(letters)
    if every:
        scene.tick(EARLY)
    epoch = time.time()

    def start() -> Child:
        return scene.start(ticks=ENDLESS, pause=0.3, epoch=epoch, pace=pace, swept=bool(every))

    crew = [start() for _ in range(processes)]
    kills = 0
    until = time.monotonic() + seconds
    while not _everybody_has_one(scene, owners):
        assert time.monotonic() < until, (
            f"not all in {seconds} s: {open_items(scene.engine)}, {kills} kills\n{crew[0].log.read_text()}"
        )
        if every:
            time.sleep(every * chance.uniform(0.5, 1.5))
        else:
            _wait_for_more(scene, chance.randint(2, 10), owners)
            time.sleep(chance.uniform(0, 0.05))
        place = chance.randrange(processes)
        crew[place].kill()
        crew[place].wait()
        crew[place] = start()
        kills += 1
    for child in crew:
        child.kill()
        child.wait()
    later = timedelta(seconds=(time.time() - epoch) * pace)
    for more in AFTERWARDS:
        scene.tick(NOW + later + more)
    return Outcome(scene.judge(owners), kills)


def _everybody_has_one(scene: Scene, owners: list[str]) -> bool:
    return {letter.recipients[0] for letter in recorded(scene.record)} >= set(owners)


def _wait_for_more(scene: Scene, more: int, owners: list[str]) -> None:
    """Until some more letters came, or all, or a while without any: a process may be killed before it sends.

    Copies count as letters, so that their number may pass that of the people while somebody still has none.
    """
    aim = len(scene.peer.accepted) + more
    until = time.monotonic() + 2
    while len(scene.peer.accepted) < aim and time.monotonic() < until:
        if len(scene.peer.accepted) >= len(owners) and _everybody_has_one(scene, owners):
            return
        time.sleep(0.005)


def wait_until(what: str, condition: Callable[[], bool], *, seconds: float = 30) -> None:
    """Fails the test when it does not come true in time."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"not within {seconds} s: {what}"
        time.sleep(0.01)
