"""The round page: how far it has come, who is silent, and the rows that a choice leaves."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from tests.support import make
from tests.support.client import StrictClient
from tests.web.secretariat.conftest import OpenRound
from tracker import clock
from tracker.accounts.models import Person
from tracker.deadlines.models import Deadline
from tracker.domain.reminders import Place
from tracker.domain.workflow import State
from tracker.plans.models import Administration, Initiative, MembershipRole, Placement, Plan
from tracker.rounds.models import Contribution, Round, RoundState, StatusUpdate

PAGE = "/secretariat/here/rounds/2026"
BUDGET = 8
# The first look after a change reads the texts to count what the proofreading finds.
FIRST_BUDGET = BUDGET + 6
SORTS = ("number", "-number", "owner", "-owner", "state", "-state", "due", "-due")


def _titles(page: str) -> list[str]:
    """The titles of the page's rows."""
    return re.findall(r'<a href="/secretariat/\w+/updates/\d+">([^<]+)</a></td>', page)


def _link(page: str, rel: str) -> str:
    """The address behind the link to the next page, or the previous one."""
    found = re.search(rf'rel="{rel}"\s+href="([^"]+)"', page)
    assert found is not None
    return found[1].replace("&amp;", "&").partition("#")[0]


def _set(app: Flask, update_id: int, **values: object) -> None:
    with make.written(app) as session:
        session.execute(update(StatusUpdate).where(StatusUpdate.id == update_id).values(**values))


def test_the_open_round_is_shown_at_once(client: StrictClient, opened: OpenRound) -> None:
    make.sign_in(client, opened.office.secretary)
    page = client.get("/secretariat/here/rounds", follow_redirects=True)
    assert page.request.path == PAGE
    assert "Round 2026" in page.text
    assert _titles(page.text) == ["Courses for teachers", "A play for every school", "Signs in parks"]


