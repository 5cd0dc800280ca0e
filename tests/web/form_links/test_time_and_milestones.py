"""By a personal link an owner asks for more time, sees to the milestones and takes a status back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support import make
from tests.support.client import StrictClient
from tests.support.forms import fill
from tests.web.form_links.conftest import Office, unchanged
from tracker import clock
from tracker.accounts.models import Person
from tracker.audit.models import JournalEntry
from tracker.deadlines.actions import add_deadline
from tracker.deadlines.models import Deadline, DeadlineKind, DeadlineState
from tracker.domain.reminders import Place
from tracker.domain.workflow import State
from tracker.extensions import db
from tracker.mail.models import Mail
from tracker.plans.models import Initiative
from tracker.plans.rights import rights_of
from tracker.reminders.models import ReminderItem
from tracker.rounds.models import Round, StatusUpdate
from tracker.statuses import form_links, review
from tracker.statuses import more_time as asking
from tracker.statuses.models import FormLink, MoreTimeRequest

FILLED = {"text": "It was held twice.", "outcome": "reported", "progress": "started"}
WHY = "Two are ill."


def _day(days: int) -> str:
    return f"{clock.today() + timedelta(days=days):%d.%m.%Y}"


def _entries(app: Flask, fact: str) -> list[tuple[object, int | None]]:
    """By what each came about, and who did it."""
    with app.app_context():
        found = db.session.scalars(select(JournalEntry).where(JournalEntry.fact == fact))
        return [(one.details.get("via"), one.actor_id) for one in found]


def _requests(app: Flask) -> list[MoreTimeRequest]:
    with app.app_context():
        return list(db.session.scalars(select(MoreTimeRequest)))


def _milestone(
    app: Flask, initiative: str, title: str, *, kind: DeadlineKind = DeadlineKind.milestone
) -> int:
    with make.written(app) as session:
        found = session.scalars(select(Initiative).where(Initiative.title == initiative)).one()
        day = clock.today() + timedelta(days=30)
        return add_deadline(
            session,
            plan_id=found.plan_id,
            kind=kind,
            title=title,
            first_on=day,
            last_on=day,
            initiative=found,
            by=None,
            at=clock.now(),
        ).id


def _deadline(app: Flask, deadline_id: int) -> Deadline:
    with app.app_context():
        return db.session.get_one(Deadline, deadline_id)


def _state(app: Flask, office: Office) -> State:
    with app.app_context():
        return db.session.get_one(StatusUpdate, office.mine[0]).state


def _courses(session: Session, office: Office) -> StatusUpdate:
    """The first of the person's forms, as the verbs need it."""
    initiative = session.scalars(select(Initiative).where(Initiative.title == "Courses")).one()
    return make.update_of(session, initiative, session.get_one(Round, office.round))


# --- more time ------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_the_secretariat_hears_that_somebody_needs_more_time(
    app: Flask, client: StrictClient, office: Office
) -> None:
    url = f"{office.form()}/more-time"
    assert f'href="{url}"' in client.get(office.form()).text
    client.get(url, budget=7)
    answer = client.submit(url, {"new_date": _day(40), "reason": WHY}, follow_redirects=True)
    assert "The secretariat has got your request." in answer.text
    assert "The secretariat has not answered yet" in answer.text
    assert WHY in answer.text
    assert "Until when do you need time?" not in answer.text
    assert [(one.asked_by_id, one.reason) for one in _requests(app)] == [(office.olga, WHY)]
    assert _entries(app, "more_time_asked") == [("form_link", office.olga)]
    with app.app_context():
        told = db.session.scalars(select(Mail).where(Mail.kind == "more_time_asked")).all()
        assert [one.person_id for one in told] == [office.secretary]


@pytest.mark.parametrize(
    ("day", "reason", "said"),
    [
        ("", "", "Give a new date."),
        (_day(40), " ", "Write a reason."),
        ("soon", WHY, "Write the date as in 20.10.2026."),
        (_day(2), WHY, "Give a later day."),
        ("31.12.9999", WHY, "Give a year between 1990 and 2100."),
        (_day(40), "x" * 2_001, "This can have at most 2000 characters."),
    ],
)
def test_what_is_missing_in_the_request_is_said_and_nothing_is_asked(
    app: Flask, client: StrictClient, office: Office, day: str, reason: str, said: str
) -> None:
    with unchanged(app):
        answer = client.submit(f"{office.form()}/more-time", {"new_date": day, "reason": reason})
    assert answer.status_code == 400
    assert said in answer.text
    assert reason in answer.text


