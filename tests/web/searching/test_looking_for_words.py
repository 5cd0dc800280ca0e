"""Somebody looks for words: what they may see is found, and nothing tells of what they may not."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.support import make
from tests.support.client import StrictClient
from tracker import clock
from tracker.domain.workflow import ProgressState
from tracker.plans.models import Initiative, MembershipRole
from tracker.rounds.models import StatusUpdate
from tracker.statuses.history import PrintedStatus, record_locked_round

PAGE = "/search"
BUDGET = 6
CANARY = "Kvadderkvidder"

pytestmark = pytest.mark.both_databases


@dataclass(frozen=True)
class Town:
    """Ids of the people of a plan with a locked round and an open one, in which a draft holds the canary."""

    owner: int
    other: int
    coordinator: int
    secretary: int
    reader: int
    administrator: int
    elsewhere: int
    initiative: int
    update: int


@pytest.fixture
def town(app: Flask) -> Town:
    with make.written(app) as session:
        plan = make.plan(session, "here", name="The plan here")
        schools, streets = (
            make.administration(session, plan, "BUF"),
            make.administration(session, plan, "TMF"),
        )
        owner, other = make.person(session, "Bøje Blåbær"), make.person(session, "Oscar Other")
        mine = make.initiative(session, schools, "Kurser for lærere", owner=owner)
        theirs = make.initiative(session, streets, "Skilte i parker", owner=other)
        coordinator = make.person(session, "Carl Coordinator")
        make.placed(session, coordinator, administration=schools)
        record_locked_round(
            session,
            plan_id=plan.id,
            year=2025,
            statuses=[
                PrintedStatus(mine, 1, mine.title, "Kurset om æbler & <b>pærer</b> er holdt to gange."),
                PrintedStatus(theirs, 2, theirs.title, "Skiltene om æbler er sat op."),
            ],
            by=None,
            at=clock.now(),
        )
        draft = make.update_of(session, mine, make.open_round(session, plan))
        draft.text = f"Et udkast om {CANARY} og æbler."
        session.flush()
        return Town(
            owner=owner.id,
            other=other.id,
            coordinator=coordinator.id,
            secretary=make.member(session, plan, name="Sam Secretary").id,
            reader=make.member(session, plan, MembershipRole.reader, "Rita Reader").id,
            administrator=make.person(session, "Ann Admin", administrator=True).id,
            elsewhere=make.member(session, make.plan(session, "there"), MembershipRole.lead, "Else Where").id,
            initiative=mine.id,
            update=draft.id,
        )


def _asked(client: StrictClient, person: int, words: str, **more: object) -> str:
    make.sign_in(client, person)
    return client.get(PAGE, query_string={"q": words, **more}, budget=BUDGET).text


def _count(page: str) -> int:
    found = re.search(r'role="status">(\d+) result', page)
    return int(found[1]) if found else 0


def _links(page: str) -> list[str]:
    return re.findall(r'<h2 class="h4"><a href="([^"]+)"', page)


def test_the_secretariat_finds_titles_texts_and_people(client: StrictClient, town: Town) -> None:
    page = _asked(client, town.secretary, "kurs")
    assert _links(page) == [
        f"/secretariat/here/initiatives/{town.initiative}",
        f"/secretariat/here/updates/{town.update - 2}",
    ]
    assert _links(_asked(client, town.secretary, "blåb")) == [
        f"/secretariat/here/people/{town.owner}/letters"
    ]
    assert _links(_asked(client, town.secretary, CANARY)) == [f"/secretariat/here/updates/{town.update}"]


def test_danish_letters_are_letters_of_their_own(client: StrictClient, town: Town) -> None:
    assert _count(_asked(client, town.secretary, "ÆBLER")) == 3
    assert _count(_asked(client, town.secretary, "aebler")) == 0
    assert _count(_asked(client, town.secretary, "ebler")) == 0
    assert _count(_asked(client, town.secretary, "bøje")) == 1
    assert _count(_asked(client, town.secretary, "boje")) == 0


def test_what_was_found_is_marked_and_the_rest_stays_words(client: StrictClient, town: Town) -> None:
    page = _asked(client, town.reader, "pærer")
    assert "æbler &amp; &lt;b&gt;<mark>pærer</mark>&lt;/b&gt;" in page


def test_a_text_stands_without_the_signs_it_was_written_with(
    client: StrictClient, app: Flask, town: Town
) -> None:
    with make.written(app) as session:
        session.get_one(StatusUpdate, town.update).text = "## Lamaer\nDe er set {x}.\n- i parken¹\n\n¹ Talt."
    page = _asked(client, town.owner, "lama")
    assert "<mark>Lamaer</mark>: De er set {x}. · i parken" in page
    assert "##" not in page


def test_every_word_must_fit(client: StrictClient, town: Town) -> None:
    assert _count(_asked(client, town.secretary, "æbler skilte")) == 1
    assert _count(_asked(client, town.secretary, "æbler hveps")) == 0


@pytest.mark.parametrize(
    ("who", "drafts", "texts"),
    [
        ("owner", 1, 3),
        ("coordinator", 1, 3),
        ("secretary", 1, 3),
        ("other", 0, 2),
        ("reader", 0, 2),
        ("elsewhere", 0, 0),
    ],
)
def test_a_draft_is_found_by_those_who_may_read_it_alone(
    client: StrictClient, town: Town, who: str, drafts: int, texts: int
) -> None:
    person = getattr(town, who)
    page = _asked(client, person, CANARY)
    assert _count(page) == drafts
    assert (f"<mark>{CANARY}</mark>" in page) == bool(drafts)
    page = _asked(client, person, "æbler")
    assert _count(page) == texts
    assert (CANARY in page) == bool(drafts)


def test_what_nobody_else_may_see_changes_neither_number_nor_order(
    client: StrictClient, app: Flask, town: Town
) -> None:
    """A reader and another owner get the same page, byte for byte, however full of it the drafts are."""
    before = {who: _plain(_asked(client, who, "æbler kurser")) for who in (town.reader, town.other)}
    with make.written(app) as session:
        session.execute(
            update(StatusUpdate).where(StatusUpdate.id == town.update).values(text="æbler kurser " * 40)
        )
    after = {who: _plain(_asked(client, who, "æbler kurser")) for who in (town.reader, town.other)}
    assert before == after


def _plain(page: str) -> str:
    """The page without the token of its forms."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page)


