"""Status text: paragraphs, lists, sub-headings and footnotes, and the two forms they are written in.

* **Plain form**: one string, a line per block; `- ` bullets, `1. ` numbers, footnote marks as
  superscript digits. A sub-heading is a line of its own, so the plain form cannot tell it from a
  paragraph. This is what a person reads and what `memo read --json` prints.
* **Editing form**: what is stored and typed. The same, but a sub-heading begins with `## ` and the
  text's own footnotes follow as last lines that begin with their mark (`¹ The note.`). A backslash before
  a sign that would begin a list, a heading or a note keeps it as text.

`parse` also takes what people type and paste without having been told: `1)`, `(1)` and `a.` lists, every
usual bullet, Word's bullets as plain text (`o` and a tab), `[^1]` for a mark, and the `[1]` that Word makes
of its footnotes. What it gives, `to_editing` writes so that it is read the same again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

BlockKind = Literal["paragraph", "bullet", "number", "heading"]

_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
MARK = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_TYPED_MARK = re.compile(r"\[(\\*)\^(\d{1,3})\]")
_TYPED_NOTE = re.compile(r"^\[\^(\d{1,3})\]:? *", re.MULTILINE)
_BRACKET = re.compile(r"\[(\d{1,3})\]")
_BRACKET_NOTE = re.compile(r"^\[(\d{1,3})\] +(?=\S)", re.MULTILINE)
_NOTE_LINE = re.compile(r"^([⁰¹²³⁴⁵⁶⁷⁸⁹]+) +(\S.*)$")
# "1. maj" and "2. kvartal" open a sentence, not an item of a list.
NO_ITEM = (
    r"(?!(?:januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december"
    r"|kvartal|halvår)\b)"
)
_NUMBER_LINE = re.compile(rf"^(\d{{1,3}})\. +{NO_ITEM}(\S.*)$", re.IGNORECASE)
BULLETS = "-*•–▪·●◦‣○■□"
_TYPED_HEADING = re.compile(r"^#{1,4} +(\S.*)$")
# Signs that are never text need no space after them; Word's second level is an "o" set off with spaces.
_TYPED_BULLET = re.compile(rf"^(?:[{re.escape(BULLETS)}—] +|[•▪●‣◦○■□➢➤✓✔❖] *|o {{2,}})(\S.*)$")
_TYPED_NUMBER = re.compile(r"^(?:\((\d{1,3})\)|(\d{1,3})\)) +(\S.*)$")
_TYPED_LETTER = re.compile(r"^\(?([a-zA-Z])[.)] +(\S.*)$")
# The sign of a list in Symbol, Wingdings or Courier and the tab after it, as Word puts them on the clipboard.
_WORD_BULLET = re.compile(r"^[ \t]*(?:[oqvnlØü§·]|[\uf020-\uf0ff])\t[ \t]*", re.MULTILINE)
# Word's soft line break, form feed, line and paragraph separators all end a line here.
_LINE_ENDS = re.compile("\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_NON_CHARACTERS = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
# Controls but for tab and line feed, surrogates, non-characters.
_DROPPED = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff{_NON_CHARACTERS}]")
_SPACES = str.maketrans("\t\u00a0\u202f", "   ")
# What draws nothing by itself: soft hyphen, joiners, directions, fillers, selectors, byte order mark.
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff"
)
_SEEN = re.compile(rf"[^\s{_UNSEEN}]")
_INVISIBLE = re.compile(f"[{_UNSEEN}]")


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

    Tabs and no-break spaces become spaces; the sign and tab of a Word list become `• `. Surrogates and
    non-characters are dropped, since neither Word nor a database can hold them. Everything else,
    bidirectional marks included, stays, unless there is nothing beside it that can be seen: a text of
    invisible characters is none.
    """
    text = clean_piece(text)
    return text if _SEEN.search(text) else _INVISIBLE.sub("", text)


def clean_piece(text: str) -> str:
    """The same of a piece of a text, such as a word of a page: something to see may stand beside it."""
    text = _LINE_ENDS.sub("\n", text)
    if "\t" in text:
        text = _WORD_BULLET.sub("• ", text)
    return unicodedata.normalize("NFC", _DROPPED.sub("", text).translate(_SPACES))


@lru_cache(maxsize=256)
def parse(editing: str) -> StatusText:
    """Read the editing form. Never fails: a line that is no list item or heading is a paragraph."""
    lines = [line for line in (line.strip() for line in _with_marks(clean(editing)).split("\n")) if line]
    blocks: list[Block] = []
    notes: list[Footnote] = []
    lettered = _lettered(lines)
    for place, line in enumerate(lines):
        if found := _NOTE_LINE.match(line):
            notes.append(Footnote(mark_number(found[1]), found[2]))
        elif place in lettered:
            blocks.append(lettered[place])
        else:
            blocks.append(_typed(line))
    return StatusText(tuple(blocks), tuple(notes))


