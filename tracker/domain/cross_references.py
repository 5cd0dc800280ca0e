"""References of a Danish text to rows of the memo ("nr. 27-29", "initiativ 12") that follow the rows.

The finder stays silent where it is in doubt: a number that is no reference must never be changed. So "nr."
alone counts only at the beginning of a line or bracket and after a few words such as "se" and "under";
"lov nr. 12" and "Nygade nr. 3" are none. Years, decimals and numbers above 999 are none either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

_ROWS = r"(?:indsats|initiativ|tiltag|række)(?:en|et|er|erne|ne|rne|n|r)?"
_NO = r"(?:nr\.?|nre\.?|nummer|numre|numrene)"
_ONE = r"\d{1,3}(?:\s?[-–—]\s?\d{1,3})?"
_LIST = rf"{_ONE}(?:(?:,\s+|\s*/\s*|,?\s+(?:og|samt|eller|til)\s+){_ONE}(?![.,]?\d|\s?%|[-–]?\w))*"
_AFTER = r"(?![.,]?\d|\s?%|[-–]?\w)"
# "indsats 2 gange om ugen" counts something else.
_NOT_COUNTING = (
    r"(?=\s*(?:$|[.,;:!?)\]/]|(?:og|samt|eller|om|er|har|i|på|under|ovenfor|nedenfor|som|der|kan|skal|vil|blev"
    r"|til|med|for|af|hører|handler|beskriver|indgår|følger|bliver)\b))"
)
_LED_BY = (
    r"(?:^|[(\[]|(?<![\w.])(?:se|jf\.?|jfr\.?|jævnfør|under|også|med|og|i|ved|fra|til|af|for|ovenfor|nedenfor)"
    rf"\s+|{_ROWS}\s+)"
)
_FOUND = re.compile(
    rf"(?P<a>{_LED_BY}{_NO}\s*)(?P<numbers>{_LIST}){_AFTER}"
    rf"|(?P<b>\b{_ROWS}\s+)(?P<counted>{_LIST}){_AFTER}{_NOT_COUNTING}",
    re.IGNORECASE | re.MULTILINE,
)
# Nearly every text has none, and is left after a look at this.
_MAYBE = re.compile(
    r"(?:[Nn](?:[Rr]|re|ummer|umre|umrene)\.?|[Ii]n(?:dsats|itiativ)[a-zæøå]*|[Tt]iltag[a-z]*|[Rr]ække[a-z]*)\s*\d"
)
_ATOM = re.compile(r"(\d{1,3})(?:(\s?[-–—]\s?)(\d{1,3}))?")


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a text names rows: `span` is that of the numbers alone, `words` what stands there with "nr."."""

    words: str
    numbers: tuple[int, ...]
    span: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Followed:
    """A reference with the numbers it was written with, and as it is printed.

    `lost` are numbers that lead to no row any more, or never did; then the words stay as they were written.
    """

    written: str
    printed: str
    rows: tuple[int, ...]
    lost: tuple[int, ...] = ()


def references_in(text: str) -> list[Reference]:
    """The references of a text in their order."""
    return list(_references(text))


def numbers_in(text: str) -> tuple[int, ...]:
    """Every number that the references of a text name, each once."""
    return tuple(dict.fromkeys(number for one in _references(text) for number in one.numbers))


def follow(text: str, now: Mapping[int, int | None]) -> tuple[str, tuple[Followed, ...]]:
    """The text with its references as they are printed now, and each of them.

    `now` says for a number as it was written which number that row has now, None where the row is gone. A
    number that it does not know leads to no row.
    """
    parts: list[str] = []
    told: list[Followed] = []
    done = 0
    for one in _references(text):
        start, end = one.span
        written = text[start:end]
        lost = tuple(number for number in one.numbers if now.get(number) is None)
        printed = written if lost else _ATOM.sub(lambda atom: _moved(atom, now), written)
        parts += [text[done:start], printed]
        done = end
        rows = tuple(row for number in one.numbers if (row := now.get(number)) is not None)
        told.append(Followed(one.words, one.words.removesuffix(written) + printed, rows, lost))
    return "".join([*parts, text[done:]]), tuple(told)


def _references(text: str) -> Iterator[Reference]:
    if not _MAYBE.search(text):
        return
    for found in _FOUND.finditer(text):
        span = found.span("numbers") if found["numbers"] else found.span("counted")
        numbers = tuple(_numbers(text[slice(*span)]))
        if numbers and 0 not in numbers:
            words = text[found.start() : span[1]].lstrip("([").strip()
            yield Reference(words, numbers, span)


def _numbers(words: str) -> Iterator[int]:
    for atom in _ATOM.finditer(words):
        yield from _range(atom)


def _range(atom: re.Match[str]) -> Sequence[int]:
    first, last = int(atom[1]), int(atom[3] or atom[1])
    return range(first, last + 1) if first <= last else (first, last)


def _moved(atom: re.Match[str], now: Mapping[int, int | None]) -> str:
    """A number, or a range that stays one where its rows still follow each other."""
    if all(now[number] == number for number in _range(atom)):
        return atom[0]
    numbers = sorted({row for number in _range(atom) if (row := now.get(number)) is not None})
    if atom[3] is None:
        return str(numbers[0])
    if int(atom[1]) > int(atom[3]):
        return f"{now[int(atom[1])]}{atom[2]}{now[int(atom[3])]}"
    runs = [[row for _, row in run] for _, run in groupby(enumerate(numbers), key=lambda at: at[1] - at[0])]
    words = [str(run[0]) if len(run) == 1 else f"{run[0]}{atom[2]}{run[-1]}" for run in runs]
    return " og ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