def test_a_second_request_waits_for_the_answer_to_the_first(
    app: Flask, client: StrictClient, office: Office
) -> None:
    url = f"{office.form()}/more-time"
    form = fill(client.get(url).text, url, {"new_date": _day(40), "reason": WHY})
    late = fill(client.get(url).text, url, {"new_date": _day(50), "reason": "Three are ill."})
    assert [client.post(url, data=form.values).status_code for _ in range(2)] == [303, 303]
    answer = client.post(url, data=late.values)
    assert answer.status_code == 409
    assert "More time has been asked for already." in answer.text
    assert "Three are ill." in answer.text
    assert len(_requests(app)) == 1


def test_the_answer_is_read_by_whoever_asked(app: Flask, client: StrictClient, office: Office) -> None:
    url = f"{office.form()}/more-time"
    client.submit(url, {"new_date": _day(40), "reason": WHY})
    with make.written(app) as session:
        found = _courses(session, office)
        secretary = session.get_one(Person, office.secretary)
        rights = rights_of(session, secretary.id, administrator=False, on=clock.today())
        request = session.scalars(select(MoreTimeRequest)).one()
        day = clock.today() + timedelta(days=35)
        asking.grant(
            session, found, request.id, due_on=day, answer="A week less.", rights=rights, by=secretary,
            at=clock.now(),
        )  # fmt: skip
    page = client.get(url).text
    assert "A week less." in page
    assert f"The deadline is {day.day} {day:%B %Y}." in page
    assert "Until when do you need time?" in page


def test_of_anothers_request_the_words_stay_theirs(app: Flask, client: StrictClient, office: Office) -> None:
    with make.written(app) as session:
        found = _courses(session, office)
        deputy = make.person(session, "Dina")
        make.placed(session, deputy, initiative=found.initiative, place=Place.deputy)
        session.flush()
        rights = rights_of(session, deputy.id, administrator=False, on=clock.today())
        wished = clock.today() + timedelta(days=40)
        asking.ask(
            session, found, wished_on=wished, reason="Olga has gone quiet.", rights=rights, by=deputy,
            at=clock.now(),
        )  # fmt: skip
    page = client.get(f"{office.form()}/more-time").text
    assert "Dina asked on" in page
    assert "Olga has gone quiet." not in page


def test_what_was_typed_on_a_page_of_a_dead_link_is_given_back(
    app: Flask, client: StrictClient, office: Office
) -> None:
    asking_url, dates_url = f"{office.form()}/more-time", f"{office.form()}/milestones"
    asked = fill(client.get(asking_url).text, asking_url, {"new_date": _day(40), "reason": WHY})
    added = fill(client.get(dates_url).text, dates_url, {"title": "Half are held", "date": "ultimo 2030"})
    with make.written(app) as session:
        form_links.revoke(session, session.get_one(FormLink, office.link), by=office.olga, at=clock.now())
    answers = [client.post(asking_url, data=asked.values), client.post(dates_url, data=added.values)]
    assert [one.status_code for one in answers] == [404, 404]
    assert WHY in answers[0].text
    assert "Half are held" in answers[1].text
    assert _requests(app) == []


def test_a_status_that_is_in_needs_no_more_time(app: Flask, client: StrictClient, office: Office) -> None:
    url = f"{office.form()}/more-time"
    form = fill(client.get(url).text, url, {"new_date": _day(40), "reason": WHY})
    client.submit(office.form(), FILLED, button="Submit")
    answer = client.post(url, data=form.values)
    assert answer.status_code == 409
    assert WHY in answer.text
    assert _requests(app) == []
    assert f'href="{url}"' not in client.get(office.form()).text


# --- milestones -----------------------------------------------------------------------------------


def test_the_list_says_what_comes_next_of_ones_own_initiatives(
    app: Flask, client: StrictClient, office: Office
) -> None:
    _milestone(app, "Signs", "The first sign is up")
    _milestone(app, "Ramps", "Of another")
    _milestone(app, "Courses", "Money from the state", kind=DeadlineKind.application_round)
    page = client.get(office.url, budget=9).text
    assert "The first sign is up" in page
    assert "Money from the state" in page
    assert "Of another" not in page
    assert f'href="{office.form(1)}/milestones"' in page


