"""Every migration goes up and down with rows in the tables, on both databases."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect, select, text

from tests.support.databases import make_settings
from tracker import clock, migrating
from tracker.application import create_app
from tracker.cli.tables import migrations
from tracker.database import Base
from tracker.demonstration.loader import load_demonstration
from tracker.extensions import db
from tracker.plans.models import Initiative


@pytest.fixture
def migrated(empty_database_url: str, tmp_path: Path) -> Flask:
    app = create_app(make_settings(database_url=empty_database_url, data_folder=tmp_path))
    migrating.prepare(app)
    with app.app_context():
        migrating.upgrade()
    return app


@pytest.mark.both_databases
def test_a_full_database_goes_down_to_nothing_and_up_again(migrated: Flask) -> None:
    with migrated.app_context():
        load_demonstration(db.session(), at=clock.now())
        db.session.commit()
        db.session.remove()
        migrating.downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        migrating.upgrade()
        assert set(Base.metadata.tables) <= set(inspect(db.engine).get_table_names())
        assert db.session.scalar(select(Initiative.id)) is None
        db.session.remove()
        db.engine.dispose()


@pytest.mark.both_databases
def test_migrating_twice_changes_nothing(migrated: Flask) -> None:
    with migrated.app_context():
        load_demonstration(db.session(), at=clock.now())
        db.session.commit()
        db.session.remove()
        migrating.upgrade()
        assert len(db.session.scalars(select(Initiative.id)).all()) == 42
        db.session.remove()
        db.engine.dispose()


def test_sqlite_still_watches_its_foreign_keys_afterwards(migrated: Flask) -> None:
    with migrated.app_context():
        assert db.session.scalar(text("PRAGMA foreign_keys")) == 1
        db.session.remove()
        db.engine.dispose()


ORPHANS = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "9999", "{head}"


def upgrade() -> None:
    op.create_table("half_way", sa.Column("id", sa.Integer()))
    op.execute("DELETE FROM administration")
"""


def test_a_migration_that_orphans_rows_is_undone_as_a_whole(migrated: Flask, tmp_path: Path) -> None:
    """On SQLite, where tables are rebuilt with foreign keys off."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrating.DIRECTORY, folder, ignore=shutil.ignore_patterns("__pycache__"))
    head = (folder / "versions/HEAD").read_text().strip()
    (folder / "versions/9999_orphans.py").write_text(ORPHANS.format(head=head))
    with migrated.app_context():
        load_demonstration(db.session(), at=clock.now())
        db.session.commit()
        db.session.remove()
        with pytest.raises(SystemExit):  # Flask-Migrate has logged what the check said
            migrating.upgrade(directory=str(folder))
        db.engine.dispose()
        assert "half_way" not in inspect(db.engine).get_table_names()
        assert len(db.session.scalars(select(Initiative.id)).all()) == 42
        assert db.session.scalar(text("SELECT version_num FROM alembic_version")) == head
        db.session.remove()
        db.engine.dispose()


def test_the_commands_of_the_migrations_are_there(empty_database_url: str, tmp_path: Path) -> None:
    """`flask db`: loaded when it is asked for, and then with all that Flask-Migrate has."""
    app = create_app(make_settings(database_url=empty_database_url, data_folder=tmp_path))
    shown = app.test_cli_runner().invoke(migrations, ["--help"])
    assert "upgrade" in shown.output
    assert app.test_cli_runner().invoke(migrations, ["upgrade"]).exit_code == 0
    with app.app_context():
        assert set(Base.metadata.tables) <= set(inspect(db.engine).get_table_names())
        db.engine.dispose()
