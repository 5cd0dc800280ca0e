"""Status text: what a person types, what is stored, and what is printed."""

from __future__ import annotations

import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.text import (
    Block,
    Footnote,
    StatusText,
    block_of,
    clean,
    mark,
    mark_number,
    marks_in,
    parse,
    plain,
    renumber,
    to_editing,
)

_SIGNS = st.sampled_from(
    [
        "- ",
        "• ",
        "▪ ",
        "* ",
        "– ",
        "## ",
        "##",
        "1. ",
        "12. ",
        "1. maj ",
        "¹ ",
        "¹",
        "²³",
        "[^1]",
        "[^2]: ",
        "[^",
        "\n",
        "\n\n",
        "\v",
        "\t",
        "\r\n",
        "\x85",
        "\u2028",
        "\u00a0",
        "\u202f",
        "\u0301",
        "\ufffe",
        "\x00",
        "\u200f",
        "Æ",
        "ord ",
        ". ",
    ]
)
# Letters by which a list can be marked are lost as such: they become its numbers.
_LETTERS = st.text(st.characters(exclude_characters=string.ascii_letters + "üØ"), max_size=5)
_WORDS = st.lists(st.one_of(_SIGNS, _LETTERS), max_size=25).map("".join)
_LISTS = st.sampled_from(
    ["a", "a. ", "b) ", "1) ", "(2) ", "o   ", "o\t", "·\t", "\\", "[1]", "[1] ", "[\\^1]", "maj ", "# "]
)
_TYPED = st.lists(st.one_of(_SIGNS, _LISTS, st.text(max_size=5)), max_size=25).map("".join)


@given(_TYPED)
def test_what_was_stored_is_read_again_as_it_was(typed: str) -> None:
    read = parse(typed)
    assert parse(to_editing(read)) == read
    assert to_editing(parse(to_editing(read))) == to_editing(read)


def _one_line(typed: str) -> str:
    return clean(clean(typed).replace("\n", "")).strip() or "ord"


_LINE = _TYPED.map(_one_line)
_BLOCK = st.one_of(
    st.builds(Block, st.sampled_from(["paragraph", "bullet", "heading"]), _LINE),
    st.builds(Block, st.just("number"), _LINE, st.integers(0, 999)),
)
_TEXT = st.builds(
    StatusText,
    st.lists(_BLOCK, max_size=5).map(tuple),
    st.lists(st.builds(Footnote, st.integers(0, 999), _LINE), max_size=3).map(tuple),
)


@given(_TEXT)
def test_any_text_is_written_so_that_it_is_read_again_as_it_was(text: StatusText) -> None:
    assert parse(to_editing(text)) == text
    assert clean(to_editing(text)) == to_editing(text)


@given(_WORDS)
def test_no_letter_that_was_typed_is_lost(typed: str) -> None:
    read = parse(typed)
    kept = plain(read.blocks) + " ".join(f"{mark(note.number)} {note.text}" for note in read.footnotes)
    assert letters(kept) == letters(clean(typed))


def letters(text: str) -> list[str]:
    return sorted(character for character in text if unicodedata.category(character) in {"Ll", "Lu", "Lo"})


@given(_TYPED)
def test_stored_text_can_be_held_by_a_document_and_a_database(typed: str) -> None:
    stored = to_editing(parse(typed))
    assert unicodedata.is_normalized("NFC", stored)
    bad = [sign for sign in stored if sign != "\n" and unicodedata.category(sign) in {"Cc", "Cs"}]
    assert bad == []
    assert not any(ord(sign) & 0xFFFE == 0xFFFE for sign in stored)


def test_a_text_with_everything_in_it() -> None:
    typed = (
        "## Hvad der er sket\nTolv[^1] mentorer.\n• et kursus\n* en måling\n"
        "1. først\n2. siden\n\n[^1]: Målt i maj."
    )
    assert parse(typed) == StatusText(
        (
            Block("heading", "Hvad der er sket"),
            Block("paragraph", "Tolv¹ mentorer."),
            Block("bullet", "et kursus"),
            Block("bullet", "en måling"),
            Block("number", "først", 1),
            Block("number", "siden", 2),
        ),
        (Footnote(1, "Målt i maj."),),
    )


def test_the_plain_form_has_a_line_a_block() -> None:
    blocks = (
        Block("heading", "Om"),
        Block("bullet", "et"),
        Block("number", "to", 2),
        Block("paragraph", "Tre."),
    )
    assert plain(blocks) == "Om\n- et\n2. to\nTre."


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("- kursus", "bullet"),
        ("-kursus", "paragraph"),
        ("–", "paragraph"),
        ("▪ kursus", "bullet"),
        ("1. Kursus", "number"),
        ("1. maj åbnede huset.", "paragraph"),
        ("31. Marts tages stilling.", "paragraph"),
        ("3. kvartal var stille.", "paragraph"),
        ("1. majsmarken", "number"),
        ("2026. Derefter", "paragraph"),
        ("1.530 spil er sendt.", "paragraph"),
        ("## Om", "heading"),
        ("#hashtag", "paragraph"),
    ],
)
def test_what_a_line_is(line: str, kind: str) -> None:
    assert block_of(line).kind == kind


