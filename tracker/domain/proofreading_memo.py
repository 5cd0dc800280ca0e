"""What only the whole memo shows: its caption, its sections, its numbers and its abbreviations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracker.domain.cross_references import references_in
from tracker.domain.errors import sentence
from tracker.domain.proofreading_values import Check, Finding, Proof, Row, finding
from tracker.domain.text import parse

_COMMITTEE = re.compile(r"(?:udvalg|udvalget|bestyrelsen|rådet)$", re.IGNORECASE)
_HOUSE = re.compile(r"(?:forvaltning|udvalg|magistrat|afdeling)(?:en|et)?$", re.IGNORECASE)
_NAMED = re.compile(
    r"[A-ZÆØÅ][\wæøå]*(?:-\s?,?\s?(?:og|samt|,)\s[A-ZÆØÅ]?[\wæøå]+)?(?:forvaltning|afdeling)en\b"
)
_CODE = re.compile(r"\b[A-ZÆØÅ]{2,5}\b")
NOT_IN_TABLE = sentence("The caption of the table names “%(words)s”, which has no section in it.")
# Abbreviations that any Danish reader knows.
_KNOWN = frozenset(
    word
    for line in (
        "DK EU FN USA UK IT TV DR PDF SMS MMS QR ID CPR CVR NGO HR PR AI GPS SU CV OK BNP OECD",
        "NATO DSB HIV WC PC USB UNICEF LGBT LGBTQ KL AS APS OBS PS NB II III IV VI VII VIII IX XI",
        "XII",
    )
    for word in line.split()
)
# Capitals before a word with a capital are a part of a name.
_ABBREVIATION = re.compile(
    r"(?<![\w.+&-])(?<![A-ZÆØÅ]\s\d\s)([A-ZÆØÅ]{2,5})(?:\d{2,4})?(?:[’']?s)?(?![\w+.&’']\w|\w|\+|\s[A-ZÆØÅ][a-zæøå])"
)
_SPELT_AFTER = re.compile(r"[([]\s?([A-ZÆØÅ]{2,5})\s?[)\],;]")
_SPELT_BEFORE = re.compile(r"\b([A-ZÆØÅ]{2,5})\s[(–-]\s?(\w[^)\n]{3,80})")
_PHRASE = re.compile(r"[A-ZÆØÅ][\wé]+(?:-,?)?(?:\s(?:(?:og|for|af|i|på|til|mod)\s)?[A-ZÆØÅ][\wé]+-?){0,6}")
_TAILS = re.compile(
    r"(?<=\w)(forvaltning|udvalg|center|centret|styrelse|kommune|(?<!om)råd|organisation|myndighed|region)"
)


def look(proof: Proof) -> Iterator[Finding]:
    yield from _committees(proof)
    yield from _caption(proof)
    yield from _references(proof)
    yield from _abbreviations(proof)


def _committees(proof: Proof) -> Iterator[Finding]:
    """A committee as the name of a section, unless all sections are committees'."""
    named = [name for name in proof.sections if _COMMITTEE.search(name.strip())]
    if len(named) < len(proof.sections):
        for name in named:
            yield finding(Check.committee_as_administration, proof.sections[name], name)


def _caption(proof: Proof) -> Iterator[Finding]:
    """Sections that the caption does not name, and the other way; a caption that names none is left alone."""
    codes = set(_CODE.findall(proof.caption))
    named = {name: _is_named(name, proof.caption, codes) for name in proof.sections}
    if not any(named.values()):
        return
    for name, is_there in named.items():
        if not is_there:
            yield finding(Check.caption, proof.sections[name], name)
    houses = {_house(name) for name in proof.sections}
    absent = [match[0] for match in _NAMED.finditer(proof.caption) if _house(match[0]) not in houses]
    for name in absent:
        yield finding(Check.caption, proof.rows[0], name, NOT_IN_TABLE)
    known = {code for code in codes for name in proof.sections if _is_code_of(code, name)}
    known |= {code for code in codes for name in absent if _is_code_of(code, name)}
    for code in sorted(codes - known if known else ()):
        if len(code) > 2 and code.endswith("F"):  # other capitals are not administrations'
            yield finding(Check.caption, proof.rows[0], code, NOT_IN_TABLE)


