"""Text layers of memos of the same kind, typeset here in words of our own."""

from __future__ import annotations

import textwrap
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.domain.memo import Memo
from tracker.memos.reading import Reading, Unreadable, read_bytes

TITLES = (
    "Mentorordning for nye elever på byens gymnasier og erhvervsskoler",
    "Samtaler om tro og livssyn i klubber under Skoleforvaltningen",
    "Kursus for ledere om sproglig mangfoldighed",
    "Åbne haller i weekenden for unge uden forening",
    "Brobyggere i boligområder med mange nye borgere",
)
STATUSES = (
    "Der er uddannet tolv mentorer, som hver mødes med to elever om ugen. Ordningen fortsætter i næste år.",
    "Samtalerne blev holdt i foråret med ni klubber. Klubberne fortæller, at de unge gerne vil tale om tro.",
    "Kurset er gennemført for alle ledere. Evalueringen viser, at deltagerne bruger det, de har lært.",
    "Hallerne har været åbne hver lørdag siden august. Der kommer flest drenge, og flere piger ønskes.",
    "Indsatsen er forsinket, fordi der ikke kunne findes lokaler. Den ventes at begynde i løbet af næste år.",
)


def typeset(names: dict[str, range], *, header: str = "Indsats Status", blank: str = "") -> str:
    """A text layer with title lines of 38 letters, status lines of 46, and `blank` between all lines."""
    lines = [
        "Kontor for Trivsel",
        "Skoleforvaltningen",
        "",
        "Status på planen for trygge fællesskaber 2026",
        "",
    ]
    lines += textwrap.wrap("Planen bestemmer, at der hvert år gøres status over alle indsatser i den.", 70)
    lines += ["", "Tabel 1. Indsatser i perioden 2024-26 under to forvaltninger.", ""]
    for name, numbers in names.items():
        lines += [name, *header.split("|")]
        for number in numbers:
            at = (number - 1) % len(TITLES)
            lines += textwrap.wrap(f"{number}. {TITLES[at]}", 38)
            lines += textwrap.wrap(STATUSES[at], 46)
    return f"\n{blank}".join(lines) + "\n"


def read_text(text: str) -> Reading:
    return read_bytes(text.encode(), name="memo.txt")


def pairs(memo: Memo) -> list[tuple[str, str]]:
    return [(row.title, row.text) for row in memo.rows]


@pytest.mark.parametrize("blank", ["", "\n"], ids=["single spacing", "double spacing"])
@pytest.mark.parametrize("header", ["Indsats Status", "Nr. Initiativ Fremdrift", "Tiltag|Status"])
def test_rows_titles_and_statuses_are_found(header: str, blank: str) -> None:
    names = {"Skoleforvaltningen": range(1, 4), "Fritids- og Kulturforvaltningen": range(4, 6)}
    reading = read_text(typeset(names, header=header, blank=blank))
    assert [(section.name, len(section.rows)) for section in reading.memo.sections] == [
        ("Skoleforvaltningen", 3),
        ("Fritids- og Kulturforvaltningen", 2),
    ]
    doubted = {doubt.row for doubt in reading.doubts}
    expected = list(zip(TITLES, STATUSES, strict=True))
    wrong = [at + 1 for at, pair in enumerate(pairs(reading.memo)) if pair != expected[at]]
    assert [number for number in wrong if number not in doubted] == []
    assert len(wrong) <= 1
    assert reading.memo.head.office == "Kontor for Trivsel"
    assert reading.memo.caption.startswith("Tabel 1.")


def test_an_edition_that_begins_at_thirty() -> None:
    memo = read_text(typeset({"Skoleforvaltningen": range(30, 34)})).memo
    assert [row.number for row in memo.rows] == [30, 31, 32, 33]


def test_numbers_that_begin_again_under_each_administration() -> None:
    text = typeset({"Skoleforvaltningen": range(1, 4)})
    text += typeset({"Fritidsforvaltningen": range(1, 3)}).split("forvaltninger.\n", 1)[1]
    reading = read_text(text)
    assert [[row.number for row in section.rows] for section in reading.memo.sections] == [[1, 2, 3], [1, 2]]
    assert any("stands before 2 rows" in str(doubt.reason) for doubt in reading.doubts)


