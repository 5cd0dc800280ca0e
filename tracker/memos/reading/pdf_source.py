"""The pages of a PDF as words and rules with their places, taken out by a process with limits.

What the process takes is bounded by the file's size, so that a small file that was made to be slow is given
up after seconds and a memo of a thousand pages is read to its end.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from tracker.domain.text import clean_piece
from tracker.memos.reading.result import Unreadable

_PROGRAM = Path(__file__).with_name("pdf_process.py")
SECONDS = 20
SECONDS_A_MEGABYTE = 40
MOST_SECONDS = 300
MEMORY = 1024 * 1024 * 1024
MAX_PAGES = 3_000
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
# How this product's own PDFs print a character that no font has.
_SPELT = re.compile(r"\[U\+([0-9A-F]{4}|[0-9A-F]{5}|10[0-9A-F]{4})\]")
_PICTURE = 0.3
_NAMELESS = 0.3


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of a line between blanks, or of one look; `blanks` counts those before, `after` those behind.

    `base` is where its line stands, in points from the page's top; `raised` that it is a mark set above it.
    """

    text: str
    x0: float
    x1: float
    base: float
    size: float
    bold: bool
    blanks: int
    after: int = 0
    raised: bool = False

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True, slots=True)
class Rule:
    """A stroke, level (y0 = y1) or upright (x0 = x1)."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def level(self) -> bool:
        return self.y1 - self.y0 < self.x1 - self.x0


@dataclass(frozen=True)
class Page:
    """`turned` are the words of watermarks: aslant, or far larger than the text."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    turned: tuple[str, ...]
    rules: tuple[Rule, ...]


def read_pages(data: bytes) -> Iterator[Page]:
    """The pages, one at a time. Raises Unreadable, with one sentence, for what cannot be read."""
    seconds = min(SECONDS + SECONDS_A_MEGABYTE * len(data) // 2**20, MOST_SECONDS)
    command = [sys.executable, "-I", str(_PROGRAM), str(seconds), str(MEMORY), str(MAX_PAGES)]
    # The process parses what a stranger sent: it is given no setting of ours.
    running = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"},
    )
    try:
        _send(running.stdin, data)
        yield from _checked(running.stdout, encrypted=b"/Encrypt" in data)
    finally:
        running.kill()
        if running.stdout:
            running.stdout.close()
        running.wait()


def _send(stdin: IO[bytes] | None, data: bytes) -> None:
    if stdin is None:
        return
    try:
        stdin.write(data)
        stdin.close()
    except BrokenPipeError:
        # It has ended already; what it printed, or did not, says why.
        return


def _checked(lines: IO[bytes] | None, *, encrypted: bool) -> Iterator[Page]:
    letters = nameless = pictured = 0
    ended = False
    for line in lines or ():
        try:
            said: dict[str, Any] = json.loads(line)
        except ValueError:
            break
        if "error" in said:
            # A file that says it is encrypted may break the parser before it comes to that.
            raise _refusal("encrypted" if encrypted and said["error"] == "damaged" else said["error"])
        if "end" in said:
            ended = True
            break
        letters += said["letters"]
        nameless += said["nameless"]
        pictured += said["pictures"] > _PICTURE
        yield _page(said)
    if not ended:
        raise _refusal("heavy")
    if not letters:
        raise _refusal("scan" if pictured else "empty")
    if nameless > _NAMELESS * letters:
        raise _refusal("nameless")


def _refusal(reason: str) -> Unreadable:
    if reason == "encrypted":
        return Unreadable("The PDF is protected by a password; save it without one.")
    if reason == "pages":
        return Unreadable("The PDF has more than %(limit)s pages and is not read.", limit=MAX_PAGES)
    if reason == "heavy":
        return Unreadable("The PDF takes far more work to read than a memo does and was given up.")
    if reason == "scan":
        return Unreadable(
            "The PDF holds pictures of pages and no text; use the Word file, or a PDF with text recognised."
        )
    if reason == "empty":
        return Unreadable("The PDF holds no text.")
    if reason == "nameless":
        return Unreadable("The PDF does not say which letters its fonts show; use the Word file.")
    return Unreadable("The PDF is damaged and cannot be opened.")


def _page(said: dict[str, Any]) -> Page:
    words = [_word(values) for values in said["words"]]
    return Page(
        number=said["page"],
        width=said["width"],
        height=said["height"],
        words=tuple(_with_marks([word for word in words if word.text])),
        turned=tuple(said["turned"]),
        rules=tuple(Rule(*_ordered(rule)) for rule in said["rules"]),
    )


def _word(values: list[Any]) -> Word:
    text, *rest = values
    text = _SPELT.sub(lambda code: chr(int(code[1], 16)), text.translate(_LIGATURES))
    return Word(" ".join(clean_piece(text).split()), *rest)


def _ordered(rule: list[float]) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = rule
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _with_marks(words: list[Word]) -> list[Word]:
    """The same words, with small digits above a line's end or start put down on that line as marks."""
    short = [at for at, word in enumerate(words) if len(word.text) <= 3 and word.text.isdecimal()]
    found = [replace(word, raised=False) if word.raised else word for word in words]
    for at in short:
        word = words[at]
        if word.raised and _touches(words, at):
            found[at] = word
            continue
        for other in words[max(0, at - 400) : at + 400]:
            if _carries(other, word):
                found[at] = replace(word, base=other.base, raised=True)
                break
    return found


def _touches(words: list[Word], at: int) -> bool:
    """Whether a word stands right behind another, or right before one."""
    word = words[at]
    before = words[at - 1] if at else None
    if (
        before
        and not word.blanks
        and abs(word.x0 - before.x1) < 0.1 * word.size
        and not before.text[-1:].isdigit()
    ):
        return True
    after = words[at + 1] if at + 1 < len(words) else None
    return bool(after and abs(after.x0 - word.x1) < 0.3 * word.size and after.base == word.base)


def _carries(other: Word, mark: Word) -> bool:
    """Whether a small word is set as a mark beside another: above its line and touching it."""
    raised = 0.12 * other.size < other.base - mark.base < 0.75 * other.size
    if not raised or mark.size > 0.85 * other.size:
        return False
    after = abs(mark.x0 - other.x1) < 0.3 * other.size
    before = 0 <= other.x0 - mark.x1 < 0.8 * other.size
    return after or before
