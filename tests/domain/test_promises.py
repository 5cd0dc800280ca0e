"""What a text announces for a time to come."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path

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
        "Rapporten forventes. Den udkom i 2024.",
        "Ultimo 2025 er der ikke kommet nogen.",
        "Huset åbnede den 3. november 2025.",
        "I 2045 ventes byen at være dobbelt så stor.",
        "Projektet løber fra 2024-26.",
        "Ordningen har siden 2018 været fast.",
        "## Planlagt i 2026",
    ],
)
def test_what_promises_nothing_is_not_asked_about(text: str) -> None:
    assert promises_in(text, year=2025) == ()


def test_of_several_dates_the_one_furthest_ahead_counts_and_a_sentence_is_asked_once() -> None:
    text = "Det planlægges fra marts 2026 og igen ultimo 2027."
    (found,) = promises_in(f"{text}\n\n{text}", year=2025)
    assert found.last == date(2027, 12, 31)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Fra 2026 tilbydes hjælp i alle huse.", date(2026, 1, 1), None),
        ("Erfaringerne deles i starten af 2026.", date(2026, 1, 1), date(2026, 3, 31)),
        ("Målingen gentages i 2028.", date(2028, 1, 1), date(2028, 12, 31)),
        ("Filmen vises fra den 1. til den 21. december 2025.", date(2025, 12, 1), date(2025, 12, 21)),
        ("Det forventes, at kampagnen løber fra slut november til midten af december.", None, None),
    ],
)
def test_a_time_after_the_year_or_at_its_end_announces_without_such_a_word(
    text: str, first: date | None, last: date | None
) -> None:
    (found,) = promises_in(text, year=2025)
    assert (found.first, found.last) == (first, last)


def test_every_dated_promise_of_the_real_memo_is_asked_about_and_nothing_else(seed: Path) -> None:
    rows = json.loads((seed / "aarlig-status-2025.rows.json").read_text(encoding="utf-8"))["initiatives"]
    asked = Counter({row["number"]: len(promises_in(row["status"], year=2025)) for row in rows})
    assert +asked == Counter({1: 1, 24: 1, 27: 1, 28: 1, 33: 1, 34: 4, 35: 1, 36: 1, 40: 1})
