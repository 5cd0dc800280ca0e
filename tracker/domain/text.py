"""Status text: paragraphs, lists, sub-headings and footnotes, and the two forms they are written in.

* **Plain form**: one string, a line per block; `- ` bullets, `1. ` numbers, footnote marks as
  superscript digits. A sub-heading is a line of its own, so the plain form cannot tell it from a
  paragraph. This is what a person reads and what `memo read --json` prints.
* **Editing form**: what is stored and typed. The same, but a sub-heading begins with `## ` and the
  text's own footnotes follow as last lines that begin with their mark (`¹ The note.`). `[^1]` typed in
  the text or before a note is accepted for a mark. `parse` and `to_editing` are inverse on `StatusText`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

BlockKind = Literal["paragraph", "bullet", "number", "heading"]

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
MARK = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_TYPED_MARK = re.compile(r"\[\^(\d{1,3})\]:?")
_NOTE_LINE = re.compile(r"^([⁰¹²³⁴⁵⁶⁷⁸⁹]+) +(\S.*)$")
# "1. maj" and "2. kvartal" open a sentence, not an item of a list.
NO_ITEM = (
    r"(?!(?:januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december"
    r"|kvartal|halvår)\b)"
)
_NUMBER_LINE = re.compile(rf"^(\d{{1,3}})\. +{NO_ITEM}(\S.*)$", re.IGNORECASE)
BULLETS = "-*•–▪·●◦‣○■□"
# Word's soft line break, form feed, line and paragraph separators all end a line here.
_LINE_ENDS = re.compile("\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_NON_CHARACTERS = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
# Controls but for tab and line feed, surrogates, non-characters.
_DROPPED = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff{_NON_CHARACTERS}]")
_SPACES = str.maketrans("\t\u00a0\u202f", "   ")


@dataclass(frozen=True)
class Block:
    """One line of a status. `number` is the printed number of a numbered item, else None."""

    kind: BlockKind
    text: str
    number: int | None = None


@dataclass(frozen=True)
class Footnote:
    number: int
    text: str


@dataclass(frozen=True)
class StatusText:
    blocks: tuple[Block, ...] = ()
    footnotes: tuple[Footnote, ...] = ()


def mark(number: int) -> str:
    """The footnote mark of a number: 12 -> '¹²'."""
    return str(number).translate(_SUPERSCRIPTS)


def mark_number(characters: str) -> int:
    """The number of a footnote mark: '¹²' -> 12."""
    return int(characters.translate(_DIGITS))


def clean(text: str) -> str:
    """Normalise what a person typed or pasted: NFC, one kind of line end, no control characters.

    Tabs and no-break spaces become spaces. Surrogates and non-characters are dropped, since neither
    Word nor a database can hold them. Everything else, bidirectional marks included, stays.
    """
    text = _LINE_ENDS.sub("\n", text)
    text = _DROPPED.sub("", text).translate(_SPACES)
    return unicodedata.normalize("NFC", text)


def parse(editing: str) -> StatusText:
    """Read the editing form. Never fails: a line that is no list item or heading is a paragraph."""
    text = _TYPED_MARK.sub(lambda found: mark(int(found[1])), clean(editing))
    blocks: list[Block] = []
    notes: list[Footnote] = []
    for line in (line.strip() for line in text.split("\n")):
        if not line:
            continue
        if found := _NOTE_LINE.match(line):
            notes.append(Footnote(mark_number(found[1]), found[2]))
        else:
            blocks.append(block_of(line))
    return StatusText(tuple(blocks), tuple(notes))


def block_of(line: str) -> Block:
    """One line of the editing form as a block."""
    if line.startswith("## ") and line[3:].strip():
        return Block("heading", line[3:].strip())
    if line[:1] in BULLETS and line[1:2] == " " and line[2:].strip():
        return Block("bullet", line[2:].strip())
    if found := _NUMBER_LINE.match(line):
        return Block("number", found[2], int(found[1]))
    return Block("paragraph", line)


def plain(blocks: Iterable[Block]) -> str:
    """The plain form of some blocks."""
    return "\n".join(_plain_line(block) for block in blocks)


def _plain_line(block: Block) -> str:
    if block.kind == "bullet":
        return f"- {block.text}"
    if block.kind == "number":
        return f"{block.number}. {block.text}"
    return block.text


def to_editing(text: StatusText) -> str:
    """The editing form, as stored: blank line between blocks of different kind left to the reader."""
    lines = [f"## {block.text}" if block.kind == "heading" else _plain_line(block) for block in text.blocks]
    lines += [f"{mark(note.number)} {note.text}" for note in text.footnotes]
    return "\n".join(lines)


def renumber(blocks: Sequence[Block], numbers: dict[int, int]) -> tuple[Block, ...]:
    """The same blocks with footnote marks replaced by `numbers[old]`; unknown marks stay."""

    def swap(found: re.Match[str]) -> str:
        return mark(numbers.get(mark_number(found[0]), mark_number(found[0])))

    return tuple(Block(block.kind, MARK.sub(swap, block.text), block.number) for block in blocks)


def marks_in(blocks: Iterable[Block]) -> list[int]:
    """The numbers of the footnote marks in reading order, each once."""
    seen = dict.fromkeys(mark_number(found) for block in blocks for found in MARK.findall(block.text))
    return list(seen)
