"""References to rows of the memo, found and followed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.domain.cross_references import Followed, follow, numbers_in, references_in

FOUND = [
    ("Resultatet foreligger 31. marts (nr. 27-29).", [(27, 28, 29)]),
    ("Se nr. 4.", [(4,)]),
    ("Nr. 12 er lagt sammen med nr. 14 og 15.", [(12,), (14, 15)]),
    ("Det sker sammen med initiativ 12 og indsats nr. 3.", [(12,), (3,)]),
    ("Se indsatserne 3, 5 og 7-9 ovenfor.", [(3, 5, 7, 8, 9)]),
    ("jf. indsats 40", [(40,)]),
    ("Indsatserne nr. 27–29 følges.", [(27, 28, 29)]),
    ("Det står under numrene 2 til 3.", [(2, 3)]),
    ("Først.\nNr. 5 hører til.", [(5,)]),
]
NONE = [
    "Efter lov nr. 12 og bekendtgørelse nr. 5.",
    "Mødet holdes på Nygade nr. 3.",
    "De mødes til en indsats 2 gange om ugen.",
    "Der er initiativer 3 steder i byen.",
    "En række 12-årige deltog.",
    "Indsatser for 2,5 mio. kr. og 3 % mere.",
    "Status på indsatser 2025.",
    "Klassen blev nr. 4 i turneringen.",
    "Se nr. 1.234 og nr. 0.",
    "I uge 12 og 13, side 4, § 5.",
    "Indsats 5% bedre, initiativ 3,5 gange.",
    "Linje nr. 5A kører, se nr. 5A.",
]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_a_reference_is_found_with_its_numbers(text: str, expected: list[tuple[int, ...]]) -> None:
    assert [one.numbers for one in references_in(text)] == expected


@pytest.mark.parametrize("text", NONE)
def test_another_number_is_no_reference(text: str) -> None:
    assert references_in(text) == []


@pytest.mark.parametrize(
    ("text", "now", "expected"),
    [
        ("Ultimo marts (nr. 27-29).", {27: 29, 28: 30, 29: 31}, "Ultimo marts (nr. 29-31)."),
        ("(nr. 27–29)", {27: 3, 28: 4, 29: 5}, "(nr. 3–5)"),
        ("(nr. 27-29)", {27: 28, 28: 31, 29: 32}, "(nr. 28 og 31-32)"),
        ("Se indsats 3, 5 og 7.", {3: 4, 5: 9, 7: 7}, "Se indsats 4, 9 og 7."),
        ("Se nr. 4 og nr. 5.", {4: 5, 5: 4}, "Se nr. 5 og nr. 4."),
        ("Se nr. 4 og 6.", {4: 5}, "Se nr. 4 og 6."),
        ("Se nr. 4 efter lov nr. 4.", {4: 5}, "Se nr. 5 efter lov nr. 4."),
        ("Se nr. 9-3.", {9: 9, 3: 3}, "Se nr. 9-3."),
        ("Se nr. 99.", {4: 5}, "Se nr. 99."),
    ],
)
def test_the_printed_numbers_are_those_of_the_rows_that_were_meant(
    text: str, now: dict[int, int | None], expected: str
) -> None:
    assert follow(text, now)[0] == expected


def test_what_leads_nowhere_stays_as_it_was_written_and_is_told() -> None:
    text, told = follow("Se nr. 4 og indsats 6.", {4: 5, 6: None})
    assert text == "Se nr. 5 og indsats 6."
    assert told == (Followed("Se nr. 4", "Se nr. 5", (5,)), Followed("indsats 6", "indsats 6", (), (6,)))


_PIECES = ["nr. ", "se ", "(", ")", "indsats ", "og ", ", ", "-", "1", "3", "12", "27", ". ", "gange ", "\n"]


@settings(max_examples=60)
@given(st.lists(st.sampled_from(_PIECES), max_size=30).map("".join), st.integers(1, 50))
def test_rows_that_have_not_moved_change_no_text(text: str, rows: int) -> None:
    now = {number: number for number in range(1, rows)}
    assert follow(text, now)[0] == text
    assert set(numbers_in(text)) == {number for one in references_in(text) for number in one.numbers}
