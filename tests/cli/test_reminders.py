"""`flask tracker reminders …`: a rehearsal, a run for one address, the forecast and the explanations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

import config
from tests.support import make
from tests.support.smtp import Peer
from tracker import clock
from tracker.cli import tracker
from tracker.extensions import db
from tracker.mail.models import Mail
from tracker.reminders.models import ReminderItem

Command = Callable[..., str]
MONDAY = datetime.combine(date(2026, 10, 5), time(9), tzinfo=clock.ZONE)


@pytest.fixture
def run(app: Flask, settings: config.Settings, monkeypatch: pytest.MonkeyPatch) -> Command:
    """`run("forecast", status=0)`: what the command prints, with its answer checked."""
    for name, value in {
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "BASE_URL": settings.base_url,
        "MAIL_SENDER": settings.mail_sender,
        "MAIL_SECURITY": "none",
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": str(settings.mail_port),
        "DATA_FOLDER": str(settings.data_folder),
    }.items():
        monkeypatch.setenv(f"TRACKER_{name}", value)

    def invoke(*arguments: str, status: int = 0) -> str:
        done = CliRunner().invoke(tracker, ["reminders", *arguments])
        assert done.exit_code == status, done.output
        return done.output

    return invoke


@pytest.fixture
def monday(app: Flask) -> Iterator[Any]:
    """An open round of two owners, due in three weeks; it is a Monday, 9 o'clock."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        with make.written(app) as session:
            plan = make.plan(session, "here", name="Plan for an open town")
            streets = make.administration(session, plan)
            olga = make.person(session, "Olga Owner", email="olga@example.com")
            oscar = make.person(session, "Oscar Owner", email="oscar@example.com")
            make.initiative(session, streets, "The night charter", owner=olga)
            make.initiative(session, streets, "Signs in parks", owner=oscar)
            make.member(session, plan)
            make.open_round(session, plan)
        yield traveller


def _counts(app: Flask) -> tuple[int, int]:
    with app.app_context():
        session = db.session()
        mails = session.scalar(select(func.count()).select_from(Mail))
        items = session.scalar(select(func.count(ReminderItem.mail_id)).select_from(ReminderItem))
        return mails or 0, items or 0


@pytest.mark.both_databases
@pytest.mark.usefixtures("monday")
def test_a_rehearsal_prints_the_letters_and_changes_nothing(
    run: Command, app: Flask, smtp_peer: Peer
) -> None:
    before = _counts(app)
    printed = run("run", "--dry-run")
    assert "olga@example.com: " in printed
    assert "Dear Oscar Owner" in printed
    assert "The night charter" in printed
    assert "2 letters would be sent now." in printed
    assert _counts(app) == before == (0, 0)
    assert not smtp_peer.accepted


@pytest.mark.usefixtures("monday")
def test_a_rehearsal_for_one_address_prints_only_its_letter(run: Command) -> None:
    printed = run("run", "--dry-run", "--only-to", "Olga@example.com")
    assert "1 letter would be sent now." in printed
    assert "Oscar" not in printed


@pytest.mark.usefixtures("monday")
def test_a_rehearsal_of_another_plan_prints_nothing(run: Command, app: Flask) -> None:
    with make.written(app) as session:
        make.plan(session, "there")
    assert run("run", "--dry-run", "--plan", "there") == "0 letters would be sent now.\n"
    assert "2 letters would be sent now." in run("run", "--dry-run", "--plan", "here")
    assert "No plan is called nowhere." in run("run", "--dry-run", "--plan", "nowhere", status=1)


@pytest.mark.usefixtures("monday")
def test_a_rehearsal_of_a_day_to_come_prints_what_would_be_sent_then(run: Command) -> None:
    printed = run("run", "--dry-run", "--on", "2026-10-19", "--only-to", "olga@example.com")
    assert "status, 7 days before the deadline, due 2026-10-26: The night charter" in printed
    assert "Dear Olga Owner" in printed
    assert "1 letter would be sent on 19.10.2026" in printed
    assert "That day has passed." in run("run", "--dry-run", "--on", "2026-10-04", status=1)


def test_nothing_is_sent_under_a_false_date(run: Command) -> None:
    refused = run("run", "--on", "2026-10-19", status=2)
    assert "Letters are sent under today's date only." in refused
    assert "in every plan" in run("run", "--plan", "here", status=2)


@pytest.mark.both_databases
@pytest.mark.usefixtures("monday")
def test_a_run_for_one_address_leaves_the_other_letters_queued(
    run: Command, app: Flask, smtp_peer: Peer
) -> None:
    assert run("run", "--only-to", "olga@example.com") == "1 letter was sent.\n"
    assert smtp_peer.recipients == ["olga@example.com"]
    with app.app_context():
        assert dict(db.session.execute(select(Mail.address, Mail.state)).all()) == {
            "olga@example.com": "sent",
            "oscar@example.com": "queued",
        }
    assert run("run") == "1 letter was sent.\n"
    assert smtp_peer.recipients == ["olga@example.com", "oscar@example.com"]
    assert run("run") == "0 letters were sent.\n"


