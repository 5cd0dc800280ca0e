"""Word memos of the same kind that look different: other words, columns, numbering, lists and notes."""

from __future__ import annotations

import time
from copy import deepcopy

from docx.shared import Pt

from tests.memos.reading.word_files import (
    TITLE,
    add_table,
    fill,
    footnote_reference,
    hidden,
    new,
    raised,
    reading_of,
    saved,
    wrap,
)
from tracker.domain.memo import Head
from tracker.domain.text import Block, Footnote
from tracker.memos.reading import read_bytes
from tracker.memos.reading.word_package import W

WORDS = ["Indsats", "Status"]
NAME = ["Skoleforvaltningen"]


def test_the_head_is_read_by_its_labels() -> None:
    document = new(
        "Kontor for Trivsel",
        "Skoleforvaltningen",
        "Dato: 12. november 2026",
        "Sagsnr. 2026-0345678",
        "Dokumentnr. 2026-0345678-1",
        "Til Byrådet",
        intro=["Planen bestemmer, at der hvert år gøres status over alle indsatser i den."],
    )
    add_table(document, [WORDS, ["1. Mentorer", "Der er 12 mentorer."]])
    reading = reading_of(document)
    assert reading.memo.head == Head(
        "Kontor for Trivsel", "Skoleforvaltningen", "12. november 2026", "2026-0345678", "Byrådet"
    )
    assert reading.memo.title == TITLE
    assert len(reading.memo.intro) == 1
    left_out = ["Dato:", "Sagsnr.", "Dokumentnr. 2026-0345678-1", "Til"]
    assert [piece.text for piece in reading.left_out] == left_out


def test_a_head_in_a_table_of_its_own_is_no_table_of_initiatives() -> None:
    document = new(title="Notat om noget andet")
    document.element.body.remove(document.paragraphs[0]._p)
    add_table(document, [["Dato", "3. marts 2026"], ["Sagsnummer", "2026-1"], ["Til:", "Byrådet"]])
    document.add_heading(TITLE, level=1)
    add_table(document, [WORDS, ["1. Mentorer", "Der er 12 mentorer."]])
    memo = reading_of(document).memo
    assert (memo.head.date, memo.head.case_number, memo.head.recipients) == (
        "3. marts 2026",
        "2026-1",
        "Byrådet",
    )
    assert [row.title for row in memo.rows] == ["Mentorer"]


def test_a_title_without_a_heading_style_is_the_large_bold_line() -> None:
    document = new("Kontor for Trivsel", "Skoleforvaltningen", title="x")
    document.element.body.remove(document.paragraphs[-1]._p)
    line = document.add_paragraph()
    run = line.add_run("Opfølgning på handleplan mod ensomhed 2026")
    run.bold, run.font.size = True, Pt(18)
    document.add_paragraph("Dette notat giver en status over alle planens indsatser i det forløbne år.")
    add_table(document, [WORDS, ["1. Mentorer", "Der er 12 mentorer."]])
    memo = reading_of(document).memo
    assert memo.title == "Opfølgning på handleplan mod ensomhed 2026"
    assert len(memo.intro) == 1


def test_merged_rows_name_the_administrations() -> None:
    document = new()
    document.add_paragraph("Tabel 1. Indsatser i perioden 2024-26.")
    rows = [NAME, WORDS, ["1. A", "Et."], ["2. B", "To."], ["Fritidsforvaltningen"], WORDS, ["3. C", "Tre."]]
    add_table(document, rows)
    memo = reading_of(document).memo
    assert memo.caption == "Tabel 1. Indsatser i perioden 2024-26."
    assert [(section.name, len(section.rows)) for section in memo.sections] == [
        ("Skoleforvaltningen", 2),
        ("Fritidsforvaltningen", 1),
    ]


def test_one_header_row_above_all_administrations_holds_for_all() -> None:
    document = new()
    add_table(
        document,
        [
            ["Tiltag", "Fremdrift"],
            ["Skoleforvaltningen"],
            ["1. A", "Et."],
            ["Fritidsudvalget"],
            ["2. B", "To."],
        ],
    )
    memo = reading_of(document).memo
    assert [(section.name, section.header) for section in memo.sections] == [
        ("Skoleforvaltningen", ("Tiltag", "Fremdrift")),
        ("Fritidsudvalget", ("Tiltag", "Fremdrift")),
    ]


def test_a_name_in_an_unmerged_row_is_a_heading_too() -> None:
    document = new()
    table = add_table(
        document,
        [WORDS, ["Skoleforvaltningen", ""], ["1. A", "Et."], ["Center for Idræt", ""], ["2. B", "To."]],
    )
    name = table.cell(3, 0).paragraphs[0]
    name.runs[0].bold = True
    assert [section.name for section in reading_of(document).memo.sections] == [
        "Skoleforvaltningen",
        "Center for Idræt",
    ]