def test_a_numbered_list_in_the_first_status_is_no_row() -> None:
    items = "Foreningerne skal:\n1. Undersøge behovet.\n2. Samle erfaringer.\n3. Skrive dem ned."
    text = typeset({"Skoleforvaltningen": range(1, 5)}).replace(
        "Der er uddannet", f"{items}\n\nDer er uddannet"
    )
    memo = read_text(text).memo
    assert [row.number for row in memo.rows] == [1, 2, 3, 4]
    assert memo.rows[0].text.split("\n")[:4] == [
        "Foreningerne skal:",
        "1. Undersøge behovet.",
        "2. Samle erfaringer.",
        "3. Skrive dem ned.",
    ]


def test_dates_and_amounts_at_a_line_start_are_no_rows() -> None:
    text = typeset({"Skoleforvaltningen": range(1, 4)})
    text = text.replace(
        "Samtalerne blev",
        "Udvalget besluttede det den\n3. marts 2026. Samtalerne kostede\n3.500. kr. De blev",
    )
    assert [row.number for row in read_text(text).memo.rows] == [1, 2, 3]


def test_page_numbers_and_repeated_headers_are_left_out() -> None:
    text = typeset({"Skoleforvaltningen": range(1, 6)})
    text = text.replace("Hallerne har", "Hallerne\nSide 1 af 2\n\fIndsats Status\nhar")
    reading = read_text(text)
    assert [piece.text for piece in reading.left_out] == ["Side 1 af 2", "Indsats Status"]
    assert str(reading.left_out[0].place).startswith("page 1, line ")
    assert [row.number for row in reading.memo.rows] == [1, 2, 3, 4, 5]
    assert reading.memo.rows[3].text == STATUSES[3]


def test_a_divided_word_is_joined_and_an_unknown_one_doubted() -> None:
    text = typeset({"Skoleforvaltningen": range(1, 4)})
    text = text.replace("Klubberne fortæller", "Klub-\nberne i Qaanivik-\nkut fortæller")
    reading = read_text(text)
    assert "Klubberne i Qaanivikkut fortæller" in reading.memo.rows[1].text
    assert [doubt.words for doubt in reading.doubts if doubt.row == 2] == ["Qaanivikkut"]


def test_a_text_saved_as_windows_1252_reads_the_same() -> None:
    text = typeset({"Skoleforvaltningen": range(1, 6)})
    assert read_bytes(text.encode("cp1252"), name="memo.txt").memo == read_text(text).memo


_WORD = st.sampled_from(
    [
        "Indsats",
        "Status",
        "1.",
        "2.",
        "3.",
        "12.",
        "4. maj",
        "Skoleforvaltningen",
        "og",
        "klub-",
        "berne",
        "- ",
        "•",
        "¹",
        "skoler1",
        "1 Note",
        "Side 2 af 3",
        "\f",
        "\n",
        "\n\n",
        " ",
        "Tabel 1. Alt",
        "Dansk.",
        "æøå",
        "2026",
        "(a",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(_WORD, max_size=60).map(" ".join))
def test_no_letter_of_any_text_is_lost(text: str) -> None:
    text = f"Indsats Status\n1. Mentorer\nDer er tolv mentorer.\n{text}"
    try:
        reading = read_text(text)
    except Unreadable:
        return
    # A section without header words of its own carries those above it once more, so there may be too many.
    assert letters(text) - letters(everything_in(reading)) == Counter()


def everything_in(reading: Reading) -> str:
    memo = reading.memo
    head = memo.head
    pieces = [memo.title, head.office, head.administration, head.date, head.case_number, head.recipients]
    pieces += [
        *memo.intro,
        *(table.caption for table in memo.tables),
        *(piece.text for piece in reading.left_out),
    ]
    for table in memo.tables:
        for section in table.sections:
            pieces += [section.name, *section.header]
            pieces += [f"{row.number} {row.title} {row.text}" for row in section.rows]
    return " ".join([*pieces, *(f"{note.number} {note.text}" for note in memo.footnotes)])


def letters(text: str) -> Counter[str]:
    plain = text.translate(str.maketrans("¹²³", "123"))
    return Counter(character for character in plain if character.isalnum())
