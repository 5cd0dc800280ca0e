"""B1, B3, B4, B11 and the running part of B12: pages, memory and start, service and floor side by side.

Both run at once under gunicorn, two sync workers each, and are loaded in turns, so that both meet the same
machine. The service is asked by a signed-in secretariat and answers with its full layout.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from sqlalchemy import event
from werkzeug.test import TestResponse

from benchmarks.data import YEAR, Filled, environment
from benchmarks.results import Result, at_most, bounded, told
from benchmarks.servers import ROOT, Batch, Server, free_port, serving
from tracker.extensions import db

QUERIES = 8
_NOT_QUERIES = ("PRAGMA", "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@dataclass(frozen=True)
class Page:
    """An address of the service, the floor's address of the same, and what proves that the rows came."""

    ours: str
    floor: str
    marker: str
    times: int
    seconds: float
    rounds: int


def pages_of(filled: Filled) -> dict[str, Page]:
    lists = {
        slug: (f"/secretariat/{slug}/rounds/{YEAR}", f"/rounds/{filled.rounds[slug]}")
        for slug in filled.rounds
    }
    print_out, floor_of_thousand = lists["thousand"]
    item = f"/initiatives/{filled.initiative}"
    return {
        "B1": Page(*lists["forty-two"], "<tr", 42, seconds=1.2, rounds=7),
        "B3": Page(f"{print_out}?rows=all", floor_of_thousand, "<tr", 1_000, seconds=2.0, rounds=5),
        "B4": Page(f"/my{item}", item, "<h1", 1, seconds=1.2, rounds=7),
        "frame": Page("/search", item, "<h1", 1, seconds=1.2, rounds=5),
    }


def queries(app: Flask, page: Page, cookie: str) -> int:
    """How many queries one answer takes, sign-in and rights included, once the page has been seen before."""
    counted: list[str] = []
    base_url = app.extensions["settings"].base_url

    def get() -> TestResponse:
        client = app.test_client(use_cookies=False)
        return client.get(page.ours, headers={"Cookie": cookie}, base_url=base_url)

    get()

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(_NOT_QUERIES):
            counted.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", count)
    try:
        answer = get()
    finally:
        event.remove(engine, "before_cursor_execute", count)
    if answer.status_code != 200 or answer.text.count(page.marker) < page.times:
        raise SystemExit(f"{page.ours} answered {answer.status}")
    return len(counted)


class Pair:
    """Service and floor, started afresh on one database."""

    def __init__(self, folder: Path, *, embedded_clock: bool = False) -> None:
        self.folder, self.clock = folder, embedded_clock
        self._open = ExitStack()

    def __enter__(self) -> tuple[Server, Server]:
        port = free_port()
        settings = environment(self.folder, port) | {"TRACKER_EMBEDDED_CLOCK": str(self.clock).lower()}
        ours = serving(
            "wsgi:app",
            settings=ROOT / "gunicorn.conf.py",
            port=port,
            environment=settings,
            first="/sign-in",
            log=self.folder / "ours.log",
        )
        floor = serving(
            "benchmarks.floor:app",
            settings=ROOT / "benchmarks/floor_server.py",
            port=free_port(),
            environment={"BENCHMARK_DATABASE": str(self.folder / "tracker.db")},
            first="/static-string",
            log=self.folder / "floor.log",
        )
        return self._open.enter_context(ours), self._open.enter_context(floor)

    def __exit__(self, *_error: object) -> None:
        self._open.close()


def start(folder: Path) -> Iterator[Result]:
    """B12 as far as it runs: the first answer, and the memory of two idle workers with the clock."""
    starts, memories = [], []
    for _ in range(3):
        with Pair(folder, embedded_clock=True) as (ours, floor):
            time.sleep(1.5)  # until both workers of both are there and at rest
            starts.append((ours.started, floor.started))
            memories.append((ours.memory(), floor.memory()))
    first, floor_first = min(one for one, _ in starts), min(one for _, one in starts)
    yield Result(
        "B12 start to first answer, s", first, floor_first, first / floor_first, "<= 2 s", first <= 2
    )
    yield at_most("B12 memory idle with clock, PSS MB", *_medians(memories), 1.6)


