"""The public page of 42 statuses, signed out, beside the floor's page of the same rows.

Both are loaded in turns as the pages of staff are (`benchmarks.pages`). Under load the service tells the page
from memory after it was made once, as it does for visitors; what making it costs, and what it costs to tell
somebody that they have it already, is measured beside it in one process.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from benchmarks.data import TEXT, YEAR, Filled, fill
from benchmarks.pages import Page, Pair, queries
from benchmarks.results import Result, at_least, bounded, told
from benchmarks.servers import Batch, Server
from tracker import clock
from tracker.domain.contributions import ContributionState
from tracker.domain.workflow import State
from tracker.extensions import db
from tracker.memos.editions import freeze_final
from tracker.plans.models import Initiative, Plan
from tracker.rounds.models import Contribution, Round, RoundState, StatusUpdate
from tracker.web.public import kept

SLUG = "forty-two"
ADDRESS = f"/plans/{SLUG}"
GOAL, QUERIES = 0.4, 2
TURNS, SECONDS, TIMES = 7, 1.2, 200


def under_load(app: Flask, folder: Path) -> Iterator[Result]:
    """The lines of the table; `app` is the service on an empty database in `folder`."""
    filled = fill(app)
    publish(app)
    page = Page(ADDRESS, f"/rounds/{filled.rounds[SLUG]}", "", 0, seconds=SECONDS, rounds=TURNS)
    with Pair(folder) as (ours, floor):
        measured = _in_turns(ours, floor, page)
    ratio = median(other.processor / one.processor for one, other in measured)
    first, second = (median(1000 / one.processor for one in side) for side in zip(*measured, strict=True))
    title = "Public page, 42 statuses, answers/processor s"
    yield Result(title, first, second, ratio, f">= {GOAL:g}", ratio >= GOAL)
    yield told("Public page answers/s", *_medians(measured, lambda one: one.rate))
    yield told("Public page 95th percentile, ms", *_medians(measured, lambda one: one.p95))
    yield from _in_one_process(app, folder, filled)


def publish(app: Flask) -> None:
    """Lock the open round of the plan of 42 with a text on each row, and freeze every year's edition."""
    with app.app_context():
        session, at = db.session(), clock.now()
        plan = session.scalars(select(Plan).where(Plan.slug == SLUG)).one()
        rounds = session.scalars(select(Round).where(Round.plan_id == plan.id)).all()
        newest = next(one for one in rounds if one.year == YEAR)
        found = (
            select(StatusUpdate, Initiative.title)
            .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
            .where(StatusUpdate.round_id == newest.id)
            .order_by(StatusUpdate.initiative_id)
        )
        for number, (one, title) in enumerate(session.execute(found).all(), start=1):
            one.state, one.text, one.number, one.title = State.locked, TEXT, number, title
        newest.state, newest.locked_at = RoundState.locked, at
        session.execute(
            update(Contribution)
            .where(Contribution.round_id == newest.id)
            .values(state=ContributionState.consolidated)
        )
        session.flush()
        for one in rounds:
            freeze_final(session, plan, one, by=None, at=at)
        session.commit()


def _in_one_process(app: Flask, folder: Path, filled: Filled) -> Iterator[Result]:
    os.environ["BENCHMARK_DATABASE"] = str(folder / "tracker.db")
    from benchmarks import floor

    client, other = app.test_client(), floor.app.test_client()
    base_url = app.extensions["settings"].base_url
    etag = client.get(ADDRESS, base_url=base_url).headers["ETag"]
    bare = _milliseconds(lambda: other.get(f"/rounds/{filled.rounds[SLUG]}").status_code, 200)
    for name, forget, had, code in (
        ("from memory", False, "", 200),
        ("made anew", True, "", 200),
        ("304", True, etag, 304),
    ):
        ask = _asking(client, base_url, forget=forget, had=had)
        cost = _milliseconds(ask, code)
        if name == "made anew":
            yield told("Public page made anew, rate beside the floor's", 1000 / cost, 1000 / bare)
        else:
            yield at_least(f"Public page {name}, in one process, answers/s", 1000 / cost, 1000 / bare, GOAL)
    kept.memory.forget()
    client.get(ADDRESS, base_url=base_url)
    asked = Page(ADDRESS, "", "", 0, seconds=0, rounds=0)
    yield bounded("Public page queries", queries(app, asked, ""), QUERIES, "")


def _asking(client: FlaskClient, base_url: str, *, forget: bool, had: str) -> Callable[[], int]:
    def ask() -> int:
        if forget:
            kept.memory.forget()
        headers = {"If-None-Match": had} if had else {}
        return client.get(ADDRESS, base_url=base_url, headers=headers).status_code

    return ask


def _milliseconds(ask: Callable[[], int], code: int) -> float:
    """The median processor time of an answer, in milliseconds."""
    found = []
    for _ in range(TIMES):
        begun = time.process_time()
        if ask() != code:
            raise SystemExit(f"{ADDRESS} did not answer {code}")
        found.append(time.process_time() - begun)
    return median(found) * 1000


def _in_turns(ours: Server, floor: Server, page: Page) -> list[tuple[Batch, Batch]]:
    def one(seconds: float) -> Batch:
        return ours.load(page.ours, seconds=seconds, marker='class="published-status"', times=42)

    def other(seconds: float) -> Batch:
        return floor.load(page.floor, seconds=seconds, marker="<tr", times=42)

    one(0.7), other(0.7)
    found = []
    for turn in range(page.rounds):
        if turn % 2:
            second, first = other(page.seconds), one(page.seconds)
        else:
            first, second = one(page.seconds), other(page.seconds)
        found.append((first, second))
    return found


def _medians(pairs: list[tuple[Batch, Batch]], of: Callable[[Batch], float]) -> tuple[float, float]:
    return median(of(one) for one, _ in pairs), median(of(other) for _, other in pairs)
