"""What the proofreading finds, as the secretariat and the owners meet it: advice that stops nobody."""

from __future__ import annotations

from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import make
from tests.support.client import StrictClient
from tests.web.secretariat.conftest import OpenRound
from tracker import clock
from tracker.accounts.models import Person
from tracker.domain.proofreading import Check
from tracker.domain.workflow import State
from tracker.extensions import db
from tracker.memos import finding_counts
from tracker.plans.models import Initiative
from tracker.plans.rights import rights_of
from tracker.rounds.models import Round, StatusUpdate
from tracker.statuses import review
from tracker.statuses.models import OverruledFinding
from tracker.statuses.proofreading import overrule

BUDGET, ROUND_BUDGET = 10, 15
LIST = "/secretariat/here/rounds/2026/findings"
TEXT = "Der blev holdt et møde den 3. marts, og  der er talt med Ung-Vej."


@pytest.fixture
def submitted(app: Flask, opened: OpenRound) -> int:
    """A submitted status with two slips; another one spells a name in another way. The id of the first."""
    with make.written(app) as session:
        round_ = session.scalars(select(Round)).one()
        owner = session.get_one(Person, opened.office.owner)
        updates = [
            make.update_of(session, session.get_one(Initiative, one), round_)
            for one in opened.office.initiatives[:2]
        ]
        make.submitted(session, updates[1], by=owner, text="Der er talt med UngVej. Det er godt med Ung-Vej.")
        return make.submitted(session, updates[0], by=owner, text=TEXT).id


def _page(update_id: int) -> str:
    return f"/secretariat/here/updates/{update_id}"


def test_a_round_shows_what_is_found_by_administration_and_row(
    client: StrictClient, opened: OpenRound, submitted: int
) -> None:
    make.sign_in(client, opened.office.secretary)
    assert LIST in client.get("/secretariat/here/rounds/2026").text
    seen = unescape(client.get(LIST, budget=ROUND_BUDGET).text)
    assert "3 things in them are worth a look before they are printed." in seen
    assert "The date has no year: “3. marts”." in seen
    assert "Two spaces in a row: “og  der”." in seen
    assert "“UngVej” here, and elsewhere Ung-Vej (1, 2)." in seen
    assert "Only BUF is shown." in client.get(f"{LIST}?administration=BUF").text
    assert "Only" not in client.get(f"{LIST}?administration=nobody").text
    assert "Nothing in the texts of TMF needs a look." in client.get(f"{LIST}?administration=TMF").text


@pytest.mark.both_databases
def test_the_rounds_page_counts_by_administration_and_sees_what_another_process_changes(
    client: StrictClient, app: Flask, opened: OpenRound, submitted: int
) -> None:
    make.sign_in(client, opened.office.secretary)
    address = "/secretariat/here/rounds/2026"
    seen = client.get(address).text
    assert "3 things in the submitted texts are worth a look" in seen
    assert (
        f'href="{LIST}?administration=BUF#findings" aria-label="Worth a look: 3, Children and Youth">3</a>'
        in seen
    )
    again = client.get(address, budget=9).text
    assert "3 things in the submitted texts are worth a look" in again
    with make.written(app) as session:  # not through a page of this process
        secretary = session.get_one(Person, opened.office.secretary)
        round_ = session.scalars(select(Round)).one()
        first, third = (session.get_one(Initiative, opened.office.initiatives[one]) for one in (0, 2))
        overrule(
            session,
            make.update_of(session, first, round_),
            check=Check.date_without_year,
            words="3. marts",
            reason="Samme dag hvert år.",
            rights=rights_of(session, secretary.id, administrator=False, on=clock.today()),
            by=secretary,
            at=clock.now(),
        )
    assert "2 things in the submitted texts are worth a look" in client.get(address).text
    with make.written(app) as session:
        owner = make.person(session, "Pia")
        make.placed(session, owner, initiative=session.merge(third))
        update = make.update_of(session, session.merge(third), session.merge(round_))
        make.submitted(session, update, by=owner, text="Skiltene blev sat op den 4. maj.")
    seen = client.get(address).text
    assert 'aria-label="Worth a look: 1, ' in seen
    assert "3 things in the submitted texts are worth a look" in seen


def test_a_round_of_very_many_texts_has_the_link_alone(
    client: StrictClient, opened: OpenRound, submitted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding_counts, "MOST_TEXTS", 1)
    make.sign_in(client, opened.office.secretary)
    seen = client.get("/secretariat/here/rounds/2026", budget=8).text
    assert "worth a look, by administration" in seen
    assert "in the submitted texts" not in seen


