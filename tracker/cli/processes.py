"""`flask tracker worker`, `tick`, `demo` and `clock`: what runs, and what moves the demonstration."""

from __future__ import annotations

from pathlib import Path

import click

from tracker.cli.application import application


@click.command()
def worker() -> None:
    """Tick until stopped: plan, assemble and send. Run one or more of these beside the web servers."""
    from tracker import jobs

    with application(waits=True) as app:
        jobs.run_worker(app)


@click.command()
def tick() -> None:
    """Do once what the worker does every 30 seconds."""
    from tracker.cli import running

    with application() as app:
        running.tick(app)


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), default=5000, show_default=True)
@click.option("--data", type=click.Path(path_type=Path), default=Path("var/demo"), show_default=True)
@click.option("--fresh", is_flag=True, help="Throw the demonstration's data away first.")
def demo(port: int, data: Path, *, fresh: bool) -> None:
    """Serve the demonstration: site, clock and inbox in one process, until Ctrl-C."""
    from tracker.demonstration.server import serve

    serve(port=port, data=data, fresh=fresh)


@click.group("clock")
def clock_group() -> None:
    """The demonstration's clock."""


@clock_group.command("forward")
@click.option("--days", type=click.IntRange(0, 1000), default=0)
@click.option("--hours", type=click.IntRange(0, 24), default=0)
@click.option("--data", type=click.Path(path_type=Path), default=Path("var/demo"), show_default=True)
def forward(days: int, hours: int, data: Path) -> None:
    """Move the demonstration's clock forward; the running demonstration follows within seconds."""
    from datetime import timedelta

    from tracker import clock

    if not (data / "tracker.db").exists():
        raise click.ClickException(
            f"There is no demonstration in {data}. Start one with `flask tracker demo`."
        )
    clock.allow_moving(data / "clock.json")
    clock.move_forward(timedelta(days=days, hours=hours))
    click.echo(f"The demonstration's clock now shows {clock.now().astimezone(clock.ZONE):%d.%m.%Y %H:%M}.")
