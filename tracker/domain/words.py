"""The words that somebody looks for, and where they stand in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

MOST_WORDS = 12
AROUND = 90
_WORD = re.compile(r"[^\W_]+")
_SHORTEST_STEM = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a snippet; `found` when it is what was looked for."""

    text: str
    found: bool


def words_of(query: str) -> tuple[str, ...]:
    """The words of a query in small letters, each once; signs of any kind are no words."""
    return tuple(dict.fromkeys(_WORD.findall(query.lower())))[:MOST_WORDS]


def snippet(text: str, words: tuple[str, ...], *, around: int = AROUND) -> tuple[Piece, ...]:
    """What stands around the first word that was found, in one line, cut at spaces, with every word marked.

    A word is found where another begins with it; a database that knows inflections may have found one that
    does not, and then the longest beginning that stands in the text is marked.
    """
    line = " ".join(text.split())
    spans = _spans(line, words)
    middle = spans[0][0] if spans else 0
    first, last = max(0, middle - around), min(len(line), middle + 2 * around)
    if first:
        first = line.find(" ", first, middle) + 1 or first
    if last < len(line):
        last = max(line.rfind(" ", middle, last), spans[0][1] if spans else 0) or last
    edges = [first, *(edge for span in spans if span[1] <= last for edge in span), last]
    pieces = [Piece(line[start:end], place % 2 == 1) for place, (start, end) in enumerate(pairwise(edges))]
    if first:
        pieces.insert(0, Piece("… ", found=False))
    if last < len(line):
        pieces.append(Piece(" …", found=False))
    return tuple(piece for piece in pieces if piece.text)


def _spans(line: str, words: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where the words stand, in order and apart."""
    found = {found.span() for word in words for found in _found(line, word)}
    spans: list[tuple[int, int]] = []
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
    return spans


def _found(line: str, word: str) -> list[re.Match[str]]:
    for length in range(len(word), min(_SHORTEST_STEM, len(word)) - 1, -1):
        pattern = re.compile(rf"(?<![^\W_]){re.escape(word[:length])}[^\W_]*", re.IGNORECASE)
        if found := list(pattern.finditer(line)):
            return found
    return []
