"""What pages say when letters do not go out, what machines hear, and how letters are held and released."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.support import make
from tests.support.client import StrictClient
from tests.web.secretariat.conftest import Office
from tracker import clock
from tracker.extensions import db
from tracker.mail import installation
from tracker.mail.models import Heartbeat, HoldCause, Installation, Mail, MailState
from tracker.plans.models import Initiative

TOKEN = "a-token-of-twenty-letters"
KNOWN = {"Authorization": f"Bearer {TOKEN}"}
LETTERS = "/secretariat/here/letters"


def ticked(app: Flask, ago: timedelta) -> None:
    with make.written(app) as session:
        session.add(Heartbeat(process=f"host:{ago}", ticked_at=clock.now() - ago))


def letter(app: Flask, *, ago: timedelta = timedelta(), plan_id: int | None = None, **values: object) -> int:
    with make.written(app) as session:
        at = clock.now() - ago
        made = Mail(
            dedupe_key=f"letter:{at.timestamp()}:{plan_id}",
            kind="receipt",
            address="olga@example.com",
            plan_id=plan_id,
            next_at=at,
            created_at=at,
            expires_at=at + timedelta(days=4),
            **values,
        )
        session.add(made)
        session.flush()
        return made.id


def plan_of(app: Flask, office: Office) -> int:
    with app.app_context():
        return db.session.get_one(Initiative, office.initiatives[0]).plan_id


def held(app: Flask, cause: HoldCause, reason: str = "") -> None:
    with make.written(app) as session:
        installation.hold(session, cause, reason, by=None, at=clock.now())


def moved(app: Flask) -> None:
    """The database of a service at another address."""
    with make.written(app) as session:
        session.add(Installation(base_url="https://real.example.com", machine="m", created_at=clock.now()))


def administrator(app: Flask) -> int:
    with make.written(app) as session:
        return make.person(session, "Ada Admin", administrator=True).id


# --- the banner -----------------------------------------------------------------------------------------


def test_while_letters_go_no_page_says_anything(client: StrictClient, app: Flask, office: Office) -> None:
    ticked(app, timedelta(seconds=20))
    make.sign_in(client, office.secretary)
    assert 'class="site-banner"' not in client.get(LETTERS).text


@pytest.mark.both_databases
@pytest.mark.parametrize("who", ["secretary", "lead"])
def test_the_secretariat_reads_on_every_page_that_nothing_is_sent(
    client: StrictClient, app: Flask, office: Office, who: str
) -> None:
    ticked(app, timedelta(minutes=11))
    make.sign_in(client, getattr(office, who))
    for url in (LETTERS, "/secretariat/here/initiatives", "/profile"):
        page = client.get(url, follow_redirects=True).text
        assert "what sends them has stopped. Call whoever runs the service." in page
        assert 'href="/secretariat/queue"' in page


def test_an_administrator_reads_it_too_and_owners_and_visitors_do_not(
    client: StrictClient, app: Flask, office: Office
) -> None:
    ticked(app, timedelta(minutes=11))
    make.sign_in(client, administrator(app))
    assert 'href="/admin/queue"' in client.get("/admin/people").text
    make.sign_in(client, office.owner)
    assert 'class="site-banner"' not in client.get("/my/").text
    assert 'class="site-banner"' not in app.test_client().get("/plans/").text


def test_the_banner_costs_no_query(client: StrictClient, app: Flask, office: Office) -> None:
    make.sign_in(client, office.secretary)
    url = "/secretariat/here/initiatives"
    client.get(url)
    queries = len(client.watch.statements)
    ticked(app, timedelta(minutes=11))
    assert "has stopped" in client.get(url, budget=queries).text


def test_a_letter_that_does_not_go_is_said_with_its_time(
    client: StrictClient, app: Flask, office: Office
) -> None:
    ticked(app, timedelta(seconds=20))
    letter(app, ago=timedelta(minutes=31), attempts=2, last_error="connection refused")
    make.sign_in(client, office.secretary)
    page = client.get(LETTERS).text
    assert "A letter that was due" in page
    assert "The mail server may be out of reach" in page


@pytest.mark.parametrize(
    ("cause", "says"),
    [
        (HoldCause.person, "The texts are wrong. They wait until they are released."),
        (HoldCause.refusals, "because the mail server refused several in a row"),
        (HoldCause.volume, "because unusually many fell due at once"),
        (HoldCause.clock_back, "because the clock of the server jumped"),
        (HoldCause.clock_ahead, "because the clock of the server jumped"),
    ],
)
def test_a_held_queue_says_why(
    client: StrictClient, app: Flask, office: Office, cause: HoldCause, says: str
) -> None:
    ticked(app, timedelta(seconds=20))
    letter(app, ago=timedelta(hours=3))
    held(app, cause, "The texts are wrong.")
    make.sign_in(client, office.secretary)
    page = client.get(LETTERS).text
    assert says in page
    assert "A letter that was due" not in page


def test_that_this_is_a_copy_is_on_every_page_for_everybody_who_is_signed_in(
    client: StrictClient, app: Flask, office: Office
) -> None:
    moved(app)
    make.sign_in(client, office.owner)
    page = client.get("/my/").text
    assert "No letter leaves from here" in page
    assert "/queue" not in page
    make.sign_in(client, office.secretary)
    assert "https://real.example.com" in client.get("/secretariat/queue").text


def test_letters_in_doubt_are_told_to_those_who_decide_on_them(
    client: StrictClient, app: Flask, office: Office
) -> None:
    ticked(app, timedelta(seconds=20))
    letter(app, plan_id=plan_of(app, office), state=MailState.needs_human)
    make.sign_in(client, office.secretary)
    assert "Nobody knows whether one letter has arrived." in client.get("/secretariat/here/initiatives").text
    make.sign_in(client, administrator(app))
    assert "Nobody knows" not in client.get("/admin/people").text
    with make.written(app) as session:
        elsewhere = make.member(session, make.plan(session, "there")).id
    make.sign_in(client, elsewhere)
    assert "Nobody knows" not in client.get("/secretariat/there/initiatives").text


FAILED = "One letter could not be sent in the last week."


@pytest.mark.both_databases
def test_a_letter_that_failed_is_told_to_those_who_can_send_it_again(
    client: StrictClient, app: Flask, office: Office
) -> None:
    ticked(app, timedelta(seconds=20))
    letter(app, plan_id=plan_of(app, office), state=MailState.failed, last_error="data: 554 5.7.1 no")
    make.sign_in(client, office.secretary)
    page = client.get("/secretariat/here/initiatives").text
    assert FAILED in page
    assert 'href="/secretariat/here/letters?state=failed"' in page
    assert "554 5.7.1 no" in client.get("/secretariat/here/letters?state=failed").text
    make.sign_in(client, office.owner)
    assert FAILED not in client.get("/my/").text
    make.sign_in(client, administrator(app))
    assert FAILED not in client.get("/admin/people").text
    letter(app, state=MailState.failed)
    assert FAILED in client.get("/admin/people").text


def test_after_a_week_or_where_all_is_held_for_it_a_failed_letter_is_not_told(
    client: StrictClient, app: Flask, office: Office
) -> None:
    ticked(app, timedelta(seconds=20))
    plan_id = plan_of(app, office)
    letter(app, ago=timedelta(days=8), plan_id=plan_id, state=MailState.failed)
    make.sign_in(client, office.secretary)
    assert FAILED not in client.get("/secretariat/here/initiatives").text
    letter(app, plan_id=plan_id, state=MailState.failed)
    assert FAILED in client.get("/secretariat/here/initiatives").text
    held(app, HoldCause.refusals)
    assert FAILED not in client.get("/secretariat/here/initiatives").text


@pytest.mark.settings(demo=True)
def test_a_demonstration_whose_clock_has_jumped_does_not_cry_wolf(
    client: StrictClient, app: Flask, office: Office
) -> None:
    ticked(app, timedelta(days=30))
    letter(app, ago=timedelta(days=20))
    make.sign_in(client, office.secretary)
    page = client.get(LETTERS).text
    assert "has stopped" not in page
    assert "was due" not in page


# --- the queue ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["lead", "secretary"])
def test_the_secretariat_holds_all_letters_with_a_reason_and_releases_them(
    client: StrictClient, app: Flask, office: Office, who: str
) -> None:
    ticked(app, timedelta(seconds=20))
    make.sign_in(client, getattr(office, who))
    page = client.get("/secretariat/queue", budget=12).text
    assert "Letters leave when they are due." in page
    answer = client.submit("/secretariat/queue", {"reason": ""}, button="Hold all letters")
    assert answer.status_code == 400
    assert "Write why the letters are to wait." in answer.text
    page = client.submit(
        "/secretariat/queue", {"reason": "The round was opened too early."}, button="Hold all letters",
        follow_redirects=True,
    ).text  # fmt: skip
    assert "The round was opened too early." in page
    with app.app_context():
        row = installation.installation_of(db.session())
        assert row is not None
        assert (row.queue_held, row.held_cause) == (True, HoldCause.person)
    page = client.submit("/secretariat/queue", button="Release the letters", follow_redirects=True).text
    assert "The letters are released." in page
    assert "Letters leave when they are due." in page


def test_the_page_of_the_queue_says_whom_to_call(client: StrictClient, app: Flask, office: Office) -> None:
    administrator(app)
    held(app, HoldCause.person, "Wait")
    make.sign_in(client, office.secretary)
    page = client.get("/secretariat/queue", budget=12).text
    assert "Ada Admin" in page


def test_an_administrator_adopts_a_service_that_was_moved(client: StrictClient, app: Flask) -> None:
    moved(app)
    make.sign_in(client, administrator(app))
    assert "No letter leaves from here" in client.get("/admin/people").text
    page = client.submit("/admin/queue", button="Let letters leave from here", follow_redirects=True).text
    assert "From now on letters leave from here" in page
    assert "No letter leaves from here" not in client.get("/admin/people").text


def test_an_administrator_decides_on_letters_of_no_single_plan(client: StrictClient, app: Flask) -> None:
    first, second = (
        letter(app, ago=timedelta(minutes=ago), state=MailState.needs_human, mime=b"x", attempts=2)
        for ago in (1, 2)
    )
    make.sign_in(client, administrator(app))
    page = client.get("/admin/queue", budget=12).text
    assert page.count("olga@example.com") >= 2
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    client.post(f"/admin/letters/{first}/send-again", data={"csrf_token": token})
    client.post(f"/admin/letters/{second}/count-as-sent", data={"csrf_token": token})
    with app.app_context():
        assert db.session.get_one(Mail, first).state is MailState.uncertain
        assert db.session.get_one(Mail, second).state is MailState.sent


# --- what machines ask ----------------------------------------------------------------------------------


def test_a_process_that_answers_lives(client: StrictClient) -> None:
    answer = client.get("/livez", budget=0)
    assert (answer.status_code, answer.json) == (200, {"alive": True})


@pytest.mark.both_databases
def test_a_service_that_does_its_work_is_ready(client: StrictClient, app: Flask) -> None:
    assert client.get("/readyz").json == {"ready": True}  # a new one, in which nothing waits
    ticked(app, timedelta(minutes=9))
    answer = client.get("/readyz", budget=1)
    assert (answer.status_code, answer.json) == (200, {"ready": True})


@pytest.mark.both_databases
@pytest.mark.settings(metrics_token=TOKEN)
def test_a_service_that_does_not_is_unready_and_tells_whom_it_concerns_what_fails(
    client: StrictClient, app: Flask, office: Office
) -> None:
    ticked(app, timedelta(minutes=11))
    letter(app, ago=timedelta(minutes=40), attempts=3)
    for headers in ({}, {"Authorization": "Bearer nobody"}):
        answer = client.get("/readyz", headers=headers)
        assert (answer.status_code, answer.json) == (503, {"ready": False})
    make.sign_in(client, office.lead)
    assert client.get("/readyz").json == {"ready": False}
    for told in (client.get("/readyz", headers=KNOWN), _as_administrator(client, app)):
        assert told.status_code == 503
        assert told.json is not None
        assert set(told.json["failing"]) == {"clock", "letters"}


def _as_administrator(client: StrictClient, app: Flask) -> TestResponse:
    make.sign_in(client, administrator(app))
    return client.get("/readyz")


@pytest.mark.settings(metrics_token=TOKEN)
def test_letters_that_wait_where_nothing_ever_ticked_make_it_unready(
    client: StrictClient, app: Flask
) -> None:
    letter(app, ago=timedelta(minutes=11))
    answer = client.get("/readyz", headers=KNOWN)
    assert (answer.status_code, answer.json) == (503, {"ready": False, "failing": {"clock": "never ticked"}})


@pytest.mark.settings(metrics_token=TOKEN)
def test_a_queue_that_is_held_is_told_and_ready_until_something_is_overdue(
    client: StrictClient, app: Flask
) -> None:
    ticked(app, timedelta(minutes=1))
    held(app, HoldCause.person, "wait")
    answer = client.get("/readyz", headers=KNOWN)
    assert (answer.status_code, answer.json) == (200, {"ready": True, "mail": "held: person"})
    letter(app, ago=timedelta(minutes=31))
    assert client.get("/readyz").status_code == 503


@pytest.mark.settings(metrics_token=TOKEN)
def test_without_its_database_it_is_unready(client: StrictClient, app: Flask) -> None:
    with app.app_context():
        db.session.connection().exec_driver_sql("DROP TABLE heartbeat")
        db.session.commit()
    answer = client.get("/readyz", headers=KNOWN)
    assert (answer.status_code, answer.json) == (
        503,
        {"ready": False, "failing": {"database": "does not answer"}},
    )


def test_without_a_token_the_metrics_are_the_administrators_alone(client: StrictClient, app: Flask) -> None:
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    make.sign_in(client, administrator(app))
    assert "tracker_mail_waiting" in client.get("/metrics").text


@pytest.mark.settings(metrics_token=TOKEN)
@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer nobody", TOKEN, f"Bearer {TOKEN} ", "Bearer é"])
def test_metrics_are_for_whoever_has_the_token(client: StrictClient, given: str) -> None:
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 401


@pytest.mark.both_databases
@pytest.mark.settings(metrics_token=TOKEN)
def test_metrics_tell_how_the_letters_stand(client: StrictClient, app: Flask) -> None:
    ticked(app, timedelta(minutes=2))
    letter(app, ago=timedelta(minutes=5), attempts=1)
    for number, state in enumerate((MailState.sent, MailState.sent, MailState.failed, MailState.needs_human)):
        letter(app, ago=timedelta(days=number + 1), state=state)
    held(app, HoldCause.volume)
    answer = client.get("/metrics", headers=KNOWN, budget=3)
    assert answer.mimetype == "text/plain"
    lines = dict(line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#"))
    assert lines['tracker_mail_waiting{state="queued"}'] == "1.0"
    assert lines['tracker_mail_waiting{state="needs_human"}'] == "1.0"
    assert lines['tracker_mail_ended_total{state="sent"}'] == "2.0"
    assert lines['tracker_mail_ended_total{state="failed"}'] == "1.0"
    assert lines['tracker_mail_held{cause="volume"}'] == "1.0"
    assert lines['tracker_mail_held{cause="person"}'] == "0.0"
    assert 300 <= float(lines["tracker_mail_oldest_due_seconds"]) < 360
    assert 120 <= float(lines["tracker_last_tick_age_seconds"]) < 180
    assert lines["tracker_mail_off"] == "0.0"


def test_a_reminder_planned_a_moment_ago_for_a_day_that_has_passed_is_not_late(app: Flask) -> None:
    from dataclasses import replace

    from tracker.mail.health import health
    from tracker.web.watching import Seen

    with app.app_context():
        now = clock.now()
        stands = replace(health(db.session(), now=now), reminder=7, reminder_since=now - timedelta(hours=5))
    seen = Seen()
    assert seen.corrected(stands, now=now).reminder_since == now
    later = seen.corrected(stands, now=now + timedelta(minutes=31))
    assert later.reminder_since == now
    assert later.due_since == now
