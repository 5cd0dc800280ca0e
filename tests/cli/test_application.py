"""What a command says where the database is not as it should be."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tracker.cli import tracker

EMPTY = "Error: The database has no tables yet. Make them with `flask db upgrade`.\n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The settings of a new installation, whose database nobody has made yet."""
    for name, value in {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'tracker.db'}",
        "SECRET_KEY": "a secret that is long enough to be one",
        "BASE_URL": "http://127.0.0.1:5000",
        "MAIL_SENDER": "plan@example.com",
        "DATA_FOLDER": str(tmp_path),
    }.items():
        monkeypatch.setenv(f"TRACKER_{name}", value)
    return monkeypatch


@pytest.mark.parametrize(
    "command",
    [
        "mail status",
        "mail hold restored",
        "mail release",
        "mail adopt --yes",
        "people add Anna anna@example.com",
        "reminders run",
        "reminders run --dry-run",
        "reminders forecast",
        "reminders explain Anna",
        "tick",
    ],
)
def test_a_new_database_is_told_with_what_to_do_next(command: str, place: pytest.MonkeyPatch) -> None:
    done = CliRunner().invoke(tracker, command.split())
    assert (done.exit_code, done.output) == (1, EMPTY)


def test_a_database_out_of_reach_is_one_sentence(place: pytest.MonkeyPatch) -> None:
    place.setenv("TRACKER_DATABASE_URL", "postgresql+psycopg://tracker@127.0.0.1:1/tracker")
    done = CliRunner().invoke(tracker, ["mail", "status"])
    assert done.exit_code == 1
    assert done.output.startswith("Error: The database does not answer as it should: connection failed")
    assert done.output.count("\n") == 1


def test_all_mail_is_held_for_a_reason_only() -> None:
    done = CliRunner().invoke(tracker, ["mail", "hold", " "])
    assert done.exit_code == 2
    assert "Say why" in done.output


def test_a_clock_without_a_demonstration_is_not_moved(tmp_path: Path) -> None:
    nowhere = tmp_path / "demo"
    done = CliRunner().invoke(tracker, ["clock", "forward", "--days", "1", "--data", str(nowhere)])
    assert done.exit_code == 1
    assert f"There is no demonstration in {nowhere}." in done.output
    assert not nowhere.exists()
