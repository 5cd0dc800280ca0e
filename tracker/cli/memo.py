"""`flask tracker memo`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.application import application

if TYPE_CHECKING:
    from tracker.memos.importing.actions import Summary
    from tracker.memos.reading import Reading


@click.group()
def memo() -> None:
    """Memos of earlier years: read, proofread, import them."""


@memo.command("read")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object (docs/memo-json.md).")
def read_memo(file: Path, *, as_json: bool) -> None:
    """Read a memo (Word, PDF, or a text layer) and print what was found. Needs no database."""
    from tracker.memos.commands.reading import show

    click.echo(show(file, as_json=as_json))


@memo.command("measure")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("gold", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object (docs/memo-reading.md).")
def measure_memo(file: Path, gold: Path, *, as_json: bool) -> None:
    """Compare a file's reading with one checked by hand (.rows.json). Needs no database.

    Exit code 1 when something is wrong that no doubt points at, or a word is lost.
    """
    from tracker.memos.commands.measuring import show

    printed, good = show(file, gold, as_json=as_json)
    click.echo(printed)
    if not good:
        raise SystemExit(1)


@memo.command("proofread")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object (docs/proofreading.md).")
@click.option("--year", type=int, help="The year the memo is about, where it does not say so itself.")
@click.option("--last", type=click.Path(path_type=Path), help="Last year's memo, to compare with.")
def proofread_memo_file(file: Path, *, as_json: bool, year: int | None, last: Path | None) -> None:
    """Say what a careful reader would ask about a memo before it is printed. Needs no database."""
    from tracker.memos.commands.proofreading import show_findings

    click.echo(show_findings(file, as_json=as_json, year=year, last=last))


@memo.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--plan", "slug", help="The plan's short name.")
@click.option("--round", "year", type=int, help="The year the memo reports on.")
@click.option("--dry-run", is_flag=True, help="Show what would be imported and change nothing.")
def import_memo(file: Path, slug: str | None, year: int | None, *, dry_run: bool) -> None:
    """Import an earlier memo as a locked round: what is missing is created, nothing is overwritten."""
    from tracker.domain.errors import DomainError
    from tracker.memos.reading import read

    if not dry_run and (slug is None or year is None):
        raise click.UsageError("Importing needs --plan and --round; --dry-run alone only reads.")
    try:
        reading = read(file)
        summary = _import(reading, slug, year, keep=not dry_run) if slug and year else None
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    from tracker.memos.importing.actions import report

    click.echo(report(reading, summary, dry_run=dry_run))


def _import(reading: Reading, slug: str, year: int, *, keep: bool) -> Summary:
    from tracker import clock
    from tracker.extensions import db
    from tracker.memos.importing.actions import import_reading

    with application():
        summary = import_reading(db.session(), reading, slug=slug, year=year, by=None, at=clock.now())
        if keep:
            db.session.commit()
        else:
            db.session.rollback()
    return summary
