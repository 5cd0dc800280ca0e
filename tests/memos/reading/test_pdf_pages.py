"""What the pages of a PDF show: their own lines and the memo's, columns, cells and words that were cut."""

from __future__ import annotations

from dataclasses import replace

from tests.memos.reading.pdf_files import sample
from tracker.memos.reading.hyphens import runs_over
from tracker.memos.reading.lost_words import lost_words
from tracker.memos.reading.pdf_furniture import Sheet, take_furniture
from tracker.memos.reading.pdf_joins import Flow
from tracker.memos.reading.pdf_lines import Line, lines_of
from tracker.memos.reading.pdf_notes import take_notes
from tracker.memos.reading.pdf_paragraphs import counted, paragraphs_of
from tracker.memos.reading.pdf_parts import Part, Piece, TableRow, part_of
from tracker.memos.reading.pdf_rules import regions_of
from tracker.memos.reading.pdf_source import Page, Rule, Word
from tracker.memos.reading.result import Reading, say
from tracker.memos.reading.word_paragraphs import Paragraph


def line(text: str, *, base: float, page: int = 1, x0: float = 70, x1: float = 200, size: float = 10) -> Line:
    return Line(page, text, x0, x1, base, size, False, 20.0, text_x0=x0)


def word(text: str, x0: float, x1: float, base: float) -> Word:
    return Word(text, x0, x1, base, 10.0, False, 1)


def sheet(page: int, *loose: Line, note_rule: float | None = None) -> Sheet:
    row = TableRow(
        [Piece(70, 300, [line("Indsatsen er begyndt på alle skoler", base=90, page=page)]), Piece(300, 500)],
        page,
    )
    part = Part(page, 70, 80, 500, 700, [row])
    return Sheet(page, 595, 842, list(loose), [part], note_rule=note_rule)


NOTES = {
    2: "Se planens side ti.",
    3: "Målingen gentages i 2029.",
    4: "Bilag to siger mere.",
    5: "Tallet er et skøn.",
}


def test_notes_of_one_line_at_the_same_height_of_all_pages_stay_notes() -> None:
    pages = [sheet(1)]
    for page, text in NOTES.items():
        feet = line(f"{page - 1} {text}", base=770, page=page, size=8), line(str(page), base=805, page=page)
        pages.append(sheet(page, *feet, note_rule=760))
    furniture = take_furniture(pages)
    take_notes(pages, {1, 2, 3, 4}, furniture)
    assert [note.text for note in furniture.notes] == list(NOTES.values())
    assert [taken.text for taken, _ in furniture.lines] == ["2", "3", "4", "5"]


def test_a_name_at_a_pages_top_is_a_heading_only_in_print_as_large_as_the_tables() -> None:
    pages = [sheet(1, line("Et notat", base=60)), sheet(2), sheet(3)]
    pages[1].loose = [line("Skoleforvaltningen", base=50, page=2)]
    pages[2].loose = [line("Kulturforvaltningen", base=50, page=3, size=7)]
    taken = take_furniture(pages).lines
    assert [(one.page, one.text) for one, _ in taken] == [(3, "Kulturforvaltningen")]


def test_the_caption_of_a_further_table_ends_the_note_of_the_page_before() -> None:
    note = line("1 Se planens side ti.", base=770, size=10)
    pages = [sheet(1, note, note_rule=760), sheet(2, line("Tabel 2. Nye forslag.", base=720, page=2))]
    furniture = take_furniture(pages)
    take_notes(pages, {1}, furniture)
    assert [one.text for one in furniture.notes] == ["Se planens side ti."]
    assert [one.text for one in pages[1].loose] == ["Tabel 2. Nye forslag."]


def test_a_dash_at_the_end_of_a_stretched_line_is_no_bullet_of_the_next_column() -> None:
    words = [word("Vestbyen", 200, 250, 100), word("–", 257, 262, 100), word("som", 273, 294, 100)]
    assert [one.text for one in lines_of(words, 1, apart=0.6)] == ["Vestbyen", "–", "som"]
    bullet = [word("–", 273, 278, 100), word("som", 290, 310, 100)]
    assert [one.printed for one in lines_of(bullet, 1, apart=0.6)] == ["– som"]


def test_a_bar_beside_changed_rows_makes_no_table_of_them() -> None:
    levels = (Rule(70, 100, 500, 100), Rule(70, 160, 500, 160))
    page = Page(1, 595, 842, (word("Havnen", 75, 110, 130),), (), (*levels, Rule(64, 95, 64, 165)))
    assert [region.uprights for region in regions_of(page)] == [[]]


def test_a_title_set_in_the_middle_of_its_row_begins_no_other_row() -> None:
    status = [
        word(text, 310, 360, 110 + 12 * at) for at, text in enumerate(("Der", "er", "fem", "nye", "ord"))
    ]
    page = Page(
        1, 595, 842, (word("2. Samtaler", 75, 130, 134), *status), (),
        tuple(
            [Rule(70, y, 500, y) for y in (98, 164)] + [Rule(x, 98, x, 164) for x in (70, 300, 500)]
        ),
    )  # fmt: skip
    rows = part_of(regions_of(page)[0], page.words, 1).rows
    assert [row.texts for row in rows] == [("2. Samtaler", "Der er fem nye ord")]


def test_a_line_that_ends_short_of_where_others_kept_their_blank_ends_a_paragraph() -> None:
    lines = [
        line("Planen er vedtaget i år.", base=100, x1=196),
        line("Arbejdet går i gang.", base=112, x1=150),
    ]
    flow = Flow(leading=1.2, trailing=True)

    def texts(kept: float) -> list[str]:
        read = paragraphs_of(lines, flow=replace(flow, kept=kept), limit=199)
        return [paragraph.text for paragraph in read.found]

    assert texts(197) == ["Planen er vedtaget i år.", "Arbejdet går i gang."]
    assert texts(190) == ["Planen er vedtaget i år. Arbejdet går i gang."]


def test_paragraphs_counted_with_brackets_are_items_of_a_list() -> None:
    texts = ("Trinene er:", "1) Kurset holdes", "2) Svarene læses", "5) er et tal")
    read = list(counted([Paragraph((text,), say("page %(page)s", page=1)) for text in texts]))
    assert [one.label.number if one.label else None for one in read] == [None, 1, 2, None]
    assert [one.text for one in read] == ["Trinene er:", "Kurset holdes", "Svarene læses", "5) er et tal"]


def test_pieces_of_a_word_are_told_from_two_words() -> None:
    pieces = (("idrætsforening", "er"), ("spørgeskemaundersøg", "else"), ("medarbejde", "re,"))
    assert all(runs_over(*pair) for pair in pieces)
    words = (("tilgængelighed", "til"), ("Arbejdsgruppen", "har"), ("boligforeningen", "er"))
    assert not any(runs_over(*pair) for pair in words)


def test_the_nearest_other_half_of_a_divided_word_is_its_own() -> None:
    memo = replace(sample(rows=4), intro=("Der er medarbejdere og medarbejdere¹.",))
    source = ("Der", "er", "medarbej-", "x", "dere", "og", "medarbej-", "x", "dere1.")
    plain = Reading(memo)
    assert lost_words(source, plain) == ("x", "x")
