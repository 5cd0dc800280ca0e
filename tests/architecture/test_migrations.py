"""Migrations: one line of them, whose end is written down, leading to the tables the models describe."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import text

from tests.support.source import ROOT
from tracker import migrating
from tracker.extensions import db

MIGRATIONS = ROOT / "migrations"


def test_migrations_are_one_line_that_ends_at_head() -> None:
    """Two branches that change HEAD conflict in git, so that two heads are seen before they are merged."""
    assert not _faults(MIGRATIONS)


@pytest.mark.both_databases
def test_migrations_lead_to_the_tables_of_the_models(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": False,
                "include_name": migrating.is_modelled,
            },
        )
        differences = compare_metadata(context, db.metadata)
    assert not differences, "run `flask db revision --autogenerate` and look at what it writes"


@pytest.mark.both_databases
def test_what_was_made_by_hand_for_searching_is_still_there(app: Flask) -> None:
    """Rebuilding a table on SQLite takes its triggers away without a word."""
    with app.app_context(), db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        found = connection.scalars(
            text(
                "SELECT name FROM sqlite_master WHERE type = 'trigger'"
                if sqlite
                else "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()"
            )
        ).all()
    for table in ("initiative", "status_update", "person"):
        if sqlite:
            assert {f"{table}_search_{what}" for what in ("added", "removed", "changed")} <= set(found)
        else:
            assert f"ix_{table}_search" in found


def test_two_heads_and_a_forgotten_head_file_are_caught(tmp_path: Path) -> None:
    versions = tmp_path / "versions"
    versions.mkdir()
    (tmp_path / "env.py").write_text("")
    _revision(versions, "0001", None)
    (versions / "HEAD").write_text("0001\n")
    assert not _faults(tmp_path)
    _revision(versions, "0002", "0001")
    assert _faults(tmp_path)
    (versions / "HEAD").write_text("0002\n")
    assert not _faults(tmp_path)
    _revision(versions, "0003", "0001")
    assert _faults(tmp_path)


def _revision(versions: Path, name: str, parent: str | None) -> None:
    text = f"revision = {name!r}\ndown_revision = {parent!r}\n"
    (versions / f"{name}_change.py").write_text(text)


def _faults(folder: Path) -> list[str]:
    scripts = ScriptDirectory(str(folder))
    faults = []
    if len(scripts.get_bases()) != 1 or len(scripts.get_heads()) != 1:
        faults.append(f"bases {scripts.get_bases()}, heads {scripts.get_heads()}")
    head_file = folder / "versions" / "HEAD"
    head = head_file.read_text().strip() if head_file.exists() else "nothing"
    if [head] != scripts.get_heads():
        faults.append(f"versions/HEAD says {head}, the last migration is {scripts.get_heads()}")
    files = {script.revision: Path(script.path).name for script in scripts.walk_revisions()}
    misnamed = [name for revision, name in files.items() if not name.startswith(f"{revision}_")]
    return [*faults, *(f"{name} does not begin with its revision" for name in misnamed)]
