"""Sets an invented memo as a text layer: lines broken by width, words divided, pages with head and foot.

The lines stand in the order in which a PDF's text usually comes: cell by cell, page by page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from tests.memos.reading.kinds import Kind
from tracker.domain.memo import Memo, Row, Section, Table
from tracker.domain.text import MARK, Block, mark_number

# Widths of Helvetica in thousandths of its size, which is what most memos are printed in or look like.
_WIDTHS = {
    **dict.fromkeys("ijl'’|", 222),
    **dict.fromkeys("ft.,:;!/ ()I-”", 290),
    **dict.fromkeys("mMæÆ%", 850),
    **dict.fromkeys("wWØÅABCDEGHKNOPQRSUVXYZ", 700),
}
_VOWELS = "aeiouyæøå"
_DIVISION = re.compile(rf"(?<=[{_VOWELS}])(?=[^\W\d_{_VOWELS}][{_VOWELS}])", re.IGNORECASE)


@dataclass(frozen=True)
class Print:
    """How the pages look: widths in average letters, what stands between lines, at a page's edges."""

    title_width: int
    status_width: int
    hyphen: str
    page_lines: int
    double: bool
    spaced: bool
    form_feed: bool
    head: str
    foot: str
    bullet: str
    between: bool
    header_on_pages: bool
    breaks_rows: bool


def print_of(seed: int) -> Print:
    random = Random(seed + 2_000_000)
    return Print(
        title_width=random.randint(26, 42),
        status_width=random.randint(40, 70),
        hyphen=random.choice(["-", "-", "\u2010", "\u00ad", ""]),
        page_lines=random.randint(34, 56),
        double=random.random() < 0.3,
        spaced=random.random() < 0.4,
        form_feed=random.random() < 0.7,
        head=random.choice(["", "", "title", "name"]),
        foot=random.choice(
            ["", "{page}", "Side {page} af {pages}", "Side {page}", "- {page} -", "{page}/{pages}"]
        ),
        bullet=random.choice(["•", "•", "-", "–", "▪", "\uf0b7", "o"]),
        between=random.random() < 0.5,
        header_on_pages=random.random() < 0.4,
        breaks_rows=random.random() < 0.6,
    )


def text_layer(memo: Memo, kind: Kind, look: Print, *, seed: int) -> str:
    """The text of a PDF of the memo."""
    return _Typesetter(memo, kind, look, Random(seed)).text()


