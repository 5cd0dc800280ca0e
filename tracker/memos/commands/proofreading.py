"""Proofreading a memo file from the terminal, without settings or a database (docs/proofreading.md)."""

from __future__ import annotations

import gettext
import json
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import click
from babel.messages.pofile import read_po

import tracker
from tracker.domain.danish_dates import find
from tracker.domain.memo import Memo
from tracker.domain.proofreading import Finding, Proof, Row, proofread_memo
from tracker.domain.text import StatusText, to_editing
from tracker.memos.reading import Unreadable, read

_YEAR = re.compile(r"\b(20\d\d)\b")
_TRANSLATIONS = Path(tracker.__file__).resolve().parents[1] / "translations" / "da" / "LC_MESSAGES"


def show_findings(file: Path, *, as_json: bool, year: int | None = None, last: Path | None = None) -> str:
    """The findings of a memo file: one JSON object, or lines for a person.

    `year` is the one the memo is about; without it the year of its title, caption or date is taken. `last` is
    last year's memo. Raises click.ClickException with one sentence when a file cannot be read.
    """
    memo = _read(file)
    year = year or year_of(memo)
    if year is None:
        raise click.ClickException("The memo does not say which year it is about. Say it with --year.")
    proof = proof_of(memo, _read(last) if last else None)
    findings = proofread_memo(proof, year=year)
    if as_json:
        return json.dumps(to_json(proof, findings, year=year), ensure_ascii=False, indent=2)
    return _for_a_person(proof, findings, year=year)


def _read(file: Path) -> Memo:
    try:
        return read(file).memo
    except Unreadable as error:
        raise click.ClickException(str(error)) from error


def year_of(memo: Memo) -> int | None:
    """The year a memo is about: of its title, else of its caption, else of its date.

    A caption's years may be those of the whole plan, so one that lies after the date is not the memo's.
    """
    dated = _YEAR.findall(memo.head.date)
    written = int(dated[-1]) if dated else None
    if (said := _last_year_in(memo.title)) is not None:
        return said
    if (said := _last_year_in(memo.caption)) is not None:
        return min(said, written) if written else said
    return written


def _last_year_in(text: str) -> int | None:
    years = [one.interval.last.year for one in find(text) if one.interval.last is not None]
    return max([*years, *(int(year) for year in _YEAR.findall(text))], default=None)


def proof_of(memo: Memo, last: Memo | None = None) -> Proof:
    """A memo as it is proofread, beside last year's: the same initiative is the one with the same title."""
    former = {_letters(row.title): row for row in last.rows} if last else {}
    rows = []
    for section in memo.sections:
        for row in section.rows:
            before = former.get(_letters(row.title))
            rows.append(
                Row(
                    row.number,
                    to_editing(StatusText(row.blocks)),
                    last_text=to_editing(StatusText(before.blocks)) if before else "",
                    title=row.title,
                    section=section.name,
                    last_number=before.number if before else None,
                )
            )
    front = (memo.title, memo.head.office, memo.head.administration, *memo.intro)
    return Proof(tuple(rows), memo.caption, front, tuple(note.text for note in memo.footnotes))


def _letters(title: str) -> str:
    return re.sub(r"[\W_]+", "", title.casefold())


def to_json(proof: Proof, findings: tuple[Finding, ...], *, year: int) -> dict[str, object]:
    """The findings with plain values only."""
    titles = {row.number: row.title for row in proof.rows}
    say = danish()
    return {
        "year": year,
        "rows": len(proof.rows),
        "counts": dict(Counter(one.check.value for one in findings)),
        "findings": [
            {
                "row": one.row,
                "title": titles[one.row],
                "check": one.check.value,
                "words": one.words,
                "reason_da": say(one.message) % one.params,
                "reason_en": one.message % one.params,
            }
            for one in findings
        ],
    }


def _for_a_person(proof: Proof, findings: tuple[Finding, ...], *, year: int) -> str:
    say = danish()
    lines = [f"{len(proof.rows)} rows, {year}: {len(findings)} findings"]
    for row in proof.rows:
        own = [one for one in findings if one.row == row.number]
        if own:
            lines += ["", f"{row.number}. {row.title}"]
            for one in own:
                lines += [f"  {say(one.message) % one.params}", f"    ({one.message % one.params})"]
    return "\n".join(lines)


@cache
def danish() -> Callable[[str], str]:
    """What says a message id in Danish: the catalogue of the pages, which needs no application."""
    compiled = _TRANSLATIONS / "messages.mo"
    if compiled.is_file():
        with compiled.open("rb") as file:
            return gettext.GNUTranslations(file).gettext
    with (_TRANSLATIONS / "messages.po").open("rb") as file:
        catalogue = read_po(file)

    def say(message: str) -> str:
        found = catalogue.get(message)
        return str(found.string) if found and found.string else message

    return say
