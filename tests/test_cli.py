"""`flask tracker …` as an operator uses it, in processes of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

import config
from tests.support import make
from tracker.extensions import db
from tracker.plans.models import Initiative
from tracker.rounds.models import Round, StatusUpdate

ROOT = Path(__file__).resolve().parents[1]


def flask(*arguments: str, settings: config.Settings | None = None) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    if settings is not None:
        environment |= {
            "TRACKER_DATABASE_URL": settings.database_url,
            "TRACKER_SECRET_KEY": settings.secret_key.get_secret_value(),
            "TRACKER_BASE_URL": settings.base_url,
            "TRACKER_MAIL_SENDER": settings.mail_sender,
            "TRACKER_MAIL_SECURITY": "none",
            "TRACKER_DATA_FOLDER": str(settings.data_folder),
        }
    command = [sys.executable, "-m", "flask", "tracker", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_the_first_administrator_gets_a_link(app: Flask, settings: config.Settings) -> None:
    added = flask("people", "add", "Asta Admin", "asta@example.com", "--administrator", settings=settings)
    assert added.returncode == 0, added.stderr
    assert f"{settings.base_url}/invitation/" in added.stdout
    again = flask("people", "add", "Asta Admin", "asta@example.com", settings=settings)
    assert again.returncode == 1
    assert "already belongs to somebody" in again.stderr


def test_a_command_that_needs_settings_names_the_missing_ones() -> None:
    refused = flask("tick")
    assert refused.returncode == 1
    assert "TRACKER_SECRET_KEY is missing" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_forecast_says_what_will_go_to_whom_and_why(app: Flask, settings: config.Settings) -> None:
    with make.written(app) as session:
        plan = make.plan(session, "forecast-plan")
        owner = make.person(session, "Olga", email="olga@example.com")
        make.initiative(session, make.administration(session, plan), "The night charter", owner=owner)
        make.open_round(session, plan)
    printed = flask("reminders", "forecast", "--days", "60", "--plan", "forecast-plan", settings=settings)
    assert printed.returncode == 0, printed.stderr
    assert "Olga <olga@example.com>" in printed.stdout
    assert "status, 7 days before the deadline" in printed.stdout
    assert "The night charter" in printed.stdout
    assert "letters in the next 60 days" in printed.stdout


@pytest.mark.both_databases
def test_last_years_memo_is_imported_once(app: Flask, settings: config.Settings, seed: Path) -> None:
    with make.written(app) as session:
        make.plan(session, "mod-racisme")
    file = str(seed / "aarlig-status-2025.docx")
    arguments = ["memo", "import", file, "--plan", "mod-racisme", "--round", "2025"]
    dry = flask(*arguments, "--dry-run", settings=settings)
    assert "42 rows, 7 sections, 3 footnotes" in dry.stdout
    with app.app_context():
        assert db.session.scalar(select(Round.id)) is None
    first = flask(*arguments, settings=settings)
    assert first.returncode == 0, first.stderr
    second = flask(*arguments, settings=settings)
    assert "nothing was changed" in second.stdout
    with app.app_context():
        assert len(db.session.scalars(select(Initiative.id)).all()) == 42
        assert len(db.session.scalars(select(StatusUpdate.id)).all()) == 42


def test_a_dry_run_needs_neither_settings_nor_database(seed: Path) -> None:
    for name in ("aarlig-status-2025.docx", "aarlig-status-2025.txt"):
        printed = flask("memo", "import", str(seed / name), "--dry-run")
        assert printed.returncode == 0, printed.stderr
        assert "42 rows, 7 sections, 3 footnotes" in printed.stdout


def test_a_file_that_is_no_memo_gets_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "empty.docx"
    file.write_bytes(b"")
    refused = flask("memo", "read", str(file), "--json")
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert len(refused.stderr.strip().splitlines()) == 1
