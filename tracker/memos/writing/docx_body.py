"""The body and the footnotes of the Word document, written as XML text from first to last, once.

Element and attribute names are those of ECMA-376 part 1 (WordprocessingML). Every text passes through
`_run` or `attribute`, which escape it; nothing else puts a memo's words into the XML.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from tracker.domain.memo import Memo, Row, Section, Table
from tracker.domain.text import Block, Footnote, mark
from tracker.memos.writing.frame import Notice, Words, head_lines
from tracker.memos.writing.pieces import (
    continues,
    first_digits,
    loose_notes,
    may_refer,
    note_texts,
    pieces,
    printable,
    referred,
)
from tracker.memos.writing.row_links import cut_at_rows, may_name_rows

TEXT_WIDTH = 9638  # twentieths of a point: A4 less two margins of 2 cm
TITLE_WIDTH = 3458
STATUS_WIDTH = TEXT_WIDTH - TITLE_WIDTH
SHORT_ROW = 600  # characters: rows up to this length are kept on one page
BULLETS = 1  # the w:numId of the bullet list; numbered lists follow

_STYLES = {
    "office": "MemoOffice",
    "administration": "MemoAdministration",
    "date": "MemoDate",
    "case_number": "MemoCaseNumber",
    "recipients": "MemoRecipients",
}
_BLOCK_STYLES = {
    "paragraph": '<w:pStyle w:val="StatusText"/>',
    "heading": '<w:pStyle w:val="Heading2"/>',
    "bullet": '<w:pStyle w:val="ListBullet"/>',
    "number": '<w:pStyle w:val="ListNumber"/>',
}
_EMPTY = '<w:p><w:pPr><w:pStyle w:val="StatusText"/></w:pPr></w:p>'
_LEVEL = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{}"/></w:numPr>'
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="B9C4CF"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_GRID = f'<w:tblGrid><w:gridCol w:w="{TITLE_WIDTH}"/><w:gridCol w:w="{STATUS_WIDTH}"/></w:tblGrid>'
_TITLE_CELL = f'<w:tc><w:tcPr><w:tcW w:w="{TITLE_WIDTH}" w:type="dxa"/></w:tcPr>'
_STATUS_CELL = f'</w:tc><w:tc><w:tcPr><w:tcW w:w="{STATUS_WIDTH}" w:type="dxa"/></w:tcPr>'
_HEADER_CELL = (
    '<w:tc><w:tcPr><w:tcW w:w="{}" w:type="dxa"/>'
    '<w:shd w:val="clear" w:color="auto" w:fill="F1F4F7"/></w:tcPr>'
)


def attribute(text: str) -> str:
    """A quoted attribute value."""
    return quoteattr(printable(text).replace("\n", " "))


def paragraph(style: str, text: str) -> str:
    """A paragraph of plain text, without footnotes."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{_run(printable(text))}</w:p>'


def _run(text: str) -> str:
    """A run of printable text; a line feed within becomes a line break."""
    if "\n" not in text:
        return _plain_run(text)
    escaped = escape(text).replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
    return f'<w:r><w:t xml:space="preserve">{escaped}</w:t></w:r>'


def _plain_run(text: str) -> str:
    """A run of one line of printable text."""
    if not text:
        return ""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if "  " in text or text[0] == " " or text[-1] == " ":
        return f'<w:r><w:t xml:space="preserve">{escaped}</w:t></w:r>'
    return f"<w:r><w:t>{escaped}</w:t></w:r>"


def _box(notice: Notice) -> Iterator[str]:
    kind = "Draft" if notice.draft else "Notice"
    yield paragraph(f"{kind}Heading", notice.subject)
    for line in notice.lead:
        yield paragraph(f"{kind}Text", line)
    for line in notice.missing:
        yield paragraph(f"{kind}Item", line)


def _bookmark(number: int) -> str:
    return f"_Indsats{number}"


def _reference_to(number: int) -> str:
    field = f" REF {_bookmark(number)} \\h "
    return f'<w:fldSimple w:instr="{field}"><w:r><w:t>{number}</w:t></w:r></w:fldSimple>'


