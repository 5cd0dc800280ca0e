"""The three lists of a round, what lacks money, proposals, and what becomes of last round's initiatives."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.support import make
from tests.support.client import StrictClient
from tests.web.secretariat.conftest import OpenRound
from tracker import clock
from tracker.accounts.models import Person
from tracker.deadlines.models import Deadline
from tracker.domain.workflow import Outcome, State
from tracker.extensions import db
from tracker.initiatives.proposals import propose
from tracker.plans.models import Administration, Initiative, Standing
from tracker.plans.rights import rights_of
from tracker.rounds.models import StatusUpdate
from tracker.statuses.history import PrintedStatus, record_locked_round

LISTS = "/secretariat/here/rounds/2026/lists"
ACCOUNT = "/secretariat/here/rounds/2026/account"
NEW = "/secretariat/here/unfunded/new"


def _day(ahead: int) -> str:
    return f"{clock.today() + timedelta(days=ahead):%d.%m.%Y}"


def _initiative(app: Flask, title: str) -> Initiative:
    with app.app_context():
        return db.session.scalars(select(Initiative).where(Initiative.title == title)).one()


@pytest.fixture
def schools(app: Flask, opened: OpenRound) -> str:
    with app.app_context():
        found = select(Administration.id).where(Administration.code == "BUF")
        return str(db.session.scalars(found).one())


@pytest.fixture
def proposed(app: Flask, opened: OpenRound) -> str:
    """Olga's proposal; the address of its page."""
    with make.written(app) as session:
        owner = session.get_one(Person, opened.office.owner)
        made = propose(
            session,
            session.scalars(select(Administration).where(Administration.code == "BUF")).one(),
            title="A library bus",
            description="Books for the outer parts of town.",
            by=owner,
            rights=rights_of(session, owner.id, administrator=False, on=clock.today()),
            at=clock.now(),
        )
        return f"/secretariat/here/initiatives/{made.id}/proposal"


def test_the_three_lists_are_counted_and_say_when_they_are_empty(
    client: StrictClient, opened: OpenRound
) -> None:
    make.sign_in(client, opened.office.secretary)
    page = client.get(LISTS, budget=11).text
    assert "3 initiatives have a status in this round." in page
    assert "Planned but unfunded (0)" in page
    assert "Nothing is planned that lacks money." in page
    assert "No proposal waits for an answer." in page


@pytest.mark.both_databases
def test_what_lacks_money_waits_for_a_budget_and_takes_part_when_it_is_funded(
    client: StrictClient, app: Flask, opened: OpenRound, schools: str
) -> None:
    make.sign_in(client, opened.office.secretary)
    sent = {"title": "A night bus", "administration": schools, "description": "From midnight to six."}
    budget = {"budget_title": "Budget 2027", "budget_on": _day(90)}
    answer = client.submit(NEW, sent | budget, follow_redirects=True)
    assert "It stands on the list of what is planned but unfunded." in answer.text
    page = client.get(LISTS, budget=11).text
    assert "Planned but unfunded (1)" in page
    assert f'Budget 2027, <span class="nowrap">{_day(90)}</span>' in page
    made = _initiative(app, "A night bus")
    fund = f"/secretariat/here/initiatives/{made.id}/fund"
    assert client.submit(fund, {"decision": " "}).status_code == 400
    answer = client.submit(fund, {"decision": "The council, item 3"}, follow_redirects=True, budget=60)
    assert "The initiative is funded and takes part from now on. Its status of 2026 is due on" in answer.text
    assert "4 initiatives have a status in this round." in client.get(LISTS).text
    assert "does not await funding" in client.get(fund).text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": ""}, "Write a title."),
        ({"administration": ""}, "Choose an administration."),
        ({"description": " "}, "Write what the initiative is about."),
        ({"budget_title": "Budget 2027"}, "Give the date of the budget."),
        ({"budget_on": "1.2.2030"}, "Write which budget it is."),
    ],
)
def test_what_it_lacks_is_said_at_its_field(
    client: StrictClient, app: Flask, opened: OpenRound, schools: str, fields: dict[str, str], sentence: str
) -> None:
    make.sign_in(client, opened.office.secretary)
    sent = {"title": "A night bus", "administration": schools, "description": "From midnight to six."}
    answer = client.submit(NEW, sent | fields)
    assert answer.status_code == 400
    assert sentence in answer.text
    with app.app_context():
        assert (
            db.session.scalar(select(Initiative.id).where(Initiative.standing == Standing.unfunded)) is None
        )


def test_a_proposal_is_read_and_taken_into_the_plan(
    client: StrictClient, app: Flask, opened: OpenRound, proposed: str
) -> None:
    make.sign_in(client, opened.office.secretary)
    assert "Olga Owner" in client.get(LISTS).text
    assert "Books for the outer parts of town." in client.get(proposed, budget=9).text
    missing = client.submit(proposed, {"answer": "active"})
    assert missing.status_code == 400
    assert "Write which decision it was." in missing.text
    sent = {"answer": "active", "decision": "The committee, item 7"}
    answer = client.submit(proposed, sent, follow_redirects=True)
    assert "The proposal is taken into the plan." in answer.text
    made = _initiative(app, "A library bus")
    assert made.standing is Standing.active
    with app.app_context():
        joined = select(StatusUpdate.id).where(StatusUpdate.initiative_id == made.id)
        assert db.session.scalar(joined) is not None
    assert "The proposal has been answered." in client.get(proposed).text


