"""One name spelt in several ways across the rows: hyphens, spaces and capitals that come and go.

No list of names: whatever is written as a name somewhere is looked for everywhere by its letters alone.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tracker.domain.proofreading_values import Check, Finding, Row, finding
from tracker.domain.text import parse

_LONGEST = 7
_SHORTEST_KEY = 6
_TOKEN = re.compile(r"[^\W_][\w+&]*(?:[-‐‑][\w+&]+)*[-‐‑]?")
# Small words that may stand inside a name.
_INSIDE = frozenset(
    word
    for line in ("for et en af og i på den det de mod til med om ved the of and",)
    for word in line.split()
)
_STARTS = re.compile(r"(?:^|[.!?:]\s+|\n\s*)[”\"»’(]*$")
_KEY = re.compile(r"[\W_]+")
_CAMEL = re.compile(r"[a-zæøå][A-ZÆØÅ]")


@dataclass(frozen=True, slots=True)
class _Word:
    """A word as it stands: `joined` when only a space parts it from the one before."""

    text: str
    key: str
    joined: bool
    opens: bool

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()


@dataclass(frozen=True, slots=True)
class _Form:
    words: str
    row: int


def look(rows: Sequence[Row]) -> Iterator[Finding]:
    """A finding for each row and spelling that is not the usual one of its name."""
    texts = [(row.number, _read(row.title, row.text)) for row in rows]
    names = {key for _, read in texts for key in read.names}
    small = {word for _, read in texts for word in read.small}
    forms: dict[str, list[_Form]] = defaultdict(list)
    for number, read in texts:
        for key, spelling, opener in read.spelt:
            if key in names and opener not in small:
                forms[key].append(_Form(spelling, number))
    by_number = {row.number: row for row in rows}
    for form, others in _odd(forms):
        yield finding(
            Check.name_spelling,
            by_number[form.row],
            form.words,
            others=", ".join(f"{words} ({_numbers(rows_)})" for words, rows_ in others),
        )


def _numbers(rows: Iterable[int]) -> str:
    return ", ".join(str(number) for number in sorted(set(rows)))


@dataclass(frozen=True, slots=True)
class _Read:
    """What a row shows by itself: the letters of its names, and of what may be one elsewhere, as spelt.

    `small` are its words without a capital. A word that has one only because it opens a sentence, the third
    of `spelt`, begins no name where it is small anywhere.
    """

    names: frozenset[str]
    spelt: tuple[tuple[str, str, str], ...]
    small: frozenset[str]


# Of many rows few change between two looks, and reading the words is most of the work.
@lru_cache(maxsize=1024)
def _read(title: str, text: str) -> _Read:
    every = list(_words_of(title, text))
    return _Read(
        frozenset(key for words in every for key in _names(words)),
        tuple(spelt for words in every for spelt in _spelt(words)),
        frozenset(word.text for words in every for word in words if word.text.islower()),
    )


def _words_of(title: str, text: str) -> Iterator[list[_Word]]:
    """The words of the title and of each block."""
    for text_ in (title, *(block.text for block in parse(text).blocks)):
        words: list[_Word] = []
        end = 0
        for match in _TOKEN.finditer(text_):
            between = text_[end : match.start()]
            opens = _STARTS.search(text_, max(0, match.start() - 6), match.start()) is not None
            joined = bool(words) and between == " " and words[-1].text[-1] not in "-‐‑"
            words.append(_Word(match[0], _KEY.sub("", match[0].casefold()), joined, opens and not joined))
            end = match.end()
        if words:
            yield words


def _names(words: Sequence[_Word]) -> Iterator[str]:
    """The letters of whatever is written as a name: a hyphen or a capital inside, or capitals in a row."""
    for start, word in enumerate(words):
        if word.text[-1] in "-‐‑":
            continue
        if _is_compound(word.text) and len(word.key) >= _SHORTEST_KEY:
            yield word.key
        if not word.is_capital:
            continue
        key = word.key
        for end in range(start + 1, min(start + _LONGEST, len(words))):
            following = words[end]
            if not following.joined or following.text[-1] in "-‐‑":
                break
            key += following.key
            if following.is_capital:
                yield key
            elif following.text not in _INSIDE:
                break


def _is_compound(text: str) -> bool:
    """Whether one word has capitals as only names and their compounds have."""
    if text.islower() or text.isupper() or text == text.lower():
        return False
    return "-" in text[1:] or "‐" in text or bool(_CAMEL.search(text))


def _spelt(words: Sequence[_Word]) -> Iterator[tuple[str, str, str]]:
    """Where a name may stand, as its letters, its spelling there, and the word whose capital says nothing."""
    for start, word in enumerate(words):
        if not word.is_capital:
            continue
        key, spelling = "", ""
        for end in range(start, min(start + _LONGEST, len(words))):
            following = words[end]
            if (end > start and not following.joined) or following.text[-1] in "-‐‑":
                break
            key += following.key
            spelling = f"{spelling} {following.text}".strip()
            count = end - start + 1
            if len(key) < _SHORTEST_KEY:
                continue
            if not word.opens or count >= 3 or _has_sign(spelling):
                yield key, spelling, ""
            elif count == 2 and len(word.text) >= _SHORTEST_KEY:
                yield key, spelling, word.text.casefold()


def _has_sign(spelling: str) -> bool:
    """Whether words that open a sentence show by more than the first letter that they are a name."""
    return any(letter.isupper() or letter in "-‐‑" for letter in spelling[1:])


def _odd(forms: dict[str, list[_Form]]) -> Iterator[tuple[_Form, list[tuple[str, list[int]]]]]:
    """The spellings that are not the usual one, once a row, each with the others and their rows."""
    told: set[tuple[int, str]] = set()
    # The shortest first: what differs inside a longer name is told once, by itself.
    for key in sorted(forms, key=len):
        found = forms[key]
        counted = Counter(form.words for form in found)
        if len(counted) < 2:
            continue
        usual = counted.most_common(1)[0][0]
        for form in dict.fromkeys(found):
            if form.words == usual or any(row == form.row and words in form.words for row, words in told):
                continue
            told.add((form.row, form.words))
            rows = {words: [one.row for one in found if one.words == words] for words in counted}
            yield form, [(words, rows[words]) for words in counted if words != form.words]