def test_a_new_title_is_found_by_others_once_it_is_published(
    client: StrictClient, app: Flask, town: Town
) -> None:
    assert _count(_asked(client, town.reader, "lærere")) == 1
    with make.written(app) as session:
        session.get_one(Initiative, town.initiative).title = "Hemmelige kurser"
    assert _count(_asked(client, town.reader, "hemmelige")) == 0
    assert _count(_asked(client, town.reader, "lærere")) == 0
    assert _count(_asked(client, town.owner, "hemmelige")) == 1


def test_what_is_said_of_an_initiative_is_found_by_those_who_may_see_it_alone(
    client: StrictClient, app: Flask, town: Town
) -> None:
    """What it is about, the decision that added it, who pays for it; words may stand in several of them."""
    before = {who: _plain(_asked(client, who, "zebraer")) for who in (town.reader, town.other)}
    with make.written(app) as session:
        found = session.get_one(Initiative, town.initiative)
        found.description = "Om zebraer & andre dyr."
        found.origin_decision, found.funder = (
            "Besluttet i Borgerrepræsentationen, sag 4711",
            "Zoologisk pulje",
        )
    for who in (town.owner, town.coordinator, town.secretary):
        page = _asked(client, who, "zebra")
        assert _count(page) == 1
        assert "Om <mark>zebraer</mark> &amp; andre dyr." in page
    assert _count(_asked(client, town.owner, "kurser zebra 4711 zoologisk")) == 1
    assert _count(_asked(client, town.owner, "kurser giraf")) == 0
    assert {who: _plain(_asked(client, who, "zebraer")) for who in (town.reader, town.other)} == before
    for who in (town.reader, town.other):
        page = _asked(client, who, "lærere")  # a title that was published
        assert _count(page) == 1
        assert "zebra" not in page
        assert _count(_asked(client, who, "lærere zebra")) == 0
    with make.written(app) as session:
        session.get_one(Initiative, town.initiative).description = ""
    assert _count(_asked(client, town.owner, "zebra")) == 0


def test_people_are_found_by_those_who_deal_with_them(client: StrictClient, town: Town) -> None:
    assert _count(_asked(client, town.coordinator, "Bøje")) == 1
    assert _count(_asked(client, town.coordinator, "Oscar")) == 0
    assert _count(_asked(client, town.reader, "Bøje")) == 0
    assert _count(_asked(client, town.other, "Bøje")) == 0
    assert _count(_asked(client, town.secretary, "Rita")) == 1


def test_who_has_no_part_in_a_plan_has_no_such_page(client: StrictClient, town: Town) -> None:
    make.sign_in(client, town.administrator)
    assert client.get(PAGE, query_string={"q": CANARY}).status_code == 404
    assert "header-search" not in client.get("/admin/people").text


@pytest.mark.parametrize(
    "words",
    [
        "' OR 1=1--",
        "%",
        "_",
        '"',
        "*",
        "kurs* OR æbler",
        "text:æbler",
        "NEAR(a b)",
        "(",
        "-æbler",
        "a & | !",
        "\\",
    ],
)
def test_signs_are_only_signs(client: StrictClient, town: Town, words: str) -> None:
    page = _asked(client, town.secretary, words)
    expected = {"text:æbler": 0, "-æbler": 3}.get(words, 0)
    assert _count(page) == expected


def test_pages_have_twenty_results_and_as_many_queries(client: StrictClient, app: Flask, town: Town) -> None:
    with make.written(app) as session:
        _many(session, town, 45)
    page = _asked(client, town.secretary, "hvalros")
    assert _count(page) == 45
    met = _links(page)
    for number in (2, 3):
        met += _links(_asked(client, town.secretary, "hvalros", page=number))
    assert len(met) == len(set(met)) == 45
    assert "There are no more results." in _asked(client, town.secretary, "hvalros", page=400)


def _many(session: Session, town: Town, number: int) -> None:
    first = session.get_one(Initiative, town.initiative)
    session.add_all(
        Initiative(
            plan_id=first.plan_id,
            administration_id=first.administration_id,
            position=10 + place,
            title=f"Hvalros {place}",
            created_at=clock.now(),
        )
        for place in range(number)
    )


def test_what_is_changed_or_removed_is_found_as_it_stands_now(
    client: StrictClient, app: Flask, town: Town
) -> None:
    with make.written(app) as session:
        found = session.get_one(StatusUpdate, town.update)
        found.text, found.progress = "Nu om giraffer.", ProgressState.started
    assert _count(_asked(client, town.owner, CANARY)) == 0
    assert _count(_asked(client, town.owner, "giraf")) == 1
    with make.written(app) as session:
        session.delete(session.scalars(select(StatusUpdate).where(StatusUpdate.id == town.update)).one())
    assert _count(_asked(client, town.owner, "giraf")) == 0


def test_an_empty_box_says_what_to_do(client: StrictClient, town: Town) -> None:
    assert "Write one or more words." in _asked(client, town.reader, "")
    assert "Nothing was found for" in _asked(client, town.reader, "zebra")
