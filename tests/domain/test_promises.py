"""What a text announces for a time to come."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.domain.promises import promises_in


@pytest.mark.parametrize(
    ("text", "words", "last"),
    [
        (
            "Kurset er holdt. Rapporten forventes ultimo 2026.",
            "Rapporten forventes ultimo 2026.",
            date(2026, 12, 31),
        ),
        (
            "I 2026 planlægges et kursus for lærere.",
            "I 2026 planlægges et kursus for lærere.",
            date(2026, 12, 31),
        ),
        (
            "- Filmen vil blive vist i marts 2026\n- Andet",
            "Filmen vil blive vist i marts 2026",
            date(2026, 3, 31),
        ),
    ],
)
def test_an_announcement_is_kept_in_its_own_words(text: str, words: str, last: date) -> None:
    (found,) = promises_in(text, year=2025)
    assert (found.words, found.last) == (words, last)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Kurset blev holdt i marts 2025.",
        "Rapporten forventes snart.",
        "Det var planlagt til 2023.",
        "Rapporten forventes. Den udkommer måske i 2026.",
        "## Planlagt i 2026",
    ],
)
def test_what_promises_nothing_is_not_asked_about(text: str) -> None:
    assert promises_in(text, year=2025) == ()


def test_of_several_dates_the_one_furthest_ahead_counts_and_a_sentence_is_asked_once() -> None:
    text = "Det planlægges fra marts 2026 og igen ultimo 2027."
    (found,) = promises_in(f"{text}\n\n{text}", year=2025)
    assert found.last == date(2027, 12, 31)