def under_load(app: Flask, folder: Path, filled: Filled) -> Iterator[Result]:
    """B1, B3 and B4, and B11: the memory after them."""
    pages = pages_of(filled)
    counts = {name: queries(app, page, filled.cookie) for name, page in pages.items()}
    with Pair(folder) as (ours, floor):
        yield from _floor_is_fast(floor, pages["B1"])
        for name, title, goal, wished in (
            ("B1", "round page, 42 rows", 0.2, " (wished 0.3)"),
            ("B3", "1,000 rows on one page", 0.5, ""),
            ("B4", "initiative, ten entries", 0.2, ""),
        ):
            measured = _in_turns(ours, floor, pages[name], filled.cookie)
            # By processor time: on a machine that does nothing else this is the ratio of the rates, and
            # beside other work it still holds.
            ratio = median(other.processor / one.processor for one, other in measured)
            costs = _medians((1000 / one.processor, 1000 / other.processor) for one, other in measured)
            wanted = f">= {goal:g}{wished}"
            yield Result(f"{name} {title}, answers/processor s", *costs, ratio, wanted, ratio >= goal)
            yield told(f"{name} answers/s", *_medians((one.rate, other.rate) for one, other in measured))
            p95 = _medians((one.p95, other.p95) for one, other in measured)
            slowest = f"{name} 95th percentile, ms"
            yield at_most(slowest, *p95, 5) if name == "B1" else told(slowest, *p95)
            asked = f"{name} queries"
            yield told(asked, counts[name]) if name == "B4" else bounded(asked, counts[name], QUERIES, "")
        yield _frame(ours, floor, pages["frame"], filled.cookie)
        yield at_most("B11 memory after B1 to B4, PSS MB", ours.memory(), floor.memory(), 1.45)


def _frame(ours: Server, floor: Server, page: Page, cookie: str) -> Result:
    """What signing in and the layout cost: a page with one empty field, beside the floor's item."""
    measured = _in_turns(ours, floor, page, cookie)
    costs = _medians((1000 / one.processor, 1000 / other.processor) for one, other in measured)
    return told("B4 a page with nothing on it, answers/processor s", *costs)


def _floor_is_fast(floor: Server, page: Page) -> Iterator[Result]:
    """Nobody gains from a slow floor: it reaches a third of what answering a bare string reaches."""
    found = [
        (
            floor.load(page.floor, seconds=1.5, marker="<tr", times=42),
            floor.load("/static-string", seconds=1.5),
        )
        for _ in range(4)
    ]
    costs = _medians((1000 / one.processor, 1000 / other.processor) for one, other in found)
    ratio = median(other.processor / one.processor for one, other in found)
    yield Result("Floor beside a bare string, answers/processor s", *costs, ratio, ">= 0.33", ratio >= 1 / 3)


def _in_turns(ours: Server, floor: Server, page: Page, cookie: str) -> list[tuple[Batch, Batch]]:
    def one(seconds: float) -> Batch:
        return ours.load(page.ours, cookie=cookie, seconds=seconds, marker=page.marker, times=page.times)

    def other(seconds: float) -> Batch:
        return floor.load(page.floor, seconds=seconds, marker=page.marker, times=page.times)

    one(0.7), other(0.7)  # both workers of both have read and compiled what they need
    found = []
    for turn in range(page.rounds):
        # Now the one first, now the other: a machine that gets slower is then fair to both.
        if turn % 2:
            second, first = other(page.seconds), one(page.seconds)
        else:
            first, second = one(page.seconds), other(page.seconds)
        found.append((first, second))
    return found


def _medians(pairs: Iterable[tuple[float, float]]) -> tuple[float, float]:
    ours, floor = zip(*pairs, strict=True)
    return median(ours), median(floor)