def test_one_table_an_administration_with_headings_between() -> None:
    document = new(intro=["Herunder ses status på alle indsatser, en tabel for hver forvaltning."])
    for number, name in enumerate(
        ["Skoleforvaltningen", "Fritidsforvaltningen", "Socialforvaltningen"], start=1
    ):
        document.add_heading(name, level=2)
        add_table(document, [WORDS, [f"{number}. Indsats {number}", f"Status {number}."]])
    memo = reading_of(document).memo
    assert [section.name for section in memo.sections] == [
        "Skoleforvaltningen",
        "Fritidsforvaltningen",
        "Socialforvaltningen",
    ]
    assert [row.number for row in memo.rows] == [1, 2, 3]
    assert len(memo.tables) == 1


def test_numbers_in_a_column_of_their_own() -> None:
    document = new()
    add_table(
        document,
        [
            ["Nr.", "Initiativ", "Opfølgning"],
            ["7", "6 forløb på skoler", "Alle er holdt."],
            ["8", "1. maj-møder", "Et."],
        ],
    )
    reading = reading_of(document)
    assert [(row.number, row.title) for row in reading.memo.rows] == [
        (7, "6 forløb på skoler"),
        (8, "1. maj-møder"),
    ]
    assert reading.memo.sections[0].header == ("Initiativ", "Opfølgning")


def test_columns_the_other_way_round() -> None:
    document = new()
    add_table(
        document,
        [["Status", "Indsats"], ["Alle er holdt, og evalueringen er god.", "1. Forløb"], ["To.", "2. Møder"]],
    )
    memo = reading_of(document).memo
    assert [(row.title, row.text) for row in memo.rows][1] == ("Møder", "To.")
    assert memo.sections[0].header == ("Indsats", "Status")


def test_numbers_that_word_counts_itself() -> None:
    document = new()
    table = add_table(document, [WORDS, ["Forløb på skoler", "Et."], ["Møder i klubber", "To."]])
    for row in table.rows[1:]:
        row.cells[0].paragraphs[0].style = "List Number"
    assert [(row.number, row.title) for row in reading_of(document).memo.rows] == [
        (1, "Forløb på skoler"),
        (2, "Møder i klubber"),
    ]


def test_rows_without_any_number_are_counted_and_said_to_be() -> None:
    document = new()
    add_table(document, [NAME, WORDS, ["Forløb på skoler", "Et."], ["Møder i klubber", "To."]])
    reading = reading_of(document)
    assert [row.number for row in reading.memo.rows] == [1, 2]
    assert [str(doubt.reason) for doubt in reading.doubts] == [
        "The rows carry no number from here on; they were counted in printed order."
    ]


def test_real_lists_are_lists() -> None:
    document = new()
    table = add_table(document, [WORDS, ["1. A", ""]])
    fill(
        table.cell(1, 1),
        ("Normal", "Foreningerne skal:"),
        ("List Number", "undersøge"),
        ("List Number", "samle"),
        ("List Bullet", "et kursus"),
        ("Normal", "Derefter tages stilling."),
    )
    assert reading_of(document).memo.rows[0].blocks == (
        Block("paragraph", "Foreningerne skal:"),
        Block("number", "undersøge", 1),
        Block("number", "samle", 2),
        Block("bullet", "et kursus"),
        Block("paragraph", "Derefter tages stilling."),
    )


def test_typed_lists_are_lists_and_a_date_is_none() -> None:
    document = new()
    table = add_table(document, [WORDS, ["1. A", ""]])
    fill(
        table.cell(1, 1),
        ("Normal", "•\tet kursus"),
        ("Normal", "- en måling"),
        ("Normal", "1. Udvalget drøfter den"),
        ("Normal", "1. maj åbnede huset."),
    )
    row = reading_of(document).memo.rows[0]
    assert row.text == "- et kursus\n- en måling\n1. Udvalget drøfter den\n1. maj åbnede huset."
    assert [block.kind for block in row.blocks] == ["bullet", "bullet", "number", "paragraph"]


def test_bold_lines_and_heading_styles_are_sub_headings() -> None:
    document = new()
    table = add_table(document, [WORDS, ["1. A", ""]])
    fill(
        table.cell(1, 1),
        ("Heading 3", "Hvad der er sket"),
        ("Normal", "Et."),
        ("Normal", "x"),
        ("Normal", "To."),
    )
    bold = table.cell(1, 1).paragraphs[2]
    bold.text = ""
    bold.add_run("Hvad der følger").bold = True
    assert [block.kind for block in reading_of(document).memo.rows[0].blocks] == [
        "heading",
        "paragraph",
        "heading",
        "paragraph",
    ]


