"""A memo as an accessible piece of a page: the values that `templates/memos/memo.html` prints.

The fragment has one top heading and brings no style of its own; the page around it does.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import cast

from jinja2 import Environment
from markupsafe import Markup

from tracker.domain.memo import Memo, Row, Section, Table
from tracker.domain.pictures import picture_kind
from tracker.domain.text import Block, Footnote
from tracker.memos.writing.frame import (
    FrontNotice,
    Letterhead,
    Notice,
    Words,
    head_lines,
    said_of,
    words_of,
)
from tracker.memos.writing.pieces import groups, loose_notes, note_texts, pieces, printable, referred
from tracker.memos.writing.row_links import cut_at_rows, may_name_rows


@dataclass(frozen=True)
class PieceView:
    """Text, a footnote reference, or the number of another row.

    `anchor` is set at a note's first reference, where it links back to.
    """

    text: str
    note: int | None = None
    anchor: str = ""
    row: int | None = None


Line = tuple[PieceView, ...]


@dataclass(frozen=True)
class GroupView:
    """A paragraph or heading (one line), or a list (`bullet`, `number`) with its lines and first number."""

    kind: str
    lines: tuple[Line, ...]
    start: int = 1


@dataclass(frozen=True)
class RowView:
    """`anchor` is where a reference to the row leads; empty where none does."""

    anchor: str
    number: int
    title: Line
    groups: tuple[GroupView, ...]


@dataclass(frozen=True)
class SectionView:
    anchor: str
    name: str
    header: tuple[str, str]
    rows: tuple[RowView, ...]


@dataclass(frozen=True)
class TableView:
    caption: Line
    sections: tuple[SectionView, ...]


@dataclass(frozen=True)
class SenderView:
    """The letterhead. `logo` is a data address, or empty where there is no logo."""

    lines: tuple[str, ...]
    logo: str
    description: str


@dataclass(frozen=True)
class MemoView:
    """Everything the template prints, with the characters that no page can hold left out.

    `head` holds (kind, line); `notes` holds each note that the text refers to, `loose` the others.
    """

    title: str
    language: str
    words: Words
    head: tuple[tuple[str, str], ...]
    intro: tuple[Line, ...]
    tables: tuple[TableView, ...]
    notes: tuple[Footnote, ...]
    loose: tuple[Footnote, ...]
    notice: Notice | None
    sender: SenderView | None = None


def memo_view(
    memo: Memo,
    *,
    draft: FrontNotice | None = None,
    letterhead: Letterhead | None = None,
    prefix: str = "memo",
) -> MemoView:
    """The memo as the template wants it. `prefix` begins every id, for a page that shows two memos."""
    return _Viewer(memo, prefix).view(draft, letterhead)


@lru_cache(maxsize=4)
def _data_address(picture: bytes) -> str:
    kind = {"png": "image/png", "jpg": "image/jpeg", "svg": "image/svg+xml"}[picture_kind(picture)]
    return f"data:{kind};base64,{b64encode(picture).decode()}"


def html_fragment(
    memo: Memo,
    *,
    environment: Environment,
    draft: FrontNotice | None = None,
    letterhead: Letterhead | None = None,
    prefix: str = "memo",
    level: int = 1,
) -> Markup:
    """The memo as HTML to put inside a page. `level` (1-4) is the level of its top heading.
    The environment must escape HTML by itself, as Flask's does.

    In a template the same is `{% from "memos/memo.html" import memo_fragment %}` and
    `{{ memo_fragment(view) }}` with a `MemoView`.
    """
    page = environment.get_template("memos/memo.html").module
    macro = cast("Callable[..., Markup]", vars(page)["memo_fragment"])
    view = memo_view(memo, draft=draft, letterhead=letterhead, prefix=prefix)
    return macro(view, prefix=prefix, level=level)


def _printable(notice: Notice | None) -> Notice | None:
    if notice is None:
        return None
    return replace(
        notice,
        mark=printable(notice.mark),
        subject=printable(notice.subject),
        lead=tuple(printable(line) for line in notice.lead),
        missing=tuple(printable(line) for line in notice.missing),
    )


class _Viewer:
    def __init__(self, memo: Memo, prefix: str) -> None:
        self.memo = memo
        self.prefix = prefix
        self.texts = note_texts(memo)
        self.known = frozenset(self.texts)
        self.first: set[int] = set()
        self.rows = frozenset(row.number for row in memo.rows)
        self.anchored: set[int] = set()
        self.sections = 0

    def view(self, draft: FrontNotice | None, letterhead: Letterhead | None) -> MemoView:
        memo, words, order = self.memo, words_of(self.memo.language), referred(self.memo)
        return MemoView(
            title=printable(memo.title),
            language=words.locale.split("-")[0],
            words=words,
            head=tuple((kind, printable(line)) for kind, line in head_lines(memo.head, words)),
            intro=tuple(self.line(text) for text in memo.intro),
            tables=tuple(self.table(table) for table in memo.tables),
            notes=tuple(Footnote(number, printable(self.texts[number])) for number in order),
            loose=tuple(Footnote(note.number, printable(note.text)) for note in loose_notes(memo, order)),
            notice=_printable(said_of(draft, words)),
            sender=self.sender(letterhead, words) if letterhead else None,
        )

    def sender(self, letterhead: Letterhead, words: Words) -> SenderView:
        return SenderView(
            lines=tuple(printable(line) for line in letterhead.beside(self.memo.head)),
            logo=_data_address(letterhead.logo) if letterhead.logo is not None else "",
            description=printable(letterhead.description(words)),
        )

    def table(self, table: Table) -> TableView:
        return TableView(self.line(table.caption), tuple(self.section(section) for section in table.sections))

    def section(self, section: Section) -> SectionView:
        self.sections += 1
        return SectionView(
            anchor=f"{self.prefix}-section-{self.sections}",
            name=printable(section.name),
            header=(printable(section.header[0]), printable(section.header[1])),
            rows=tuple(self.row(row) for row in section.rows),
        )

    def row(self, row: Row) -> RowView:
        title = tuple(self.piece(piece) for piece in pieces(row.title, self.known))
        blocks = tuple(self.group(one) for one in groups(row.blocks))
        return RowView(self.anchor(row.number), row.number, title, blocks)

    def anchor(self, number: int) -> str:
        if number in self.anchored or number not in self.rows:
            return ""
        self.anchored.add(number)
        return f"{self.prefix}-row-{number}"

    def group(self, blocks: tuple[Block, ...]) -> GroupView:
        start = blocks[0].number
        lines = tuple(self.line(block.text) for block in blocks)
        return GroupView(blocks[0].kind, lines, 1 if start is None else start)

    def line(self, text: str) -> Line:
        if not may_name_rows(text):
            return tuple(self.piece(piece) for piece in pieces(text, self.known))
        line: list[PieceView] = []
        for words, row in cut_at_rows(text, self.rows):
            if row is not None:
                line.append(PieceView(words, row=row))
            else:
                line += [self.piece(piece) for piece in pieces(words, self.known)]
        return tuple(line)

    def piece(self, piece: str | int) -> PieceView:
        if isinstance(piece, str):
            return PieceView(piece)
        is_first = piece not in self.first
        self.first.add(piece)
        return PieceView(str(piece), piece, f"{self.prefix}-reference-{piece}" if is_first else "")
