"""Measure and print the table: `make bench` for what takes minutes together, `make bench-load` for the rest.

`python -m benchmarks [NAME…]` measures some of it. Ends with 0 when everything could be measured, met or
missed.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from benchmarks import (
    claiming,
    collecting,
    handing_over,
    importing,
    many_plans,
    memo,
    pages,
    planning,
    planning_many,
    public,
    results,
    sending,
    starting,
    submitting,
    ticking,
)
from benchmarks.data import application, fill
from tracker import clock


def load(folder: Path) -> Iterable[results.Line]:
    app = application(folder)
    filled = fill(app)
    yield from pages.under_load(app, folder, filled)


def published(folder: Path) -> Iterable[results.Line]:
    yield from public.under_load(application(folder), folder)


def start(folder: Path) -> Iterable[results.Line]:
    application(folder)
    yield from pages.start(folder)
    yield from starting.command()


PARTS: dict[str, Callable[[Path], Iterable[results.Line]]] = {
    "pages": load,
    "public": published,
    "start": start,
    "memo": lambda _: [*memo.b9(), *memo.b10()],
    "planning": planning.planning,
    "import": importing.importing,
    "many-plans": lambda _: many_plans.many_plans(),
    "submitting": submitting.submitting,
    "sending": lambda _: sending.sending(),
    "ticking": lambda _: ticking.ticking(),
    "claiming": lambda _: claiming.claiming(),
}
LONG: dict[str, Callable[[Path], Iterable[results.Line]]] = {
    "collecting": lambda _: collecting.collecting(),
    "handing-over": lambda _: handing_over.handing_over(),
    "planning-many": lambda _: planning_many.planning_many(),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    every = PARTS | LONG
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(every)}; without one, those of `make bench`")
    parser.add_argument("--load", action="store_true", help="those of `make bench-load`")
    asked = parser.parse_args()
    chosen = asked.parts or list(LONG if asked.load else PARTS)
    if unknown := set(chosen) - set(every):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    begun = time.perf_counter()
    now = datetime.now(clock.ZONE)
    print(f"{now:%d.%m.%Y}, Python {platform.python_version()}, {os.cpu_count()} cores\n")
    print(results.HEADING)
    missed = 0
    for name in chosen:
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            for line in every[name](Path(folder)):
                missed += not line.ok
                print(results.row(line), flush=True)
    waited = os.getloadavg()[0]
    print(f"\n{missed} missed. {time.perf_counter() - begun:.0f} s; load average at the end {waited:.1f}.")


if __name__ == "__main__":
    main()
