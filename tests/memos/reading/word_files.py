"""Word files to read, built as an office would build them: with Word's own styles, lists and merged cells."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from tracker.memos.reading import Reading, read_bytes

TITLE = "Status på planen for trygge fællesskaber 2026"


def new(*head: str, title: str = TITLE, intro: Iterable[str] = ()) -> WordDocument:
    """A document with some lines of head, a title and an intro."""
    document = Document()
    for line in head:
        document.add_paragraph(line)
    document.add_heading(title, level=1)
    for line in intro:
        document.add_paragraph(line)
    return document


def add_table(document: WordDocument, rows: Sequence[Sequence[str]]) -> Table:
    """A table of cells with a paragraph each; a row of one string is merged over all columns."""
    table = document.add_table(rows=0, cols=max(len(row) for row in rows))
    table.style = "Table Grid"
    for texts in rows:
        cells = table.add_row().cells
        if len(texts) == 1:
            cells[0].merge(cells[-1])
        for cell, text in zip(cells, texts, strict=False):
            cell.paragraphs[0].text = text
    return table


def fill(cell: _Cell, *items: tuple[str, str]) -> None:
    """Put paragraphs of (style, text) into a cell in place of what is there."""
    cell.paragraphs[0].style = items[0][0]
    cell.paragraphs[0].text = items[0][1]
    for style, text in items[1:]:
        cell.add_paragraph(text, style=style)


def raised(paragraph: Paragraph, digits: str, after: str = "") -> None:
    """A superscript number at the end of a paragraph, and text after it."""
    paragraph.add_run(digits).font.superscript = True
    paragraph.add_run(after)


def wrap(paragraph: Paragraph, tag: str, text: str) -> None:
    """Text that Word has tracked as inserted or deleted."""
    inner = "delText" if tag == "w:del" else "t"
    paragraph._p.append(
        parse_xml(
            f'<{tag} {nsdecls("w")} w:id="7" w:author="A" w:date="2026-01-01T00:00:00Z">'
            f"<w:r><w:{inner}>{text}</w:{inner}></w:r></{tag}>"
        )
    )


def hidden(paragraph: Paragraph, text: str) -> None:
    paragraph.add_run(text).font.hidden = True


def footnote_reference(paragraph: Paragraph, identity: int) -> None:
    run = paragraph.add_run()
    reference = OxmlElement("w:footnoteReference")
    reference.set(qn("w:id"), str(identity))
    run._r.append(reference)


def saved(document: WordDocument, *, notes: Sequence[str] = (), parts: dict[str, str] | None = None) -> bytes:
    """The document's bytes; `notes` become real footnotes with ids from 2, `parts` replace or add members."""
    raw = io.BytesIO()
    document.save(raw)
    added = dict(parts or {})
    if notes:
        body = "".join(
            f'<w:footnote w:id="{number}"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> '
            f"{text}</w:t></w:r></w:p></w:footnote>"
            for number, text in enumerate(notes, start=2)
        )
        separator = (
            '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        )
        added["word/footnotes.xml"] = f"<w:footnotes {nsdecls('w')}>{separator}{body}</w:footnotes>"
    return repacked(raw.getvalue(), added)


def repacked(data: bytes, parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            if name not in parts:
                target.writestr(name, source.read(name))
        for name, text in parts.items():
            target.writestr(name, text)
    return out.getvalue()


def reading_of(document: WordDocument, *, notes: Sequence[str] = ()) -> Reading:
    return read_bytes(saved(document, notes=notes), name="memo.docx")
