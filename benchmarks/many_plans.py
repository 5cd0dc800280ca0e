"""B2: the pages of the round on PostgreSQL, among 101,000 initiatives beside 42.

Two installations run side by side: one with two plans of 42, of which the second has one owner; one with
2,000 plans of 50 and a plan of 1,000 that has one owner. The same pages of both are loaded in turns, asked
for by the same kind of person: what is paged must not feel the crowd.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median

from flask import Flask
from sqlalchemy import Engine, bindparam, text

import config
from benchmarks import databases
from benchmarks.data import TEXT, YEAR, cookie_of, environment
from benchmarks.pages import Page, queries
from benchmarks.results import Result, at_most, told
from benchmarks.servers import ROOT, Batch, Server, free_port, serving
from tracker import clock
from tracker.accounts import actions as accounts
from tracker.accounts.models import Person
from tracker.application import create_app
from tracker.extensions import db
from tracker.plans.models import Membership, MembershipRole

FILL = Path(__file__).with_name("many_plans.sql").read_text("utf-8")
ROUNDS, SECONDS = 7, 1.0


@dataclass(frozen=True)
class Crowd:
    """`plans` plans of `size` initiatives, and a last one of `large` that has one owner."""

    plans: int
    size: int
    large: int

    @property
    def initiatives(self) -> int:
        return self.plans * self.size + self.large


@dataclass(frozen=True)
class Installation:
    """A filled database, its running service, and the cookies of those who ask."""

    app: Flask
    server: Server
    cookies: dict[str, str]
    last: str


FEW, MANY = Crowd(1, 42, 42), Crowd(2_000, 50, 1_000)


def many_plans() -> Iterator[Result]:
    with ExitStack() as opened:
        few = opened.enter_context(_installation(FEW))
        many = opened.enter_context(_installation(MANY))
        for name, path, asks, marker in (
            ("round page", f"/secretariat/{{plan}}/rounds/{YEAR}", "secretary", "<tr"),
            ("review queue", f"/secretariat/{{plan}}/rounds/{YEAR}/queue", "secretary", "<h1"),
            ("search", "/search?q=skoler", "secretary", "<ol"),
            ("owner's list", "/my/", "owner", "<h1"),
        ):
            yield from _page(few, many, name, path, asks, marker)


def _page(
    few: Installation, many: Installation, name: str, path: str, asks: str, marker: str
) -> Iterator[Result]:
    """The page of a plan of 42 beside that of a plan of 50, and the last plan's beside the largest's."""

    def first(of: Installation) -> _Asked:
        return _Asked(of, path.format(plan="plan-1"), of.cookies[asks], marker)

    def last(of: Installation) -> _Asked:
        return _Asked(of, path.format(plan=of.last), of.cookies[f"{asks} of the last"], marker)

    pairs = (("among 101,000", first, 0.9), ("of 1,000", last, 0.6))
    counts = [side(of).queries() for _, side, _ in pairs for of in (few, many)]
    # Fewer is possible: the largest round has too many texts for its page to count their findings.
    if max(counts) > counts[0]:
        raise SystemExit(f"{name}: {counts} queries with 42, among 101,000 and for the largest")
    for title, side, goal in pairs:
        found = _in_turns(side(few), side(many))
        ratio = median(alone.processor / crowd.processor for alone, crowd in found)
        rates = [1000 / median(one.processor for one in of) for of in zip(*found, strict=True)]
        line = f"B2 {name} {title}, answers/processor s"
        yield Result(line, rates[1], rates[0], ratio, f">= {goal:g}", ratio >= goal)
        slow = [median(one.p95 for one in of) for of in zip(*found, strict=True)]
        yield at_most(f"B2 {name} {title}, 95th percentile, ms", slow[1], slow[0], 2)
    yield told(f"B2 {name} queries", counts[0])


@dataclass(frozen=True)
class _Asked:
    """A page of an installation, asked for by somebody."""

    installation: Installation
    path: str
    cookie: str
    marker: str

    def queries(self) -> int:
        """Of the second time: the first one also greets the database, and is noted in the access log."""
        page = Page(self.path, "", self.marker, 1, seconds=0, rounds=0)
        queries(self.installation.app, page, self.cookie)
        return queries(self.installation.app, page, self.cookie)

    def load(self, seconds: float = SECONDS) -> Batch:
        return self.installation.server.load(
            self.path, cookie=self.cookie, seconds=seconds, marker=self.marker, times=1
        )


def _in_turns(one: _Asked, other: _Asked) -> list[tuple[Batch, Batch]]:
    one.load(0.5), other.load(0.5)
    found = []
    for turn in range(ROUNDS):
        if turn % 2:
            second, first = other.load(), one.load()
        else:
            first, second = one.load(), other.load()
        found.append((first, second))
    return found


@contextmanager
def _installation(crowd: Crowd) -> Iterator[Installation]:
    with databases.postgresql() as engine, tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        _fill(engine, crowd)
        port = free_port()
        url = engine.url.render_as_string(hide_password=False)
        settings = environment(folder, port) | {"TRACKER_DATABASE_URL": url}
        given = {name.removeprefix("TRACKER_").lower(): value for name, value in settings.items()}
        app = create_app(config.Settings(_env_file=None, **given))  # type: ignore[arg-type]
        cookies = _cookies(app, crowd)
        with serving(
            "wsgi:app",
            settings=ROOT / "gunicorn.conf.py",
            port=port,
            environment=settings,
            first="/livez",
            log=folder / "ours.log",
        ) as server:
            yield Installation(app, server, cookies, f"plan-{crowd.plans + 1}")
        with app.app_context():
            db.engine.dispose()


def _fill(engine: Engine, crowd: Crowd) -> None:
    given = {
        "at": clock.now() - timedelta(days=40),
        "due": clock.today() + timedelta(days=21),
        "year": YEAR,
        "plans": crowd.plans,
        "size": crowd.size,
        "initiatives": crowd.initiatives,
        "text": TEXT,
    }
    with engine.begin() as connection:
        for statement in FILL.split(";\n"):
            if statement.strip():
                # With their types: the driver takes a small number for a small integer, and it overflows.
                named = [bindparam(name, one) for name, one in given.items() if f":{name}" in statement]
                connection.execute(text(statement).bindparams(*named))
        for table in ("plan", "administration", "person", "initiative", "round", "deadline"):
            connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
            )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _cookies(app: Flask, crowd: Crowd) -> dict[str, str]:
    """One secretary and one owner of the first plan, and one of each of the last."""
    with app.app_context():
        session, at = db.session(), clock.now()
        asking = {
            "owner": session.get_one(Person, 1),
            "owner of the last": session.get_one(Person, crowd.plans * crowd.size + 1),
        }
        for place, plan in (("secretary", 1), ("secretary of the last", crowd.plans + 1)):
            asking[place] = accounts.add_person(
                session, name="Sonja Sekretær", email=f"sonja{plan}@example.com", by=None, at=at
            )
            session.add(
                Membership(
                    plan_id=plan, person_id=asking[place].id, role=MembershipRole.secretariat, created_at=at
                )
            )
        tokens = {
            name: accounts.open_session(session, one, at=clock.real_now()) for name, one in asking.items()
        }
        session.commit()
        db.session.remove()
    return {name: cookie_of(app, token) for name, token in tokens.items()}