def test_a_proposal_is_declined_with_a_reason(
    client: StrictClient, app: Flask, opened: OpenRound, proposed: str
) -> None:
    make.sign_in(client, opened.office.secretary)
    missing = client.submit(proposed, {"answer": "declined"})
    assert "Write why the proposal is declined." in missing.text
    client.submit(proposed, {"answer": "declined", "reason": "Another plan does it."})
    make.sign_in(client, opened.office.owner)
    page = client.get("/my/proposals", budget=8).text
    assert "Declined" in page
    assert "Another plan does it." in page


def test_of_two_answers_at_once_the_second_is_refused(
    client: StrictClient, app: Flask, opened: OpenRound, proposed: str
) -> None:
    make.sign_in(client, opened.office.secretary)
    client.get(proposed)
    with make.written(app) as session:
        session.execute(update(Initiative).where(Initiative.title == "A library bus").values(version=9))
    token = client.get(proposed).text.split('name="csrf_token" type="hidden" value="')[1].split('"')[0]
    sent = {"csrf_token": token, "version": "1", "answer": "declined", "reason": "No."}
    answer = client.post(proposed, data=sent)
    assert answer.status_code == 409
    assert "Somebody else has changed this since you opened it." in answer.text


@pytest.fixture
def printed(app: Flask, opened: OpenRound) -> int:
    """Last year's memo printed a fourth initiative too, which is not in this round; its id."""
    with make.written(app) as session:
        made = [session.get_one(Initiative, one) for one in opened.office.initiatives]
        administration = session.get_one(Administration, made[0].administration_id)
        gone = make.initiative(session, administration, "Film evenings")
        gone.standing = Standing.discontinued
        record_locked_round(
            session,
            plan_id=gone.plan_id,
            year=2025,
            statuses=[
                PrintedStatus(one, n, one.title, "It was held.") for n, one in enumerate([*made, gone], 1)
            ],
            by=None,
            at=clock.now(),
        )
        return gone.id


def test_without_a_round_before_nothing_can_have_disappeared(client: StrictClient, opened: OpenRound) -> None:
    make.sign_in(client, opened.office.secretary)
    assert "There is no round before this one" in client.get(ACCOUNT, budget=9).text


def test_what_is_not_accounted_for_is_named_and_the_lead_says_what_becomes_of_it(
    client: StrictClient, app: Flask, opened: OpenRound, printed: int
) -> None:
    make.sign_in(client, opened.office.secretary)
    page = client.get(ACCOUNT, budget=11).text
    assert "4 initiatives of 2025 are not accounted for yet." in page
    assert "3 statuses are still under way" in page
    assert "Nothing is said about this initiative in the round." in page
    assert "The lead of the secretariat writes it down here" in page
    make.sign_in(client, opened.office.lead)
    page = client.get(ACCOUNT, budget=12).text
    prefix = f"of-{printed}-"
    assert client.submit(ACCOUNT, {f"{prefix}outcome": "discontinued"}).status_code == 400
    merged = {f"{prefix}outcome": "merged", f"{prefix}reason": "The same evenings."}
    refused = client.submit(ACCOUNT, merged)
    assert "Choose the initiative that it was merged into." in refused.text
    into = {f"{prefix}into": str(opened.office.initiatives[0])}
    answer = client.submit(ACCOUNT, merged | into, follow_redirects=True)
    assert "It is written down what becomes of the initiative." in answer.text
    assert "3 initiatives of 2025 are not accounted for yet." in answer.text
    assert "Merged into another (1)" in answer.text


def test_the_memo_waits_for_the_last_of_them(
    client: StrictClient, app: Flask, opened: OpenRound, printed: int
) -> None:
    with make.written(app) as session:
        values = {"state": State.approved, "outcome": Outcome.reported, "text": "Done."}
        session.execute(update(StatusUpdate).where(StatusUpdate.id.in_(opened.updates)).values(**values))
    make.sign_in(client, opened.office.lead)
    answer = client.submit("/secretariat/here/editions", button="Lock the memo of 2026")
    assert answer.status_code == 409
    assert "Not accounted for: Film evenings" in answer.text


def test_an_initiative_is_merged_into_one_that_goes_on(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    make.sign_in(client, opened.office.secretary)
    first, second, _third = opened.office.initiatives
    page = f"/secretariat/here/initiatives/{second}/edit"
    answer = client.submit(page, {"standing": "merged"})
    assert answer.status_code == 400
    assert "Choose the initiative that it was merged into." in answer.text
    client.submit(page, {"standing": "merged", "merged_into": str(first)})
    with app.app_context():
        found = db.session.get_one(Initiative, second)
        assert (found.standing, found.merged_into_id) == (Standing.merged, first)
    client.submit(page, {"standing": "active"})
    with app.app_context():
        assert db.session.get_one(Initiative, second).merged_into_id is None


def test_a_budget_date_can_be_added_later(
    client: StrictClient, app: Flask, opened: OpenRound, schools: str
) -> None:
    make.sign_in(client, opened.office.secretary)
    sent = {"title": "A night bus", "administration": schools, "description": "From midnight to six."}
    client.submit(NEW, sent)
    page = client.get(LISTS).text
    made = _initiative(app, "A night bus")
    assert f'href="/secretariat/here/deadlines/new?initiative={made.id}"' in page
    with app.app_context():
        assert db.session.scalar(select(Deadline.id).where(Deadline.initiative_id == made.id)) is None