@dataclass
class _Page:
    lines: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class _Typesetter:
    def __init__(self, memo: Memo, kind: Kind, look: Print, random: Random) -> None:
        self.memo, self.kind, self.look, self.random = memo, kind, look, random
        self.pages = [_Page()]
        self.used = 0
        self.header: list[str] = []

    def text(self) -> str:
        self._front()
        for table in self.memo.tables:
            self._table(table)
        self._put(["", "Med venlig hilsen"])
        return self._joined()

    def _front(self) -> None:
        head, kind = self.memo.head, self.kind
        labelled = [
            (kind.date_label, head.date),
            (kind.case_label, head.case_number),
            (kind.to_label, head.recipients),
        ]
        lines = [head.office, head.administration, *(f"{label}{value}" for label, value in labelled if value)]
        for line in filter(None, lines):
            self._put([line, ""])
        self._put([*self._broken(self.memo.title, 60), ""])
        for text in self.memo.intro:
            self._put([*self._broken(text, 80), ""])

    def _table(self, table: Table) -> None:
        self._put([*self._broken(table.caption, 80), ""])
        if not self.kind.header_each:
            self._header(table.sections[0])
        for section in table.sections:
            self._put([section.name])
            if self.kind.header_each:
                self._header(section)
            for row in section.rows:
                self._row(row)

    def _header(self, section: Section) -> None:
        words = [self.kind.number_word] * self.kind.has_number_column + list(section.header)
        self.header = [" ".join(words)] if self.random.random() < 0.6 else words
        self._put(self.header)

    def _row(self, row: Row) -> None:
        number = self.kind.shown(row.number)
        if self.kind.numbering in {"automatic", "automatic column"}:
            number = f"{row.number}."
        if self.kind.has_number_column:
            title = [number, *self._broken(row.title, self.look.title_width)]
        else:
            title = self._broken(f"{number} {row.title}", self.look.title_width)
        status = [line for block in row.blocks for line in self._block(block)]
        while status and not status[-1]:
            status.pop()
        title += [""] * (self.random.random() < 0.1)
        left = self.look.page_lines - self.used
        height = max(len(title), len(status))
        if height > left and (not self.look.breaks_rows or left < 4):
            self._turn()
            left = self.look.page_lines - self.used
        while True:
            self._put(title[:left] + status[:left], height=min(left, max(len(title), len(status))))
            title, status = title[left:], status[left:]
            if not (title or status):
                break
            self._turn()
            left = self.look.page_lines - self.used

    def _block(self, block: Block) -> Iterator[str]:
        sign = {"bullet": f"{self.look.bullet} ", "number": f"{block.number}. "}.get(block.kind, "")
        yield from self._broken(f"{sign}{block.text}", self.look.status_width)
        if self.look.between and block.kind == "paragraph":
            yield ""

    def _put(self, lines: Sequence[str], *, height: int = 0) -> None:
        height = height or len(lines)
        if self.used + height > self.look.page_lines:
            self._turn(header=False)
        self.pages[-1].lines += [_marked(line) for line in lines]
        for number in [mark_number(found) for line in lines for found in MARK.findall(line)]:
            note = next(note for note in self.memo.footnotes if note.number == number)
            self.pages[-1].notes += self._broken(f"{number} {note.text}", 90)
        self.used += height

    def _turn(self, *, header: bool = True) -> None:
        self.pages.append(_Page())
        self.used = 0
        if header and self.look.header_on_pages:
            self.pages[-1].lines += self.header
            self.used = 1

    def _broken(self, text: str, width: int) -> list[str]:
        lines, line = [], ""
        words = text.split(" ")
        while words:
            word = words.pop(0)
            if _wide(f"{line} {word}".strip()) <= width * 530:
                line = f"{line} {word}".strip()
                continue
            cut = self._cut(word, width * 530 - _wide(f"{line} "))
            if cut:
                sign = "" if word[cut - 1] == "-" else self.look.hyphen
                line, word = f"{line} {word[:cut]}{sign}".strip(), word[cut:]
            if line:
                lines.append(line)
                line = ""
                words.insert(0, word)
            else:
                line = word
        return [*lines, line] if line else lines

    def _cut(self, word: str, room: float) -> int:
        """Where a word is divided so that its beginning fits; 0 for nowhere."""
        if not self.look.hyphen:
            return 0
        places = [at.end() for at in re.finditer(r"-(?=\w)", word)]
        places += [at.start() for at in _DIVISION.finditer(word) if 2 <= at.start() <= len(word) - 3]
        fitting = [at for at in places if _wide(word[:at]) + 290 <= room and word[:at].rstrip("-").isalpha()]
        return max(fitting, default=0)

    def _joined(self) -> str:
        pages = []
        for number, page in enumerate(self.pages, start=1):
            pages.append("\n".join(self._page(number, page)))
        return ("\n\f" if self.look.form_feed else "\n").join(pages) + "\n"

    def _page(self, number: int, page: _Page) -> Iterator[str]:
        head = {"title": self.memo.title, "name": self.memo.head.office}.get(self.look.head, "")
        foot = self.look.foot.format(page=number, pages=len(self.pages))
        lines = [head] * bool(head and number > 1) + page.lines
        lines += ["", *page.notes] if page.notes else []
        lines += ["", foot] if foot else []
        for at, line in enumerate(lines):
            divided = line.endswith(("-", "\u2010", "\u00ad"))
            yield f"{line} " if self.look.spaced and not divided else line
            if self.look.double and at < len(lines) - 1 and not (page.notes and at > len(page.lines)):
                yield " " if self.look.spaced and not line else ""


def _marked(line: str) -> str:
    """A footnote's mark is a plain digit in a text layer."""
    return MARK.sub(lambda found: str(mark_number(found[0])), line)


def _wide(text: str) -> float:
    return sum(_WIDTHS.get(sign, 556) for sign in text)
