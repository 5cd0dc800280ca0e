"""PDFs that LibreOffice makes of memos of the kind: with rules or none, headers repeated, lines stretched."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

from tests.memos.reading.kinds import kind_of_memo, memo_of
from tests.memos.reading.kinds_word import word_file
from tests.memos.reading.test_kinds import outline
from tracker.memos.reading import read_bytes
from tracker.memos.reading.lost_words import lost_words
from tracker.memos.reading.source_words import source_words

# What each gets beside its kind. Their notes are typed.
LOOKS = {
    12: {"repeated header"},
    14: {"no rules"},
    16: {"across"},
    22: {"frame alone", "repeated header", "stretched"},
    29: {"rules between rows", "bold titles"},
    38: {"no rules", "bold titles", "stretched", "repeated header"},
}


@pytest.fixture(scope="module")
def pdfs(tmp_path_factory: pytest.TempPathFactory) -> dict[int, bytes]:
    folder = tmp_path_factory.mktemp("office")
    files = [folder / f"memo-{seed}.docx" for seed in LOOKS]
    for seed, file in zip(LOOKS, files, strict=True):
        file.write_bytes(_pressed(seed))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, *files],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return {
        seed: Path(file.with_suffix(".pdf")).read_bytes() for seed, file in zip(LOOKS, files, strict=True)
    }


def _pressed(seed: int) -> bytes:
    """The Word file with page, print and rules as another office would set them, and no changes tracked."""
    document = Document(io.BytesIO(word_file(memo_of(seed), kind_of_memo(seed), seed=seed)))
    for gone in [*document.element.body.iter(qn("w:del"), qn("w:fldSimple"))]:
        for run in list(gone) if gone.tag == qn("w:fldSimple") else []:
            gone.addprevious(run)
        gone.getparent().remove(gone)
    document.styles["Normal"].font.size = Pt(9 + seed % 3)
    document.styles["Normal"].paragraph_format.space_after = Pt(seed % 2 * 4)
    looks = LOOKS[seed]
    section = document.sections[0]
    if "across" in looks:
        section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21)
    for table in document.tables:
        _dress(table, looks)
    raw = io.BytesIO()
    document.save(raw)
    return raw.getvalue()


def _dress(table: Table, looks: set[str]) -> None:
    first = table.rows[0]._tr.get_or_add_trPr()
    if "repeated header" in looks and first.find(qn("w:tblHeader")) is None:
        first.append(OxmlElement("w:tblHeader"))
    if looks & {"no rules", "rules between rows"}:
        table.style = "Normal Table"
    if "rules between rows" in looks:
        edges = "".join(f'<w:{edge} w:val="single" w:sz="4"/>' for edge in ("top", "bottom", "insideH"))
        table._tbl.tblPr.append(parse_xml(f"<w:tblBorders {nsdecls('w')}>{edges}</w:tblBorders>"))
    if "frame alone" in looks:
        table.style = "Light List"
    for paragraph in table._tbl.iter(qn("w:p")) if "stretched" in looks else ():
        Paragraph(paragraph, table).alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    for cell in table.columns[-2].cells if "bold titles" in looks and len(table.columns) > 1 else ():
        for run in cell._tc.iter(qn("w:r")):
            run.get_or_add_rPr().append(OxmlElement("w:b"))


@pytest.mark.parametrize("seed", LOOKS)
def test_rows_and_titles_of_an_office_pdf_are_those_of_the_memo_and_no_word_is_lost(
    seed: int, pdfs: dict[int, bytes]
) -> None:
    memo = memo_of(seed)
    reading = read_bytes(pdfs[seed], name="memo.pdf")
    assert outline(reading.memo) == outline(memo)
    assert [row.title for row in reading.memo.rows] == [row.title for row in memo.rows]
    assert lost_words(source_words(pdfs[seed], name="memo.pdf"), reading) == ()