@pytest.mark.both_databases
def test_a_milestone_is_added_with_its_reminders(app: Flask, client: StrictClient, office: Office) -> None:
    url = f"{office.form()}/milestones"
    assert f'href="{url}"' in client.get(office.form()).text
    assert "This initiative has no deadlines yet." not in client.get(url, budget=7).text
    answer = client.submit(url, {"title": "Half of them held", "date": "ultimo 2030"}, follow_redirects=True)
    assert "The milestone has been added." in answer.text
    with app.app_context():
        made = db.session.scalars(select(Deadline).where(Deadline.kind == DeadlineKind.milestone)).one()
        assert (made.title, made.words, made.last_on.year) == ("Half of them held", "ultimo 2030", 2030)
        planned = select(ReminderItem.id).where(ReminderItem.obligation_id == made.id)
        assert db.session.scalars(planned).all()
    assert ("form_link", office.olga) in _entries(app, "deadline_added")
    assert "ultimo 2030" in client.get(office.form()).text


@pytest.mark.parametrize(
    ("title", "date", "said"),
    [
        ("", "", "Write what is to be reached."),
        ("Held", "", "Write a date."),
        ("Held", "some day", "Write a date such as 24.12.2026"),
        ("Held", "01.01.9999", "Write a date such as 24.12.2026"),
    ],
)
def test_a_milestone_without_a_title_or_a_date_is_not_added(
    app: Flask, client: StrictClient, office: Office, title: str, date: str, said: str
) -> None:
    with unchanged(app):
        answer = client.submit(f"{office.form()}/milestones", {"title": title, "date": date})
    assert answer.status_code == 400
    assert said in answer.text


@pytest.mark.both_databases
def test_what_has_been_reached_is_ticked_off(app: Flask, client: StrictClient, office: Office) -> None:
    first, second = _milestone(app, "Courses", "One"), _milestone(app, "Courses", "Two")
    url = f"{office.form()}/milestones"
    answer = client.submit(url, {"reached": [str(first)]}, button="Mark as reached", follow_redirects=True)
    assert "The milestone is marked as reached." in answer.text
    states = (_deadline(app, first).state, _deadline(app, second).state)
    assert states == (DeadlineState.met, DeadlineState.open)
    assert _entries(app, "deadline_met") == [("form_link", office.olga)]


@pytest.mark.parametrize(
    "whose", ["another's milestone", "a date of the secretariat", "nothing that is there"]
)
def test_nothing_else_is_ticked_off(app: Flask, client: StrictClient, office: Office, whose: str) -> None:
    own = _milestone(app, "Courses", "One")
    other = {
        "another's milestone": _milestone(app, "Ramps", "Two"),
        "a date of the secretariat": _milestone(app, "Courses", "Three", kind=DeadlineKind.delivery),
        "nothing that is there": 987_654,
    }[whose]
    url = f"{office.form()}/milestones"
    form = fill(client.get(url).text, url, {"reached": [str(own)]}, button="Mark as reached")
    with unchanged(app):
        answer = client.post(form.action, data={**form.values, "reached": [str(own), str(other)]})
    assert answer.status_code == 404


def test_the_next_milestone_is_written_with_the_status(
    app: Flask, client: StrictClient, office: Office
) -> None:
    milestone = {"milestone": "The next course", "milestone_on": "24.12.2030"}
    client.submit(office.form(), {**FILLED, **milestone}, button="Submit")
    assert _state(app, office) is State.submitted
    with app.app_context():
        made = db.session.scalars(select(Deadline).where(Deadline.kind == DeadlineKind.milestone)).one()
        assert (made.title, f"{made.last_on:%d.%m.%Y}") == ("The next course", "24.12.2030")


@pytest.mark.parametrize(
    ("milestone", "said"),
    [
        ({"milestone_on": "24.12.2030"}, "Write what the milestone is, or leave its date empty."),
        ({"milestone": "The next course", "milestone_on": "one day"}, "one day"),
    ],
)
def test_a_milestone_half_written_keeps_the_status_back_with_nothing_lost(
    app: Flask, client: StrictClient, office: Office, milestone: dict[str, str], said: str
) -> None:
    with unchanged(app):
        answer = client.submit(office.form(), {**FILLED, **milestone}, button="Submit")
    assert answer.status_code == 400
    assert said in answer.text
    assert FILLED["text"] in answer.text


# --- taking back ----------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_what_was_submitted_is_read_and_taken_back(app: Flask, client: StrictClient, office: Office) -> None:
    client.submit(office.form(), FILLED, button="Submit")
    assert FILLED["text"] in client.get(office.form()).text
    with unchanged(app):
        answer = client.submit(office.form(), {}, button="Withdraw and go on writing")
    assert answer.status_code == 303
    client.submit(office.form(), {"sure": "y"}, button="Withdraw and go on writing")
    assert _state(app, office) is State.draft
    assert _entries(app, "withdrawn") == [("form_link", office.olga)]
    assert FILLED["text"] in client.get(office.form()).text
    client.submit(office.form(), {**FILLED, "text": "It was held three times."}, button="Submit")
    assert _state(app, office) is State.submitted


