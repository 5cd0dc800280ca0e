"""The words that are looked for, and the snippet that shows them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.words import AROUND, snippet, words_of


def _shown(text: str, *words: str) -> str:
    return "".join(f"[{one.text}]" if one.found else one.text for one in snippet(text, words))


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("Kurser for LÆRERE", ("kurser", "for", "lærere")),
        ("a a A", ("a",)),
        ("' OR 1=1--", ("or", "1")),
        ("%_*\"'()", ()),
        ("nr. 27-29", ("nr", "27", "29")),
    ],
)
def test_signs_are_no_words(query: str, words: tuple[str, ...]) -> None:
    assert words_of(query) == words


def test_each_word_is_marked_to_its_end() -> None:
    assert (
        _shown("Der er holdt kurser, og kurset er godt.", "kurs")
        == "Der er holdt [kurser], og [kurset] er godt."
    )


def test_only_the_beginning_of_a_word_counts() -> None:
    assert _shown("Efteruddannelse og uddannelse", "uddan") == "Efteruddannelse og [uddannelse]"


def test_another_inflection_is_marked_by_what_they_share() -> None:
    assert _shown("Skolen har svaret.", "skolernes") == "[Skolen] har svaret."


def test_a_long_text_is_cut_at_words_around_the_first_hit() -> None:
    shown = _shown("ord " * 200 + "hvalros " + "ord " * 200, "hvalros")
    assert shown.startswith("… ord")
    assert shown.endswith("ord …")
    assert "[hvalros]" in shown
    assert len(shown) < 4 * AROUND


@given(st.text(max_size=2_000), st.text(max_size=40))
def test_a_snippet_never_fails_and_only_says_what_stands_in_the_text(text: str, query: str) -> None:
    line = " ".join(text.split())
    pieces = snippet(text, words_of(query))
    inside = "".join(piece.text for piece in pieces if piece.text not in {"… ", " …"})
    assert inside.strip(" …") in line or inside in line
    assert all(piece.text for piece in pieces)
