"""How the lines of a PDF follow each other, and their words put together where a line ended."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tracker.memos.reading.hyphens import Join, divided, join, knows, runs_over
from tracker.memos.reading.pdf_lines import Line

# "SoMe-kampagne" and "eLæring-forløb" keep their hyphen as "QR-kode" does.
_INNER_CAPITAL = re.compile(r"[a-zæøå][A-ZÆØÅ]\w*-$")
_LONE_ITEM = re.compile(r"^(?:\d{1,3}|\w)[.)] \S+$")
_BREAKING = "/}–—|\\"
_CLOSING = ".,;:!?)]}”’»%"
_TAIL = 80
_MOSTLY = 0.6
_MANY = 60
_FEW = 0.03


@dataclass
class Flow:
    """How lines follow each other in one kind of text: `leading` as a share of the letter's size.

    `trailing` says that the program which made the PDF keeps the blank behind a line that it broke, so that
    a line with room and without a blank ends a paragraph; `always`, that it keeps it where there is no room
    for it too. `whole` says that words are not divided at line
    ends, so that a hyphen there belongs to the word; `rough`, that places on the page are but a text layer's;
    `straight`, that lines are stretched to one right edge, so that a shorter one ends its paragraph;
    `kept` is how far right a line of the column has ended with its blank.
    """

    leading: float = 1.3
    trailing: bool = False
    always: bool = False
    whole: bool = False
    rough: bool = False
    straight: bool = False
    kept: float = 0.0

    @classmethod
    def of(cls, columns: Iterable[tuple[Sequence[Line], float]]) -> Flow:
        """Measured on lines that stand below each other, and where they end at the right.

        The leading is the closest distance that is no exception.
        """
        steps = Counter[float]()
        trails = ends = full = kept = hyphens = count = 0
        for lines, limit in columns:
            count += len(lines)
            hyphens += sum(divided(line.text) for line in lines)
            for before, line in pairwise(lines):
                if before.page == line.page and abs(before.size - line.size) < 0.3 and line.size:
                    steps[round((line.base - before.base) / line.size, 1)] += 1
                free = limit - before.x1
                if divided(before.text) or breaks_after(before.text) or free > line.first + 2:
                    continue
                # This line was broken by the program: the next word had no room.
                if free > 0.4 * before.size:
                    ends += 1
                    trails += before.trails > 0
                elif free < 0.2 * before.size:
                    full += 1
                    kept += before.trails > 0
        usual = [step for step, times in steps.items() if step > 0.8 and times * 8 >= steps.total()]
        return cls(
            min(usual, default=1.3),
            trailing=trails > _MOSTLY * max(ends, 1),
            always=full > 0 and kept > _MOSTLY * full,
            whole=count >= _MANY and hyphens < _FEW * count,
        )


def joined(lines: Sequence[Line], *, flow: Flow | None = None, limit: float = 0.0) -> tuple[str, list[str]]:
    """Lines as one text, divided words put together, and those that may be wrong.

    `flow` tells how the text was set; `limit` is where the lines end at the right, 0 when it is not known.
    """
    text = lines[0].text
    doubtful: list[str] = []
    for before, line in pairwise(lines):
        # Only the end of what stands is looked at, or a long text would be copied once a line.
        step = _join(text[-_TAIL:], before, line, flow=flow or Flow(), limit=limit)
        text = text[:-_TAIL] + step.text
        doubtful += [step.word] if step.word else []
    return text, doubtful


def _join(left: str, before: Line, line: Line, *, flow: Flow, limit: float) -> Join:
    right = line.printed
    if is_one_word(before, line):
        return Join(left + right)
    if not flow.rough and _is_cut(before, line, limit, flow):
        word = left.rsplit(maxsplit=1)[-1] + right.split()[0]
        return Join(left + right, "" if knows(word) else word)
    if before.trails:
        blanks = "  " if before.trails > 1 else " "
        return Join(f"{left}{blanks}{right}")
    if left.endswith((" –", " —")):
        return Join(f"{left} {right}")  # A dash between two words has a blank on both its sides.
    kept = Join(left + right)
    if left.endswith(("/", "}")) or (flow.always and breaks_after(left) and not divided(left)):
        return kept
    step = join(left, right)
    if not left.endswith("-") or step.text.endswith(f" {right}") or step.text == kept.text:
        return step
    return _with_hyphen_or_not(left, right, step, whole=flow.whole)


def _with_hyphen_or_not(left: str, right: str, step: Join, *, whole: bool) -> Join:
    """A word at a hyphen, its own where words are not divided, unless what stands before is no word."""
    kept = Join(left + right)
    if _INNER_CAPITAL.search(left):
        return kept
    half = left.rsplit(maxsplit=1)[-1][:-1]
    if not whole or (not step.word and not knows(half)):
        return step
    return Join(kept.text, f"{half}-{right.split(maxsplit=1)[0]}")


def is_one_word(before: Line, line: Line) -> bool:
    """Whether no blank stood at the break: in a flag or picture, between ideographs, at a place to break."""
    last, first = before.text[-1:], line.printed[:1]
    if before.trails or not (last and first):
        return False
    flag = all("\U0001f1e6" <= letter <= "\U0001f1ff" for letter in (last, first))
    picture = unicodedata.category(last) in {"So", "Sk"}
    added = first == "\u200d" or "\U0001f3fb" <= first <= "\U0001f3ff"
    ideograph = any("\u2e80" <= letter <= "\u9fff" for letter in (last, first))
    return last in {"\u200b", "\u200d"} or flag or ideograph or (picture and added)


def breaks_after(text: str) -> bool:
    """Whether a line may break after the last sign though no blank stands there."""
    return text[-1] in _BREAKING or unicodedata.category(text[-1]) in {"So", "Lo"}


def _is_cut(before: Line, line: Line, limit: float, flow: Flow) -> bool:
    """Whether a word too long for its line was cut at the edge, without a hyphen."""
    if before.trails or line.sign or divided(before.text) or limit - before.x1 > 0.7 * before.size:
        return False
    item = not flow.straight and bool(_LONE_ITEM.match(before.text))
    lone = item or " " not in before.text.removeprefix("- ")
    last, first = before.text.split()[-1], line.text.split()[0]
    if not lone or not last[-1].isalpha():
        return False
    if first[0] in _CLOSING or not line.starts_low:
        return first[0] in _CLOSING
    if knows(last) and knows(first):
        return not item and runs_over(last, first)
    return knows(last + first)