class Body:
    """One document being written. `parts()` once; then `footnotes()` and `lists` say what it needs."""

    def __init__(self, memo: Memo, *, words: Words, notice: Notice | None) -> None:
        self.memo = memo
        self.words = words
        self.notice = notice
        self.texts = note_texts(memo)
        self.known = frozenset(self.texts)
        self._digits = first_digits(self.known)
        self.order = referred(memo)
        # Word numbers footnotes itself; where its numbers would differ from the memo's, ours are printed.
        self.automatic = self.order == tuple(range(1, len(self.order) + 1))
        self._ids = {number: place for place, number in enumerate(self.order, start=1)}
        self.lists: list[int] = []
        self._written: set[int] = set()
        self._rows = frozenset(row.number for row in memo.rows)
        self._marked: set[int] = set()

    def parts(self) -> Iterator[str]:
        """The XML between `<w:body>` and the section properties."""
        for kind, line in head_lines(self.memo.head, self.words):
            yield paragraph(_STYLES[kind], line)
        yield paragraph("Title", self.memo.title)
        if self.notice is not None:
            yield from _box(self.notice)
        for text in self.memo.intro:
            yield self._paragraph("BodyText", text)
        for table in self.memo.tables:
            yield from self._table(table)
        for note in loose_notes(self.memo, self.order):
            yield paragraph("LooseNote", f"{mark(note.number)} {note.text}")
        if self.memo.tables:
            yield '<w:p><w:pPr><w:pStyle w:val="AfterTable"/></w:pPr></w:p>'  # Word wants no table last

    def footnotes(self) -> Iterator[str]:
        """The footnotes that the body refers to, in order; read after `parts()`."""
        yield from (self._footnote(Footnote(number, self.texts[number])) for number in self.order)

    def _table(self, table: Table) -> Iterator[str]:
        if table.caption:
            yield self._paragraph("Caption", table.caption)
        for section in table.sections:
            yield from self._section(section)

    def _section(self, section: Section) -> Iterator[str]:
        yield paragraph("Heading1", section.name)
        yield (
            '<w:tbl><w:tblPr><w:tblStyle w:val="MemoTable"/>'
            f'<w:tblW w:w="{TEXT_WIDTH}" w:type="dxa"/><w:tblBorders>{_BORDERS}</w:tblBorders>'
            '<w:tblLayout w:type="fixed"/>'
            '<w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0"'
            ' w:noHBand="0" w:noVBand="1"/>'
            f"<w:tblCaption w:val={attribute(section.name)}/>"
            f"<w:tblDescription w:val={attribute(f'{self.words.table}: {section.name}')}/>"
            f"</w:tblPr>{_GRID}"
            f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{_HEADER_CELL.format(TITLE_WIDTH)}"
            f"{paragraph('TableHeader', section.header[0])}</w:tc>{_HEADER_CELL.format(STATUS_WIDTH)}"
            f"{paragraph('TableHeader', section.header[1])}</w:tc></w:tr>"
        )
        for row in section.rows:
            yield self._row(row)
        yield "</w:tbl>"

    def _row(self, row: Row) -> str:
        length = sum(len(block.text) for block in row.blocks)
        keep = "<w:trPr><w:cantSplit/></w:trPr>" if length <= SHORT_ROW else ""
        title = (
            f'<w:p><w:pPr><w:pStyle w:val="InitiativeTitle"/></w:pPr>{self._number(row.number)}'
            f"{self._runs(f'. {row.title}')}</w:p>"
        )
        blocks = "".join(self._blocks(row.blocks)) or _EMPTY
        return f"<w:tr>{keep}{_TITLE_CELL}{title}{_STATUS_CELL}{blocks}</w:tc></w:tr>"

    def _blocks(self, blocks: tuple[Block, ...]) -> list[str]:
        paragraphs = []
        previous = None
        for block in blocks:
            style = _BLOCK_STYLES[block.kind]
            if block.kind == "bullet":
                style += _LEVEL.format(BULLETS)
            elif block.kind == "number":
                if previous is None or not continues(previous, block):
                    self.lists.append(block.number or 0)  # every numbered list is one of its own
                style += _LEVEL.format(BULLETS + len(self.lists))
            paragraphs.append(f"<w:p><w:pPr>{style}</w:pPr>{self._linked(block.text)}</w:p>")
            previous = block
        return paragraphs

    def _paragraph(self, style: str, text: str) -> str:
        return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{self._linked(text)}</w:p>'

    def _number(self, number: int) -> str:
        """A row's number, marked so that references to it show what stands here."""
        if number in self._marked or number not in self._rows:
            return _plain_run(str(number))
        self._marked.add(number)
        return (
            f'<w:bookmarkStart w:id="{number}" w:name="{_bookmark(number)}"/><w:r><w:t>{number}</w:t></w:r>'
            f'<w:bookmarkEnd w:id="{number}"/>'
        )

    def _linked(self, text: str) -> str:
        """Runs in which the number of another row is a field, which Word computes anew from that row."""
        if not may_name_rows(text):  # nearly every text
            return self._runs(text)
        return "".join(
            self._runs(words) if row is None else _reference_to(row)
            for words, row in cut_at_rows(text, self._rows)
        )

    def _runs(self, text: str) -> str:
        if text.isprintable() and not may_refer(text, self._digits):  # nearly every text
            return _plain_run(text)
        found = pieces(text, self.known)
        return "".join([self._reference(one) if isinstance(one, int) else _run(one) for one in found])

    def _reference(self, number: int) -> str:
        if number in self._written:
            return _run(mark(number))  # one footnote has one reference; the second mention is text
        self._written.add(number)
        style = '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'
        if self.automatic:
            return f'{style}<w:footnoteReference w:id="{number}"/></w:r>'
        return (
            f'{style}<w:footnoteReference w:customMarkFollows="1" w:id="{self._ids[number]}"/>'
            f"<w:t>{number}</w:t></w:r>"
        )

    def _footnote(self, note: Footnote) -> str:
        printed = "<w:footnoteRef/>" if self.automatic else f"<w:t>{note.number}</w:t>"
        return (
            f'<w:footnote w:id="{self._ids[note.number]}"><w:p>'
            '<w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr>'
            f'<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>{printed}</w:r>'
            f"{_run(' ' + printable(note.text))}</w:p></w:footnote>"
        )
