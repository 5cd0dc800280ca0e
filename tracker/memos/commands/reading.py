"""The commands on memo files: what a reader makes of a file, without settings or a database."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import click

from tracker.domain.memo import Memo
from tracker.domain.text import mark
from tracker.memos.reading import Reading, Unreadable, read, to_json

_WIDTH = 100


def show(file: Path, *, as_json: bool) -> str:
    """What was read from a file: one JSON object (docs/memo-json.md), or an overview for a person.

    Raises click.ClickException with one sentence when the file cannot be read as a memo.
    """
    try:
        reading = read(file)
    except Unreadable as error:
        raise click.ClickException(str(error)) from error
    return json.dumps(to_json(reading), ensure_ascii=False, indent=2) if as_json else overview(reading)


def overview(reading: Reading) -> str:
    """The reading as lines for a person: counts, sections with their rows, doubts, what was left out."""
    memo = reading.memo
    lines = [memo.title or "(no title)", *_head(memo), "", _counts(reading), ""]
    for section in memo.sections:
        lines.append(f"{section.name or '(no name)'}: {len(section.rows)} rows")
        lines += [
            _short(f"  {row.number:>3}. {row.title} [{len(row.text)} characters]") for row in section.rows
        ]
    lines += _listed("Footnotes", [f"{mark(note.number)} {note.text}" for note in memo.footnotes])
    doubts = [f"{_row(doubt.row)}: {doubt.reason} “{doubt.words}”" for doubt in reading.doubts]
    lines += _listed("Doubts", doubts)
    return "\n".join(
        lines + _listed("Left out", [f"{piece.place}: {piece.text}" for piece in reading.left_out])
    )


def _head(memo: Memo) -> list[str]:
    head = memo.head
    return [
        value
        for value in (head.office, head.administration, head.date, head.case_number, head.recipients)
        if value
    ]


def _counts(reading: Reading) -> str:
    memo = reading.memo
    return (
        f"{len(memo.rows)} rows, {len(memo.sections)} sections, {len(memo.footnotes)} footnotes, "
        f"{len(reading.doubts)} doubts, {len(reading.left_out)} pieces left out"
    )


def _listed(name: str, items: list[str]) -> list[str]:
    return ["", f"{name}: {len(items)}", *(_short(f"  {item}") for item in items)]


def _row(number: int | None) -> str:
    return "memo" if number is None else f"row {number}"


def _short(line: str) -> str:
    indent = line[: len(line) - len(line.lstrip())]
    return indent + textwrap.shorten(line.strip(), _WIDTH, placeholder=" …")
