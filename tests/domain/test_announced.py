"""The dates of a status text: what a deadline made of each would be about, and the year that is asked for."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.domain.announced import Announced, announced_in, with_year
from tracker.domain.errors import InvalidInput


def only(text: str) -> Announced:
    (found,) = announced_in(text, year=2025)
    return found


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Udvalget drøfter sagen den 3. maj 2026.", "committee_meeting"),
        ("Sagen forelægges BIU ultimo 2026.", "committee_meeting"),
        ("Rapporten er klar og forelægges Borgerrepræsentationen i juni 2026.", "committee_meeting"),
        ("Kampagnen løber fra 1. til 21. december 2026.", "campaign_window"),
        ("Foreninger kan søge puljen fra 1. maj til 3. juni 2026.", "application_round"),
        ("Der kan søges til den 1. maj 2026, kampagnen er slut.", "application_round"),
        ("Filmen er færdig i marts 2026.", "delivery"),
        ("E-læringen åbner for alle ultimo 2026.", "delivery"),
        ("Tre workshops ligger i uge 12 2026.", "milestone"),
        ("Den næste trivselsundersøgelse er i 2028.", "other"),
        ("Huset ligger i en have i 2026.", "other"),
    ],
)
def test_the_words_closest_to_the_date_suggest_a_kind(text: str, kind: str) -> None:
    assert only(text).kind == kind


def test_the_clause_that_has_the_date_suggests_a_title() -> None:
    assert only("Kurset er holdt, men rapporten ventes først færdig ultimo 2026, siger de.").title == (
        "Rapporten ventes først færdig ultimo 2026"
    )
    assert only("Som aftalt, i 2026.").title == "Som aftalt, i 2026"
    long = only(f"Huset {'og haven ' * 30}åbner i 2026.").title
    assert len(long) <= 100
    assert long.endswith("…")


def test_an_open_end_is_a_deadline_for_its_beginning() -> None:
    found = only("Fra 2026 tilbydes hjælp.")
    assert (found.first, found.last, found.open_end) == (date(2026, 1, 1), date(2026, 12, 31), True)
    assert found.is_ahead(date(2026, 1, 1))
    assert not found.is_ahead(date(2026, 1, 2))
    assert not only("Siden 2018 er der hjælp.").is_ahead(date(2025, 1, 1))
    later = only("Den 1. maj 2026 og frem er der hjælp.")
    assert (later.first, later.last) == (date(2026, 5, 1), date(2026, 5, 1))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Mødet er d. 31. marts.", date(2026, 3, 31), date(2026, 3, 31)),
        ("Mødet er den 3.4. på rådhuset.", date(2026, 4, 3), date(2026, 4, 3)),
        ("Mødet er den 3/4.", date(2026, 4, 3), date(2026, 4, 3)),
        ("Det løber fra slut november til begyndelsen af december.", date(2026, 11, 21), date(2026, 12, 10)),
        ("Det er i uge 12-14.", date(2026, 3, 16), date(2026, 4, 5)),
        ("Det er i 3. kvartal.", date(2026, 7, 1), date(2026, 9, 30)),
        ("Det er til efteråret.", date(2026, 9, 1), date(2026, 11, 30)),
    ],
)
def test_a_date_without_a_year_gets_the_year_that_a_person_gives(text: str, first: date, last: date) -> None:
    found = only(text)
    assert found.first is found.last is None
    assert not found.is_ahead(date(2020, 1, 1))
    dated = with_year(found, 2026)
    assert (dated.first, dated.last, dated.words) == (first, last, found.words)


def test_days_that_share_a_month_get_it_with_the_year() -> None:
    first, second = announced_in("Kurserne er den 3. og 4. maj.", year=2025)
    assert with_year(first, 2026).first == date(2026, 5, 3)
    assert with_year(second, 2026).first == date(2026, 5, 4)


def test_a_day_that_the_year_does_not_have_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        with_year(only("Mødet er d. 29. februar."), 2026)
    assert refused.value.field == "year"


def test_headings_name_no_date_and_every_sentence_is_its_own() -> None:
    text = "## Planer for 2026\nKurset er i maj 2026. Festen er i juni 2026.\n- Mødet er i juli 2026"
    assert [one.sentence for one in announced_in(text, year=2025)] == [
        "Kurset er i maj 2026.",
        "Festen er i juni 2026.",
        "Mødet er i juli 2026",
    ]
