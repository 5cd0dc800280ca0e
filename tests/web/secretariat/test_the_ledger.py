"""What a person was sent, what was said of an initiative, what did not go, and why."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from tests.support import make
from tests.support.client import StrictClient
from tests.web.secretariat.conftest import Office, OpenRound
from tracker import clock
from tracker.accounts.models import Person
from tracker.extensions import db
from tracker.mail.models import Mail, MailState
from tracker.plans.actions import grant
from tracker.plans.models import MembershipRole, Plan
from tracker.reminders import ledger
from tracker.reminders.models import ItemState, Reason, ReminderItem

PERSON_BUDGET = 30
INITIATIVE_BUDGET = 30


def of_person(opened: OpenRound) -> str:
    return f"/secretariat/here/people/{opened.office.owner}/letters"


def of_initiative(opened: OpenRound, number: int = 0) -> str:
    return f"/secretariat/here/initiatives/{opened.office.initiatives[number]}/letters"


def became(app: Flask, step: str, state: ItemState, reason: str = "", *, by: str | None = None) -> None:
    """What became of the first initiative's reminder of this step; `by` names the step that replaced it."""
    with make.written(app) as session:
        found = select(ReminderItem).where(ReminderItem.title.contains("Courses"))
        item = session.scalars(found.where(ReminderItem.step == step)).one()
        item.state, item.reason, item.settled_at = state, reason, clock.now()
        if by is not None:
            item.superseded_by_id = session.scalars(found.where(ReminderItem.step == by)).one().id


