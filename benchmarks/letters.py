"""The letter that is sent, and the service on a database to send it with."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import config
from benchmarks.data import SECRET
from tracker.application import create_app
from tracker.mail.letters import Letter, LetterContext, LetterKind, register
from tracker.mail.models import Mail

KIND = "benchmark"
_WORDS = "Status på indsatsen skal være afleveret om syv arbejdsdage. Skriv den på siden herunder."
LETTER = Letter(
    "Status på handleplanen",
    "Kære modtager\n\n" + "\n\n".join(f"{number}. {_WORDS}" for number in range(1, 6)) + "\n",
    "<html><body>" + "".join(f"<p>{number}. {_WORDS}</p>" for number in range(1, 6)) + "</body></html>",
)


def _render(_session: Session, _mail: Mail, _context: LetterContext) -> Letter:
    return LETTER


register(LetterKind(KIND, render=_render))


def settings_of(engine: Engine, port: int) -> dict[str, str]:
    """The service's settings on the engine's database, with its mail going to `port`."""
    url = engine.url.render_as_string(hide_password=False)
    # One folder a database: what was sent belongs to it.
    folder = Path(tempfile.gettempdir()) / f"benchmark-data-{os.getpid()}-{abs(hash(url))}"
    folder.mkdir(exist_ok=True)
    return {
        "database_url": url,
        "data_folder": str(folder),
        "secret_key": SECRET,
        "base_url": "http://127.0.0.1:8000",
        "mail_sender": "plan@example.com",
        "mail_server": "127.0.0.1",
        "mail_port": str(port),
        "mail_security": "none",
        "log_level": "WARNING",
    }


def environment_of(engine: Engine, port: int) -> dict[str, str]:
    """The same for another process."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("TRACKER_", "FLASK_"))}
    given = {f"TRACKER_{name.upper()}": value for name, value in settings_of(engine, port).items()}
    return clean | given


def application_on(engine: Engine, port: int) -> Flask:
    return create_app(config.Settings(_env_file=None, **settings_of(engine, port)))  # type: ignore[arg-type]