def _is_named(name: str, caption: str, codes: set[str]) -> bool:
    return _house(name) in _letters(caption) or any(_is_code_of(code, name) for code in codes)


def _is_code_of(code: str, name: str) -> bool:
    """Whether capitals are the usual short form of an administration, or of its committee."""
    about, short = _house(name), code.casefold()
    return len(code) > 2 and short[-1] in "fu" and short[0] == about[:1] and _in_order(short[:-1], about)


def _house(name: str) -> str:
    """The letters of what the name is about: the same for an administration and its committee."""
    return _letters(_HOUSE.sub("", name.strip()))


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _references(proof: Proof) -> Iterator[Finding]:
    """Numbers of initiatives that the memo has not, or that meant another initiative last year."""
    if proof.follows:
        return
    numbers = {row.number for row in proof.rows}
    moved = {
        row.last_number: row.number
        for row in proof.rows
        if row.last_number is not None and row.last_number != row.number
    }
    for row in proof.rows:
        for one in references_in(row.text):
            missing = [number for number in one.numbers if number not in numbers]
            elsewhere = [number for number in one.numbers if number in moved]
            if missing:
                yield finding(Check.unknown_reference, row, one.words, number=missing[0])
            elif elsewhere:
                was = elsewhere[0]
                yield finding(Check.moved_reference, row, one.words, number=was, now=moved[was])


def _abbreviations(proof: Proof) -> Iterator[Finding]:
    """Capital letters that nothing in the memo spells out, where they stand first."""
    texts = [*proof.front, proof.caption, *proof.sections, *proof.footnotes]
    for row in proof.rows:
        texts += [row.title, row.text]
    known = _KNOWN | proof.codes | set(_spelt_out(texts))
    phrases = {phrase for text in texts for phrase in _PHRASE.findall(text)}
    by_first: dict[str, list[str]] = {}
    for phrase in phrases:
        by_first.setdefault(phrase[0], []).append(phrase)
    told: set[str] = set()
    for row in proof.rows:
        for found in _abbreviations_in(row):
            if found in known or found in told:
                continue
            told.add(found)
            if not (
                any(_may_stand_for(found, phrase) for phrase in by_first.get(found[0], ()))
                or any(_is_code_of(found, name) for name in proof.sections)
            ):
                yield finding(Check.abbreviation, row, found)


def _abbreviations_in(row: Row) -> Iterator[str]:
    for text in (row.title, *(block.text for block in parse(row.text).blocks)):
        if not text.isupper():  # a line in capitals is a heading
            yield from _ABBREVIATION.findall(text)


def _spelt_out(texts: list[str]) -> Iterator[str]:
    """Abbreviations that stand in brackets after what they mean, or before it."""
    for text in texts:
        for match in _SPELT_AFTER.finditer(text):
            before = text[max(0, match.start() - 120) : match.start()].casefold()
            if _in_order(match[1].casefold(), before):
                yield match[1]
        for match in _SPELT_BEFORE.finditer(text):
            if match[2][0].casefold() == match[1][0].casefold() and _in_order(
                match[1].casefold(), match[2].casefold()
            ):
                yield match[1]


def _may_stand_for(code: str, phrase: str) -> bool:
    """Whether capitals can be the short form of a name: its first letters, in order, and none left out."""
    words = [word for word in re.split(r"[\s,-]+", _TAILS.sub(r" \1", phrase)) if word and word != "og"]
    initials = "".join(word[0] for word in words if word not in {"for", "af", "i", "på", "til", "mod"})
    code, initials = code.casefold(), initials.casefold()
    if len(initials) < 2 or code[0] != initials[0]:
        return False
    return _in_order(initials, code) and _in_order(code, phrase.casefold())


def _in_order(letters: str, text: str) -> bool:
    """Whether the letters stand in a text in their order."""
    position = 0
    for letter in letters:
        position = text.find(letter, position) + 1
        if not position:
            return False
    return True
