"""`flask tracker people`."""

from __future__ import annotations

import click

from tracker.cli.application import application


@click.group()
def people() -> None:
    """People of this installation."""


@people.command("add")
@click.argument("name")
@click.argument("email")
@click.option("--administrator", is_flag=True, help="May manage people and settings.")
@click.option("--language", type=click.Choice(["da", "en"]), default="da", show_default=True)
def add_person(name: str, email: str, *, administrator: bool, language: str) -> None:
    """Add a person and print the link with which they choose a password (also sent by letter)."""
    from tracker import clock
    from tracker.accounts import actions
    from tracker.accounts.models import Language
    from tracker.domain.errors import InvalidInput
    from tracker.extensions import db

    with application() as app:
        settings = app.extensions["settings"]
        secret = settings.secret_key.get_secret_value().encode()
        try:
            person = actions.add_person(
                db.session(),
                name=name,
                email=email,
                language=Language(language),
                administrator=administrator,
                by=None,
                at=clock.now(),
            )
        except InvalidInput as error:
            raise click.ClickException(str(error)) from None
        token = actions.invite(
            db.session(), person, secret=secret, by=None, at=clock.now(), real_at=clock.real_now()
        )
        db.session.commit()
        click.echo(f"{person.name} was added. Choose a password within 14 days at")
        click.echo(f"{settings.base_url}/invitation/{token}")
