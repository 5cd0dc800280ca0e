"""The values of proofreading: what is looked at, what is found, and the words of both."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from tracker.domain.errors import sentence

SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-ZÆØÅ])|\n")
# The same, where the stop may stand inside a quotation or before a footnote's mark.
_SENTENCE_END = re.compile(r"[.!?][”\"»’)\]⁰¹²³⁴⁵⁶⁷⁸⁹]*\s+(?=[”\"»(]?[A-ZÆØÅ])|\n")


class Check(StrEnum):
    cut_off = "cut_off"
    missing_stop = "missing_stop"
    date_without_year = "date_without_year"
    date_form = "date_form"
    passed_promise = "passed_promise"
    same_as_last_year = "same_as_last_year"
    only_purpose = "only_purpose"
    unknown_reference = "unknown_reference"
    moved_reference = "moved_reference"
    name_spelling = "name_spelling"
    committee_as_administration = "committee_as_administration"
    caption = "caption"
    figure = "figure"
    abbreviation = "abbreviation"
    double_space = "double_space"
    stray_stop = "stray_stop"
    long_sentence = "long_sentence"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the memo as it would be printed; `text` is in the editing form.

    `last_text` is last year's, empty when there was none; `last_number` is the number it had there.
    """

    number: int
    text: str
    last_text: str = ""
    title: str = ""
    section: str = ""
    last_number: int | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """A whole memo to be looked through: its rows in printed order, and what stands above the table.

    `codes` are abbreviations that need not be spelt out. `follows`: the numbers that a text refers to follow
    their rows, so that they are not looked at here.
    """

    rows: tuple[Row, ...]
    caption: str = ""
    front: tuple[str, ...] = ()
    footnotes: tuple[str, ...] = ()
    codes: frozenset[str] = frozenset()
    follows: bool = False

    @property
    def sections(self) -> dict[str, Row]:
        """The names of the administrations as printed, each with its first row."""
        found: dict[str, Row] = {}
        for row in self.rows:
            if row.section:
                found.setdefault(row.section, row)
        return found


@dataclass(frozen=True, slots=True)
class Finding:
    """`message` is a message id with the placeholders of `params`; `words` stand in the memo."""

    check: Check
    row: int
    words: str
    message: str
    params: Mapping[str, object] = field(default_factory=dict)


MESSAGES: Mapping[Check, str] = {
    Check.cut_off: sentence("The text stops in mid-sentence: “%(words)s”."),
    Check.missing_stop: sentence("The last sentence has no full stop: “%(words)s”."),
    Check.date_without_year: sentence("The date has no year: “%(words)s”."),
    Check.date_form: sentence("The date is not written correctly: “%(words)s”."),
    Check.passed_promise: sentence(
        "This was promised for a time that has passed: “%(words)s”. What came of it?"
    ),
    Check.same_as_last_year: sentence("The text is the same as last year's."),
    Check.only_purpose: sentence(
        "The text repeats what the initiative is for, and does not say how far it has come: “%(words)s”."
    ),
    Check.unknown_reference: sentence(
        "“%(words)s” refers to no. %(number)s, and the memo has no such initiative."
    ),
    Check.moved_reference: sentence(
        "“%(words)s”: what was no. %(number)s last year is no. %(now)s now. Which one is meant?"
    ),
    Check.name_spelling: sentence(
        "The name is spelt in several ways in the memo: “%(words)s” here, and elsewhere %(others)s."
    ),
    Check.committee_as_administration: sentence(
        "“%(words)s” is a committee, and it stands where the other sections name an administration."
    ),
    Check.caption: sentence("The caption of the table does not name “%(words)s”, which has a section in it."),
    Check.figure: sentence(
        "“%(words)s” does not agree with “%(other)s” in no. %(number)s. "
        "Is one of them wrong, or can they not be compared?"
    ),
    Check.abbreviation: sentence("The abbreviation “%(words)s” is not spelt out anywhere in the memo."),
    Check.double_space: sentence("Two spaces in a row: “%(words)s”."),
    Check.stray_stop: sentence("A full stop too many: “%(words)s”."),
    Check.long_sentence: sentence("A sentence of %(count)s words: “%(words)s”."),
}


def finding(check: Check, row: Row, words: str, message: str = "", /, **params: object) -> Finding:
    """A finding with the check's own sentence, or with another that says it better."""
    return Finding(check, row.number, words, message or MESSAGES[check], {"words": words, **params})


def tail(text: str) -> str:
    """The last words of a text, by which it is found again."""
    return " ".join(text.split()[-5:])


def opening(text: str) -> str:
    """The first words of a text, by which it is found again."""
    words = text.split()
    return " ".join(words[:8]) + (" …" if len(words) > 8 else "")


def sentences(text: str) -> Iterator[str]:
    """The sentences of a text, each with its stop. A line's end ends one as well."""
    ends = [found.end() for found in _SENTENCE_END.finditer(text)]
    for start, end in pairwise([0, *ends, len(text)]):
        if said := text[start:end].strip():
            yield said