def _with_marks(text: str) -> str:
    """The text with footnote marks as superscripts; `[1]` is one only where a line `[1] …` explains it."""
    if "[" not in text:
        return text
    text = "\n".join(line.strip() for line in text.split("\n"))
    text = _TYPED_NOTE.sub(lambda found: f"{mark(int(found[1]))} ", text)
    text = _TYPED_MARK.sub(_typed_mark, text)
    notes = {found[1]: found.start() for found in _BRACKET_NOTE.finditer(text)}
    notes = {number: start for number, start in notes.items() if text.find(f"[{number}]") < start}
    if not notes:
        return text
    return _BRACKET.sub(lambda found: mark(int(found[1])) if found[1] in notes else found[0], text)


def _typed_mark(found: re.Match[str]) -> str:
    slashes, number = found[1], found[2]
    return f"[{slashes[1:]}^{number}]" if slashes else mark(int(number))


def _lettered(lines: Sequence[str]) -> dict[int, Block]:
    """The items of lists `a.`, `b.`, … by place. One letter alone is an initial or an abbreviation."""
    items: dict[int, Block] = {}
    run: list[Block] = []
    for place, line in enumerate([*lines, ""]):
        found = _TYPED_LETTER.match(line)
        number = ord(found[1].lower()) - ord("a") + 1 if found else 0
        if found and number == len(run) + 1:
            run.append(Block("number", found[2], number))
            continue
        if len(run) > 1:
            items.update(enumerate(run, start=place - len(run)))
        run = [Block("number", found[2], 1)] if found and number == 1 else []
    return items


def _typed(line: str) -> Block:
    """One typed line as a block, in more ways of writing than the plain form has."""
    if line.startswith("\\") and _is_marked(line.lstrip("\\")):
        return Block("paragraph", line[1:])
    if found := _TYPED_HEADING.match(line):
        return Block("heading", found[1])
    if found := _TYPED_BULLET.match(line):
        return Block("bullet", found[1])
    if found := _TYPED_NUMBER.match(line):
        return Block("number", found[3], int(found[1] or found[2]))
    return block_of(line)


def _is_marked(line: str) -> bool:
    """Whether a line as typed could be read as anything but a paragraph."""
    is_note = _NOTE_LINE.match(line) or _BRACKET_NOTE.match(line)
    return bool(is_note or _TYPED_LETTER.match(line)) or _typed(line).kind != "paragraph"


def block_of(line: str) -> Block:
    """One line of the plain form, with the sign of a heading, as a block."""
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
    """The editing form, as stored: a line for each block, then one for each note.

    `parse` gives the same text again, for blocks and notes of one line each, cleaned and without spaces
    around, whose numbers have at most three digits.
    """
    lines = [_editing_line(block) for block in text.blocks]
    lines += [f"{mark(note.number)} {_literal(note.text)}" for note in text.footnotes]
    return "\n".join(lines)


def _editing_line(block: Block) -> str:
    words = _literal(block.text)
    if block.kind == "heading":
        return f"## {words}"
    if block.kind == "bullet":
        return f"- {words}"
    if block.kind == "number":
        # "1. maj" would be read as a date, "1) maj" is not.
        line = f"{block.number}. {words}"
        return line if _NUMBER_LINE.match(line) else f"{block.number}) {words}"
    return f"\\{words}" if _is_marked(words.lstrip("\\")) else words


def _literal(text: str) -> str:
    """Text whose `[^1]` is not read as a footnote mark."""
    return _TYPED_MARK.sub(lambda found: f"[\\{found[1]}^{found[2]}]", text) if "[" in text else text


def renumber(blocks: Sequence[Block], numbers: dict[int, int]) -> tuple[Block, ...]:
    """The same blocks with footnote marks replaced by `numbers[old]`; unknown marks stay."""

    def swap(found: re.Match[str]) -> str:
        return mark(numbers.get(mark_number(found[0]), mark_number(found[0])))

    return tuple(Block(block.kind, MARK.sub(swap, block.text), block.number) for block in blocks)


def marks_in(blocks: Iterable[Block]) -> list[int]:
    """The numbers of the footnote marks in reading order, each once."""
    seen = dict.fromkeys(mark_number(found) for block in blocks for found in MARK.findall(block.text))
    return list(seen)