def test_that_there_is_nothing_new_is_taken_back_as_well(
    app: Flask, client: StrictClient, office: Office
) -> None:
    nothing = {"outcome": "nothing_new", "progress": "planned", "reason": "The school is being rebuilt."}
    client.submit(office.form(), nothing, button="Submit")
    assert nothing["reason"] in client.get(office.form()).text
    client.submit(office.form(), {"sure": "y"}, button="Withdraw and go on writing")
    assert _state(app, office) is State.draft


def test_what_the_secretariat_has_begun_to_read_is_not_taken_back(
    app: Flask, client: StrictClient, office: Office
) -> None:
    client.submit(office.form(), FILLED, button="Submit")
    form = fill(
        client.get(office.form()).text, office.form(), {"sure": "y"}, button="Withdraw and go on writing"
    )
    with make.written(app) as session:
        found = _courses(session, office)
        secretary = session.get_one(Person, office.secretary)
        rights = rights_of(session, secretary.id, administrator=False, on=clock.today())
        review.take(session, found, version=found.version, rights=rights, by=secretary, at=clock.now())
    with unchanged(app):
        answer = client.post(form.action, data=form.values, follow_redirects=True)
    assert "Withdraw and go on writing" not in answer.text
    assert _state(app, office) is State.in_review


# --- what is not done -----------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["more-time", "milestones"])
def test_a_program_that_looks_and_presses_every_button_changes_nothing(
    app: Flask, client: StrictClient, office: Office, page: str
) -> None:
    _milestone(app, "Courses", "One")
    url = f"{office.form()}/{page}"
    buttons = {"more-time": ["Ask for more time"], "milestones": ["Mark as reached", "Add milestone"]}[page]
    with unchanged(app):
        for _ in range(5):
            assert client.get(url).status_code == client.head(url).status_code == 200
        for button in buttons:
            client.submit(url, {}, button=button)


ADDRESSES = {
    "more-time": {"new_date": _day(40), "reason": WHY},
    "milestones": {"title": "Held", "date": "24.12.2030"},
    "milestones/reached": {"reached": "1"},
    "withdraw": {"sure": "y", "version": "2"},
}


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("from_where", ["no token", "another site"])
def test_a_form_of_another_page_is_not_taken(
    app: Flask, client: StrictClient, office: Office, address: str, from_where: str
) -> None:
    milestone = _milestone(app, "Courses", "One")
    client.submit(office.form(1), FILLED, button="Submit")
    number = 1 if address == "withdraw" else 0
    fields = ADDRESSES[address] | ({"reached": str(milestone)} if "reached" in address else {})
    headers = {}
    if from_where == "another site":
        token = fill(client.get(f"{office.form()}/milestones").text, "", {}, button="Add milestone")
        fields = fields | {"csrf_token": token.values["csrf_token"][0]}
        headers = {"Sec-Fetch-Site": "cross-site"}
    with unchanged(app):
        answer = client.post(f"{office.form(number)}/{address}", data=fields, headers=headers)
    assert answer.status_code in {303, 400}
    told = client.get(answer.headers["Location"]).text if answer.status_code == 303 else answer.text
    assert "The page was too old, so nothing was saved." in told


@pytest.mark.parametrize("address", ["more-time", "milestones"])
def test_the_pages_of_others_and_of_dead_links_are_not_there(
    app: Flask, client: StrictClient, office: Office, address: str
) -> None:
    fields = ADDRESSES[address]
    other = f"{office.url}updates/{office.other}/{address}"
    guessed = f"/f/{'0' * 64}/updates/{office.mine[0]}/{address}"
    with unchanged(app):
        for url in (other, guessed):
            assert client.get(url).status_code == 404
            assert client.post(url, data=fields).status_code == 404


@pytest.mark.settings(base_url="https://tracker.example.com")
def test_over_tls_a_browser_that_sends_no_referrer_asks_and_adds(
    app: Flask, client: StrictClient, office: Office
) -> None:
    asked = client.submit(f"{office.form()}/more-time", {"new_date": _day(40), "reason": WHY})
    added = client.submit(f"{office.form()}/milestones", {"title": "Held", "date": "24.12.2030"})
    assert (asked.status_code, added.status_code) == (303, 303)
