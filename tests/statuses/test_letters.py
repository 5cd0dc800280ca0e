"""The letters of a round: to whom, about what, and what never stands in them.

How they read is kept as files with the other letters, in tests/reminders.
"""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.support.year import FILLED, Year
from tracker import clock
from tracker.mail.letters import Letter, LetterContext, kind_named
from tracker.mail.models import Mail

BASE = "https://tracker.example.com"


def _mail(year: Year, kind: str) -> Mail:
    return year.session.scalars(select(Mail).where(Mail.kind == kind)).one()


def _letter(year: Year, kind: str, language: str = "da") -> Letter:
    context = LetterContext(BASE, language, "Olga Owner", clock.now())
    return kind_named(kind).render(year.session, _mail(year, kind), context)


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("kind", ["receipt", "submitted", "returned"])
def test_a_letter_names_the_initiative_and_leads_to_the_status(year: Year, kind: str, language: str) -> None:
    year.submit()
    year.return_()
    letter = _letter(year, kind, language)
    for said in (letter.text, letter.html):
        assert "Meetings" in said
        assert f"{BASE}/updates/{year.update.id}" in said
    assert "2026" in letter.subject


def test_neither_the_text_nor_the_remark_stands_in_a_letter(year: Year) -> None:
    year.submit()
    year.return_("A remark for the owner's eyes.")
    for kind in ("receipt", "submitted", "returned"):
        letter = _letter(year, kind)
        for said in (letter.subject, letter.text, letter.html):
            assert FILLED.text not in said
            assert "A remark" not in said


def test_a_receipt_says_when_even_if_the_status_has_been_withdrawn(year: Year) -> None:
    year.submit()
    year.withdraw()
    assert " kl.\N{NO-BREAK SPACE}" in _letter(year, "receipt").text


def test_a_letter_that_is_overtaken_is_not_wanted_any_more(year: Year) -> None:
    year.submit()
    submitted = kind_named("submitted")
    assert submitted.still_wanted(year.session, _mail(year, "submitted")) is None
    year.return_()
    assert submitted.still_wanted(year.session, _mail(year, "submitted"))
    returned = kind_named("returned")
    assert returned.still_wanted(year.session, _mail(year, "returned")) is None
    year.save()
    assert returned.still_wanted(year.session, _mail(year, "returned")) is None
    year.session.execute(Mail.__table__.delete().where(Mail.kind == "submitted"))
    mail = _mail(year, "returned")
    year.submit()
    assert returned.still_wanted(year.session, mail)
