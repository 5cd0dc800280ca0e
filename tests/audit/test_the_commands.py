"""`flask tracker audit`: what an operator asks of the journal."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import text

import config
from tests.support import make
from tests.support.journal import unguarded
from tracker import clock, jobs
from tracker.audit.queries import history_of
from tracker.cli import tracker
from tracker.extensions import db

Command = Callable[..., Result]
pytestmark = pytest.mark.both_databases


@pytest.fixture
def ticked(app: Flask) -> Flask:
    """An installation with a few facts, after one tick."""
    with make.written(app) as session:
        make.plan(session, "here")
    works = jobs.clockwork(app)
    works.tick(clock.now())
    works.close(clock.now())
    return app


@pytest.fixture
def run(settings: config.Settings, monkeypatch: pytest.MonkeyPatch) -> Command:
    """`run("verify")`: the command in a process that has the settings of the application."""
    for name, value in {
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "BASE_URL": settings.base_url,
        "MAIL_SENDER": settings.mail_sender,
        "DATA_FOLDER": str(settings.data_folder),
    }.items():
        monkeypatch.setenv(f"TRACKER_{name}", value)
    return lambda *words: CliRunner().invoke(tracker, ["audit", *words])


def test_a_journal_as_it_was_written_is_said_to_be_so(ticked: Flask, run: Command) -> None:
    head = run("head").output.split()
    result = run("verify")
    assert result.exit_code == 0, result.output
    assert f"{head[0]} rows, head {head[1]}" in result.output
    assert int(head[0]) > 0
    assert "file of heads" not in result.output
    with ticked.app_context():
        assert history_of(db.session(), "journal", 1)[0].details["sound"] is True


def test_the_first_bad_row_is_named_and_the_command_fails(ticked: Flask, run: Command) -> None:
    with ticked.app_context(), db.engine.begin() as connection, unguarded(connection):
        connection.execute(text("UPDATE journal_entry SET fact = 'approved' WHERE id = 1"))
    result = run("verify")
    assert result.exit_code == 1
    assert "row 1 (entry 1) is not as it was sealed" in result.output
    with ticked.app_context():
        told = history_of(db.session(), "journal", 1)[0].details
    assert (told["sound"], told["trouble"], told["entry_id"]) == (False, "edited", 1)


def test_a_restored_backup_is_accepted(ticked: Flask, run: Command) -> None:
    with ticked.app_context(), db.engine.begin() as connection, unguarded(connection):
        connection.execute(text("DELETE FROM journal_seal"))
        connection.execute(text("DELETE FROM journal_entry"))
    assert "the end is cut off from row 1 on" in run("verify").output
    assert run("accept", "--yes").exit_code == 0
    assert run("verify").exit_code == 0
