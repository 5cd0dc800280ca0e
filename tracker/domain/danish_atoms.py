"""The date words of a text one by one, and what looks like one and is something else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from tracker.domain.danish_date_words import LONE_YEAR, Atom, Reader
from tracker.domain.danish_days import DAYS, ISO
from tracker.domain.danish_periods import PERIODS, WEEKS
from tracker.domain.danish_years import YEARS

# Tried in this order; what one of them has read, or refused as impossible, is not read again.
_READERS: tuple[Reader, ...] = (ISO, WEEKS, *DAYS, *PERIODS, *YEARS)
_LOOK_BACK = 60
_FIGURES = re.compile(r"\d\s?[-–—/.]\s?\d")
_NAMED_AFTER_YEARS = (
    r"budget(?:tet|forslag\w*|aftale\w*|forlig\w*|notat\w*|forhandling\w*)?(?:\s+for)?|ofs|overførselssag\w*|finanslov\w*(?:\s+for)?"
    r"|fl|regnskab(?:et)?(?:\s+for)?|agenda|vision|verdensmål"
)
_NUMBERED = (
    r"sag|sags(?:nr|nummer|-?id)|j\.?\s?nr|journal(?:nr|nummer)|nr|nummer|numre|edoc\w*|dok(?:ument)?\.?(?:nr|nummer|-?id)"
    r"|cvr\S*|ean\S*|cpr\S*|pkt|punkt|afsnit|kap|kapitel|side|s\.|figur|tabel|bilag|version|lokale|kr|dkk|id|kontonr|konto"
    r"|vej|gade|allé|kategori|lokalplan|kommuneplan|iso(?:\s?\d+)?"
)
_LABEL_BEFORE = re.compile(
    rf"(?:\b(?:{_NAMED_AFTER_YEARS})|(?:\b(?:{_NUMBERED})|§)\.?:?)"
    rf"\s*(?:(?:{LONE_YEAR}|\d\d/\d\d)\s*(?:og|,|/|-|–|eller|til)\s*)*$"
)
_PHONE_BEFORE = re.compile(r"(?:\b(?:tlf|telefon\w*|mobil\w*)\b|\+45)[\s.:]*(?:\d[\d\s]*)?$")
_COUNTED_BEFORE = re.compile(
    r"\b(?:ca\.|cirka|knap|godt|op\s+mod|over|mere\s+end|flere\s+end|færre\s+end|mindst|højst|i\s+alt|næsten|omtrent"
    r"|yderligere|alle|samtlige|kun|på|(?<!og\s)med|blandt|hos|er|var|har|havde|får|fik|kom|deltog|mødte|sendt|udsendt|uddelt"
    r"|omdelt|solgt|(?:er|har|blev|bliver|var|havde)\s+(?:(?:der|de|vi|også|nu|allerede)\s+){0,2}\w+t)\s+$"
    r"|(?:^|[.:!?]\s+)(?:ud\s+)?af(?:\s+de)?\s+$"
)
_COUNTED_AFTER = re.compile(
    r"\s+(?!(?:og|til|er|har|har|blev|bliver|skal|vil|kan|med|for|som|ved|på|af|samt|eller|hvor\w*|var|frem|der|men"
    r"|ikke|dog|om)\b)[a-zæøå]{3,}"
)
# "Tallet var 1987 i 2024", and "1,2 mio. kr. 2026: 1,4 mio. kr.", where the sum stands before.
_FIGURE_OF_YEAR = re.compile(r"\s+i\s+(?:19|20)\d\d(?!\d)")
_SUM_BEFORE = re.compile(r"\d\s*(?:mio\.?|mia\.?|t\.?)?\s*(?:kr|dkk)\.?,?\s*$")
_POST_TOWN_AFTER = re.compile(r"\s+(?:københavn|kbh|frederiksberg)\b")

# Soft hyphens, marks of direction and other characters that nobody sees.
_SILENT = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def composed(text: str) -> tuple[str, Sequence[int]]:
    """The text with "a" and a ring as one letter and without soft hyphens, and where each letter stood."""
    if unicodedata.is_normalized("NFC", text) and not _SILENT.search(text):
        return text, range(len(text) + 1)
    letters: list[str] = []
    places: list[int] = []
    for cluster in re.finditer(r"(?s).[\u0300-\u036f]*", text):
        one = _SILENT.sub("", unicodedata.normalize("NFC", cluster[0]))
        letters.append(one)
        places.extend([cluster.start()] * len(one))
    return "".join(letters), [*places, len(text)]


def atoms(text: str, near: int) -> list[Atom]:
    """The date words of a line, in order. A year of two digits is the one closest to `near`."""
    lowered = _lower(text)
    taken = bytearray(len(text))
    found: list[Atom] = []
    has_figures = _FIGURES.search(lowered) is not None
    for reader in _READERS:
        if reader.figures and not has_figures:
            continue
        if _occurs(reader.needs, lowered) and _occurs(reader.also, lowered):
            for match in reader.pattern.finditer(lowered):
                found.extend(_read(reader, match, near, taken))
    return sorted(found, key=lambda atom: atom.span)


def _occurs(words: tuple[str, ...], lowered: str) -> bool:
    for word in words:  # noqa: SIM110 - called for every reader of every line: half the time of any()
        if word in lowered:
            return True
    return False


def _read(reader: Reader, match: re.Match[str], near: int, taken: bytearray) -> Iterator[Atom]:
    start, end = match.span()
    if 1 in taken[start:end]:
        return
    taken[start:end] = b"\x01" * (end - start)
    if reader.labels and _is_label(match):
        return
    try:
        yield from reader.read(match, near)
    except ValueError:
        return


def _is_label(match: re.Match[str]) -> bool:
    """Whether the digits are a case number, a budget's name, a telephone number or a count."""
    text, (start, end) = match.string, match.span()
    since = max(0, start - _LOOK_BACK)
    if _PHONE_BEFORE.search(text, since, start):
        return True
    if _LABEL_BEFORE.search(text, since, start) and not _SUM_BEFORE.search(text, since, start):
        return True
    if not match[0].isdigit():
        return False
    if _FIGURE_OF_YEAR.match(text, end):
        return True
    counted = _COUNTED_BEFORE.search(text, since, start) and _COUNTED_AFTER.match(text, end)
    return bool(counted or _POST_TOWN_AFTER.match(text, end))


def _lower(text: str) -> str:
    """In lower case, and as long as before: a few letters would become two."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(one.lower() if len(one.lower()) == 1 else one for one in text)
