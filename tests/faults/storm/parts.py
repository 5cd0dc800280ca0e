"""The parts of the storm that need nothing but processes: each gives its verdict, or fails with a reason."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import reduce

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.faults.oracle import Verdict, open_items
from tests.faults.scene import Scene
from tests.faults.storm.grounds import KINDS, Grounds, Kind
from tests.faults.storming import EARLY, ENDLESS, kill_storm, wait_until
from tests.mail.post import NOW
from tests.support import smtp
from tracker.jobs import EVERY_SECONDS
from tracker.mail.installation import release
from tracker.mail.models import HoldCause, Installation


def kills_on_postgresql(grounds: Grounds) -> Verdict:
    """F4: four dispatchers, of which one is killed and replaced every 0.8 seconds."""
    return _kills(grounds, "postgresql", processes=4, pause=0.1)


def kills_on_sqlite(grounds: Grounds) -> Verdict:
    """F4: one dispatcher, killed and replaced every 0.8 seconds."""
    return _kills(grounds, "sqlite", processes=1, pause=0.01)


def _kills(grounds: Grounds, kind: Kind, *, processes: int, pause: float) -> Verdict:
    with grounds.scene(kind) as scene:
        scene.peer.always(smtp.slow("ACCEPTED", pause))
        letters = grounds.number(1500)
        outcome = kill_storm(
            scene, letters=letters, processes=processes, every=0.8, pace=8, seed=grounds.seed, seconds=400
        )
        print(f"  {kind}: {outcome.kills} kills over {letters} letters", flush=True)
        assert len(outcome.verdict.doubled) <= len(outcome.verdict.uncertain), "a copy that nobody admits"
        assert not open_items(scene.engine), open_items(scene.engine)
        return outcome.verdict


def takeover(grounds: Grounds) -> Verdict:
    """F5: two workers at the pace of the real clock; the one that sends is killed in the middle of it."""
    return _on_both(grounds, lambda scene, _kind: _takeover(scene))


def _takeover(scene: Scene) -> Verdict:
    owners = scene.people(40)
    first = scene.start(dies_at="server says go on", turn=5)
    wait_until("the first one sends", lambda: bool(scene.peer.heard))
    second = scene.start(ticks=ENDLESS, pause=EVERY_SECONDS, epoch=time.time())
    assert first.wait() == -signal.SIGKILL, first.log.read_text()
    died = time.monotonic()
    scene.peer.wait_for(len(owners), seconds=2 * EVERY_SECONDS)
    print(f"  taken over and sent within {time.monotonic() - died:.0f} s", flush=True)
    second.kill()
    second.wait()
    return scene.judge(owners)


def sleep(grounds: Grounds) -> Verdict:
    """F6: a process is stopped for minutes inside the window and goes on, while others tick."""
    return _on_both(grounds, lambda scene, _kind: _sleep(scene, 90 * grounds.scale))


def _sleep(scene: Scene, seconds: float) -> Verdict:
    owners = scene.people(40)
    scene.peer.script(smtp.slow("ACCEPTED", 0.5))
    sleeper = scene.start(patience=600)
    wait_until("a letter under way", lambda: scene.peer.has_played)
    sleeper.signal(signal.SIGSTOP)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        scene.tick(NOW + timedelta(minutes=30))
        time.sleep(1)
    sleeper.signal(signal.SIGCONT)
    assert sleeper.wait() == 0, sleeper.log.read_text()
    scene.tick(NOW + timedelta(minutes=45))
    verdict = scene.judge(owners)
    assert not verdict.doubled | verdict.uncertain, f"stolen or doubled: {verdict}"
    return verdict


def clock_jumps(grounds: Grounds) -> Verdict:
    """F9: the clock jumps a year ahead, a day back, two hours back: mail is held, and nobody is told."""
    return _on_both(grounds, lambda scene, _kind: _clock_jumps(scene, grounds.number(500)))


def _clock_jumps(scene: Scene, people: int) -> Verdict:
    owners = scene.people(people)
    scene.tick(EARLY)
    scene.tick(NOW + timedelta(days=366))
    _assert_held(scene, HoldCause.clock_ahead)
    assert not scene.peer.heard, "a mass mail in the wrong year"
    _release(scene, EARLY)
    scene.tick(NOW)
    scene.peer.wait_for(people, seconds=60)
    for back in (timedelta(days=1), timedelta(hours=2)):
        scene.tick(NOW - back)
        _assert_held(scene, HoldCause.clock_back)
        _release(scene, NOW)
    scene.tick(NOW + timedelta(minutes=10))
    return scene.judge(owners)


def _assert_held(scene: Scene, cause: HoldCause) -> None:
    with Session(scene.engine) as session:
        here = session.scalars(select(Installation)).one()
        assert (here.queue_held, here.held_cause) == (True, cause), (here.held_cause, here.held_reason)


def _release(scene: Scene, at: datetime) -> None:
    with Session(scene.engine) as session, session.begin():
        release(session, by=None, at=at)


def limit(grounds: Grounds) -> Verdict:
    """F21: 500 people, and a server that takes 30 letters in six seconds and says 421 to more."""
    return _on_both(grounds, lambda scene, _kind: _limit(scene, grounds.number(500)))


def _limit(scene: Scene, people: int) -> Verdict:
    owners = scene.people(people)
    scene.peer.limit(30, seconds=6)
    child = scene.start(ticks=ENDLESS, pause=1, epoch=time.time(), pace=20)
    scene.peer.wait_for(people, seconds=people / 5 * 1.5 + 60)
    time.sleep(1)  # for what would come twice
    child.kill()
    child.wait()
    verdict = scene.judge(owners)
    assert not verdict.doubled, f"doubled by a limit: {verdict}"
    return verdict


def _on_both(grounds: Grounds, part: Callable[[Scene, Kind], Verdict]) -> Verdict:
    verdicts = []
    for kind in KINDS:
        with grounds.scene(kind) as scene:
            verdicts.append(part(scene, kind))
    return reduce(Verdict.__add__, verdicts)
