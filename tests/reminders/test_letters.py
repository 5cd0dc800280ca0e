"""The letters as people read them, kept as files beside this one.

After a change of words: UPDATE_SNAPSHOTS=1 pytest tests/reminders/test_letters.py, and read the difference.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tracker.domain.calendar import WorkingCalendar
from tracker.mail.letters import Letter, LetterContext
from tracker.mail.rendering import FOLDER, letter_from
from tracker.plans.vacancies import Vacancy
from tracker.plans.vacancies import write as write_vacancies
from tracker.reminders.letters import Line, write

SNAPSHOTS = Path(__file__).parent / "snapshots"
NOW = datetime(2026, 10, 5, 6, 0, tzinfo=UTC)  # a Monday, 08:00 in Copenhagen
TODAY = date(2026, 10, 5)
CALENDAR = WorkingCalendar()
LINK = "https://tracker.example.com/updates/7"


def context(language: str) -> LetterContext:
    return LetterContext("https://tracker.example.com", language, "Ane Møller", NOW)


def line(
    kind: str,
    step: str,
    title: str,
    last: date,
    *,
    first: date | None = None,
    words: str = "",
    responsible: str = "",
) -> Line:
    return Line(
        kind=kind,
        step=step,
        title=title,
        plan="Handleplan for ligebehandling",
        link=LINK,
        first_on=first or last,
        deadline_on=last,
        words=words,
        days_left=CALENDAR.working_days_between(TODAY, last),
        starts_in=CALENDAR.working_days_between(TODAY, first or last),
        responsible=responsible,
    )


EVERY_KIND = (
    line("status_due", "t-7", "Mentorer til unge i lære", date(2026, 10, 12)),
    line("status_due", "t-1", "Åbent hus i klubberne", date(2026, 10, 6)),
    line("status_due", "overdue-3", "Rådgivning om klager", date(2026, 9, 30), responsible="Bo Ladegaard"),
    line("returned", "t-1", "Undervisning på skolerne", TODAY),
    line("review", "waiting-3", "Byvandringer", date(2026, 9, 30)),
    line("committee_papers", "t-5", "Udvalgets møde i oktober", date(2026, 10, 9)),
    line("committee_meeting", "t-14", "Udvalgets møde i oktober", date(2026, 10, 19)),
    line(
        "campaign_window",
        "start-7",
        "Plakater i busserne",
        date(2026, 10, 25),
        first=date(2026, 10, 12),
        words="12. til 25. oktober",
    ),
    line("application_round", "end-3", "Puljen til foreninger", date(2026, 10, 8), first=date(2026, 9, 1)),
    line("campaign_window", "after-1", "Film på biblioteket", date(2026, 10, 2), first=date(2026, 9, 21)),
    line("delivery", "t-14", "Evaluering", date(2026, 12, 31), first=date(2026, 12, 21), words="ultimo 2026"),
    line("milestone", "overdue-5", "Partnere fundet", date(2026, 9, 25)),
    line("other", "t-14", "Sprogligt eftersyn", date(2026, 10, 19)),
    line("status_due", "uncovered", "Udstilling om rettigheder", date(2026, 10, 6)),
    line("delivery", "ended", "Håndbog til ledere", date(2026, 7, 20)),
)


def letters(language: str) -> dict[str, Letter]:
    """Every letter of the service in a language."""
    said = context(language)
    about = {"title": "Mentorer til unge i lære", "year": 2026, "due_on": date(2026, 10, 12)}
    found = {
        "reminders": write(EVERY_KIND, said),
        "reminders-one": write(EVERY_KIND[:1], said),
    }
    vacant = [
        Vacancy(
            "Handleplan for ligebehandling", title, f"https://tracker.example.com/secretariat/plan/{number}"
        )
        for number, title in enumerate(("Mentorer til unge i lære", "Åbent hus i klubberne"), 1)
    ]
    found["vacancy"], found["vacancy-one"] = write_vacancies(vacant, said), write_vacancies(vacant[:1], said)
    for name in ("receipt", "submitted", "returned"):
        found[name] = letter_from(name, said, **about, submitted_at=NOW, link=LINK)
    found["proposal"] = letter_from(
        "proposal",
        said,
        proposer="Olga Holm",
        plan="Handleplan for ligebehandling",
        title=about["title"],
        link=LINK,
    )
    found["proposal_answered"] = letter_from("proposal_answered", said, title=about["title"], link=LINK)
    found["contribution_sent_back"] = letter_from(
        "contribution_sent_back", said, administration="Kultur", treated_on=TODAY, link=LINK, year=2026
    )
    for name in ("mended", "corrected", "contribution_reopened", "correction_proposed"):
        found[name] = letter_from(name, said, **about, administration="Kultur og Fritid", link=LINK)
    for name, granted_on in (
        ("more_time_asked", None),
        ("more_time_answered", None),
        ("more_time_answered-granted", date(2026, 11, 2)),
    ):
        days = {"wished_on": date(2026, 11, 4), "granted_on": granted_on}
        found[name] = letter_from(name.partition("-")[0], said, **about, **days, link=LINK)
    late = [("Åbent hus i klubberne", date(2026, 10, 2), True, LINK)]
    asked = [*late, ("Mentorer til unge i lære", date(2026, 10, 12), False, LINK)]
    found["nudge"] = letter_from(
        "nudge",
        said,
        plan="Handleplan for ligebehandling",
        year=2026,
        lines=asked,
        number=2,
        message="Vi savner jer.",
    )
    for name in ("invitation", "password_reset"):
        found[name] = letter_from(name, said, link=f"{LINK}/abc", expires_at=NOW)
    return found


@pytest.mark.parametrize("language", ["da", "en"])
def test_letters_read_as_they_did_when_somebody_last_read_them(language: str) -> None:
    for name, letter in letters(language).items():
        for suffix, said in (("txt", f"{letter.subject}\n\n{letter.text}"), ("html", letter.html)):
            kept = SNAPSHOTS / f"{name}.{language}.{suffix}"
            if os.environ.get("UPDATE_SNAPSHOTS"):
                kept.parent.mkdir(exist_ok=True)
                kept.write_text(said)
            assert said == kept.read_text(), f"{kept.name} reads differently"


def test_every_letter_has_both_languages_and_both_forms() -> None:
    wanted = {"da.txt", "da.html", "en.txt", "en.html"}
    for folder in FOLDER.iterdir():
        if folder.name != "layout":
            assert wanted <= {file.name for file in folder.iterdir()}, folder.name


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_reader_of_html_gets_the_same_facts_as_a_reader_of_text(language: str) -> None:
    letter = write(EVERY_KIND, context(language))
    for one in EVERY_KIND:
        assert one.title in letter.text
        assert one.title in letter.html
        assert one.responsible in letter.text
        assert one.responsible in letter.html
    assert letter.html.count(LINK) == letter.text.count(LINK) == len(EVERY_KIND)
    assert f'<html lang="{language}">' in letter.html


def test_no_title_reaches_the_subject_and_no_markup_the_page() -> None:
    evil = line(
        "delivery",
        "t-14",
        "<script>alert(1)</script>{{7*7}}\nBcc: x@example.com",
        date(2026, 12, 31),
        first=date(2026, 12, 1),
        words='<img src=x onerror="alert(1)">',
    )
    for language in ("da", "en"):
        letter = write([evil], context(language))
        assert "alert" not in letter.subject
        assert "<script" not in letter.html
        assert "<img" not in letter.html
        assert "{{7*7}} Bcc: x@example.com" in letter.text


def test_styles_are_inline_and_nothing_is_fetched() -> None:
    html = write(EVERY_KIND, context("da")).html
    assert 'style="' in html
    assert "<link" not in html
    assert "<img" not in html
    assert "url(" not in html