def test_soft_line_breaks_join_a_title_and_divide_a_status() -> None:
    document = new()
    add_table(document, [WORDS, ["1. Natteværter \n hjælper gæster", "Første linje.\nAnden linje."]])
    row = reading_of(document).memo.rows[0]
    assert (row.title, row.text) == ("Natteværter hjælper gæster", "Første linje.\nAnden linje.")


def test_real_footnotes_are_numbered_as_they_come() -> None:
    document = new()
    table = add_table(document, [WORDS, ["1. A", "Målt"], ["2. B", "Talt"]])
    footnote_reference(table.cell(1, 1).paragraphs[0], 3)
    table.cell(1, 1).paragraphs[0].add_run(" to gange.")
    footnote_reference(table.cell(2, 1).paragraphs[0], 2)
    memo = reading_of(document, notes=["Den anden note.", "Den første note."]).memo
    assert [row.text for row in memo.rows] == ["Målt¹ to gange.", "Talt²"]
    assert memo.footnotes == (Footnote(1, "Den første note."), Footnote(2, "Den anden note."))


def test_typed_marks_find_their_typed_notes() -> None:
    document = new()
    table = add_table(document, [WORDS, ["1. A", "Målt"]])
    raised(table.cell(1, 1).paragraphs[0], "1", " to gange.")
    note = document.add_paragraph()
    raised(note, "1", " Se planens side 4.")
    document.add_paragraph("Med venlig hilsen")
    reading = reading_of(document)
    assert reading.memo.rows[0].text == "Målt¹ to gange."
    assert reading.memo.footnotes == (Footnote(1, "Se planens side 4."),)
    assert [piece.text for piece in reading.left_out] == ["Med venlig hilsen"]


def test_a_mark_without_a_note_is_doubted() -> None:
    document = new()
    table = add_table(document, [NAME, WORDS, ["1. A", "Målt"]])
    raised(table.cell(2, 1).paragraphs[0], "4")
    reading = reading_of(document)
    assert [(doubt.row, doubt.words) for doubt in reading.doubts] == [(1, "4")]


def test_a_column_without_room_is_left_out_with_its_place() -> None:
    document = new()
    add_table(document, [["Nr.", "Indsats", "Frist", "Status"], ["1", "Forløb", "Juni 2026", "Et."]])
    reading = reading_of(document)
    assert reading.memo.rows[0].text == "Et."
    assert [(piece.text, str(piece.place)) for piece in reading.left_out] == [
        ("Nr.", "table 1, row 1"),
        ("Frist", "table 1, row 1"),
        ("Juni 2026", "table 1, row 2, column “Frist”"),
    ]


def test_the_administration_in_a_column() -> None:
    document = new()
    rows = [
        ["Forvaltning", "Indsats", "Status"],
        ["Skoleforvaltningen", "1. A", "Et."],
        ["", "2. B", "To."],
        ["Fritidsforvaltningen", "3. C", "Tre."],
    ]
    table = add_table(document, rows)
    table.cell(1, 0).merge(table.cell(2, 0))
    assert [(section.name, len(section.rows)) for section in reading_of(document).memo.sections] == [
        ("Skoleforvaltningen", 2),
        ("Fritidsforvaltningen", 1),
    ]


def test_a_row_that_goes_on_in_the_next_table_row_is_one_row() -> None:
    document = new()
    add_table(document, [NAME, WORDS, ["1. A", "Begyndelsen."], ["", "Slutningen."], ["2. B", "To."]])
    reading = reading_of(document)
    assert [row.text for row in reading.memo.rows] == ["Begyndelsen.\nSlutningen.", "To."]
    assert [doubt.row for doubt in reading.doubts] == [1]


def test_tables_of_unfunded_and_new_initiatives_stand_beside_the_status() -> None:
    document = new()
    document.add_paragraph("Tabel 1. Indsatser i 2026.")
    add_table(document, [NAME, WORDS, ["1. A", "Et."]])
    document.add_paragraph("Tabel 2. Indsatser uden finansiering.")
    add_table(document, [NAME, WORDS, ["1. B", "To."]])
    document.add_paragraph("Tabel 3. Nye forslag til indsatser.")
    add_table(document, [["Fritidsforvaltningen"], WORDS, ["1. C", "Tre."]])
    memo = reading_of(document).memo
    assert [(table.kind, table.sections[0].rows[0].title) for table in memo.tables] == [
        ("status", "A"),
        ("unfunded", "B"),
        ("new", "C"),
    ]


