"""The measure of the reading of dates, printed: tables for a person and for the documentation, or JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import click

from tracker.memos.commands.facts import Measured, NoFacts, Tally, measure
from tracker.memos.reading import Unreadable, read

_FORMS = ("day", "days", "no year", "month", "part", "season", "quarter", "half", "year", "years", "open end")


def show(file: Path, gold: Path, *, year: int | None, as_json: bool) -> tuple[str, bool]:
    """What was measured, printed, and whether no exact day was made up.

    Raises click.ClickException with one sentence when one of the two files cannot be used.
    """
    try:
        measured = measure(read(file).memo, gold, year=year)
    except (Unreadable, NoFacts) as error:
        raise click.ClickException(str(error)) from error
    printed = json.dumps(_plain(measured), ensure_ascii=False, indent=2) if as_json else report(measured)
    return printed, not measured.false_days


def _plain(measured: Measured) -> dict[str, object]:
    return {**asdict(measured), "total": asdict(measured.total), "false_days": len(measured.false_days)}


def report(measured: Measured) -> str:
    """Markdown: by how dates are written, by what they are about, and what was missed or is no fact."""
    ordered = {form: measured.by_form[form] for form in _FORMS if form in measured.by_form}
    lines = [
        "| Written as | Facts | Found exactly | Recall | Read | Right | Precision |",
        "|---|--:|--:|--:|--:|--:|--:|",
        *(_line(form, tally) for form, tally in ordered.items()),
        _line("all", measured.total),
        "",
        "| Kind of fact | Facts | Found exactly | Recall |",
        "|---|--:|--:|--:|",
        *_kinds(measured.by_kind),
        "",
        f"Exact days that are not in the text: {len(measured.false_days)}",
        f"Facts that were missed: {len(measured.missed)}",
        *(f"- row {one.row}, {one.kind}: “{one.snippet}”" for one in measured.missed),
        f"Phrases that are no noted fact: {len(measured.no_fact)}",
        *(f"- row {one.row}, {one.form}: “{one.words}” in “{one.around}”" for one in measured.no_fact),
    ]
    return "\n".join(lines)


def _line(form: str, tally: Tally) -> str:
    recall, precision = _share(tally.found, tally.facts), _share(tally.right, tally.read)
    counts = f"{tally.facts} | {tally.found} | {recall} | {tally.read} | {tally.right} | {precision}"
    return f"| {form} | {counts} |"


def _kinds(by_kind: Mapping[str, Tally]) -> list[str]:
    return [
        f"| {kind.replace('_', ' ')} | {tally.facts} | {tally.found} | {_share(tally.found, tally.facts)} |"
        for kind, tally in sorted(by_kind.items(), key=lambda one: (-one[1].facts, one[0]))
    ]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "–"
