"""A page that follows from what is published alone is made once, and not sent to whoever has it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tests.support.rounds import Office
from tracker import clock
from tracker.memos.editions import freeze_final
from tracker.plans.models import Initiative
from tracker.rounds.models import Round
from tracker.web.public import kept

HERE = "/plans/here"


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    with make.written(app) as session:
        office = Office.of(session)
        area = make.administration(session, office.plan, "SF", name="Skoleforvaltningen")
        ours = [make.initiative(session, area, f"Mentorer {number}", owner=office.owner) for number in "12"]
        round_ = make.open_round(session, office.plan)
        for one in ours:
            office.approve(one, round_, "Tolv mentorer.")
        office.lock(round_)
        session.commit()
        kept.memory.forget()
        yield office


def addresses(office: Office) -> dict[str, int]:
    """Each address with the queries that it takes when it was asked before."""
    first = office.session.scalars(select(Initiative.id)).first()
    return {
        "/": 1,
        "/plans/": 1,
        HERE: 1,
        f"{HERE}/2026": 1,
        f"{HERE}?state=started": 1,
        f"{HERE}/2026/memo": 1,
        f"{HERE}/2026/memo/docx": 2,
        f"{HERE}/data": 1,
        f"{HERE}/dates": 3,
        f"{HERE}/initiatives/{first}": 3,
        f"{HERE}/statuses.json": 1,
        f"{HERE}/2026/statuses.csv": 1,
        f"{HERE}/calendar.ics": 3,
        "/sitemap.xml": 1,
        "/robots.txt": 0,
        "/schemas/published-statuses-1.json": 0,
    }


@pytest.mark.both_databases
def test_whoever_has_an_answer_is_told_so_before_it_is_made_again(
    client: StrictClient, office: Office
) -> None:
    for url, queries in addresses(office).items():
        first = client.get(url)
        kept.memory.forget()
        had = {"If-None-Match": first.headers["ETag"]}
        for ask in (client.get, client.head):
            again = ask(url, headers=had, budget=queries)
            assert (again.status_code, again.data) == (304, b""), url
            assert again.headers["ETag"] == first.headers["ETag"]
            assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
            assert "Content-Type" not in again.headers
        assert kept.memory.held == 0, "nothing was made"
        other = client.get(url, headers={"If-None-Match": '"another"'})
        assert (other.status_code, other.data) == (200, first.data)
        assert client.get(url, budget=queries).data == first.data
        head = client.head(url)
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["Content-Length"] == str(len(first.data))


def test_a_kept_page_is_never_another_language_s_choice_s_or_edition_s(
    client: StrictClient, office: Office
) -> None:
    seen = {client.get(url).headers["ETag"] for url in (HERE, f"{HERE}?state=started", f"{HERE}?x=1")}
    client.get("/language/en")
    seen |= {client.get(url).headers["ETag"] for url in (HERE, f"{HERE}?state=started", f"{HERE}?x=1")}
    session = office.session
    freeze_final(session, office.plan, session.scalars(select(Round)).one(), by=None, at=clock.now())
    session.commit()
    seen.add(client.get(HERE).headers["ETag"])
    office.plan.name = "Another name"
    session.commit()
    answer = client.get(HERE)
    assert "Another name" in answer.get_data(as_text=True)
    seen.add(answer.headers["ETag"])
    assert len(seen) == 8


def test_what_one_person_is_told_is_kept_for_nobody(client: StrictClient, office: Office) -> None:
    make.sign_in(client, office.lead)
    kept.memory.forget()
    mine = client.get("/plans/")
    assert mine.headers["Cache-Control"] == "no-store"
    assert "Sign out" in mine.get_data(as_text=True)
    client.submit("/plans/", button="Sign out")
    told = client.get("/plans/").get_data(as_text=True)
    assert "Du er logget ud." in told
    assert kept.memory.held == 0
    after = client.get("/plans/").get_data(as_text=True)
    assert "Du er logget ud." not in after
    assert kept.memory.held == len(after.encode())


def test_memory_has_a_bound_and_the_oldest_goes_first() -> None:
    memory = kept.Memory(most=100, largest=40)
    for name in "abcd":
        memory.keep(name, b"x" * 30)
        memory.get("a")
    assert memory.held == 90
    assert [name for name in "abcd" if memory.get(name) is not None] == ["a", "c", "d"]
    memory.keep("a", b"y" * 10)
    assert memory.held == 70
    memory.keep("large", b"x" * 41)
    assert memory.get("large") is None
    memory.forget()
    assert (memory.held, memory.get("a")) == (0, None)
