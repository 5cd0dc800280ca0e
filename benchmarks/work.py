"""`flask tracker worker`, which knows the letter of the benchmark too: `python -m benchmarks.work`."""

from __future__ import annotations

import benchmarks.letters  # noqa: F401 - the kind of letter
from tracker import jobs
from tracker.application import create_app

if __name__ == "__main__":
    jobs.run_worker(create_app())
