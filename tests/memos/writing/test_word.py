"""The memo as Word opens it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import datetime

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from lxml import etree

from tests.memos.writing.samples import CREATED, LETTERHEAD, MEMO, SVG, many_rows, paragraph, png
from tracker.domain.memo import Memo, Row, Section, Table
from tracker.domain.text import Block, Footnote
from tracker.memos.reading import read_bytes
from tracker.memos.writing import DraftNotice, Letterhead, write_docx


def written(memo: Memo = MEMO, **options: object) -> bytes:
    return write_docx(memo, **{"letterhead": LETTERHEAD, "created": CREATED, **options})  # type: ignore[arg-type]


def opened(memo: Memo = MEMO, **options: object) -> Document:
    return docx.Document(io.BytesIO(written(memo, **options)))


def part(name: str, data: bytes) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return etree.fromstring(package.read(name))


def words(element: etree._Element) -> str:
    return "".join(element.itertext(qn("w:t")))


def test_every_part_is_well_formed_and_known_to_the_package() -> None:
    data = written(
        draft=DraftNotice(("2. Samtaler",)), letterhead=Letterhead("Eksempelby Kommune", logo=png())
    )
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        names = [name for name in package.namelist() if not name.endswith(".png")]
        for name in names:
            etree.fromstring(package.read(name))
        types = package.read("[Content_Types].xml").decode()
    assert all(f'"/{name}"' in types for name in names if "rels" not in name and "Types" not in name)


def test_the_memo_reads_from_letterhead_to_last_row() -> None:
    document = opened()
    styles = [(one.style.name, one.text) for one in document.paragraphs if one.text and one.style]
    assert styles[:6] == [
        ("Memo Office", "Kontor for Trivsel"),
        ("Memo Administration", "Skoleforvaltningen"),
        ("Memo Date", "Dato: 3. marts 2027"),
        ("Memo Case Number", "Sagsnr.: 2027-0042"),
        ("Memo Recipients", "Til: Byrådet"),
        ("Title", MEMO.title),
    ]
    assert ("Caption", MEMO.caption) in styles
    assert [text for style, text in styles if style == "Heading 1"] == [
        "Skoleforvaltningen",
        "Fritidsforvaltningen",
    ]
    cells = [cell.text for cell in document.tables[0].rows[1].cells]
    assert cells == ["1. Mentorer til nye elever", "Der er 12 mentorer i gang."]


def test_each_table_repeats_its_header_row_and_says_what_it_shows() -> None:
    tables = opened().tables
    assert len(tables) == 2
    for table, section in zip(tables, MEMO.sections, strict=True):
        headers = table._tbl.findall(f".//{qn('w:tblHeader')}")
        assert len(headers) == 1
        assert tuple(cell.text for cell in table.rows[0].cells) == section.header
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == section.name
        assert section.name in table._tbl.tblPr.find(qn("w:tblDescription")).get(qn("w:val"))


def test_administrations_and_sub_headings_are_in_the_navigation() -> None:
    styles = part("word/styles.xml", written())
    levels = {
        style.get(qn("w:styleId")): level.get(qn("w:val"))
        for style in styles
        if (level := style.find(f".//{qn('w:outlineLvl')}")) is not None
    }
    assert levels == {"Heading1": "0", "Heading2": "1", "Heading3": "2"}
    sub = [
        one.text
        for one in opened().tables[0].rows[2].cells[1].paragraphs
        if one.style and one.style.name == "Heading 2"
    ]
    assert sub == ["Hvad der er sket", "Hvad der følger"]


def test_lists_are_real_lists_and_begin_at_the_number_that_was_printed() -> None:
    blocks = (
        Block("number", "Tredje", 3),
        Block("number", "Fjerde", 4),
        paragraph("Og"),
        Block("number", "Ny", 1),
    )
    memo = replace(
        MEMO, tables=(Table("Tabel 1. T.", (Section("A", (Row(1, "T", blocks),)),)),), footnotes=()
    )
    data = written(memo)
    starts = [one.get(qn("w:val")) for one in part("word/numbering.xml", data).iter(qn("w:startOverride"))]
    assert starts == ["3", "1"]
    used = [one.get(qn("w:val")) for one in part("word/document.xml", data).iter(qn("w:numId"))]
    assert used == ["2", "2", "3"]


def test_footnotes_are_real_and_stand_where_they_were() -> None:
    data = written()
    body = part("word/document.xml", data)
    assert [one.get(qn("w:id")) for one in body.iter(qn("w:footnoteReference"))] == ["1", "2"]
    notes = part("word/footnotes.xml", data)
    assert [one.get(qn("w:type")) for one in notes][:2] == ["separator", "continuationSeparator"]
    assert [words(one).strip() for one in notes][2:] == [note.text for note in MEMO.footnotes]


def test_a_second_mention_of_a_footnote_is_text_and_m2_is_no_footnote() -> None:
    rows = (Row(1, "T", (paragraph("Først¹, siden¹ og 40 m²."),)),)
    memo = Memo("T", tables=(Table("", (Section("A", rows),)),), footnotes=(Footnote(1, "Note."),))
    document = opened(memo)
    assert len(list(document.element.iter(qn("w:footnoteReference")))) == 1
    assert document.tables[0].rows[1].cells[1].text == "Først, siden¹ og 40 m²."


def test_footnotes_out_of_order_keep_their_printed_numbers() -> None:
    rows = (Row(1, "T", (paragraph("To² og syv⁷."),)),)
    notes = (Footnote(2, "Nummer to."), Footnote(7, "Nummer syv."), Footnote(9, "Uden henvisning."))
    data = written(Memo("T", tables=(Table("", (Section("A", rows),)),), footnotes=notes))
    body = part("word/document.xml", data)
    assert [words(one.getparent()) for one in body.iter(qn("w:footnoteReference"))] == ["2", "7"]
    assert [words(one) for one in part("word/footnotes.xml", data)][2:] == ["2 Nummer to.", "7 Nummer syv."]
    assert "⁹ Uden henvisning." in words(body)


def test_a_draft_says_so_on_every_page_and_lists_what_lacks_approval() -> None:
    document = opened(draft=DraftNotice(("2. Samtaler (Skoleforvaltningen)", "3. Åbne haller")))
    section = document.sections[0]
    assert section.different_first_page_header_footer
    assert section.first_page_header.paragraphs[0].text == section.header.paragraphs[0].text == "KLADDE"
    listed = [one.text for one in document.paragraphs if one.style and one.style.name == "Memo Draft Item"]
    assert listed == ["2. Samtaler (Skoleforvaltningen)", "3. Åbne haller"]
    assert document.core_properties.content_status == "KLADDE"
    assert "KLADDE" not in opened().sections[0].header.paragraphs[0].text


def test_an_english_memo_speaks_english() -> None:
    data = written(replace(MEMO, language="en"), draft=DraftNotice())
    assert 'w:lang w:val="en-GB"' in etree.tostring(part("word/styles.xml", data)).decode()
    text = words(part("word/document.xml", data))
    assert "Case no.: 2027-0042" in text
    assert "Every initiative is approved" in text
    assert words(part("word/header2.xml", data)).startswith("DRAFT")


def test_the_paper_is_a4_the_language_danish_and_the_properties_filled() -> None:
    data = written()
    document = docx.Document(io.BytesIO(data))
    assert (round(document.sections[0].page_width.mm), round(document.sections[0].page_height.mm)) == (
        210,
        297,
    )
    assert 'w:lang w:val="da-DK"' in etree.tostring(part("word/styles.xml", data)).decode()
    properties = document.core_properties
    assert (properties.title, properties.author, properties.language) == (
        MEMO.title,
        "Skoleforvaltningen",
        "da-DK",
    )
    assert properties.created == CREATED


def test_the_letterhead_adds_only_what_the_head_does_not_say_and_describes_its_logo() -> None:
    sender = Letterhead("Eksempelby Kommune", "Skoleforvaltningen", "Kontor for Trivsel", logo=png())
    header = part("word/header1.xml", written(letterhead=sender))
    assert words(header) == "Eksempelby Kommune"
    assert {one.get("descr") for one in header.iter() if one.get("descr")} == {"Logo for Eksempelby Kommune"}
    bare = part(
        "word/header1.xml", written(replace(MEMO, head=replace(MEMO.head, office="")), letterhead=sender)
    )
    assert words(bare) == "Eksempelby KommuneKontor for Trivsel"


def test_the_same_memo_gives_the_same_bytes() -> None:
    assert written(colophon="1. udgave") == written(colophon="1. udgave")


def test_a_time_without_a_zone_and_a_logo_of_another_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        written(created=datetime(2027, 3, 3, 9, 0))
    with pytest.raises(ValueError, match="runs nothing"):
        Letterhead("Eksempelby Kommune", logo=b"<svg width='9' onload='x'/>")


def test_a_drawn_logo_stands_beside_a_picture_of_it_for_programs_that_cannot_draw() -> None:
    data = written(letterhead=Letterhead("Eksempelby Kommune", logo=SVG))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.read("word/media/logo.svg") == SVG
        assert package.read("word/media/logo.png").startswith(b"\x89PNG")
        relations = etree.fromstring(package.read("word/_rels/header1.xml.rels"))
        assert "image/svg+xml" in package.read("[Content_Types].xml").decode()
    targets = {one.get("Id"): one.get("Target") for one in relations}
    embed = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
    used = [one.get(embed) for one in part("word/header1.xml", data).iter() if one.get(embed)]
    assert [targets[one] for one in used] == ["media/logo.png", "media/logo.svg"]
    extent = next(one for one in part("word/header1.xml", data).iter() if one.tag.endswith("}extent"))
    assert round(int(extent.get("cx")) / int(extent.get("cy"))) == 2


def test_a_memo_without_rows_still_opens() -> None:
    assert opened(Memo("")).tables == []
    assert opened(Memo("T", tables=(Table("", (Section("A", ()), Section("B", (Row(1, "", ()),)))),))).tables


def test_thousands_of_rows_are_all_there() -> None:
    assert len(opened(many_rows(2000)).tables[0]._tbl.tr_lst) == 2001


def test_the_number_of_another_row_is_a_field_that_follows_it() -> None:
    text = "Se nr. 2-3, jf. også lov nr. 3 og indsats 9. Indsats 1 er 3 år gammel."
    said = (paragraph("Ord om indsatsen."),)
    rows = (Row(1, "Se nr. 2", (paragraph(text),)), Row(2, "To ord", said), Row(3, "Tre ord", said))
    sections, others = Section("Skoleforvaltningen", rows), Section("Skoleforvaltningen", (rows[0],))
    tables = (Table("Tabel 1. Indsatser.", (sections,)), Table("Tabel 2. Nye forslag.", (others,), "new"))
    memo = Memo("Status", intro=("Læs under nr. 1.",), tables=tables)
    data = written(memo)
    body = part("word/document.xml", data)
    marks = {one.get(qn("w:name")): one for one in body.iter(qn("w:bookmarkStart"))}
    assert [words(one.getnext()) for one in marks.values()] == ["1", "2", "3"]
    assert len({one.get(qn("w:id")) for one in marks.values()}) == 3
    fields = [(one.get(qn("w:instr")).split(), words(one)) for one in body.iter(qn("w:fldSimple"))]
    assert [shown for _, shown in fields] == ["1", *(2 * ["2", "3", "1"])]
    for (name, mark, *options), shown in fields:
        assert (name, options) == ("REF", ["\\h"])
        assert words(marks[mark].getnext()) == shown
    assert read_bytes(data, name="memo.docx").memo == memo
