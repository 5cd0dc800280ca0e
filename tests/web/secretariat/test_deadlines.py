"""The secretariat keeps the deadlines of a plan, and sees how often each has slipped."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tests.web.secretariat.conftest import Office, OpenRound
from tracker import clock
from tracker.deadlines.actions import add_deadline
from tracker.deadlines.models import Deadline, DeadlineKind, DeadlineMove, DeadlineState, Precision
from tracker.extensions import db
from tracker.plans.models import Initiative, Plan
from tracker.reminders.models import ItemState, ReminderItem
from tracker.rounds.models import StatusUpdate

LIST = "/secretariat/here/deadlines"
NEW = f"{LIST}/new"


def _day(ahead: int) -> date:
    return clock.today() + timedelta(days=ahead)


def _typed(ahead: int) -> str:
    return f"{_day(ahead):%d.%m.%Y}"


def _one(app: Flask, title: str) -> Deadline:
    with app.app_context():
        return db.session.scalars(select(Deadline).where(Deadline.title == title)).one()


@pytest.fixture
def delivery(app: Flask, office: Office) -> int:
    """A delivery of the first initiative in forty days."""
    with make.written(app) as session:
        initiative = session.get_one(Initiative, office.initiatives[0])
        return add_deadline(
            session,
            plan_id=initiative.plan_id,
            kind=DeadlineKind.delivery,
            title="The report is printed",
            first_on=_day(40),
            last_on=_day(40),
            initiative=initiative,
            by=None,
            at=clock.now(),
        ).id


@pytest.fixture
def elsewhere(app: Flask) -> int:
    """A deadline of another plan."""
    with make.written(app) as session:
        return add_deadline(
            session,
            plan_id=make.plan(session, "there").id,
            kind=DeadlineKind.other,
            title="Theirs",
            first_on=_day(5),
            last_on=_day(5),
            by=None,
            at=clock.now(),
        ).id


def test_without_a_deadline_the_list_says_what_belongs_there(client: StrictClient, office: Office) -> None:
    make.sign_in(client, office.secretary)
    assert "No deadline is open. Add meetings, papers" in client.get(LIST, budget=6).text
    assert "No deadline fits this choice." in client.get(f"{LIST}?state=met").text


def test_status_deadlines_stand_apart(client: StrictClient, opened: OpenRound, delivery: int) -> None:
    make.sign_in(client, opened.office.secretary)
    page = client.get(LIST, budget=6).text
    before, _heading, after = page.partition("Status deadlines</h2>")
    assert "The report is printed" in before
    assert "3 status deadlines" in after
    assert "Signs in parks" in after


def test_the_list_is_narrowed(client: StrictClient, app: Flask, office: Office, delivery: int) -> None:
    with make.written(app) as session:
        plan = session.scalars(select(Plan).where(Plan.slug == "here")).one()
        add_deadline(
            session,
            plan_id=plan.id,
            kind=DeadlineKind.committee_meeting,
            title="The council meets",
            first_on=_day(60),
            last_on=_day(60),
            by=None,
            at=clock.now(),
        )
    make.sign_in(client, office.secretary)

    def shown(question: str) -> list[str]:
        page = client.get(f"{LIST}?{question}").text
        return [title for title in ("The report is printed", "The council meets") if title in page]

    assert shown("") == ["The report is printed", "The council meets"]
    assert shown("kind=delivery") == ["The report is printed"]
    assert shown("administration=BUF") == ["The report is printed"]
    assert shown("administration=TMF") == []
    assert shown(f"initiative={office.initiatives[0]}") == ["The report is printed"]
    assert shown("initiative=99999999999999") == ["The report is printed", "The council meets"]
    assert shown("state=met") == []
    assert shown("state=all&kind=nonsense") == ["The report is printed", "The council meets"]


@pytest.mark.parametrize(
    ("fields", "first", "last", "words"),
    [
        ({"date": "24.12.2026"}, date(2026, 12, 24), date(2026, 12, 24), ""),
        ({"date": "ultimo 2026"}, date(2026, 10, 1), date(2026, 12, 31), "ultimo 2026"),
        ({"date": "December 2026"}, date(2026, 12, 1), date(2026, 12, 31), "December 2026"),
        ({"date": "1.12.2026", "last_on": "21.12.2026"}, date(2026, 12, 1), date(2026, 12, 21), ""),
        ({"date": "1. december til 21. december 2026"}, date(2026, 12, 1), date(2026, 12, 21), ""),
    ],
)
def test_a_deadline_is_added_in_dates_or_in_words(
    client: StrictClient,
    app: Flask,
    office: Office,
    fields: dict[str, str],
    first: date,
    last: date,
    words: str,
) -> None:
    make.sign_in(client, office.secretary)
    concerns = f"initiative:{office.initiatives[0]}"
    usual = {"title": "On the buses", "kind": "campaign_window", "concerns": concerns}
    answer = client.submit(NEW, usual | fields, follow_redirects=True)
    assert "The deadline is added, and its reminders are planned." in answer.text
    made = _one(app, "On the buses")
    assert (made.first_on, made.last_on, made.words) == (first, last, words)
    assert words in client.get(LIST).text


def test_a_deadline_belongs_to_the_plan_a_committee_or_an_administration(
    client: StrictClient, app: Flask, office: Office
) -> None:
    make.sign_in(client, office.secretary)
    client.get(NEW, budget=9)
    client.submit(NEW, {"title": "The council meets", "kind": "committee_meeting", "date": "9.9.2027"})
    made = _one(app, "The council meets")
    assert (made.initiative_id, made.administration_id, made.committee_id) == (None, None, None)
    with app.app_context():
        schools = db.session.get_one(Initiative, office.initiatives[0]).administration_id
    papers = {"title": "Papers", "kind": "committee_papers", "date": "2.9.2027"}
    client.submit(NEW, papers | {"concerns": f"administration:{schools}"})
    assert _one(app, "Papers").administration_id == schools
    assert "Children and Youth" in client.get(f"{LIST}?administration=BUF").text


def test_from_an_initiative_the_new_deadline_belongs_to_it(client: StrictClient, office: Office) -> None:
    make.sign_in(client, office.secretary)
    one = office.initiatives[2]
    assert f'<option value="initiative:{one}" selected>' in client.get(f"{NEW}?initiative={one}").text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": " "}, "Write what the deadline is for."),
        ({"title": "x" * 301}, "This can have at most 300 characters."),
        ({"kind": ""}, "Choose a kind."),
        ({"kind": "status_due"}, "Choose one from the list."),
        ({"concerns": "initiative:4711"}, "Choose one from the list."),
        ({"concerns": "initiative:9" + "9" * 30}, "Choose one from the list."),
        ({"date": ""}, "Write a date."),
        ({"date": "soon"}, "Write a date such as 24.12.2026, december 2026 or ultimo 2026."),
        ({"date": "24. december"}, "Write the year as well."),
        ({"date": "31.12.9999"}, "Write a date such as 24.12.2026"),
        ({"last_on": "31.12.9999"}, "Give a year between 1990 and 2100."),
        ({"last_on": "1.1.2026"}, "The last day cannot be before the first."),
        ({"kind": "committee_meeting", "date": "26.12.2027"}, "Nobody meets on 26.12.2027"),
        (
            {"date": "ultimo 2026", "last_on": "1.1.2027"},
            "Leave the last day empty when the date is a period.",
        ),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_lost(
    client: StrictClient, app: Flask, office: Office, fields: dict[str, str], sentence: str
) -> None:
    make.sign_in(client, office.secretary)
    usual = {"title": "On the buses", "kind": "campaign_window", "date": "24.12.2026"}
    answer = client.submit(NEW, usual | fields)
    assert answer.status_code == 400
    assert sentence in answer.text
    kept = (usual | fields)["date"]
    assert f'value="{kept}"' in answer.text
    with app.app_context():
        assert db.session.scalar(select(Deadline.id)) is None


@pytest.mark.both_databases
def test_a_move_is_kept_in_the_slip_register_and_the_reminders_follow(
    client: StrictClient, app: Flask, office: Office, delivery: int
) -> None:
    make.sign_in(client, office.secretary)
    page = f"{LIST}/{delivery}"
    client.get(page, budget=14)
    answer = client.submit(
        page, {"move-date": _typed(54), "move-reason": "The printer is ill."}, follow_redirects=True
    )
    assert "The deadline is moved, and its reminders are planned anew." in answer.text
    assert "The printer is ill." in answer.text
    assert "Sam Secretary" in answer.text
    assert f"{_typed(40)}" in answer.text
    with app.app_context():
        move = db.session.scalars(select(DeadlineMove)).one()
        assert (move.old_last_on, move.new_last_on) == (_day(40), _day(54))
        assert db.session.get_one(Deadline, delivery).moves == 1
        current = select(ReminderItem.deadline_on).where(ReminderItem.state == ItemState.planned)
        assert set(db.session.scalars(current)) <= {_day(54)}


def test_a_deadline_can_be_moved_into_a_period_in_words(
    client: StrictClient, app: Flask, office: Office, delivery: int
) -> None:
    make.sign_in(client, office.secretary)
    client.submit(f"{LIST}/{delivery}", {"move-date": "ultimo 2030", "move-reason": "Not known yet."})
    moved = _one(app, "The report is printed")
    assert (moved.precision, moved.words) == (Precision.part, "ultimo 2030")
    page = client.get(f"{LIST}/{delivery}").text
    assert "01.10.2030 – 31.12.2030" in page
    assert "It counts to its last day." in page


def test_before_a_move_one_sees_which_reminders_change(
    client: StrictClient, app: Flask, office: Office, delivery: int
) -> None:
    make.sign_in(client, office.secretary)
    answer = client.submit(
        f"{LIST}/{delivery}", {"move-date": _typed(61)}, button="See which reminders change", budget=20
    )
    assert answer.status_code == 200
    assert "Nothing is moved yet" in answer.text
    assert "14 days before" in answer.text
    assert "Olga Owner" in answer.text
    assert f'value="{_typed(61)}"' in answer.text
    assert _one(app, "The report is printed").moves == 0
    later = client.submit(f"{LIST}/{delivery}", {"move-date": "x"}, button="See which reminders change")
    assert later.status_code == 400


def test_a_move_needs_a_reason_and_keeps_the_date(
    client: StrictClient, app: Flask, office: Office, delivery: int
) -> None:
    make.sign_in(client, office.secretary)
    answer = client.submit(f"{LIST}/{delivery}", {"move-date": "ultimo 2031"}, button="Move the deadline")
    assert answer.status_code == 400
    assert "Write why the deadline moves." in answer.text
    assert 'value="ultimo 2031"' in answer.text
    same = {"move-date": _typed(40), "move-reason": "None."}
    answer = client.submit(f"{LIST}/{delivery}", same)
    assert answer.status_code == 400
    assert "That is the date it has already." in answer.text
    assert _one(app, "The report is printed").moves == 0


def test_of_two_who_move_it_at_once_the_second_is_told(
    client: StrictClient, app: Flask, office: Office, delivery: int
) -> None:
    make.sign_in(client, office.secretary)
    page = f"{LIST}/{delivery}"
    client.submit(page, {"move-date": _typed(50), "move-reason": "First."})
    second = {"move-date": _typed(60), "move-reason": "Second.", "move-version": "1"}
    answer = client.submit(page, second)
    assert answer.status_code == 409
    assert "Somebody else has changed this since you opened it." in answer.text
    assert "Second." in answer.text
    assert _one(app, "The report is printed").last_on == _day(50)


@pytest.mark.both_databases
def test_a_status_deadline_is_moved_with_its_reminders(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    make.sign_in(client, opened.office.secretary)
    with app.app_context():
        deadline_id = db.session.get_one(StatusUpdate, opened.updates[0]).deadline_id
    page = f"{LIST}/{deadline_id}"
    shown = client.get(page, budget=16).text
    assert "Mark as met" not in shown
    answer = client.submit(page, {"move-date": _typed(30)}, button="See which reminders change")
    assert "7 days before" in answer.text
    answer = client.submit(page, {"move-date": _typed(30), "move-reason": "Holidays."})
    assert answer.status_code == 303
    with app.app_context():
        assert db.session.get_one(Deadline, deadline_id).last_on == _day(30)
        planned = select(ReminderItem.deadline_on).where(
            ReminderItem.obligation_id == opened.updates[0], ReminderItem.state == ItemState.planned
        )
        assert set(db.session.scalars(planned)) == {_day(30)}


def test_a_status_is_not_due_on_a_day_that_has_passed(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    make.sign_in(client, opened.office.secretary)
    with app.app_context():
        deadline_id = db.session.get_one(StatusUpdate, opened.updates[0]).deadline_id
    for day, sentence in (
        (_typed(-1), "The day has passed."),
        ("31.12.9999", "Give a year between 1990 and 2100."),
        ("next week", "Write the date as in 20.10.2026."),
    ):
        answer = client.submit(f"{LIST}/{deadline_id}", {"move-date": day, "move-reason": "Holidays."})
        assert answer.status_code == 400
        assert sentence in answer.text
        assert "Holidays." in answer.text
    app.config["WTF_CSRF_ENABLED"] = False
    for what in ("met", "cancel"):
        assert client.post(f"{LIST}/{deadline_id}/{what}", data={"cancel-reason": "x"}).status_code == 409


def test_what_is_met_reminds_nobody_any_more(
    client: StrictClient, app: Flask, office: Office, delivery: int
) -> None:
    make.sign_in(client, office.secretary)
    answer = client.submit(f"{LIST}/{delivery}", {}, button="Mark as met", follow_redirects=True)
    assert "Nobody is reminded of it any more." in answer.text
    assert "Move it" not in answer.text
    with app.app_context():
        assert db.session.get_one(Deadline, delivery).state is DeadlineState.met
        planned = select(ReminderItem.id).where(ReminderItem.state == ItemState.planned)
        assert not db.session.scalars(planned).all()
    app.config["WTF_CSRF_ENABLED"] = False
    data = {"move-date": _typed(70), "move-reason": "Late.", "move-version": "2"}
    assert client.post(f"{LIST}/{delivery}/move", data=data).status_code == 409
    assert client.post(f"{LIST}/{delivery}/cancel", data={"cancel-reason": "x"}).status_code == 409


def test_cancelling_needs_a_reason(client: StrictClient, app: Flask, office: Office, delivery: int) -> None:
    make.sign_in(client, office.secretary)
    answer = client.submit(f"{LIST}/{delivery}", {}, button="Cancel the deadline")
    assert answer.status_code == 400
    assert "Write why the deadline is cancelled." in answer.text
    answer = client.submit(
        f"{LIST}/{delivery}",
        {"cancel-reason": "It is not printed after all."},
        button="Cancel the deadline",
        follow_redirects=True,
    )
    assert "It is not printed after all." in answer.text
    assert _one(app, "The report is printed").state is DeadlineState.cancelled
    assert "The report is printed" in client.get(f"{LIST}?state=cancelled").text


def test_deadlines_of_another_plan_are_not_found(
    client: StrictClient, app: Flask, office: Office, elsewhere: int
) -> None:
    make.sign_in(client, office.lead)
    app.config["WTF_CSRF_ENABLED"] = False
    assert "Theirs" not in client.get(f"{LIST}?state=all").text
    for missing in (elsewhere, 4711, 2**31, 2**70):
        assert client.get(f"{LIST}/{missing}").status_code == 404
        for what in ("move", "met", "cancel"):
            assert client.post(f"{LIST}/{missing}/{what}").status_code == 404
    assert client.get("/secretariat/there/deadlines").status_code == 404
    assert client.post("/secretariat/there/deadlines/new", data={"title": "x"}).status_code == 404


def test_strangers_find_no_deadline(client: StrictClient, office: Office, delivery: int) -> None:
    pages = (LIST, NEW, f"{LIST}/{delivery}")
    assert {client.get(page).status_code for page in pages} == {303}
    for who in (office.stranger, office.owner, office.coordinator):
        make.sign_in(client, who)
        assert {client.get(page).status_code for page in pages} == {404}


def test_an_overdue_deadline_says_once_that_it_goes_on_reminding(
    client: StrictClient, app: Flask, office: Office, delivery: int
) -> None:
    with make.written(app) as session:
        late = session.get_one(Deadline, delivery)
        late.first_on = late.last_on = _day(-200)
    make.sign_in(client, office.secretary)
    answer = client.submit(
        f"{LIST}/{delivery}", {"move-date": _typed(100)}, button="See which reminders change"
    )
    assert answer.text.count("when it is overdue") == 1
    assert answer.text.count("1 day before the deadline") == 1