@pytest.mark.both_databases
def test_a_person_has_every_reminder_with_what_became_of_it_and_why(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    became(app, "open", ItemState.superseded, Reason.more_urgent, by="t-14")
    became(app, "t-14", ItemState.undeliverable, "550 5.1.1 nobody here")
    became(app, "t-7", ItemState.cancelled, Reason.settled)
    make.sign_in(client, opened.office.secretary)
    page = client.get(of_person(opened), budget=PERSON_BUDGET).text
    table = page.split('id="ledger"')[1]
    assert "A more urgent reminder of the same went instead." in table
    assert "Instead: Status: 14 days before the deadline" in table
    assert "550 5.1.1 nobody here" in table
    assert "The task was done before." in table
    assert "Status: 1 day before the deadline" not in table
    planned = client.get(f"{of_person(opened)}?show=planned", budget=PERSON_BUDGET).text.split('id="ledger"')[
        1
    ]
    assert "Status: 1 day before the deadline" in planned
    assert "550 5.1.1" not in planned
    days = re.findall(r'data-title="Day">(\d\d)\.(\d\d)\.(\d{4})<', table)
    assert [tuple(reversed(day)) for day in days] == sorted(
        (tuple(reversed(day)) for day in days), reverse=True
    )


@pytest.mark.both_databases
def test_an_initiative_has_the_reminders_of_everybody_and_of_nothing_else(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    make.sign_in(client, opened.office.secretary)
    page = client.get(f"{of_initiative(opened)}?show=planned", budget=INITIATIVE_BUDGET).text
    table = page.split('id="ledger"')[1]
    assert "Olga Owner" in table
    assert "Carl Coordinator" in table
    assert "A play for every school" not in page
    assert f'href="{of_person(opened)}"' in table


def test_a_letter_of_the_plan_is_linked_from_its_reminders(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    with make.written(app) as session:
        at, plan_id = clock.now(), session.scalars(select(Plan.id)).one()
        mail = Mail(
            dedupe_key="r", kind="reminders", person_id=opened.office.owner, plan_id=plan_id, next_at=at,
            subject="A word", address="olga@example.com", state=MailState.sent, created_at=at, expires_at=at,
            settled_at=at, payload={},
        )  # fmt: skip
        session.add(mail)
        session.flush()
        session.execute(update(ReminderItem).where(ReminderItem.step == "open").values(mail_id=mail.id))
        letter = f"/secretariat/here/letters/{mail.id}"
    make.sign_in(client, opened.office.secretary)
    assert f'href="{letter}"' in client.get(of_initiative(opened)).text
    page = client.get(of_person(opened)).text
    assert f'href="{letter}">A word</a>' in page.split('id="letters"')[1]


def test_why_somebody_got_no_letter_is_answered_for_the_day_that_is_asked(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    with make.written(app) as session:
        plan = session.scalars(select(Plan)).one()
        plan.reminders_paused_until = clock.today() + timedelta(days=30)
    make.sign_in(client, opened.office.secretary)
    for url in (of_person(opened), of_initiative(opened)):
        page = client.get(url).text
        assert "paused" in page.split('id="why"')[1].split('id="ledger"')[0]
        day = clock.today() + timedelta(days=3)
        other = client.submit(url, {"on": f"{day:%d.%m.%Y}"}, button="Show")
        assert other.status_code == 200
        assert f'value="{day:%d.%m.%Y}"' in other.text


def test_a_day_that_is_none_means_today(client: StrictClient, opened: OpenRound) -> None:
    make.sign_in(client, opened.office.secretary)
    for asked in ("on=yesterday", "on=", "before=never", "before=2026-99-99.1", "before=2026-01-01.x"):
        assert client.get(f"{of_person(opened)}?{asked}").status_code == 200


def test_where_nothing_was_planned_the_page_says_where_reminders_come_from(
    client: StrictClient, office: Office
) -> None:
    make.sign_in(client, office.secretary)
    page = client.get(f"/secretariat/here/people/{office.owner}/letters").text
    assert "No reminder has gone to this person in the plan so far." in page
    page = client.get(f"/secretariat/here/initiatives/{office.initiatives[0]}/letters").text
    assert "No reminder of this initiative has gone so far." in page


def test_a_long_ledger_comes_a_page_at_a_time(
    client: StrictClient, app: Flask, opened: OpenRound, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "A_PAGE", 3)
    make.sign_in(client, opened.office.secretary)
    seen: list[str] = []
    url: str | None = f"{of_person(opened)}?show=planned"
    pages = 0
    while url is not None:
        page = client.get(url).text
        pages += 1
        rows = re.findall(r"<tr><td class=\"nowrap\".*?</tr>", page, re.DOTALL)
        assert 0 < len(rows) <= 3
        seen += rows
        older = re.search(r'rel="next"\s+href="([^"]+)"', page)
        url = unescape(older[1]) if older else None
    with app.app_context():
        mine = select(func.count()).where(
            ReminderItem.person_id == opened.office.owner, ReminderItem.due_on > clock.today()
        )
        number = db.session.scalars(mine).one()
    assert len(seen) == len(set(seen)) == number
    assert pages == -(-number // 3)


def test_nothing_of_another_plan_is_told(client: StrictClient, app: Flask, opened: OpenRound) -> None:
    with make.written(app) as session:
        there = make.plan(session, "there")
        lead = make.member(session, there, MembershipRole.lead, "Lena There").id
    make.sign_in(client, lead)
    assert client.get(f"/secretariat/there/people/{opened.office.owner}/letters").status_code == 404
    assert client.get(of_person(opened)).status_code == 404
    with make.written(app) as session:
        there = session.scalars(select(Plan).where(Plan.slug == "there")).one()
        owner = session.get_one(Person, opened.office.owner)
        grant(session, there, owner, MembershipRole.reader, by=None, at=clock.now())
    page = client.get(f"/secretariat/there/people/{opened.office.owner}/letters").text
    assert "Courses for teachers" not in page
    assert "No reminder has gone to this person in the plan so far." in page


def test_the_page_of_an_initiative_leads_there(client: StrictClient, opened: OpenRound) -> None:
    make.sign_in(client, opened.office.secretary)
    page = client.get(f"/secretariat/here/initiatives/{opened.office.initiatives[0]}").text
    assert f'href="{of_initiative(opened)}"' in page
    assert f'href="{of_person(opened)}"' in page


@pytest.mark.parametrize("day", ["0001-01-01", "31.12.9999"])
@pytest.mark.parametrize("of", [of_person, of_initiative])
def test_any_day_there_is_can_be_asked_about(
    client: StrictClient, opened: OpenRound, day: str, of: Callable[[OpenRound], str]
) -> None:
    make.sign_in(client, opened.office.secretary)
    assert client.get(f"{of(opened)}?on={day}").status_code == 200
