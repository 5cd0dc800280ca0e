"""`flask tracker worker`, which knows the letter of the benchmark too: `python -m benchmarks.work [SECONDS]`.

SECONDS is how often it ticks, where a measurement is too short for the worker's own half a minute.
"""

from __future__ import annotations

import sys

import benchmarks.letters  # noqa: F401 - the kind of letter
from tracker import jobs
from tracker.application import create_app

if __name__ == "__main__":
    if len(sys.argv) > 1:
        jobs.EVERY_SECONDS = int(sys.argv[1])
    jobs.run_worker(create_app())
