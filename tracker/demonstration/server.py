"""The demonstration in one process: the site, the clock that ticks, and the inbox."""

from __future__ import annotations

import logging
import secrets
import shutil
from pathlib import Path

import click
from flask import Flask
from werkzeug.serving import make_server

import config
from tracker import clock, jobs, migrating
from tracker.application import create_app
from tracker.demonstration import content
from tracker.demonstration.inbox import start_inbox
from tracker.demonstration.loader import PASSWORD, load_demonstration
from tracker.extensions import db

_ROLES = (
    ("Sekretariat (leder)", "lead"),
    ("Sekretariat", "secretariat"),
    ("Koordinator", "coordinator"),
    ("Indsatsejer", "owner"),
    ("Læser", "reader"),
    ("Administrator", "administrator"),
)


def serve(*, port: int, data: Path, fresh: bool) -> None:
    """Serve until Ctrl-C. Everything the demonstration knows lies below `data`."""
    data = data.resolve()
    if fresh:
        shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True, exist_ok=True)
    inbox, mail_port = start_inbox(data / "inbox")
    app = create_app(demonstration_settings(port=port, data=data, mail_port=mail_port))
    migrating.prepare(app)
    with app.app_context():
        migrating.upgrade()
        load_demonstration(db.session(), at=clock.now())
        db.session.commit()
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    works = jobs.clockwork(app)
    app.extensions["tick"] = lambda: works.tick(clock.now())
    scheduler = jobs.start_clock(works)
    try:
        server = make_server("127.0.0.1", port, app, threaded=True)
    except OSError as error:
        raise click.ClickException(
            f"Port {port} cannot be used ({error.strerror}); choose another with --port."
        ) from None
    _say_how(app)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        scheduler.shutdown(wait=False)
        inbox.stop()


def demonstration_settings(*, port: int, data: Path, mail_port: int) -> config.Settings:
    """The settings of a demonstration below `data`; its secret is made once and kept there."""
    secret = data / "secret"
    if not secret.exists():
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_hex(32))
    return config.load(
        _env_file=None,
        database_url=f"sqlite:///{data / 'tracker.db'}",
        secret_key=secret.read_text(),
        base_url=f"http://127.0.0.1:{port}",
        extra_hosts=f"localhost:{port}",
        data_folder=data,
        demo=True,
        log_level="WARNING",
        mail_server="127.0.0.1",
        mail_port=mail_port,
        mail_security="none",
        mail_sender="initiativer@example.com",
        mail_sender_name="Handleplanens sekretariat",
    )


def _say_how(app: Flask) -> None:
    """Say where the site is and how to sign in as whom."""
    base_url = app.extensions["settings"].base_url
    click.echo(f"\nThe demonstration runs at {base_url}  (stop with Ctrl-C)")
    click.echo(f"Letters arrive at        {base_url}/demo/inbox")
    click.echo(f"Move the clock at        {base_url}/demo/clock")
    click.echo(f"\nSign in with the password {PASSWORD} as")
    demonstration = content.load()
    for name, role in _ROLES:
        person = demonstration.people_with(role)[0]
        click.echo(f"  {name:<20} {person.name:<24} {person.email}")
    click.echo("")
