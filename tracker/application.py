"""The application: a list of registrations."""

from __future__ import annotations

import logging
from pathlib import Path

from flask import Flask

import config
from tracker import clock, web
from tracker.database import prepare_sqlite
from tracker.extensions import db, mail
from tracker.letters import register_letters
from tracker.memos.letterhead import use_logo
from tracker.web.templating import Environment

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: config.Settings | None = None) -> Flask:
    """The application. Raises config.SettingsError naming every bad setting."""
    settings = settings or config.load()
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("apscheduler").setLevel(logging.WARNING)  # it has a line for every tick
    app = Flask(__name__, template_folder=ROOT / "templates", static_folder=ROOT / "tracker/web/static")
    app.config.from_mapping(config.flask_values(settings, root=ROOT))
    app.extensions["settings"] = settings
    app.jinja_environment = Environment
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    clock.allow_moving(config.folder(settings, ROOT) / "clock.json" if settings.demo else None)
    db.init_app(app)
    with app.app_context():
        prepare_sqlite(db.engine)
    mail.init_app(app)
    register_letters()
    use_logo(config.logo(settings))
    web.register(app)
    return app
