"""A memo as PDF, tagged (PDF/UA-1) and archivable (PDF/A-2a), set by Typst from `memo.typ`.

The memo goes in as JSON and is never read as markup. An ordinary memo is set with the fonts that come
with Typst alone, so the same input gives the same bytes on every machine. Only a text with characters
that these lack is set again with the machine's own fonts; what no font has is printed as its code.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.domain.memo import Memo, Row, Section, Table
from tracker.domain.pictures import picture_kind
from tracker.domain.text import Block, mark
from tracker.memos.writing.frame import (
    FrontNotice,
    Letterhead,
    Notice,
    head_lines,
    in_utc,
    said_of,
    words_of,
)
from tracker.memos.writing.pieces import groups, loose_notes, note_texts, pieces, printable, referred
from tracker.memos.writing.row_links import cut_at_rows, may_name_rows

if TYPE_CHECKING:
    from typst import Fonts

_TEMPLATE = Path(__file__).with_name("memo.typ")
_FONTS = ("Libertinus Serif", "DejaVu Sans Mono")
_SHORT_ROW = 600  # characters: rows up to this length are kept on one page
_LONG_WORD = {"title": re.compile(r"\S{31,}"), "text": re.compile(r"\S{57,}")}  # wider than the column's line
_PART = re.compile(r"(?:(?!\[U\+)\S){1,10}|\[U\+[0-9A-F]+\]|\S")
_ATTEMPTS = 6

# Reading order follows the paragraph's direction; a control that turns it over would scramble the page and
# what a screen reader says. PDF/UA-1 forbids U+FEFF.
_LEFT_OUT = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_REFUSED = re.compile(r'(?:text|codepoint)(?: contains the disallowed codepoint)? `"((?:[^"\\]|\\.)+)"`')
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}")

Line = list[object]


def write_pdf(
    memo: Memo,
    *,
    letterhead: Letterhead,
    created: datetime,
    draft: FrontNotice | None = None,
    colophon: str = "",
) -> bytes:
    """The memo as the bytes of a PDF file: A4, tagged, with bookmarks, one table tag for each section.

    `created` (with a time zone) is the document's date. With a `draft`'s notice every page says KLADDE, with
    an edition's which one it is; the front lists what lacks approval. `colophon` stands at each page's foot.
    """
    import typst

    moment = in_utc(created)
    notice = said_of(draft, words_of(memo.language))
    spelt: dict[int, str] = {}
    for attempt in range(_ATTEMPTS):
        data = _Data(memo, letterhead=letterhead, notice=notice, colophon=colophon, spelt=spelt).all()
        try:
            pdf = typst.compile(
                _TEMPLATE,
                font_paths=_own_fonts() if attempt == 0 else [],
                ignore_system_fonts=attempt == 0,
                sys_inputs={"memo": json.dumps(data, ensure_ascii=False)},
                pdf_standards=["ua-1", "a-2a"],
                timestamp=moment,
            )
        except typst.TypstError as error:
            refused = refused_characters(error.diagnostic)
            if not refused:
                raise
            if attempt > 0:
                spelt.update((ord(character), f"[U+{ord(character):04X}]") for character in refused)
            continue
        if isinstance(pdf, bytes):
            return pdf
    raise ValueError("the memo holds characters that cannot be printed")


@cache
def _own_fonts() -> Fonts:
    """The fonts that come with Typst, found once: that takes a tenth of the time of a small memo."""
    import typst

    return typst.Fonts(include_system_fonts=False)


@cache
def png_of(drawing: bytes) -> bytes:
    """An SVG as a PNG picture, 1.6 cm high at 300 dots an inch, for programs that cannot show the drawing."""
    import typst

    source = (
        b"#set page(width: auto, height: auto, margin: 0pt, fill: none)\n"
        b'#image(bytes(sys.inputs.drawing), format: "svg", height: 1.6cm)'
    )
    values = {"drawing": drawing.decode()}
    fonts = _own_fonts()
    png = typst.compile(
        source, format="png", ppi=300, sys_inputs=values, font_paths=fonts, ignore_system_fonts=True
    )
    assert isinstance(png, bytes)  # one page
    return png


def refused_characters(message: str) -> set[str]:
    """The characters that Typst says it cannot print, from the text of its error."""
    words = (_ESCAPE.sub(lambda code: chr(int(code[1], 16)), found) for found in _REFUSED.findall(message))
    return {character for word in words for character in word if ord(character) > 0x7E}


@dataclass
class _Data:
    """What `memo.typ` reads, built from the memo. `spelt` replaces characters that no font has."""

    memo: Memo
    letterhead: Letterhead
    notice: Notice | None
    colophon: str
    spelt: dict[int, str]

    def __post_init__(self) -> None:
        self.words = words_of(self.memo.language)
        self.notes = note_texts(self.memo)
        self.known = frozenset(self.notes)
        self.first: set[int] = set()
        self.rows = frozenset(row.number for row in self.memo.rows)
        self.marked: set[int] = set()
        self.named: set[int] = set()

    def all(self) -> dict[str, object]:
        memo, language = self.memo, self.words.locale.split("-")
        return {
            "title": self.text(memo.title).strip() or "–",  # PDF/UA-1 wants a title
            "author": self.text(self.letterhead.author(memo.head)),
            "language": language[0],
            "region": language[1],
            "fonts": _FONTS,
            "words": {"page": self.words.page, "of": self.words.of},
            "colophon": self.text(self.colophon),
            "letterhead": [self.text(line) for line in self.letterhead.beside(memo.head)],
            "logo": self.logo(),
            "head": [(kind, self.text(line)) for kind, line in head_lines(memo.head, self.words)],
            "notice": self.box(),
            "intro": [self.line(text) for text in memo.intro],
            "tables": [self.table(table) for table in memo.tables],
            "notes": {str(number): self.plain(text) for number, text in self.notes.items()},
            "named": sorted(self.named),  # now that every line was made
            "loose": [
                self.plain(f"{mark(note.number)} {note.text}") for note in loose_notes(memo, referred(memo))
            ],
        }

    def logo(self) -> dict[str, object] | None:
        data = self.letterhead.logo
        if data is None:
            return None
        description = self.text(self.letterhead.description(self.words))
        return {"bytes": list(data), "format": picture_kind(data), "description": description}

    def box(self) -> dict[str, object] | None:
        notice = self.notice
        if notice is None:
            return None
        return {
            "mark": self.text(notice.mark),
            "draft": notice.draft,
            "subject": self.text(notice.subject),
            "lead": [self.plain(line) for line in notice.lead],
            "missing": [self.plain(line) for line in notice.missing],
        }

    def table(self, table: Table) -> dict[str, object]:
        return {
            "caption": self.line(table.caption),
            "sections": [self.section(one) for one in table.sections],
        }

    def section(self, section: Section) -> dict[str, object]:
        return {
            "name": self.text(section.name).strip(),
            "header": [self.text(word) for word in section.header],
            "rows": [self.row(row) for row in section.rows],
        }

    def row(self, row: Row) -> dict[str, object]:
        return {
            "number": row.number if self.is_first(row.number) else None,
            "title": self.pieces(f"{row.number}. {row.title}", "title"),
            "groups": [self.group(blocks) for blocks in groups(row.blocks)],
            "breakable": sum(len(block.text) for block in row.blocks) > _SHORT_ROW,
        }

    def group(self, blocks: tuple[Block, ...]) -> dict[str, object]:
        lines = [self.line(block.text) for block in blocks]
        kind = blocks[0].kind
        if kind == "heading" and not any(str(piece).strip() for piece in lines[0]):
            kind = "paragraph"  # PDF/UA-1 refuses a heading without words
        return {"kind": kind, "start": blocks[0].number or 0, "lines": lines}

    def is_first(self, number: int) -> bool:
        """Whether a number is that of a status row, asked for the first time."""
        is_first = number in self.rows and number not in self.marked
        self.marked.add(number)
        return is_first

    def line(self, text: str) -> Line:
        """The pieces of a line in which the number of another row, {"row": number}, leads to it."""
        if not may_name_rows(text):
            return self.pieces(text)
        line: Line = []
        for words, row in cut_at_rows(text, self.rows):
            if row is None:
                line += self.pieces(words)
            else:
                line.append({"row": row})
                self.named.add(row)
        return line

    def pieces(self, text: str, place: str = "text") -> Line:
        """Strings, long words in parts, and [number, is it the first reference] for a footnote."""
        line: Line = []
        for piece in pieces(text, self.known):
            if isinstance(piece, int):
                line.append((piece, piece not in self.first))
                self.first.add(piece)
            else:
                line += self.plain(piece, place)
        return line

    def plain(self, text: str, place: str = "text") -> Line:
        """The same of a text without footnotes."""
        return _breakable(self.text(text), _LONG_WORD[place])

    def text(self, text: str) -> str:
        """Text as Typst can print it."""
        text = _LEFT_OUT.sub("", printable(text))
        return text.translate(self.spelt) if self.spelt else text


def _breakable(text: str, long_word: re.Pattern[str]) -> Line:
    """The text, cut where words that are wider than a line may be broken: {"parts": […]} for such a word."""
    line: Line = []
    done = 0
    for word in long_word.finditer(text):
        if word.start() > done:
            line.append(text[done : word.start()])
        line.append({"parts": _PART.findall(word[0])})
        done = word.end()
    if done < len(text):
        line.append(text[done:])
    return line
