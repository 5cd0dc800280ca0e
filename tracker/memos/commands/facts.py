"""Measures how dates are read: a memo's date phrases against the facts that people have noted by hand.

The checked facts are a JSON file: `initiatives`, a list of `number`, `periods` and `events` (each with
`snippet` and `date`: `from`, `to`, `precision`, `qualifier`, and `year_stated` false where the text has no
year), and where they are known `date_strings_that_are_not_initiative_events` and `measures` with a
`target_period`: those are dates as well, but no facts. Everything else in it is passed over.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tracker.domain.danish_dates import DAY_NO_YEAR, Interval, Phrase, find
from tracker.domain.errors import DomainError
from tracker.domain.memo import Memo
from tracker.domain.text import MARK

Ends = tuple[str | None, str | None]
_AROUND = 40
_SEASONS = ("forår", "sommer", "efterår", "vinter")


class NoFacts(DomainError):  # noqa: N818 - named as the sentence reads
    """The checked facts are no such file. Carries the one sentence that says why."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A dated fact of a row. `ends` are both None where the text has no year, so that a person is asked."""

    row: int
    kind: str
    form: str
    ends: Ends
    snippet: str


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase that was read in a row, with some of what stands around it."""

    row: int
    form: str
    ends: Ends
    words: str
    around: str
    right: bool


@dataclass(slots=True)
class Tally:
    """Of one kind: how many of the facts were found exactly, how many of the phrases were right."""

    facts: int = 0
    found: int = 0
    read: int = 0
    right: int = 0


@dataclass(frozen=True, slots=True)
class Measured:
    """`by_form` counts by how a date is written, `by_kind` the facts by what they are about."""

    by_form: Mapping[str, Tally]
    by_kind: Mapping[str, Tally]
    missed: Sequence[Fact]
    no_fact: Sequence[Found]
    false_days: Sequence[Found] = field(default=())

    @property
    def total(self) -> Tally:
        tallies = self.by_form.values()
        return Tally(
            sum(one.facts for one in tallies),
            sum(one.found for one in tallies),
            sum(one.read for one in tallies),
            sum(one.right for one in tallies),
        )


def measure(memo: Memo, gold: Path, *, year: int | None) -> Measured:
    """Compare what is read in every row of a memo with the facts of a file. Raises NoFacts."""
    rows = {row.number: (row.title, row.text) for row in memo.rows}
    by_form: dict[str, Tally] = {}
    by_kind: dict[str, Tally] = {}
    missed: list[Fact] = []
    no_fact: list[Found] = []
    for noted in _initiatives(gold):
        parts = rows.get(noted["number"], ())
        phrases = [(part, find(part, year=year)) for part in parts]
        facts = list(_facts(noted))
        for fact in facts:
            hit = any(_is_found(fact, part, found) for part, found in phrases)
            for tally in (by_form.setdefault(fact.form, Tally()), by_kind.setdefault(fact.kind, Tally())):
                tally.facts += 1
                tally.found += hit
            if not hit:
                missed.append(fact)
        known = {fact.ends for fact in facts} | _other_dates(noted, year)
        for part, some in phrases:
            for one in _judged(noted["number"], part, some, known):
                tally = by_form.setdefault(one.form, Tally())
                tally.read += 1
                tally.right += one.right
                if not one.right:
                    no_fact.append(one)
    days = [one for one in no_fact if one.form in {"day", "days"}]
    return Measured(by_form, by_kind, missed, no_fact, days)


def _initiatives(gold: Path) -> list[dict[str, Any]]:
    try:
        noted = json.loads(gold.read_text(encoding="utf-8"))["initiatives"]
        for one in noted:
            list(_facts(one))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise NoFacts("%(file)s is no file of facts (.facts.json).", file=gold.name) from None
    return list(noted)


def _facts(noted: Mapping[str, Any]) -> Iterable[Fact]:
    """The facts that the text gives a date."""
    for one in (*noted["periods"], *noted["events"]):
        date = one["date"]
        if date["from"] is None and date["to"] is None:
            continue
        stated = date.get("year_stated") is not False
        ends = (date["from"], date["to"]) if stated else (None, None)
        form = _form_of_fact(date) if stated else "no year"
        yield Fact(noted["number"], one.get("kind", "period"), form, ends, one["snippet"])


def _form_of_fact(date: Mapping[str, Any]) -> str:
    if date["to"] is None:
        return "open end"
    if date["precision"] == "year":
        return "year" if date["from"][:4] == date["to"][:4] else "years"
    if date["precision"] == "day":
        return "day" if date["from"] == date["to"] else "days"
    if not date["qualifier"]:
        return str(date["precision"])
    return "season" if date["qualifier"].startswith(_SEASONS) else "part"


def _form(interval: Interval) -> str:
    if interval.precision == DAY_NO_YEAR:
        return "no year"
    if interval.first is None or interval.last is None:
        return "open end"
    if interval.precision == "year":
        return "year" if interval.first.year == interval.last.year else "years"
    if interval.precision == "day":
        return "day" if interval.first == interval.last else "days"
    return interval.precision


def _ends(interval: Interval) -> Ends:
    first, last = interval.first, interval.last
    return first.isoformat() if first else None, last.isoformat() if last else None


def _is_found(fact: Fact, part: str, found: Sequence[Phrase]) -> bool:
    """Whether a phrase in the words of the fact has exactly its ends."""
    kept = [place for place, letter in enumerate(part) if not MARK.fullmatch(letter)]
    start = "".join(part[place] for place in kept).find(fact.snippet)
    if start < 0:
        return False
    first, end = kept[start], kept[start + len(fact.snippet) - 1] + 1
    return any(
        _ends(one.interval) == fact.ends and one.span[0] < end and first < one.span[1] for one in found
    )


def _other_dates(noted: Mapping[str, Any], year: int | None) -> set[Ends]:
    """Dates of the row that are no facts: of events outside of it, and of what is aimed at."""
    written = [*noted.get("date_strings_that_are_not_initiative_events", ())]
    written += [str(one.get("target_period") or "") for one in noted.get("measures", ())]
    return {_ends(phrase.interval) for words in written for phrase in find(words, year=year)}


def _judged(row: int, part: str, found: Sequence[Phrase], known: set[Ends]) -> Iterable[Found]:
    for one in found:
        start, end = one.span
        around = " ".join(part[max(0, start - _AROUND) : end + _AROUND].split())
        ends = _ends(one.interval)
        yield Found(row, _form(one.interval), ends, one.words, around, ends in known)
