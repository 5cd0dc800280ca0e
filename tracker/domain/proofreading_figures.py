"""Figures that contradict each other: within a row, in two rows on the same thing, or against last year.

The careful side is silence. Two figures are held against each other only where the same words follow them,
where they speak of the same time, and where nothing says that the one has grown into the other.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from tracker.domain.errors import sentence
from tracker.domain.proofreading_values import Check, Finding, Row, finding, sentences
from tracker.domain.text import parse

_NUMBER = r"(?<![\w.,/§-])(\d{1,3}(?:\.\d{3})+|\d{1,6})"
_LABEL = r"([a-zæøå]{4,40}(?:\s[a-zæøå]{4,40})?)"
_FIGURE = re.compile(rf"{_NUMBER}\s(nye\s)?{_LABEL}")
# "8 nye legepladser i 2025": the figure has a year of its own, whatever else the sentence speaks of.
_OWN_YEAR = re.compile(r"\s+i\s+(?:løbet\s+af\s+)?((?:19|20)\d\d)\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_SMALL = frozenset(
    word
    for line in (
        "efter eller samt under over mellem blandt inden siden hvor hvoraf heraf deraf andre nye",
        "flere mange gange måneder dage uger timer minutter kroner procent årige årig januar",
        "februar marts april juni juli august september oktober november december kvartal halvår",
        "klasse klassetrin klasser udgave",
    )
    for word in line.split()
)
# Words by which two different figures are both right.
_CHANGES = re.compile(
    r"sammenlign|tidligere|hidtil|steg|fald|øge|vokse|yderligere|flere|færre|juster|forvent|planl[aæ]g"
    r"|målsæt|mål\b"
    r"|heraf|hvoraf|resterende|øvrige|andre|ud af|i alt|først|næste|derudover|desuden|nye\b|fra \d+ til",
    re.IGNORECASE,
)
LAST_YEAR = sentence("“%(words)s” does not agree with “%(other)s” in last year's text. Is one of them wrong?")
# The same, where both figures have one and the same year of their own.
_OTHERWISE = re.compile(r"sammenlign|juster|korriger|opgjort|forvent|planl[aæ]g|målsæt|mål\b", re.IGNORECASE)
_STEM = re.compile(r"[a-zæøå]{6,}")
_RARE = 3


@dataclass(frozen=True, slots=True)
class _Figure:
    value: str
    label: str
    words: str
    said: str
    row: Row
    own_year: str = ""

    @property
    def years(self) -> frozenset[str]:
        return frozenset([self.own_year] if self.own_year else _YEAR.findall(self.said))


def against_last_year(row: Row, *, year: int) -> Iterator[Finding]:
    """A figure of a year that is over, which last year's text gave as another."""
    if not row.last_text.strip():
        return
    last = defaultdict(list)
    for one in _figures(row, row.last_text):
        last[one.label].append(one)
    for this in _figures(row, row.text):
        others = [one for one in last[this.label] if one.years == this.years]
        is_over = bool(this.years) and all(int(said) < year for said in this.years)
        if is_over and others and all(_contradict(this, one) and _alike(this, one) for one in others):
            yield finding(Check.figure, row, this.words, LAST_YEAR, other=others[0].words, number=row.number)


def between_rows(rows: Sequence[Row]) -> Iterator[Finding]:
    """Figures with the same words after them and the same subject, with another number."""
    by_label: dict[str, list[_Figure]] = defaultdict(list)
    for row in rows:
        for one in _figures(row, row.text):
            by_label[one.label].append(one)
    common = Counter(stem for row in rows for stem in _stems(f"{row.title} {row.text}"))
    for alike in by_label.values():
        if len({one.value for one in alike}) < 2 or len(alike) > 20:
            continue
        for left, right in combinations(alike, 2):
            if left.years == right.years and _contradict(left, right) and _same_subject(left, right, common):
                yield finding(Check.figure, right.row, right.words, other=left.words, number=left.row.number)
                break


def _figures(row: Row, text: str) -> Iterator[_Figure]:
    for block in parse(text).blocks:
        for said in sentences(block.text):
            for match in _FIGURE.finditer(said):
                own = _OWN_YEAR.match(said, match.end())
                # "8 nye pladser" may be anybody's, but not in the same year.
                label = _label(match[3]) or (match[3] if own else "")
                if match[2]:
                    label = f"nye {label}" if own and label else ""
                if label and not _YEAR.fullmatch(match[1]):
                    words = said[match.start() : match.end()] if own else f"{match[1]} {label}"
                    year = own[1] if own else ""
                    yield _Figure(match[1].replace(".", ""), label, words, said, row, year)


def _label(words: str) -> str:
    """The words that say what is counted: two of them, or a long compound. Else nothing."""
    found = words.split()
    if found[0] in _SMALL:
        return ""
    if len(found) == 2 and found[1] not in _SMALL:
        return " ".join(found)
    return found[0] if len(found[0]) >= 14 else ""


def _contradict(left: _Figure, right: _Figure) -> bool:
    both = left.own_year and left.own_year == right.own_year
    reason = _OTHERWISE if both else _CHANGES
    return (
        left.value != right.value
        and left.said != right.said
        and not reason.search(left.said)
        and not reason.search(right.said)
    )


def _alike(left: _Figure, right: _Figure) -> bool:
    """Whether a short label counts the same: "9 pladser" does not say of what."""
    if _label(left.label.removeprefix("nye ")):
        return True
    return bool((_stems(left.said) & _stems(right.said)) - _stems(left.label))


def _same_subject(left: _Figure, right: _Figure, common: Counter[str]) -> bool:
    """Whether both speak of one thing: in one row, or by a word that hardly any other row has."""
    if left.row.number == right.row.number:
        return bool((_stems(left.said) & _stems(right.said)) - _stems(left.label))
    shared = _stems(left.said) & _stems(right.said) - _stems(left.label)
    return any(common[stem] <= _RARE for stem in shared)


def _stems(text: str) -> set[str]:
    return {word[:8] for word in _STEM.findall(text.lower())}
