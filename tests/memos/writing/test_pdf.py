"""The memo as PDF: what a screen reader, an archive and a printer get."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pdfua
import pypdf
import pytest

from tests.memos.writing.samples import CREATED, LETTERHEAD, MEMO, SVG, many_rows, paragraph, png
from tracker.domain.memo import Memo, Row, Section, Table
from tracker.domain.text import Footnote
from tracker.memos.writing import DraftNotice, Letterhead, write_pdf

DRAFT = DraftNotice(("2. Samtaler (Skoleforvaltningen)", "3. Åbne haller"))


def written(memo: Memo = MEMO, **options: object) -> bytes:
    return write_pdf(memo, **{"letterhead": LETTERHEAD, "created": CREATED, **options})  # type: ignore[arg-type]


def opened(memo: Memo = MEMO, **options: object) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(written(memo, **options)))


def tags(reader: pypdf.PdfReader) -> Counter[str]:
    """How often each structure tag occurs."""
    root: Any = reader.trailer["/Root"]
    return Counter(_tags_below(root["/StructTreeRoot"]))


def _tags_below(node: Any) -> Iterator[str]:
    yield from (str(one["/S"]) for one in _elements(node))


def _elements(node: Any) -> Iterator[Any]:
    """The structure elements below a node, in reading order."""
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from _elements(child)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from _elements(node["/K"])


def text_of(reader: pypdf.PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


@pytest.mark.parametrize("draft", [None, DRAFT], ids=["final", "draft"])
def test_an_independent_checker_finds_no_breach_of_pdf_ua(draft: DraftNotice | None, tmp_path: Any) -> None:
    path = tmp_path / "memo.pdf"
    logo = SVG if draft else png()
    path.write_bytes(written(draft=draft, letterhead=Letterhead("Eksempelby Kommune", logo=logo)))
    report = pdfua.validate(path)
    certain = [one for one in report.findings if one.confidence is pdfua.Confidence.CERTAIN]
    assert [(one.rule_id, one.message) for one in certain if one.severity.name in {"ERROR", "FAILURE"}] == []
    assert report.exit_code == 0


def test_there_is_one_table_tag_a_section_however_many_pages_it_crosses() -> None:
    reader = opened(many_rows(60))
    assert len(reader.pages) > 5
    counted = tags(reader)
    assert (counted["/Table"], counted["/TH"], counted["/TR"]) == (1, 2, 61)


def test_sections_headers_lists_and_notes_are_tagged() -> None:
    counted = tags(opened())
    assert counted["/Table"] == 2
    assert counted["/TH"] == 4
    assert counted["/L"] >= 2
    assert counted["/Note"] == 2
    assert counted["/H1"] == 2
    assert counted["/H2"] == 2


def test_header_cells_say_that_they_head_a_column() -> None:
    root: Any = opened().trailer["/Root"]
    cells = [one for one in _elements(root["/StructTreeRoot"]) if one["/S"] == "/TH"]
    scopes = [[one["/Scope"] for one in cell["/A"] if one["/O"] == "/Table"] for cell in cells]
    assert scopes == [["/Column"]] * 4


def test_the_mark_of_a_draft_is_no_part_of_what_is_read_aloud() -> None:
    for draft, expected in ((DRAFT, 1), (None, 0)):
        for page in opened(many_rows(20), draft=draft).pages:
            content = page.get_contents()
            assert content is not None
            drawn = content.get_data()
            assert drawn.count(b"/Type/Background") == expected
            assert b"/Type/Pagination" in drawn


def test_language_title_author_date_and_both_standards_are_stated() -> None:
    reader = opened()
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "da-DK"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == (MEMO.title, "Skoleforvaltningen")
    assert reader.metadata.creation_date == CREATED
    xmp = root["/Metadata"].get_data().decode()
    assert "pdfuaid:part>1<" in xmp
    assert "pdfaid:part>2<" in xmp
    assert "pdfaid:conformance>A<" in xmp


def test_the_bookmarks_name_the_administrations() -> None:
    titles = [one.title for one in opened().outline if not isinstance(one, list)]
    assert titles == ["Skoleforvaltningen", "Fritidsforvaltningen"]


def test_header_words_stand_on_every_page_that_a_table_reaches() -> None:
    pages = [page.extract_text() for page in opened(many_rows(40)).pages]
    assert len(pages) > 3
    assert all("Indsats" in page and "Status" in page for page in pages)
    assert all("Skoleforvaltningen" in page for page in pages)


def test_a_draft_says_so_on_every_page_and_lists_what_lacks_approval() -> None:
    pages = [page.extract_text() for page in opened(many_rows(30), draft=DRAFT).pages]
    assert all("KLADDE" in page for page in pages)
    assert all(row in pages[0] for row in DRAFT.missing)
    assert "KLADDE" not in text_of(opened())


def test_footnotes_keep_their_printed_numbers_and_none_is_lost() -> None:
    rows = (Row(1, "T", (paragraph("To² og syv⁷ og igen²."),)),)
    notes = (Footnote(2, "Nummer to."), Footnote(7, "Nummer syv."), Footnote(9, "Uden henvisning."))
    text = text_of(opened(Memo("T", tables=(Table("", (Section("A", rows),)),), footnotes=notes)))
    assert all(note.text in text for note in notes)
    assert "To2" in text.replace(" ", "")


def test_the_pages_are_numbered_and_carry_the_colophon() -> None:
    text = text_of(opened(colophon="Udgave til byrådet, låst 3. marts 2027"))
    assert "Side 1 af" in text
    assert "Udgave til byrådet, låst 3. marts 2027" in text


def test_an_english_memo_speaks_english() -> None:
    reader = opened(replace(MEMO, language="en"), draft=DraftNotice())
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert "Page 1 of" in text_of(reader)


def test_the_same_memo_gives_the_same_bytes() -> None:
    assert written(draft=DRAFT) == written(draft=DRAFT)


def test_a_memo_without_rows_is_still_a_document() -> None:
    assert opened(Memo("")).pages
    assert opened(Memo("T", tables=(Table("", (Section("", ()), Section("B", (Row(1, "", ()),)))),))).pages


def test_the_number_of_another_row_leads_to_it(tmp_path: Any) -> None:
    said = paragraph("Se nr. 2-3, jf. også lov nr. 3.")
    rows = (Row(1, "Se nr. 2", (said,)), Row(2, "To ord", (said,)), *many_rows(30).rows[2:])
    memo = Memo("Status", tables=(Table("Tabel 1.", (Section("Skoleforvaltningen", rows),)),))
    path = tmp_path / "memo.pdf"
    path.write_bytes(written(memo))
    places = list(pypdf.PdfReader(path).pages[0].get("/Annots", []))
    assert len(places) == 4
    assert pdfua.validate(path).exit_code == 0
