"""`flask tracker dates`: what is read as a date in Danish sentences. Needs no settings and no database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

if TYPE_CHECKING:
    from tracker.domain.danish_dates import Phrase

_BOM = b"\xef\xbb\xbf"


@click.group(invoke_without_command=True)
@click.option(
    "--year",
    type=click.IntRange(1900, 2100),
    help="The year the sentences are about. Decides what two digits mean; never fills in a missing year.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line for each line that is read.")
@click.pass_context
def dates(context: click.Context, year: int | None, *, as_json: bool) -> None:
    """Find the dates in Danish sentences, one sentence a line on standard input (docs/danish-dates.md)."""
    if context.invoked_subcommand is not None:
        return
    from tracker.domain.danish_dates import find

    found = ((line, find(line, year=year)) for line in _lines(sys.stdin.buffer))
    for printed in _json_lines(found) if as_json else _table(found):
        sys.stdout.write(printed + "\n")
    sys.stdout.flush()


@dates.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("gold", type=click.Path(path_type=Path))
@click.option("--year", type=click.IntRange(1900, 2100), help="The year the memo is about.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def measure(file: Path, gold: Path, year: int | None, *, as_json: bool) -> None:
    """Compare the dates read in a memo with facts noted by hand (.facts.json). Needs no database.

    Exit code 1 when an exact day is read that is not in the text.
    """
    from tracker.memos.commands.facts_report import show

    printed, good = show(file, gold, year=year, as_json=as_json)
    click.echo(printed)
    if not good:
        raise SystemExit(1)


def _lines(source: BinaryIO) -> Iterator[str]:
    """The lines without their ends, and without a byte order mark before the first."""
    for number, raw in enumerate(source, 1):
        line = raw.removesuffix(b"\n").removesuffix(b"\r")
        if number == 1:
            line = line.removeprefix(_BOM)
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError as error:
            sys.stdout.flush()
            raise click.ClickException(
                f"Line {number} is not UTF-8 text: byte {error.start + 1} of the line cannot be read. "
                "Save the file as UTF-8 and try again."
            ) from None


def _json_lines(found: Iterable[tuple[str, tuple[Phrase, ...]]]) -> Iterator[str]:
    for _line, phrases in found:
        yield json.dumps({"phrases": [as_json(phrase) for phrase in phrases]})


def as_json(phrase: Phrase) -> dict[str, object]:
    """Inclusive ISO dates, null for an open end and for a missing year; the span counts characters."""
    interval = phrase.interval
    return {
        "first": interval.first.isoformat() if interval.first else None,
        "last": interval.last.isoformat() if interval.last else None,
        "precision": interval.precision,
        "span": list(phrase.span),
    }


def _table(found: Iterable[tuple[str, tuple[Phrase, ...]]]) -> Iterator[str]:
    yield f"{'Line':>5}  {'First':<10}  {'Last':<10}  {'Precision':<11}  Words"
    for number, (_line, phrases) in enumerate(found, 1):
        for phrase in phrases:
            interval = phrase.interval
            missing = "no year" if interval.first is None else "open"
            yield (
                f"{number:>5}  {interval.first or missing!s:<10}  {interval.last or missing!s:<10}"
                f"  {interval.precision:<11}  {phrase.words}"
            )
