"""Sets an invented memo in Word, in the way that its kind says."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from tests.memos.reading.kinds import Kind
from tests.memos.reading.word_files import footnote_reference, saved, wrap
from tracker.domain.memo import Memo, Row, Section, Table
from tracker.domain.text import MARK, Block, mark_number

_EXTRA = ("Anne Vest", "Juni 2026", "Bo Nord", "2026-27")


def word_file(memo: Memo, kind: Kind, *, seed: int) -> bytes:
    """The bytes of a Word file that holds the memo and, beside it, what has no room in one."""
    return _Setter(memo, kind, Random(seed)).bytes()


class _Setter:
    def __init__(self, memo: Memo, kind: Kind, random: Random) -> None:
        self.memo, self.kind, self.random = memo, kind, random
        self.document: WordDocument = Document()
        self.numbered = _list(self.document, "decimal", "%1.")
        self.lists = 0

    def bytes(self) -> bytes:
        self._front()
        for table in self.memo.tables:
            self._table(table)
        if self.kind.note_style == "typed":
            for note in self.memo.footnotes:
                paragraph = self.document.add_paragraph()
                paragraph.add_run(str(note.number)).font.superscript = True
                paragraph.add_run(f" {note.text}")
        self.document.add_paragraph("Med venlig hilsen")
        self._furniture()
        real = self.kind.note_style == "real"
        return saved(self.document, notes=[note.text for note in self.memo.footnotes] if real else [])

    def _front(self) -> None:
        head, kind = self.memo.head, self.kind
        lines = [head.office, head.administration]
        labelled = [
            (kind.date_label, head.date),
            (kind.case_label, head.case_number),
            (kind.to_label, head.recipients),
        ]
        if kind.head_table:
            self._head_table(
                [
                    ("Dato:" if label in {"", "Den "} else label.strip(" :"), value)
                    for label, value in labelled
                    if value
                ]
            )
        else:
            lines += [f"{label}{value}" for label, value in labelled if value]
        for line in lines:
            if line:
                self.document.add_paragraph(line)
        if self.random.random() < 0.5:
            self.document.add_heading(self.memo.title, level=self.random.choice([0, 1]))
        else:
            self.document.add_paragraph().add_run(self.memo.title).bold = True
        for text in self.memo.intro:
            self.document.add_paragraph(text)

    def _head_table(self, rows: Sequence[tuple[str, str]]) -> None:
        if rows:
            table = self.document.add_table(rows=0, cols=2)
            for texts in rows:
                for cell, text in zip(table.add_row().cells, texts, strict=True):
                    cell.paragraphs[0].text = text

    def _furniture(self) -> None:
        section = self.document.sections[0]
        section.header.paragraphs[0].text = self.memo.title
        footer = section.footer.paragraphs[0]
        footer.text = "Side "
        footer._p.append(
            parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>')
        )

    def _table(self, table: Table) -> None:
        style = self.random.choice(["Caption", None])
        self.document.add_paragraph(table.caption, style=style)
        if self.kind.sections == "table heading":
            for section in table.sections:
                self._heading(section.name)
                grid = self._grid()
                self._header(grid, section)
                self._rows(grid, section)
            return
        grid = self._grid()
        header_done = False
        for section in table.sections:
            if self.kind.header_each or (self.kind.sections == "row" and not header_done):
                first = [self._name, self._header] if self.kind.header_each else [self._header, self._name]
                for step in first:
                    step(grid, section)
                header_done = True
            else:
                if not header_done:
                    self._header(grid, section)
                    header_done = True
                self._name(grid, section)
            self._rows(grid, section)

    def _heading(self, name: str) -> None:
        if self.random.random() < 0.5:
            self.document.add_heading(name, level=2)
        else:
            self.document.add_paragraph().add_run(name).bold = True

    def _grid(self) -> WordTable:
        cols = 2 + self.kind.has_number_column + bool(self.kind.extra)
        grid = self.document.add_table(rows=0, cols=cols)
        grid.style = "Table Grid"
        return grid

    def _name(self, grid: WordTable, section: Section) -> None:
        cells = grid.add_row().cells
        if self.kind.sections == "row":
            cells[0].merge(cells[-1]).paragraphs[0].text = section.name
        else:
            cells[1 if self.kind.has_number_column else 0].paragraphs[0].add_run(section.name).bold = True

    def _header(self, grid: WordTable, section: Section) -> None:
        texts = [self.kind.number_word] * self.kind.has_number_column + list(section.header)
        if self.kind.extra:
            texts.insert(-1, self.kind.extra)
        row = grid.add_row()
        for cell, text in zip(row.cells, texts, strict=True):
            cell.paragraphs[0].add_run(text).bold = True
        if self.random.random() < 0.5:
            properties = row._tr.get_or_add_trPr()
            properties.append(OxmlElement("w:tblHeader"))

    def _rows(self, grid: WordTable, section: Section) -> None:
        for row in section.rows:
            self._row(grid, row)

    def _row(self, grid: WordTable, row: Row) -> None:
        cells = list(grid.add_row().cells)
        if self.kind.has_number_column:
            self._number_cell(cells.pop(0), row.number)
            self._title(cells[0], row.title)
        elif self.kind.numbering == "automatic":
            self._title(cells[0], row.title)
            _numbered(cells[0].paragraphs[0], self.numbered)
        else:
            self._title(cells[0], f"{self.kind.shown(row.number)} {row.title}")
        if self.kind.extra:
            cells[1].paragraphs[0].text = self.random.choice(_EXTRA)
        self._status(cells[-1], row.blocks)

    def _number_cell(self, cell: _Cell, number: int) -> None:
        if self.kind.numbering == "automatic column":
            _numbered(cell.paragraphs[0], self.numbered)
        else:
            cell.paragraphs[0].text = self.kind.shown(number)

    def _title(self, cell: _Cell, title: str) -> None:
        words = title.split(" ")
        way = self.random.choice(["plain", "plain", "soft break", "runs", "paragraphs"])
        paragraph = cell.paragraphs[0]
        at = max(2, len(words) // 2)
        first, last = " ".join(words[:at]), " ".join(words[at:])
        if way == "plain" or not last:
            paragraph.text = title
        elif way == "soft break":
            paragraph.add_run(first).add_break()
            paragraph.add_run(last)
        elif way == "runs":
            for letter_run in (title[:5], title[5:9], title[9:]):
                paragraph.add_run(letter_run)
        else:
            paragraph.text = first
            cell.add_paragraph(last)

    def _status(self, cell: _Cell, blocks: Sequence[Block]) -> None:
        paragraph, fresh = cell.paragraphs[0], True
        bullets = self.random.choice(["real", "typed", "dash"])
        lists = None
        for block in blocks:
            if not fresh:
                paragraph = cell.add_paragraph()
            fresh = False
            lists = lists if block.kind == "number" else None
            if block.kind == "bullet":
                self._bullet(paragraph, block, bullets)
            elif block.kind == "number":
                if self.random.random() < 0.5 and (lists or block.number == 1):
                    lists = lists or _list(self.document, "decimal", self.random.choice(["%1.", "%1)"]))
                    _numbered(paragraph, lists)
                    self._text(paragraph, block.text)
                else:
                    lists = None
                    self._text(paragraph, f"{block.number}. {block.text}")
            elif block.kind == "heading":
                self._sub_heading(paragraph, block)
            else:
                self._text(paragraph, block.text)
        if self.random.random() < 0.2:
            cell.add_paragraph()

    def _bullet(self, paragraph: Paragraph, block: Block, way: str) -> None:
        if way == "real":
            paragraph.style = self.random.choice(["List Bullet", "List Bullet 2"])
            self._text(paragraph, block.text)
        else:
            self._text(paragraph, f"{'•' + chr(9) if way == 'typed' else '- '}{block.text}")

    def _sub_heading(self, paragraph: Paragraph, block: Block) -> None:
        if self.random.random() < 0.5:
            paragraph.style = "Heading 3"
            paragraph.add_run(block.text)
        else:
            paragraph.add_run(block.text).bold = True

    def _text(self, paragraph: Paragraph, text: str) -> None:
        """Text with its marks as real or raised notes, and now and then what Word puts around it."""
        at = 0
        for found in MARK.finditer(text):
            self._plain(paragraph, text[at : found.start()])
            number = mark_number(found[0])
            if self.kind.note_style == "real":
                footnote_reference(paragraph, number + 1)
            else:
                paragraph.add_run(str(number)).font.superscript = True
            at = found.end()
        self._plain(paragraph, text[at:])

    def _plain(self, paragraph: Paragraph, text: str) -> None:
        words = text.split(" ")
        if len(words) < 6:
            paragraph.add_run(text)
            return
        first, middle, last = " ".join(words[:2]) + " ", " ".join(words[2:4]), " " + " ".join(words[4:])
        way = self.random.choice(["", "", "ins", "del", "link", "field", "control", "soft hyphen", "proof"])
        paragraph.add_run(first)
        if way == "ins":
            wrap(paragraph, "w:ins", middle)
        elif way in {"link", "field", "control"}:
            paragraph._p.append(parse_xml(_WRAPPED[way].format(ns=nsdecls("w"), text=middle)))
        elif way == "soft hyphen":
            paragraph.add_run(middle[:3] + "\u00ad" + middle[3:])
        else:
            if way == "del":
                wrap(paragraph, "w:del", "udgår ")
            paragraph.add_run(middle)
        paragraph.add_run(last)


_RUN = '<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'
_WRAPPED = {
    "link": f'<w:hyperlink {{ns}} w:anchor="x">{_RUN}</w:hyperlink>',
    "field": f'<w:fldSimple {{ns}} w:instr="REF x">{_RUN}</w:fldSimple>',
    "control": f"<w:sdt {{ns}}><w:sdtPr/><w:sdtContent>{_RUN}</w:sdtContent></w:sdt>",
}


def _list(document: WordDocument, form: str, pattern: str) -> int:
    """A list definition of its own, and the number that paragraphs name it by."""
    root = document.part.numbering_part.element
    identity = 100 + len(root.findall(qn("w:abstractNum")))
    abstract = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{identity}"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        f'<w:numFmt w:val="{form}"/><w:lvlText w:val="{pattern}"/></w:lvl></w:abstractNum>'
    )
    root.insert(0, abstract)
    root.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="{identity}"><w:abstractNumId w:val="{identity}"/></w:num>')
    )
    return identity


def _numbered(paragraph: Paragraph, number_id: int) -> None:
    properties = paragraph._p.get_or_add_pPr()
    properties.append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="{number_id}"/></w:numPr>')
    )