def test_a_round_without_texts_says_so(client: StrictClient, opened: OpenRound) -> None:
    make.sign_in(client, opened.office.secretary)
    assert "No status has been submitted yet." in client.get(LIST).text
    assert client.get("/secretariat/here/rounds/1999/findings").status_code == 404


@pytest.mark.both_databases
def test_a_finding_is_let_stand_with_a_reason_and_taken_up_again(
    client: StrictClient, app: Flask, opened: OpenRound, submitted: int
) -> None:
    make.sign_in(client, opened.office.secretary)
    address = f"{_page(submitted)}/overrule?check=date_without_year&words=3.+marts"
    assert "check=date_without_year" in client.get(_page(submitted), budget=BUDGET + 8).text
    assert "The date has no year" in client.get(address, budget=BUDGET + 4).text
    refused = client.submit(address, {"reason": " "})
    assert refused.status_code == 400
    assert "Write why it is right as it stands." in refused.text

    seen = client.submit(address, {"reason": "Samme dag hvert år."}, follow_redirects=True).text
    assert "It stands as it is." in seen
    assert "Sam Secretary lets it stand since" in seen
    assert "Samme dag hvert år." in seen
    assert "Finding of the proofreading let stand" in seen
    with app.app_context():
        decision = db.session.scalars(select(OverruledFinding)).one()
        assert (decision.words, decision.overruled_by_id) == ("3. marts", opened.office.secretary)
    assert "2 things in them are worth a look" in client.get(LIST).text

    again = client.submit(_page(submitted), button="Ask about it again 3. marts", follow_redirects=True)
    assert "It is asked about again." in again.text
    assert "3 things in them are worth a look" in client.get(LIST).text


def test_what_only_the_memo_shows_is_let_stand_from_the_list_and_back_to_it(
    client: StrictClient, app: Flask, opened: OpenRound, submitted: int
) -> None:
    make.sign_in(client, opened.office.lead)
    other = opened.updates[1]
    address = f"{_page(other)}/overrule?check=name_spelling&words=UngVej&back=round"
    answer = client.submit(address, {"reason": "Det er et andet sted."})
    assert answer.location.startswith(LIST)
    assert "2 things in them are worth a look" in client.get(LIST).text
    assert "One finding is let stand" in client.get(LIST).text


def test_what_is_not_found_any_more_is_not_asked_about(
    client: StrictClient, opened: OpenRound, submitted: int
) -> None:
    make.sign_in(client, opened.office.secretary)
    for asked in ("check=date_without_year&words=4.+marts", "check=nothing&words=3.+marts", ""):
        seen = client.get(f"{_page(submitted)}/overrule?{asked}", follow_redirects=True)
        assert "this is not asked about any more" in seen.text


def test_an_owner_reads_advice_on_what_was_saved_and_submits_all_the_same(
    client: StrictClient, app: Flask, opened: OpenRound
) -> None:
    make.sign_in(client, opened.office.owner)
    address = f"/my/updates/{opened.updates[0]}"
    assert "Worth a look before you submit" not in client.get(address).text
    filled = {"text": TEXT, "outcome": "reported", "progress": "started"}
    saved = client.submit(address, filled, button="Save draft", follow_redirects=True).text
    assert "Worth a look before you submit" in saved
    assert "The date has no year: “3. marts”." in saved
    client.submit(address, filled, button="Submit")
    with app.app_context():
        assert db.session.get_one(StatusUpdate, opened.updates[0]).state is State.submitted


def test_before_locking_the_lead_sees_what_is_open_and_locks_all_the_same(
    client: StrictClient, app: Flask, opened: OpenRound, submitted: int
) -> None:
    with make.written(app) as session:
        lead = session.get_one(Person, opened.office.lead)
        round_ = session.scalars(select(Round)).one()
        rights = rights_of(session, lead.id, administrator=False, on=clock.today())
        for one in opened.office.initiatives:
            update = make.update_of(session, session.get_one(Initiative, one), round_)
            if update.state is State.submitted:
                review.approve(
                    session, update, version=update.version, rights=rights, by=lead, at=clock.now()
                )
            else:
                update.state = State.waived
    make.sign_in(client, opened.office.lead)
    seen = client.get("/secretariat/here/editions").text
    assert "3 things in the texts are still worth a look." in seen
    assert "The date has no year: “3. marts”." in seen
    client.submit("/secretariat/here/editions", button="Lock the memo of 2026")
    assert "This round is closed, and its memo is locked." in client.get(LIST).text
