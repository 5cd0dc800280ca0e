"""The storm: the faults that take minutes, at full length. `make storm`; docs/faults.md says what it proves.

    python -m tests.faults.storm [--scale 0.1] [--only PART…] [--seed N]

Ends with one line that counts what was lost and what came more than once, and with 1 when a promise broke.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from collections.abc import Callable
from functools import reduce
from pathlib import Path

from tests.faults.nursery import nursery
from tests.faults.oracle import Verdict
from tests.faults.storm import parts, real_server
from tests.faults.storm.grounds import Grounds
from tests.support.postgres import own_server

Part = Callable[[Grounds], Verdict]

PARTS: dict[str, Part] = {
    "kills-postgresql": parts.kills_on_postgresql,
    "kills-sqlite": parts.kills_on_sqlite,
    "takeover": parts.takeover,
    "sleep": parts.sleep,
    "clock": parts.clock_jumps,
    "limit": parts.limit,
    "real-server": real_server.through_postfix,
}
NOTHING = Verdict(*(frozenset[str](),) * 5)


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    words.add_argument("--scale", type=float, default=1.0, help="how much of the full length")
    words.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    words.add_argument("--seed", type=int, default=20261005)
    given = words.parse_args()
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # the mail server tells of every line it hears
    verdicts: list[Verdict] = []
    broken = False
    with (
        tempfile.TemporaryDirectory(prefix="tracker-storm-") as folder,
        own_server(settings=["fsync=on", "synchronous_commit=on"]) as server,
        nursery(Path(folder)) as children,
    ):
        grounds = Grounds(Path(folder), server, children, scale=given.scale, seed=given.seed)
        for name in given.only:
            started = time.monotonic()
            try:
                verdicts.append(PARTS[name](grounds))
            except AssertionError as error:
                broken = True
                print(f"{name}: broken after {time.monotonic() - started:.0f} s: {error}", flush=True)
            else:
                print(f"{name}: {verdicts[-1]} in {time.monotonic() - started:.0f} s", flush=True)
    total = reduce(Verdict.__add__, verdicts, NOTHING)
    print(total)
    return 0 if total.is_kept and not broken else 1


if __name__ == "__main__":
    sys.exit(main())
