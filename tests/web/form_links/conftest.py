"""A plan whose reminders carry personal links, and one such link."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from flask import Flask

from tests.support import make
from tests.support.client import StrictClient
from tests.web.test_rights import contents
from tracker import clock
from tracker.statuses import form_links
from tracker.statuses.history import PrintedStatus, record_locked_round

LAST_YEAR = "They were held at three schools."


@dataclass
class Office:
    """Olga owns two initiatives of the round, Oscar a third; `token` is Olga's."""

    plan: int
    round: int
    olga: int
    oscar: int
    secretary: int
    mine: list[int]
    other: int
    link: int
    token: str

    @property
    def url(self) -> str:
        return f"/f/{self.token}/"

    def form(self, number: int = 0) -> str:
        return f"/f/{self.token}/updates/{self.mine[number]}"


@pytest.fixture
def office(app: Flask, client: StrictClient) -> Office:
    with make.written(app) as session:
        plan = make.plan(session, "here")
        plan.form_links = True
        schools = make.administration(session, plan, "BUF")
        olga, oscar = make.person(session, "Olga"), make.person(session, "Oscar")
        first = make.initiative(session, schools, "Courses", owner=olga)
        second = make.initiative(session, schools, "Signs", owner=olga)
        third = make.initiative(session, schools, "Ramps", owner=oscar)
        record_locked_round(
            session,
            plan_id=plan.id,
            year=2025,
            statuses=[PrintedStatus(first, 1, "Courses", LAST_YEAR)],
            by=None,
            at=clock.now(),
        )
        round_ = make.open_round(session, plan)
        secret = app.config["SECRET_KEY"].encode()
        link = form_links.make(session, round_.id, olga.id, secret=secret, by=None, at=clock.now())
        return Office(
            plan=plan.id,
            round=round_.id,
            olga=olga.id,
            oscar=oscar.id,
            secretary=make.member(session, plan).id,
            mine=[make.update_of(session, one, round_).id for one in (first, second)],
            other=make.update_of(session, third, round_).id,
            link=link.id,
            token=form_links.derived(link, secret),
        )


@contextmanager
def unchanged(app: Flask) -> Iterator[None]:
    before = contents(app)
    yield
    assert contents(app) == before
