"""Dates that the statuses name: the secretariat ticks some, and they are deadlines with the text's words."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.support import make
from tests.support.client import StrictClient
from tests.web.secretariat.conftest import OpenRound
from tracker import clock
from tracker.accounts.models import Person
from tracker.deadlines.actions import move_deadline
from tracker.deadlines.models import Deadline, DeadlineKind, Precision
from tracker.domain.danish_dates import find
from tracker.domain.workflow import State
from tracker.plans.models import Initiative, Plan
from tracker.plans.rights import rights_of
from tracker.reminders.models import ReminderItem
from tracker.rounds.models import Round, RoundState, StatusUpdate
from tracker.statuses import phrases

BUTTON = "Make deadlines of what is ticked"
PAGE = "/secretariat/here/rounds/2026/dates"
NEXT = clock.today().year + 1
TEXT = (
    f"Kurset blev holdt i marts 2020. Rapporten forventes færdig ultimo {NEXT}. "
    "Udvalget drøftede den på mødet d. 31. marts.\n\n"
    f"Fra {NEXT} tilbydes kurset i alle huse."
)


@pytest.fixture
def told(app: Flask, opened: OpenRound) -> OpenRound:
    """The first status is submitted with dates, the second is a draft with one; last year's memo has one."""
    with make.written(app) as session:
        first, second = (session.get_one(StatusUpdate, id_) for id_ in opened.updates[:2])
        owner = session.get_one(Person, opened.office.owner)
        initiative = session.get_one(Initiative, first.initiative_id)
        make.submitted(session, make.update_of(session, initiative, session.get_one(Round, first.round_id)),
                       by=owner, text=TEXT)  # fmt: skip
        session.execute(
            update(StatusUpdate)
            .where(StatusUpdate.id == second.id)
            .values(state=State.draft, text=f"Hemmeligt i maj {NEXT}.")
        )
        plan = session.scalars(select(Plan).where(Plan.slug == "here")).one()
        last = Round(plan_id=plan.id, year=2025, state=RoundState.locked, opened_at=clock.now())
        session.add(last)
        session.flush()
        session.add(
            StatusUpdate(
                round_id=last.id,
                initiative_id=opened.office.initiatives[2],
                state=State.locked,
                text=f"Der kan søges fra den 1. maj {NEXT} til den 3. juni {NEXT}.",
            )
        )
    return opened


def key_of(page: str, words: str) -> str:
    found = re.search(rf'value="(\w+)"[^>]*>\s*<label[^>]*>“{re.escape(words)}”', page)
    assert found, words
    return found[1]


def deadlines(app: Flask) -> list[Deadline]:
    with app.app_context(), make.written(app) as session:
        found = select(Deadline).where(Deadline.kind != DeadlineKind.status_due).order_by(Deadline.id)
        return list(session.scalars(found))


@pytest.mark.both_databases
def test_what_lies_ahead_stands_first_with_its_sentence_and_a_draft_is_not_read(
    client: StrictClient, told: OpenRound
) -> None:
    make.sign_in(client, told.office.secretary)
    page = client.get(PAGE, budget=13).text
    ahead, past = page.split('id="past"')
    for words in (f"ultimo {NEXT}", "31. marts", f"Fra {NEXT}", f"1. maj {NEXT} til den 3. juni {NEXT}"):
        assert f"“{words}”" in ahead
    assert "Rapporten forventes færdig <strong>" in ahead
    assert f"01.10.{NEXT} – 31.12.{NEXT}" in ahead
    assert "marts 2020" in past
    assert "marts 2020" not in ahead
    assert "Hemmeligt" not in page
    chosen = re.findall(r'<option value="(\w+)" selected', ahead)
    assert chosen == ["delivery", "delivery", "committee_meeting", "application_round"]


@pytest.mark.both_databases
def test_ticked_dates_become_deadlines_with_their_words_and_reminders(
    app: Flask, client: StrictClient, told: OpenRound
) -> None:
    make.sign_in(client, told.office.secretary)
    page = client.get(PAGE).text
    late, from_on, meeting = (key_of(page, one) for one in (f"ultimo {NEXT}", f"Fra {NEXT}", "31. marts"))
    done = client.submit(
        PAGE, {"dates": [late, from_on, meeting], f"year-{meeting}": str(NEXT)}, button=BUTTON
    )
    assert done.status_code == 303
    made = {one.words: one for one in deadlines(app)}
    assert {
        words: (one.first_on, one.last_on, one.precision, one.open_end, one.kind)
        for words, one in made.items()
    } == {
        f"ultimo {NEXT}": (
            date(NEXT, 10, 1),
            date(NEXT, 12, 31),
            Precision.part,
            False,
            DeadlineKind.delivery,
        ),
        f"Fra {NEXT}": (date(NEXT, 1, 1), date(NEXT, 12, 31), Precision.year, True, DeadlineKind.delivery),
        "31. marts": (
            date(NEXT, 3, 31),
            date(NEXT, 3, 31),
            Precision.day,
            False,
            DeadlineKind.committee_meeting,
        ),
    }
    assert {one.initiative_id for one in made.values()} == {told.office.initiatives[0]}
    assert made[f"ultimo {NEXT}"].title == f"Rapporten forventes færdig ultimo {NEXT}"
    with make.written(app) as session:
        assert session.scalars(
            select(ReminderItem.id).where(ReminderItem.obligation_id == made["31. marts"].id)
        ).all()
    page = client.get(PAGE).text
    assert "3 dates" in page.split('id="accepted"')[1].split("</summary>")[0]


