"""Status text: what a person types, what is stored, and what is printed."""

from __future__ import annotations

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
        "a",
        "Æ",
        "ord ",
        ". ",
    ]
)
_TYPED = st.lists(st.one_of(_SIGNS, st.text(max_size=5)), max_size=25).map("".join)


@given(_TYPED)
def test_what_was_stored_is_read_again_as_it_was(typed: str) -> None:
    read = parse(typed)
    assert parse(to_editing(read)) == read
    assert to_editing(parse(to_editing(read))) == to_editing(read)


@given(_TYPED)
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


def test_soft_line_breaks_of_word_end_a_line() -> None:
    assert [block.text for block in parse("Et.\vTo.\x0cTre.").blocks] == ["Et.", "To.", "Tre."]


def test_marks_are_counted_once_and_renumbered() -> None:
    blocks = (Block("paragraph", "A² og b¹."), Block("bullet", "C²"))
    assert marks_in(blocks) == [2, 1]
    assert renumber(blocks, {1: 11, 2: 1}) == (Block("paragraph", "A¹ og b¹¹."), Block("bullet", "C¹"))


@given(st.integers(0, 999))
def test_a_mark_and_its_number_are_the_same(number: int) -> None:
    assert mark_number(mark(number)) == number
