"""Databases for tests: migrated once a session, then copied, which takes milliseconds."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import config
from tests.support.ports import free_port
from tracker import migrating
from tracker.application import create_app
from tracker.extensions import db


def make_settings(**values: Any) -> config.Settings:
    """Settings of an application under test, from these values alone: no .env file, no environment."""
    given: dict[str, Any] = {
        "secret_key": secrets.token_hex(32),
        "base_url": f"http://127.0.0.1:{free_port()}",
        "mail_server": "127.0.0.1",
        "mail_security": "none",
        "mail_sender": "plan@example.com",
        "mail_timeout": 5,
        **values,
    }
    return config.Settings(_env_file=None, **given)


def migrate(database_url: str, *, data_folder: Path, revision: str = "head") -> None:
    """Bring a database to `revision` as `flask db upgrade` does, and leave no connection behind."""
    app = create_app(make_settings(database_url=database_url, data_folder=data_folder))
    migrating.prepare(app)
    with app.app_context():
        migrating.upgrade(revision=revision)
        db.session.remove()
        db.engine.dispose()
