"""PDFs that LibreOffice makes of memos of the kind: with rules or none, headers repeated, pages across."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from tests.memos.reading.kinds import kind_of_memo, memo_of
from tests.memos.reading.kinds_word import word_file
from tests.memos.reading.test_kinds import outline
from tracker.memos.reading import read_bytes
from tracker.memos.reading.lost_words import lost_words
from tracker.memos.reading.source_words import source_words

# Their notes are typed; one gets no rules, one a header that pages repeat, one pages across.
SEEDS = (12, 14, 16)


@pytest.fixture(scope="module")
def pdfs(tmp_path_factory: pytest.TempPathFactory) -> dict[int, bytes]:
    folder = tmp_path_factory.mktemp("office")
    files = [folder / f"memo-{seed}.docx" for seed in SEEDS]
    for seed, file in zip(SEEDS, files, strict=True):
        file.write_bytes(_pressed(seed))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, *files],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return {
        seed: Path(file.with_suffix(".pdf")).read_bytes() for seed, file in zip(SEEDS, files, strict=True)
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
    section = document.sections[0]
    if seed == 16:
        section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21)
    for table in document.tables:
        first = table.rows[0]._tr.get_or_add_trPr()
        if seed == 12 and first.find(qn("w:tblHeader")) is None:
            first.append(OxmlElement("w:tblHeader"))
        if seed == 14:
            table.style = "Normal Table"
    raw = io.BytesIO()
    document.save(raw)
    return raw.getvalue()


@pytest.mark.parametrize("seed", SEEDS)
def test_rows_and_titles_of_an_office_pdf_are_those_of_the_memo_and_no_word_is_lost(
    seed: int, pdfs: dict[int, bytes]
) -> None:
    memo = memo_of(seed)
    reading = read_bytes(pdfs[seed], name="memo.pdf")
    assert outline(reading.memo) == outline(memo)
    assert [row.title for row in reading.memo.rows] == [row.title for row in memo.rows]
    assert lost_words(source_words(pdfs[seed], name="memo.pdf"), reading) == ()
