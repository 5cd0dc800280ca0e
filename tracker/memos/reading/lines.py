"""The lines of a text layer, with what their blanks tell.

Text layers differ: in some every line ends in a space unless a word was divided there; in some an empty
line stands between all lines. Both are measured on the whole file, never assumed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from tracker.domain.text import clean
from tracker.memos.reading.hyphens import divided, join

_SENTENCE_END = (".", ":", "!", "?", ".”", "?”", ".)", ":”")
_NARROW = frozenset("ijlftrI.,:;'’!|()[]/-1 ")
_WIDE = frozenset("mwMWÆæ@%–—")
_BULLET = re.compile(r"^[•▪·●◦‣○■□*–-]\s+(?=\S)")
# What the signs of Word's symbol fonts become in a text layer, and the letter that stands for a hollow one.
_SYMBOL = re.compile(r"^(\s*)(?:[\uf0a7\uf0b7\uf0a8\uf0d8\uf0fc\uf02d➢➤✓✔⁃]|o(?=\s+[A-ZÆØÅ]))(?=\s*\S)\s*")
# A status speaks in sentences, titles and headings seldom do.
_VERB = re.compile(
    r"\b(?:er|har|havde|blev|bliver|var|skal|kan|vil|forventes|is|are|has|have|was|were|will)\b"
)
BESIDE = re.compile(r"\S {3,}\S")
_LAID_OUT = 6
_LAID_OUT_SHARE = 0.12
_TAIL = 80
_MAJORITY = 0.5
_FEW = 0.1


@dataclass(frozen=True)
class Line:
    """A line with text. `number` counts from 1 in the file, blank lines included.

    `gap` is the count of blank lines before it, `empty_paragraph` says that one of them held a space;
    `ends_paragraph` that two spaces follow; `real_hyphen` what the blank after a last hyphen tells;
    `begins_status` that a row's second cell was found to begin here.
    """

    number: int
    text: str
    page: int = 1
    gap: int = 0
    empty_paragraph: bool = False
    page_start: bool = False
    ends_paragraph: bool = False
    real_hyphen: bool | None = None
    begins_status: bool = False

    @property
    def starts_low(self) -> bool:
        return self.text[:1].islower()

    @property
    def is_bullet(self) -> bool:
        return bool(_BULLET.match(self.text))

    @property
    def divided(self) -> bool:
        """Whether the last word goes on in the next line."""
        return divided(self.text) and not self.real_hyphen

    @property
    def ends_sentence(self) -> bool:
        return self.text.endswith(_SENTENCE_END)


@dataclass(frozen=True)
class Source:
    """All lines of a file; `double` says that blank lines stand between the lines of a paragraph too."""

    lines: tuple[Line, ...]
    double: bool


def read_lines(text: str) -> Source:
    """Cut a text layer into lines and measure what its blanks mean."""
    pages = text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").split("\f")
    raw = [(page, line, first) for page, part in enumerate(pages) for line, first in _with_first(part)]
    filled = [line for _, line, _ in raw if line.strip()]
    spaced = sum(line != line.rstrip() for line in filled) > _MAJORITY * len(filled)
    indented = sum(line[:1] == " " for line in filled) > _FEW * len(filled)
    lines: list[Line] = []
    gap, empty, page = 0, False, 1
    for number, (part, line, first) in enumerate(raw, start=1):
        if not line.strip():
            gap += 1
            empty = empty or (spaced and line != "")
            continue
        own_break = first and part > 0
        by_indent = spaced and not indented and bool(lines) and gap == 0 and _one_space(line)
        page += own_break or by_indent
        lines.append(_line(number, line, page, gap, empty, own_break or by_indent, spaced=spaced))
        gap, empty = 0, False
    gaps = [line.gap for line in lines[1:] if not line.page_start]
    return Source(tuple(lines), double=sum(gap > 0 for gap in gaps) > _MAJORITY * len(gaps))


def is_laid_out(text: str) -> bool:
    """Whether so many lines hold words that stand beside each other that the text must have columns."""
    filled = [line for line in text.split("\n") if line.strip()]
    beside = sum(bool(BESIDE.search(line.rstrip())) for line in filled)
    return beside >= max(_LAID_OUT, _LAID_OUT_SHARE * len(filled))


def _with_first(part: str) -> list[tuple[str, bool]]:
    """The lines of a page, each with whether it is the page's first that holds text."""
    found, seen = [], False
    for line in part.split("\n"):
        found.append((line, bool(line.strip()) and not seen))
        seen = seen or bool(line.strip())
    return found


def _one_space(line: str) -> bool:
    return line[:1] == " " and line[1:2] != " "


def _line(number: int, raw: str, page: int, gap: int, empty: bool, start: bool, *, spaced: bool) -> Line:
    trailing = len(raw) - len(raw.rstrip())
    raw = _SYMBOL.sub(r"\1• ", raw)
    return Line(
        number=number,
        text=" ".join(piece.strip() for piece in clean(raw).split("\n") if piece.strip()),
        page=page,
        gap=gap,
        empty_paragraph=empty,
        page_start=start,
        ends_paragraph=spaced and trailing > 1,
        real_hyphen=(trailing > 0) if spaced and raw.rstrip().endswith("-") else None,
    )


def gap_breaks(source: Source, lines: Sequence[Line], at: int) -> bool:
    """Whether the blank lines before `lines[at]` end a paragraph."""
    line = lines[at]
    if line.page_start or line.gap == 0 or (at and lines[at - 1].divided):
        return False
    if line.empty_paragraph or not source.double or line.gap > 1:
        return True
    if line.starts_low:
        return False
    # A single blank line between lines that stand close is a paragraph's end, elsewhere mere line spacing.
    close_before = at > 0 and lines[at - 1].gap == 0 and not lines[at - 1].page_start
    close_after = at + 1 < len(lines) and lines[at + 1].gap == 0 and not lines[at + 1].page_start
    return close_before or close_after


@lru_cache(maxsize=4096)  # a line is measured for every place where its row's title may end
def width(text: str) -> float:
    """The printed width in average letters; fonts differ, the order of wide and narrow letters hardly."""
    return sum(
        0.55 if sign in _NARROW else 1.5 if sign in _WIDE else 1.2 if sign.isupper() else 1.0 for sign in text
    )


def fits(line: Line, after: Line, column: float, *, margin: float = 0.0) -> bool:
    """Whether the first word of the next line had room on this one, so that the line was ended on purpose."""
    word = after.text.split(maxsplit=1)[0]
    return not line.divided and width(line.text) + width(" " + word) + margin <= column


def has_verb(text: str) -> bool:
    """Whether one of the verbs of a plain statement stands in a text."""
    return bool(_VERB.search(text))


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie; 0 for none."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


def joined(lines: Sequence[Line]) -> tuple[str, tuple[str, ...]]:
    """Lines as one text, and the words whose join is doubtful."""
    pieces = [line.text for line in lines[:1]]
    doubtful: list[str] = []
    for before, line in pairwise(lines):
        # Only the end of what stands is looked at, or a long text would be copied once a line.
        end = pieces.pop()
        step = join(end[-_TAIL:], line.text, real=before.real_hyphen)
        at = len(step.text) - len(line.text)
        pieces += [end[:-_TAIL] + step.text[:at], step.text[at:]]
        doubtful += [step.word] if step.word else []
    return "".join(pieces), tuple(doubtful)