def test_a_run_for_an_address_that_nobody_has_is_refused(run: Command) -> None:
    assert "Nobody has the address x@example.com." in run("run", "--only-to", "x@example.com", status=1)


@pytest.mark.usefixtures("monday")
def test_the_forecast_ends_with_the_checksum_of_the_list(run: Command) -> None:
    printed = run("forecast", "--days", "20", "--plan", "here")
    assert "2026-10-19 Mon  Olga Owner <olga@example.com>" in printed
    assert "status, 7 days before the deadline, due 2026-10-26: The night charter" in printed
    *_, checksum = printed.split()
    assert len(checksum) == 64
    assert run("forecast", "--days", "20").split()[-1] == checksum
    assert run("forecast", "--days", "5").split()[-1] != checksum


@pytest.mark.usefixtures("monday")
def test_an_explanation_is_in_danish_unless_asked_for_in_english(run: Command, smtp_peer: Peer) -> None:
    run("run")
    danish = run("explain", "olga@example.com")
    assert "Status »The night charter«, besked ved åbningen: sendt kl. 09.00." in danish
    assert "Næste påmindelse: 14 dage før fristen, mandag 12.10.2026." in danish
    english = run("explain", "Olga", "--language", "en")
    assert "Status “The night charter”, word at the opening: sent at 09:00." in english
    assert "Nothing keeps letters from arriving." in english


@pytest.mark.usefixtures("monday")
def test_an_initiative_is_explained_for_everybody_in_it(run: Command) -> None:
    printed = run("explain", "night charter", "--on", "2026-10-19", "--language", "en")
    assert printed.startswith("The night charter: reminders on Monday 19.10.2026")
    assert "What will be sent on Monday 19.10.2026 at 08:00 if nothing changes:" in printed
    assert "Olga Owner, status, 7 days before the deadline, due 26.10.2026." in printed
    assert "Oscar" not in printed


@pytest.mark.usefixtures("monday")
def test_a_name_that_fits_several_gives_a_list(run: Command) -> None:
    printed = run("explain", "owner")
    assert "2 could be meant." in printed
    assert "Olga Owner <olga@example.com>" in printed
    assert "Oscar Owner <oscar@example.com>" in printed
    assert "No person and no initiative is called zzz." in run("explain", "zzz", status=1)


def test_a_letter_that_left_late_is_told_on_the_day_for_which_it_was_due(
    run: Command, monday: Any, smtp_peer: Peer
) -> None:
    run("run")
    monday.move_to(MONDAY + timedelta(days=9))
    run("run")
    printed = run("explain", "olga@example.com", "--on", "2026-10-12", "--language", "en")
    assert "14 days before the deadline: sent on 14.10.2026 at 09:00, later than that day." in printed


def test_a_plan_that_is_not_there_is_answered_with_those_that_are(run: Command, monday: Any) -> None:
    assert "No plan is called nowhere. There is: here." in run("forecast", "--plan", "nowhere", status=1)


def test_an_explanation_of_nobody_asks_whom(run: Command, monday: Any) -> None:
    assert "Say whom you ask about" in run("explain", " ", status=2)


# --- what fails -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("monday")
def test_a_run_that_cannot_send_says_why_and_fails(
    run: Command, settings: config.Settings, smtp_peer: Peer
) -> None:
    journal = settings.data_folder / "sent.journal"
    journal.mkdir(parents=True)
    printed = run("run", status=1)
    assert "were sent" not in printed
    assert "Not everything was done. send: IsADirectoryError: " in printed
    assert str(journal) in printed
    journal.rmdir()
    assert run("run") == "2 letters were sent.\n"


@pytest.mark.usefixtures("monday")
def test_a_run_in_which_one_step_fails_does_the_others_and_fails(
    run: Command, app: Flask, smtp_peer: Peer
) -> None:
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE heartbeat RENAME COLUMN ticked_at TO gone")
    printed = run("run", status=1)
    assert "2 letters were sent." in printed
    assert "Not everything was done. " in printed
    assert "heartbeat: OperationalError: " in printed


@pytest.mark.usefixtures("monday")
def test_a_tick_in_which_a_step_fails_says_which_and_fails(run: Command, settings: config.Settings) -> None:
    assert CliRunner().invoke(tracker, ["tick"]).exit_code == 0
    journal = settings.data_folder / "sent.journal"
    journal.unlink()
    journal.mkdir()
    done = CliRunner().invoke(tracker, ["tick"])
    assert done.exit_code == 1
    assert done.output.startswith("Error: Not everything was done. send: IsADirectoryError: ")
