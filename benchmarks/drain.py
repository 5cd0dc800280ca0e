"""Send what is in the outbox and end: `python -m benchmarks.drain`, with the settings in the environment."""

from __future__ import annotations

from datetime import timedelta

import benchmarks.letters  # noqa: F401 - the kind of letter
from tracker import clock, jobs
from tracker.application import create_app

if __name__ == "__main__":
    works = jobs.clockwork(create_app())
    now = clock.now() + timedelta(minutes=30)  # what was uncertain goes once more
    while works.dispatcher.turn(now).tried:
        pass
    works.close(now)
