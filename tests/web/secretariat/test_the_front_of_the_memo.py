"""The secretariat writes the front of the memo, compares editions, and chooses when the memo is public."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass

import pytest
from flask import Flask

from tests.support import make
from tests.support.client import StrictClient
from tests.support.rounds import Office
from tracker import clock
from tracker.extensions import db
from tracker.memos.building import memo_of_round
from tracker.memos.editions import freeze_for_meeting
from tracker.memos.models import Edition
from tracker.memos.publishing.day import public_from, treated_of
from tracker.plans.models import Committee, Initiative, MembershipRole, Plan
from tracker.rounds.models import Round

FRONT = "/secretariat/here/rounds/2026/memo/front"
MEMO = "/secretariat/here/rounds/2026/memo"
CHANGES = "/secretariat/here/editions/changes"
PUBLISHING = "/secretariat/here/rounds/2026/publishing"


@dataclass
class Here:
    lead: int
    clerk: int


@pytest.fixture
def here(app: Flask) -> Here:
    with make.written(app) as session:
        office = Office.of(session)
        clerk = make.member(session, office.plan, MembershipRole.secretariat)
        area = make.administration(session, office.plan, "F1", name="Forvaltning 1")
        session.add(Committee(plan_id=office.plan.id, code="U1", name="Udvalget", administration_id=area.id))
        ours = [
            make.initiative(session, area, title, owner=office.owner) for title in ("Kurser", "Lejre", "Mere")
        ]
        round_ = make.open_round(session, office.plan)
        office.approve(ours[0], round_, "Holdt sammen med andre (nr. 2) og se nr. 7.")
        office.approve(ours[1], round_, "Holdt.")
        office.approve(ours[2], round_, "Holdt.")
        return Here(office.lead.id, clerk.id)


def test_the_front_is_computed_written_by_hand_and_computed_again(
    client: StrictClient, app: Flask, here: Here
) -> None:
    make.sign_in(client, here.clerk)
    page = client.get(FRONT, budget=9).text
    assert "Det omfatter 3 indsatser under 1 forvaltning." in page
    assert page.count("it follows them until you write another") == 2
    said = {"intro": "  Første afsnit.\n\nAndet afsnit. ", "case_number": "2026-0017", "prints_lists": "y"}
    page = client.submit(FRONT, said, button="Save the front", follow_redirects=True).text
    assert "The front of the memo is saved." in page
    assert "Written by hand. Computed from the rows it would say:" in page
    with app.app_context():
        round_, plan = db.session.query(Round).one(), db.session.query(Plan).one()
        assert round_.caption == "", "an untouched caption goes on following the rows"
        memo = memo_of_round(db.session(), plan, round_, on=clock.today()).memo
        assert memo.intro == ("Første afsnit.", "Andet afsnit.")
        assert memo.head.case_number == "2026-0017"
        assert "under Forvaltning 1" in memo.caption
    client.submit(FRONT, button="Back to the computed introduction", follow_redirects=True)
    with app.app_context():
        assert db.session.query(Round).one().intro == ""


def test_nobody_overwrites_a_front_that_another_has_written_meanwhile(
    client: StrictClient, app: Flask, here: Here
) -> None:
    make.sign_in(client, here.clerk)
    with make.written(app) as session:
        session.query(Round).one().caption = "Tabel 1. En anden."
    answer = client.submit(FRONT, {"case_number": "1", "version": "stale"}, button="Save the front")
    assert answer.status_code == 409
    assert "Somebody else has changed this" in answer.text
    answer = client.submit(FRONT, {"case_number": "1" * 61}, button="Save the front")
    assert answer.status_code == 400
    with app.app_context():
        assert db.session.query(Round).one().case_number == ""


def test_the_draft_says_which_initiatives_its_numbers_lead_to(client: StrictClient, here: Here) -> None:
    page = make.sign_in(client, here.clerk).get(MEMO, budget=8).text
    assert "2 references to other initiatives" in page
    table = page[page.index('id="references"') : page.index("</details>")]
    assert "Lejre" in table
    assert "No initiative of this round has been meant by 7." in table


def test_two_editions_are_compared_as_a_page_and_as_a_table(
    client: StrictClient, app: Flask, here: Here
) -> None:
    make.sign_in(client, here.clerk)
    assert "fewer than two editions" in client.get(CHANGES, budget=6).text
    with make.written(app) as session:
        plan, round_ = session.query(Plan).one(), session.query(Round).one()
        lead = session.get_one(make.Person, here.lead)
        office = Office(session, plan, lead, lead)
        given = {"rights": office.rights, "by": lead, "at": clock.now()}
        old = freeze_for_meeting(session, plan, round_, **given).id
        one = session.query(Initiative).filter_by(title="Lejre").one()
        one.title = "=Lejre og <ture>"
        session.flush()
        new = freeze_for_meeting(session, plan, round_, **given).id
    kept = client.get(f"/secretariat/here/editions/{old}", budget=6).text
    assert "Edition 1 for a meeting, kept" in kept
    assert "Lejre" in kept
    assert client.get("/secretariat/here/editions/987654").status_code == 404
    page = client.get(f"{CHANGES}?old={old}&new={new}", budget=8).text
    assert "One initiative differs" in page
    assert "Another title" in page
    assert "<ture>" not in page
    table = client.get(f"{CHANGES}.csv?old={old}&new={new}")
    rows = list(csv.reader(io.StringIO(table.data.decode("utf-8-sig")), delimiter=";"))
    assert rows[1][:3] == ["Another title", "2", "2"]
    assert rows[1][6] == "'=Lejre og <ture>"
    assert "Nothing differs" in client.get(f"{CHANGES}?old={new}&new={new}").text
    assert client.get(f"{CHANGES}?old=987654&new={new}").status_code == 404
    assert client.get(f"{CHANGES}.csv?old={new}").status_code == 303


def test_the_lead_lets_a_contribution_through_and_chooses_the_day(
    client: StrictClient, app: Flask, here: Here
) -> None:
    make.sign_in(client, here.lead)
    page = client.get(PUBLISHING, budget=9).text
    assert "The memo is not locked yet." in page
    assert "Forvaltning 1" in page
    with make.written(app) as session:
        lead = session.get_one(make.Person, here.lead)
        Office(session, session.query(Plan).one(), lead, lead).lock(session.query(Round).one())
    page = client.get(PUBLISHING, budget=9).text
    assert "held back: one committee" in page
    assert "Held back from the public" in client.get("/secretariat/here/editions").text
    assert (
        client.submit(PUBLISHING, {"reason": " "}, button="Let it through Forvaltning 1").status_code == 400
    )
    said = {"reason": "Udvalget er nedlagt."}
    page = client.submit(PUBLISHING, said, button="Let it through Forvaltning 1", follow_redirects=True).text
    assert "does not hold the memo back any more" in page
    assert "The public can read the memo." in page
    assert client.submit(PUBLISHING, {"publish_on": "31.13.2099"}, button="Save the day").status_code == 400
    page = client.submit(
        PUBLISHING, {"publish_on": "01.02.2099"}, button="Save the day", follow_redirects=True
    ).text
    assert "The public can read the memo from 1 February 2099." in page
    with app.app_context():
        round_ = db.session.query(Round).one()
        treated = treated_of(db.session(), [round_.id])[round_.id]
        first = public_from(treated, locked=True, publish_on=round_.publish_on)
        assert first is not None
        assert first.isoformat() == "2099-02-01"
    make.sign_in(client, here.clerk)
    page = client.get(PUBLISHING).text
    assert "A lead has chosen 1 February 2099." in page
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(CHANGES).text)
    assert client.post(PUBLISHING, data={"csrf_token": token[1] if token else ""}).status_code == 404
    with app.app_context():
        assert db.session.query(Edition).count() == 1


def test_the_evidence_of_a_round_is_saved_as_one_file(client: StrictClient, app: Flask, here: Here) -> None:
    make.sign_in(client, here.clerk)
    page = client.get("/secretariat/here/rounds/2026/evidence", budget=6).text
    assert "The round is still open" in page
    answer = client.get("/secretariat/here/rounds/2026/evidence.zip")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="evidence-here-2026.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.data)) as pack:
        assert pack.testzip() is None
        assert {"verify.py", "asked.csv", "journal.jsonl", "manifest.json"} <= set(pack.namelist())
    with make.written(app) as session:
        elsewhere = make.member(session, make.plan(session, "elsewhere"), MembershipRole.lead).id
    make.sign_in(client, elsewhere)
    assert client.get("/secretariat/here/rounds/2026/evidence.zip").status_code == 404