def test_deleted_and_hidden_text_is_left_out_and_inserted_text_is_read() -> None:
    document = new()
    table = add_table(document, [WORDS, ["1. A", "Der er"]])
    cell = table.cell(1, 1).paragraphs[0]
    wrap(cell, "w:del", " ti")
    wrap(cell, "w:ins", " tolv")
    hidden(cell, " (internt)")
    reading = reading_of(document)
    assert reading.memo.rows[0].text == "Der er tolv"
    assert sorted(piece.text for piece in reading.left_out) == ["(internt)", "ti"]


def test_gaps_and_repeats_in_the_numbers_are_doubted() -> None:
    document = new()
    add_table(document, [NAME, WORDS, ["1. A", "Et."], ["3. B", "To."], ["3. C", "Tre."]])
    assert [doubt.row for doubt in reading_of(document).doubts] == [3, 3, 3]


def test_a_remark_across_the_table_is_left_out() -> None:
    document = new()
    remark = "Bemærk, at de følgende indsatser først blev en del af planen i løbet af året."
    add_table(document, [NAME, WORDS, ["1. A", "Et."], [remark], ["2. B", "To."]])
    reading = reading_of(document)
    assert [row.number for row in reading.memo.sections[0].rows] == [1, 2]
    assert [piece.text for piece in reading.left_out] == [remark]


def test_page_headers_fill_the_head_and_are_listed_otherwise() -> None:
    document = new("Kontor for Trivsel")
    header = document.sections[0].header
    header.paragraphs[0].text = "Skoleforvaltningen"
    header.add_paragraph("Fortroligt indtil mødet")
    add_table(document, [WORDS, ["1. A", "Et."]])
    reading = reading_of(document)
    assert reading.memo.head == Head("Kontor for Trivsel", "Skoleforvaltningen")
    assert [(piece.text, str(piece.place)) for piece in reading.left_out] == [
        ("Fortroligt indtil mødet", "page header")
    ]


def test_a_thousand_rows_are_read_in_a_moment() -> None:
    document = new()
    rows = [[f"{number}. Indsats {number}", "Arbejdet følger planen. " * 20] for number in range(1, 31)]
    table = add_table(document, [NAME, WORDS, *rows])
    pattern = table.rows[-1]._tr
    for number in range(31, 1001):
        row = deepcopy(pattern)
        row.find(f".//{W}t").text = f"{number}. Indsats {number}"
        table._tbl.append(row)
    data = saved(document)
    begun = time.process_time()
    memo = read_bytes(data, name="memo.docx").memo
    assert time.process_time() - begun < 3
    assert [row.number for row in memo.rows] == list(range(1, 1001))


SAID = "Der er holdt tolv møder med borgerne i byen, og ordningen fortsætter."


def test_numbers_with_parts_count_the_rows_and_are_left_out_as_printed() -> None:
    document = new()
    rows = [
        ["1. Skoleforvaltningen"],
        ["1.1 A", SAID],
        ["1.2 B", SAID],
        ["2. Kulturudvalget"],
        ["2.1 C", SAID],
    ]
    add_table(document, [WORDS, *rows])
    reading = reading_of(document)
    assert [(section.name, [row.number for row in section.rows]) for section in reading.memo.sections] == [
        ("Skoleforvaltningen", [1, 2]),
        ("Kulturudvalget", [3]),
    ]
    assert [row.title for row in reading.memo.rows] == ["A", "B", "C"]
    assert [piece.text for piece in reading.left_out] == ["1.", "1.1", "1.2", "2.", "2.1"]


def test_the_numbered_column_is_the_title_and_a_colour_is_no_status() -> None:
    document = new()
    words = ["Mål", "Indsats", "Status", "Bemærkninger"]
    add_table(document, [words, ["Flere", "1. A", "Grøn", SAID], ["Flere", "2. B", "Gul", SAID]])
    reading = reading_of(document)
    assert [(row.number, row.title, row.text) for row in reading.memo.rows] == [
        (1, "A", SAID),
        (2, "B", SAID),
    ]
    assert {"Grøn", "Gul"} <= {piece.text for piece in reading.left_out}


def test_header_words_that_nobody_knows_are_told_by_what_stands_below() -> None:
    document = new()
    add_table(document, [["Tema", "Hvor er vi nu?"], ["Mentorer", SAID], ["Haller", SAID]])
    memo = reading_of(document).memo
    assert memo.sections[0].header == ("Tema", "Hvor er vi nu?")
    assert [(row.number, row.title) for row in memo.rows] == [(1, "Mentorer"), (2, "Haller")]


def test_a_caption_that_speaks_of_new_initiatives_leaves_the_only_table_the_statuses() -> None:
    document = new()
    document.add_paragraph("Tabel 1. Nye initiativer i perioden 2023-25.")
    add_table(document, [WORDS, ["1. A", "Et."]])
    assert [row.title for row in reading_of(document).memo.rows] == ["A"]
