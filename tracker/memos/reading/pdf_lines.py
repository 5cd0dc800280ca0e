"""The lines of a part of a page, from its words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tracker.domain.text import BULLETS, mark
from tracker.memos.reading.pdf_source import Word

_SENTENCE_END = re.compile(r"[.:!?][”\"’)»⁰¹²³⁴⁵⁶⁷⁸⁹]*$")
_ITEM = re.compile(r"^(\d{1,3})[.)]$")
_MORE_BULLETS = "➢►✓✔➤❖⁃∙⚫⦁▸»"
_TOUCH = 0.15


@dataclass(frozen=True, slots=True)
class Line:
    """`first` is the width of the first word, `sign` a bullet before it, `text_x0` where words begin then.

    `trails` counts the blanks behind the last word.
    """

    page: int
    text: str
    x0: float
    x1: float
    base: float
    size: float
    bold: bool
    first: float
    sign: str = ""
    text_x0: float = 0.0
    trails: int = 0

    @property
    def printed(self) -> str:
        """The text with the bullet before it."""
        return f"{self.sign} {self.text}" if self.sign else self.text

    @property
    def ends_sentence(self) -> bool:
        return bool(_SENTENCE_END.search(self.text))

    @property
    def starts_low(self) -> bool:
        return self.text[:1].islower()

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


def lines_of(words: Iterable[Word], page: int, *, apart: float = 0.0) -> list[Line]:
    """The lines of some words from above; words more than `apart` letters' sizes apart are two."""
    found: list[list[Word]] = []
    for word in sorted(words, key=lambda one: (one.base, one.x0)):
        row = found[-1] if found else []
        if row and word.base - row[0].base <= max(0.3 * min(word.size, row[0].size), 1.5):
            row.append(word)
        else:
            found.append([word])
    return [
        line_of(part, page)
        for row in found
        for part in _parts(sorted(row, key=lambda one: one.x0), apart=apart)
    ]


def _parts(row: list[Word], *, apart: float) -> list[list[Word]]:
    parts = [row[:1]]
    space = float("inf")
    for before, word in pairwise(row):
        gap = word.x0 - before.x1
        # A dash at the end of a stretched line in the column before stands nearer to that line's words.
        lone = len(parts[-1]) == 1 and _is_bullet(before, word) and gap < min(4 * word.size, space)
        if apart and not lone and gap > apart * max(before.size, word.size):
            parts.append([word])
        else:
            parts[-1].append(word)
        space = gap
    return parts


def line_of(words: Sequence[Word], page: int) -> Line:
    """One line of words that stand beside each other."""
    largest = Counter[float]()
    for word in words:
        largest[word.size] += len(word.text)
    size = largest.most_common(1)[0][0]
    bullet = len(words) > 1 and _is_bullet(words[0], words[1])
    shown = words[1:] if bullet else words
    plain = [word for word in shown if not word.raised] or list(shown)
    return Line(
        page=page,
        text=_text(shown),
        x0=words[0].x0,
        x1=max(word.x1 for word in words),
        base=words[0].base if not words[0].raised else words[-1].base,
        size=size,
        bold=_is_bold(plain),
        first=_first_width(shown),
        sign=words[0].text if bullet else "",
        text_x0=_hang(words, bullet=bullet),
        trails=words[-1].after,
    )


def _is_bold(words: Sequence[Word]) -> bool:
    """Whether a line is bold, but for single signs that another font had to give."""
    bold = sum(len(word.text) for word in words if word.bold)
    return bold > 0.8 * sum(len(word.text) for word in words)


def _hang(words: Sequence[Word], *, bullet: bool) -> float:
    """Where the words begin behind a bullet or a number that stands apart."""
    labelled = bullet or (len(words) > 1 and bool(_ITEM.match(words[0].text)))
    return words[1].x0 if labelled else words[0].x0


def _is_bullet(word: Word, after: Word) -> bool:
    if len(word.text) != 1:
        return False
    lone = word.text in "oO§" and after.x0 - word.x1 > 0.6 * after.size
    return lone or is_sign(word.text)


def is_sign(text: str) -> bool:
    return "\ue000" <= text <= "\uf8ff" or text in BULLETS or text in _MORE_BULLETS


def _text(words: Sequence[Word]) -> str:
    pieces: list[str] = []
    for at, word in enumerate(words):
        text = mark(int(word.text)) if word.raised else word.text
        if at and (word.blanks or word.x0 - words[at - 1].x1 > _TOUCH * word.size) and not word.raised:
            pieces.append("  " if word.blanks > 1 else " ")
        pieces.append(text)
    return "".join(pieces)


def _first_width(words: Sequence[Word]) -> float:
    end = words[0].x1
    for before, word in pairwise(words):
        if word.blanks or word.x0 - before.x1 > _TOUCH * word.size:
            break
        end = word.x1
    return end - words[0].x0


def beside(left: Line, right: Line) -> Line:
    """Two pieces of one printed line as one."""
    return Line(
        page=left.page,
        text=f"{left.text} {right.text}",
        x0=left.x0,
        x1=max(left.x1, right.x1),
        base=left.base,
        size=left.size if len(left.text) >= len(right.text) else right.size,
        bold=left.bold and right.bold,
        first=left.first,
        sign=left.sign,
        text_x0=right.x0 if _ITEM.match(left.text) else left.text_x0,
        trails=right.trails,
    )