@pytest.mark.parametrize(
    ("typed", "blocks"),
    [
        ("1) et\n2) to", (("number", "et", 1), ("number", "to", 2))),
        ("(1) et", (("number", "et", 1),)),
        ("1) maj er for tidligt", (("number", "maj er for tidligt", 1),)),
        ("a. et\n\nb. to\nc. tre", (("number", "et", 1), ("number", "to", 2), ("number", "tre", 3))),
        ("A) et\nB) to", (("number", "et", 1), ("number", "to", 2))),
        ("A. Jensen er ansat.", (("paragraph", "A. Jensen er ansat.", None),)),
        ("b. uden et a", (("paragraph", "b. uden et a", None),)),
        ("•uden mellemrum", (("bullet", "uden mellemrum", None),)),
        ("— lang streg", (("bullet", "lang streg", None),)),
        ("# Om", (("heading", "Om", None),)),
        ("### Om", (("heading", "Om", None),)),
        ("\\- ikke et punkt", (("paragraph", "- ikke et punkt", None),)),
        ("\\sti", (("paragraph", "\\sti", None),)),
        # Word's clipboard as plain text: bullets of three levels, numbers and letters before a tab.
        ("·\tet\no\tto\n§\ttre", (("bullet", "et", None), ("bullet", "to", None), ("bullet", "tre", None))),
        ("\uf0b7\tet\n\to\tto", (("bullet", "et", None), ("bullet", "to", None))),
        (
            "1.\tet\n2.\tto\na)\tni\nb)\tti",
            (("number", "et", 1), ("number", "to", 2), ("number", "ni", 1), ("number", "ti", 2)),
        ),
        # A letter sent as plain text sets the same off with spaces.
        (
            "·         et\no   to\n-          tre",
            (("bullet", "et", None), ("bullet", "to", None), ("bullet", "tre", None)),
        ),
    ],
)
def test_what_is_typed_or_pasted_as_plain_text_is_understood(
    typed: str, blocks: tuple[tuple[str, str, int | None], ...]
) -> None:
    assert tuple((one.kind, one.text, one.number) for one in parse(clean(typed)).blocks) == blocks


@pytest.mark.parametrize(
    ("typed", "text", "notes"),
    [
        ("Tolv[^1] er med.\n[^1]: Målt i maj.", "Tolv¹ er med.", (Footnote(1, "Målt i maj."),)),
        ("Tolv[^1]: de er med.\n[^1] Målt.", "Tolv¹: de er med.", (Footnote(1, "Målt."),)),
        ("Tolv¹ er med.\n¹ Målt.", "Tolv¹ er med.", (Footnote(1, "Målt."),)),
        ("Tolv[1] er med.\n\n[1] Målt i maj.", "Tolv¹ er med.", (Footnote(1, "Målt i maj."),)),
        ("Se [1] i bilaget.", "Se [1] i bilaget.", ()),
        ("Skriv [\\^1] her.", "Skriv [^1] her.", ()),
    ],
)
def test_footnotes_are_understood_as_people_type_them(
    typed: str, text: str, notes: tuple[Footnote, ...]
) -> None:
    read = parse(typed)
    assert (plain(read.blocks), read.footnotes) == (text, notes)


def test_soft_line_breaks_of_word_end_a_line() -> None:
    assert [block.text for block in parse("Et.\vTo.\x0cTre.").blocks] == ["Et.", "To.", "Tre."]


@pytest.mark.parametrize(
    "typed", ["\u200b", " \ufeff \n\u2060", "\u00ad\u200e\u202e", "\u2800", "\u3164\ufe0f"]
)
def test_what_nobody_can_see_is_no_text(typed: str) -> None:
    assert not clean(typed).strip()


def test_invisible_characters_stay_beside_what_can_be_seen() -> None:
    assert clean("nul\u200bbredde\u00ad") == "nul\u200bbredde\u00ad"


def test_marks_are_counted_once_and_renumbered() -> None:
    blocks = (Block("paragraph", "A² og b¹."), Block("bullet", "C²"))
    assert marks_in(blocks) == [2, 1]
    assert renumber(blocks, {1: 11, 2: 1}) == (Block("paragraph", "A¹ og b¹¹."), Block("bullet", "C¹"))


@given(st.integers(0, 999))
def test_a_mark_and_its_number_are_the_same(number: int) -> None:
    assert mark_number(mark(number)) == number