def test_a_date_that_two_people_tick_becomes_one_deadline(
    app: Flask, client: StrictClient, told: OpenRound
) -> None:
    with make.written(app) as session:
        round_ = session.scalars(select(Round).where(Round.year == 2026)).one()
        rights = rights_of(session, told.office.secretary, administrator=False, on=clock.today())
        groups = phrases.dates_named(session, rights, round_, today=clock.today())
        chosen = {one.key: phrases.Choice("delivery", "The report") for one in groups[0].ahead[:1]}
        for made in (1, 0):
            done = phrases.accept(
                session, rights, round_, chosen, today=clock.today(), by=told.office.lead, at=clock.now()
            )
            assert len(done) == made
    assert len(deadlines(app)) == 1


def test_a_deadline_that_was_moved_since_is_still_the_date_s(
    app: Flask, client: StrictClient, told: OpenRound
) -> None:
    make.sign_in(client, told.office.secretary)
    page = client.get(PAGE).text
    key = key_of(page, f"ultimo {NEXT}")
    client.submit(PAGE, {"dates": [key]}, button=BUTTON)
    with make.written(app) as session:
        (made,) = session.scalars(select(Deadline).where(Deadline.kind != DeadlineKind.status_due))
        later = made.last_on + timedelta(days=40)
        move_deadline(
            session,
            made,
            first_on=later,
            last_on=later,
            precision=Precision.day,
            reason="Illness.",
            version=made.version,
            by=told.office.secretary,
            at=clock.now(),
        )
    assert f"“ultimo {NEXT}”" in client.get(PAGE).text.split('id="accepted"')[1]


@pytest.mark.parametrize(
    ("words", "changed", "said"),
    [
        ("31. marts", {}, "Write the year that is meant, such as 2026."),
        ("31. marts", {"year": "12"}, "Write the year that is meant, such as 2026."),
        (f"ultimo {NEXT}", {"title": " "}, "Write what the deadline is for, at most 300 characters."),
        (f"ultimo {NEXT}", {"kind": "status_due"}, "Choose a kind."),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field_and_what_was_ticked_stays(
    words: str, changed: dict[str, str], said: str, app: Flask, client: StrictClient, told: OpenRound
) -> None:
    make.sign_in(client, told.office.secretary)
    page = client.get(PAGE).text
    key = key_of(page, words)
    sent = {f"{name}-{key}": value for name, value in changed.items()}
    answer = client.submit(PAGE, {"dates": [key], **sent}, button=BUTTON)
    assert answer.status_code == 400
    assert answer.text.count(said) == 2
    assert re.search(rf'value="{key}" checked', answer.text)
    assert deadlines(app) == []


def test_nothing_ticked_and_a_text_that_changed_are_said_above_the_page(
    app: Flask, client: StrictClient, told: OpenRound
) -> None:
    make.sign_in(client, told.office.secretary)
    assert "Tick the dates that are to become deadlines." in client.submit(PAGE, {}, button=BUTTON).text
    answer = client.submit(PAGE, {"dates": ["0123456789abcdef"]}, button=BUTTON)
    assert answer.status_code == 400
    assert "A text has changed in the meantime." in answer.text
    assert deadlines(app) == []


def test_without_a_date_the_page_says_what_comes_here(client: StrictClient, opened: OpenRound) -> None:
    make.sign_in(client, opened.office.secretary)
    page = client.get(PAGE)
    assert "No text names a date yet." in page.text
    assert f'href="{PAGE}"' in client.get("/secretariat/here/rounds/2026").text
    assert client.get("/secretariat/here/rounds/1999/dates").status_code == 404


def test_the_year_next_to_come_is_read_as_the_tests_write_it() -> None:
    assert find(f"ultimo {NEXT}")[0].interval.first == date(NEXT, 10, 1)