def test_it_counts_what_is_settled_and_what_waits(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    _set(app, opened.updates[0], state=State.approved)
    _set(app, opened.updates[1], state=State.submitted, submitted_at=clock.now())
    make.sign_in(client, opened.office.secretary)
    page = client.get(PAGE, budget=FIRST_BUDGET).text
    assert "1 of 3 approved or waived" in page
    assert "1 status waits to be read." in page
    assert 'href="/secretariat/here/rounds/2026/queue">Read them one by one' in page
    assert 'aria-label="The statuses of the round: Not started 1, Submitted 1, Approved 1"' in page
    assert '<progress class="progress-bar" value="1" max="2" aria-label="Children and Youth">' in page


def test_it_says_who_is_silent_and_how(client: StrictClient, app: Flask, opened: OpenRound) -> None:
    _set(app, opened.updates[0], first_opened_at=clock.now())
    _set(app, opened.updates[1], state=State.draft, first_opened_at=clock.now(), saved_at=clock.now())
    make.sign_in(client, opened.office.secretary)
    page = client.get(PAGE, budget=BUDGET).text
    for words in ("Never opened: 1", "Opened, nothing saved: 1", "Saved, not submitted: 1"):
        assert words in page
    assert _titles(client.get(f"{PAGE}?silence=not_saved").text) == ["Courses for teachers"]
    assert _titles(client.get(f"{PAGE}?silence=never_opened").text) == ["Signs in parks"]
    assert len(_titles(client.get(f"{PAGE}?silence=any").text)) == 3


def test_it_says_who_cannot_be_reached(client: StrictClient, app: Flask, opened: OpenRound) -> None:
    make.sign_in(client, opened.office.secretary)
    page = client.get(PAGE).text
    assert "2 of 3 initiatives have an owner or a deputy who can be reached." in page
    assert "No owner" in page
    with make.written(app) as session:
        session.get_one(Person, opened.office.owner).active = False
    page = client.get(PAGE).text
    assert "0 of 3 initiatives have an owner or a deputy who can be reached." in page
    assert page.count("cannot be reached</span>") == 2


def test_it_names_those_that_nobody_would_be_reminded_of(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    with make.written(app) as session:
        owner = session.get_one(Person, opened.office.owner)
        owner.undeliverable_at, owner.undeliverable_reason = clock.now(), "550 no such user"
        address = owner.email
    make.sign_in(client, opened.office.secretary)
    page = client.get(PAGE, budget=BUDGET).text
    assert "0 of 3 initiatives have an owner or a deputy who can be reached." in page
    assert page.count(f"Letters to Olga Owner ({address}) come back.") == 2
    assert "nobody is named." in page
    for initiative_id in opened.office.initiatives:
        assert f'href="/secretariat/here/initiatives/{initiative_id}">Name an owner' in page
    with make.written(app) as session:
        deputy = make.person(session, "Dina Deputy")
        first = session.get_one(Initiative, opened.office.initiatives[0])
        make.placed(session, deputy, initiative=first, place=Place.deputy)
    page = client.get(PAGE, budget=BUDGET).text
    assert "1 of 3 initiatives have an owner or a deputy who can be reached." in page
    assert page.count(f"Letters to Olga Owner ({address}) come back.") == 1
    _set(app, opened.updates[1], state=State.approved)
    page = client.get(PAGE).text
    assert "1 of 3 initiatives have an owner or a deputy who can be reached." in page
    assert f"Letters to Olga Owner ({address}) come back." not in page
    assert "There is one status that nobody is reminded of" in page


def test_when_all_can_be_reached_it_says_only_that(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    with make.written(app) as session:
        last = session.get_one(Initiative, opened.office.initiatives[2])
        make.placed(session, session.get_one(Person, opened.office.owner), initiative=last)
    make.sign_in(client, opened.office.secretary)
    page = client.get(PAGE, budget=BUDGET).text
    assert "3 of 3 initiatives have an owner or a deputy who can be reached." in page
    assert "Name an owner" not in page


def test_an_owner_who_is_away_is_marked(client: StrictClient, app: Flask, opened: OpenRound) -> None:
    today = clock.today()
    with make.written(app) as session:
        owner = session.get_one(Person, opened.office.owner)
        owner.absent_from, owner.absent_until = today, today + timedelta(days=5)
    make.sign_in(client, opened.office.secretary)
    words = f"away until {today + timedelta(days=5):%d.%m.%Y}"
    assert client.get(PAGE, budget=BUDGET).text.count(words) == 2
    with make.written(app) as session:
        owner = session.get_one(Person, opened.office.owner)
        owner.absent_from = owner.absent_until = today - timedelta(days=1)
    assert "away until" not in client.get(PAGE).text


def test_a_choice_of_state_and_administration_lives_in_the_address(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    _set(app, opened.updates[0], state=State.approved)
    make.sign_in(client, opened.office.secretary)
    assert _titles(client.get(f"{PAGE}?state=approved").text) == ["Courses for teachers"]
    assert _titles(client.get(f"{PAGE}?administration=TMF").text) == ["Signs in parks"]
    # One more than else: somebody cannot be reached, and there is a text.
    page = client.get(f"{PAGE}?state=approved&administration=TMF", budget=BUDGET + 1).text
    assert _titles(page) == []
    assert "No status fits this choice." in page
    assert '<option value="TMF" selected>' in page
    assert len(_titles(client.get(f"{PAGE}?state=nonsense&administration=%27").text)) == 3


def test_a_choice_is_made_with_the_form(client: StrictClient, opened: OpenRound) -> None:
    make.sign_in(client, opened.office.secretary)
    answer = client.submit(PAGE, {"administration": "BUF", "state": ""}, button="Show")
    assert len(_titles(answer.text)) == 2


def test_a_choice_keeps_the_numbers_of_the_memo(client: StrictClient, opened: OpenRound) -> None:
    make.sign_in(client, opened.office.secretary)
    page = client.get(f"{PAGE}?administration=TMF").text
    assert '<td class="numeric row-number" data-title="No.">3</td>' in page


def test_an_overdue_status_is_named(client: StrictClient, app: Flask, opened: OpenRound) -> None:
    yesterday = clock.today() - timedelta(days=1)
    with make.written(app) as session:
        update_ = session.get_one(StatusUpdate, opened.updates[1])
        deadline = session.get_one(Deadline, update_.deadline_id)
        deadline.first_on = deadline.last_on = yesterday
    make.sign_in(client, opened.office.secretary)
    page = client.get(PAGE).text
    assert "1 status is overdue." in page
    assert f"{yesterday:%d.%m.%Y}" in page
    assert _titles(client.get(f"{PAGE}?late=1").text) == ["A play for every school"]


def test_a_contribution_that_is_signed_off_is_marked(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    make.sign_in(client, opened.office.secretary)
    assert client.get(PAGE).text.count("Being collected") == 2
    with make.written(app) as session:
        contribution = session.scalars(select(Contribution).order_by(Contribution.id)).first()
        assert contribution is not None
        contribution.state, contribution.signed_off_at = "signed_off", clock.now()  # type: ignore[assignment]
    page = client.get(PAGE).text
    assert page.count("Being collected") == 1
    assert page.count("Signed off") == 1


def test_when_everything_is_settled_the_memo_is_next(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    for update_id in opened.updates:
        _set(app, update_id, state=State.approved)
    make.sign_in(client, opened.office.secretary)
    assert "Every status is approved or waived. The memo can be made." in client.get(PAGE).text


def test_a_locked_round_is_shown_as_its_memo_said(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    with make.written(app) as session:
        session.execute(update(Round).values(state=RoundState.locked, locked_at=clock.now()))
        session.execute(update(StatusUpdate).values(state=State.locked, number=StatusUpdate.id + 10))
    make.sign_in(client, opened.office.lead)
    page = client.get(PAGE, budget=BUDGET).text
    assert "This round is closed. Its memo is locked." in page
    assert "Never opened" not in page
    assert '<td class="numeric row-number" data-title="No.">11</td>' in page
    listed = client.get("/secretariat/here/rounds", budget=BUDGET).text
    assert f'href="{PAGE}"' in listed
    assert "Open a round" in listed


def test_a_year_without_a_round_is_not_found(client: StrictClient, opened: OpenRound) -> None:
    make.sign_in(client, opened.office.secretary)
    assert client.get("/secretariat/here/rounds/2031").status_code == 404


@pytest.mark.parametrize("number", [42, 1000])
def test_it_takes_as_few_queries_whether_42_rows_or_1000(
    client: StrictClient, app: Flask, number: int
) -> None:
    secretary = _large_round(app, number)
    make.sign_in(client, secretary)
    page = client.get("/secretariat/large/rounds/2026", budget=BUDGET).text
    assert page.count("/secretariat/large/updates/") == min(number, 50)
    page = client.get("/secretariat/large/rounds/2026?rows=all", budget=BUDGET).text
    assert page.count("/secretariat/large/updates/") == number


@pytest.mark.both_databases
def test_a_thousand_rows_are_leafed_through_and_each_is_met_once(client: StrictClient, app: Flask) -> None:
    make.sign_in(client, _large_round(app, 130))
    page = client.get("/secretariat/large/rounds/2026?sort=owner", budget=BUDGET)
    assert "Initiatives 1–50 of 130" in page.text
    met = _titles(page.text)
    for said in ("Initiatives 51–100 of 130", "Initiatives 101–130 of 130"):
        page = client.get(_link(page.text, "next"), budget=BUDGET)
        assert said in page.text
        met += _titles(page.text)
    assert len(met) == len(set(met)) == 130
    assert 'rel="next"' not in page.text
    page = client.get(_link(page.text, "prev"), budget=BUDGET)
    assert "Initiatives 51–100 of 130" in page.text
    assert _titles(page.text) == met[50:100]


@pytest.mark.both_databases
def test_every_order_and_every_choice_is_answered(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    make.sign_in(client, opened.office.secretary)
    rows = {sort: _titles(client.get(f"{PAGE}?sort={sort}", budget=BUDGET).text) for sort in SORTS}
    assert rows["number"] == ["Courses for teachers", "A play for every school", "Signs in parks"]
    assert rows["-number"] == rows["number"][::-1]
    assert rows["owner"] == ["Signs in parks", "Courses for teachers", "A play for every school"]
    assert all(len(titles) == 3 for titles in rows.values())
    for choice in (
        "silence=any",
        "silence=not_sent",
        "late=1",
        "administration=BUF",
        "state=draft",
        "q=school",
    ):
        for sort in SORTS:
            assert client.get(f"{PAGE}?{choice}&sort={sort}&after=1", budget=BUDGET + 1).status_code == 200


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("SCHOOL", 1),
        ("olga", 2),
        ("ÆBLER", 1),
        ("%", 0),
        ("_", 0),
        ("' OR 1=1--", 0),
        ('"', 0),
        ("*", 0),
    ],
)
def test_words_are_looked_for_as_they_stand(
    client: StrictClient, app: Flask, opened: OpenRound, words: str, found: int
) -> None:
    with make.written(app) as session:
        session.get_one(Initiative, opened.office.initiatives[2]).title = "Signs and æbler in parks"
    make.sign_in(client, opened.office.secretary)
    assert len(_titles(client.get(PAGE, query_string={"q": words}, budget=BUDGET).text)) == found


def test_a_choice_is_kept_in_every_link(client: StrictClient, opened: OpenRound) -> None:
    make.sign_in(client, opened.office.secretary)
    page = client.get(f"{PAGE}?administration=BUF&silence=never_opened&q=school&sort=-due&late=1").text
    assert '<option value="BUF" selected>' in page
    assert '<option value="never_opened" selected>' in page
    assert 'value="school"' in page
    assert '<input type="hidden" name="sort" value="-due">' in page
    page = client.get(f"{PAGE}?administration=BUF&silence=never_opened&q=school").text
    kept = "administration=BUF&amp;silence=never_opened&amp;q=school&amp;sort=owner"
    assert f'href="{PAGE}?{kept}#updates"' in page


def test_another_plans_round_is_not_found(client: StrictClient, app: Flask, opened: OpenRound) -> None:
    with make.written(app) as session:
        other = make.member(session, make.plan(session, "there"), MembershipRole.lead).id
    make.sign_in(client, other)
    assert client.get(PAGE).status_code == 404
    assert client.get("/secretariat/there/rounds/2026").status_code == 404


def _large_round(app: Flask, number: int) -> int:
    """A plan with so many initiatives in seven administrations, each with an owner; a secretary's id."""
    with make.written(app) as session:
        plan: Plan = make.plan(session, "large")
        parts: list[Administration] = [make.administration(session, plan) for _ in range(7)]
        owner = make.person(session, "Owen Owner")
        at = clock.now()
        made = [
            Initiative(
                plan_id=plan.id,
                administration_id=parts[place % 7].id,
                position=place,
                title=f"Initiative {place}",
                created_at=at,
            )
            for place in range(number)
        ]
        session.add_all(made)
        session.flush()
        round_ = Round(plan_id=plan.id, year=2026, due_on=clock.today(), opened_at=at)
        session.add(round_)
        session.flush()
        for one in made:
            session.add(
                Placement(
                    plan_id=plan.id,
                    place="owner",
                    initiative_id=one.id,
                    person_id=owner.id,
                    from_on=make.LONG_AGO,
                )
            )
            session.add(StatusUpdate(round_id=round_.id, initiative_id=one.id, title=one.title))
        session.flush()
        assert session.scalar(select(func.count(StatusUpdate.id))) == number
        return make.member(session, plan).id


def test_words_that_look_like_markup_stay_words(client: StrictClient, app: Flask, opened: OpenRound) -> None:
    evil = "<script>alert(1)</script>\"'&"
    with make.written(app) as session:
        initiative = session.get_one(Initiative, opened.office.initiatives[0])
        initiative.title = evil
        session.get_one(Administration, initiative.administration_id).name = evil
        session.get_one(Person, opened.office.owner).name = evil
    make.sign_in(client, opened.office.secretary)
    page = client.get(PAGE).text
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;&amp;") >= 6
