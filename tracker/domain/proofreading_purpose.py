"""Whether a text says how far an initiative has come, or only what it is for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracker.domain.proofreading_values import Check, Finding, Row, finding, opening, sentences
from tracker.domain.text import parse

# What a status has and a purpose has not: a year, something that has happened or goes on.
_STATUS = re.compile(
    r"\b(?:19|20)\d\d\b"
    r"|\b(?:er|blev|har|havde)\b(?:\s+(?!at\b)[\w.,/-]+){0,4}?\s+(?!formålet\b|målet\b|at\b)\w{2,}(?:t|ede|edes)\b"
    r"|\b(?:i gang|endnu|fortsat|fortsætter|løbende|senest\w*|hidtil|foreløbig\w*|allerede|netop|snart|næste"
    r"|pt\.|aktuelt|i dag|udskudt|forsink\w+|afslut\w+|gennemfør\w+|iværks\w+|igangs\w+|opstart\w*|startet"
    r"|forvent\w+|planlæg\w+|afhold\w+|etabler\w+|lancer\w+|evaluer\w+|primo|medio|ultimo)\b",
    re.IGNORECASE,
)
_PURPOSE = re.compile(
    r"\b(?:til formål|til hensigt|formålet|hensigten|målet|ambitionen|intentionen|sigter|har til opgave)\b"
    r"|\bskal\s+(?:\w+\s+){0,3}?(?:sikre|styrke|bidrage|fremme|øge|forebygge|understøtte|mindske|skabe|give"
    r"|modvirke|bekæmpe|medvirke|hjælpe|gøre|forbedre|udbrede|støtte)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"^(?:Herunder|Dermed|Derved|Således|Det vil sige|Dvs\.|Det skal|Dette skal|På den måde)\b"
)
_DIGIT = re.compile(r"\d")
_LETTERS = re.compile(r"[a-zæøå]{4,}")
_COMMON = frozenset(
    word
    for line in ("der eller samt blandt andet under mellem have være blive deres hvor ikke kunne skal",)
    for word in line.split()
)
_SHORTEST, _LONGEST = 8, 40


def look(row: Row) -> Iterator[Finding]:
    """One finding for a text of which each sentence is a purpose, or that says its title over again."""
    if _is_title(row):
        yield finding(Check.only_purpose, row, opening(row.text))
    if _is_title(row) or _STATUS.search(row.text) or len(row.text.split()) < _SHORTEST:
        return
    said = [
        one for block in parse(row.text).blocks if block.kind != "heading" for one in sentences(block.text)
    ]
    if not said:
        return
    aims = [one for one in said if _PURPOSE.search(one)]
    only_aims = aims and all(_PURPOSE.search(one) or _GOES_ON.match(one) for one in said)
    if only_aims or _repeats(row.text, row.title):
        yield finding(Check.only_purpose, row, opening(row.text))


def _is_title(row: Row) -> bool:
    """Whether the text says nothing that the title does not say."""
    return bool(_stems(row.text)) and _stems(row.text) <= _stems(row.title)


def _repeats(text: str, title: str) -> bool:
    """Whether a short text has half of its words from the title, by their first six letters."""
    if not title or len(text.split()) > _LONGEST or _DIGIT.search(text):
        return False
    said, named = _stems(text), _stems(title)
    return len(said) >= 4 and len(said & named) * 2 >= len(said)


def _stems(text: str) -> set[str]:
    return {word[:6] for word in _LETTERS.findall(text.lower()) if word not in _COMMON}
