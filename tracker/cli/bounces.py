"""`flask tracker mail bounce` and `listen`: where what came back is handed in."""

from __future__ import annotations

import sys
from typing import IO

import click

from tracker.cli.application import application

TRY_AGAIN = 75  # EX_TEMPFAIL of sysexits.h: the mail server keeps the message


@click.command()
@click.argument("file", type=click.File("rb"), default="-")
def bounce(file: IO[bytes]) -> None:
    """Read a message that came back, from FILE or standard input, and say what it led to.

    Ends with 0 when it was handled or ignored, and with 75 when it should be offered again: then nothing
    has changed.
    """
    from tracker.mail.bounces import MOST_BYTES

    content = file.read(MOST_BYTES + 1)
    while file.read(MOST_BYTES):
        pass  # a pipe that nobody empties breaks
    try:
        said, again = _take(content)
    except Exception as error:
        # Whatever it is, it is no reason for the mail server to throw the message away.
        click.echo(f"try again later: {type(error).__name__}: {_first_line(error)}", err=True)
        sys.exit(TRY_AGAIN)
    click.echo(said)
    if again:
        sys.exit(TRY_AGAIN)


def _take(content: bytes) -> tuple[str, bool]:
    from tracker import clock
    from tracker.extensions import db
    from tracker.mail.listener import Inlet
    from tracker.mail.returned import Outcome

    with application(waits=True):
        handled = Inlet(db.engine, clock.now).handle(content)
    return str(handled), handled.outcome is Outcome.too_early


def _first_line(error: Exception) -> str:
    lines = (error.message if isinstance(error, click.ClickException) else str(error)).splitlines()
    return lines[0] if lines else ""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=2525, show_default=True)
@click.option("--lmtp/--smtp", default=True, show_default="LMTP", help="What the mail server speaks.")
def listen(host: str, port: int, *, lmtp: bool) -> None:
    """Take in what came back, from a mail server on this machine, until stopped."""
    from tracker import clock
    from tracker.extensions import db
    from tracker.mail.listener import Inlet, serve

    def said(found: int) -> None:
        click.echo(f"Listening for {'LMTP' if lmtp else 'SMTP'} on {host} port {found}.")
        sys.stdout.flush()

    with application():
        try:
            serve(Inlet(db.engine, clock.now), host=host, port=port, lmtp=lmtp, said=said)
        except OSError as error:
            raise click.ClickException(f"It cannot listen on {host} port {port}: {error.strerror}") from None
