"""A calendar file as a calendar program reads it (RFC 5545), whatever a title holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from tracker.domain.reminders import ObligationKind
from tracker.reminders.calendar_files import (
    REFRESH,
    Entry,
    EntryState,
    attachment_for,
    calendar_file,
    calendar_name,
)

BASE = "https://tracker.example.com"
NOW = datetime(2026, 10, 5, 6, 30, 15, 123456, tzinfo=UTC)
ONE_DAY = Entry(
    kind=ObligationKind.committee_meeting,
    id=7,
    title="Udvalgets møde i oktober",
    plan="Handleplan for ligebehandling",
    first_on=date(2026, 10, 19),
    last_on=date(2026, 10, 19),
    path="/deadlines/7",
    sequence=2,
    changed_at=NOW,
)
HOSTILE = (
    "Møde\r\nATTENDEE:mailto:x@example.com\r\nBEGIN:VALARM",
    "a, b; c \\ d \\n e: f",
    r"C:\Noter " * 20 + "\\" * 200,
    "æøå ÆØÅ 😀 " * 30,
    "x" * 300,
    "æ" * 300,
    "😀" * 300,
    "lodret\x0bblad\x0cside\x85 \u2028\u2029 nul\x00",
    "halv\ud83d",
    '"anført" ^n ^\' %0A',
    "END:VEVENT",
)


def written(*entries: Entry, language: str = "da", **options: timedelta) -> bytes:
    refresh = options.get("refresh")
    return calendar_file(entries, name="Frister", language=language, base_url=BASE, refresh=refresh)


def events(content: bytes) -> list[Event]:
    return [one for one in Calendar.from_ical(content).walk("VEVENT") if isinstance(one, Event)]


def only(content: bytes) -> Event:
    (event,) = events(content)
    return event


def unfolded(content: bytes) -> list[str]:
    """The content lines, put together by hand as RFC 5545 3.1 says, with each physical line checked."""
    assert content.endswith(b"\r\n")
    lines: list[bytes] = []
    for line in content.removesuffix(b"\r\n").split(b"\r\n"):
        assert b"\n" not in line
        assert b"\r" not in line
        assert len(line) <= 75, f"{len(line)} octets: {line!r}"
        line.decode()  # no letter is split between two lines
        if line.startswith(b" "):
            lines[-1] += line[1:]
        else:
            lines.append(line)
    return [line.decode() for line in lines]


def unescaped(value: str) -> str:
    letters = iter(value)
    return "".join(
        {"n": "\n", "N": "\n"}.get(escaped := next(letters), escaped) if letter == "\\" else letter
        for letter in letters
    )


def test_a_day_is_a_whole_day_that_ends_before_the_next() -> None:
    lines = unfolded(written(ONE_DAY))
    assert "DTSTART;VALUE=DATE:20261019" in lines
    assert "DTEND;VALUE=DATE:20261020" in lines
    assert "DTSTAMP:20261005T063015Z" in lines
    assert "LAST-MODIFIED:20261005T063015Z" in lines
    assert "SEQUENCE:2" in lines
    assert "STATUS:CONFIRMED" in lines
    assert "TRANSP:TRANSPARENT" in lines
    assert "UID:deadline-7@tracker.example.com" in lines
    assert "URL:https://tracker.example.com/deadlines/7" in lines
    assert "SUMMARY:Udvalgsmøde: Udvalgets møde i oktober" in lines
    assert not any(line.startswith(("BEGIN:VALARM", "ATTENDEE", "ORGANIZER")) for line in lines)


def test_the_head_says_what_the_calendar_is_and_how_often_to_read_it() -> None:
    content = calendar_file([ONE_DAY], name="Frister: a, b; c", language="en", base_url=BASE, refresh=REFRESH)
    lines = unfolded(content)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    for line in (
        "VERSION:2.0",
        "PRODID:-//Initiative Tracker//Deadlines//EN",
        "METHOD:PUBLISH",
        "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:Frister: a\\, b\\; c",
        "REFRESH-INTERVAL;VALUE=DURATION:PT60M",
        "X-PUBLISHED-TTL:PT60M",
    ):
        assert line in lines
    assert not any(line.startswith("REFRESH") for line in unfolded(written(ONE_DAY)))


def test_a_calendar_without_a_deadline_still_has_a_component() -> None:
    """RFC 5545 3.6 asks for one, and some programs refuse a file that has none."""
    content = written()
    assert "BEGIN:VTIMEZONE" in unfolded(content)
    assert events(content) == []


def test_a_campaign_lasts_from_its_first_day_to_its_last() -> None:
    campaign = replace(
        ONE_DAY,
        kind=ObligationKind.campaign_window,
        first_on=date(2026, 10, 12),
        last_on=date(2026, 12, 31),
    )
    event = only(written(campaign))
    assert event.decoded("DTSTART") == date(2026, 10, 12)
    assert event.decoded("DTEND") == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("language", "summary", "when"),
    [
        ("da", "Leverance: Evaluering (ultimo 2026)", "Tidspunkt: ultimo 2026 (21.12.2026 – 31.12.2026)"),
        ("en", "Delivery: Evaluering (ultimo 2026)", "When: ultimo 2026 (21.12.2026 – 31.12.2026)"),
    ],
)
def test_a_fuzzy_date_says_so_in_words(language: str, summary: str, when: str) -> None:
    delivery = replace(
        ONE_DAY,
        kind=ObligationKind.delivery,
        title="Evaluering",
        first_on=date(2026, 12, 21),
        last_on=date(2026, 12, 31),
        words="ultimo 2026",
    )
    event = only(written(delivery, language=language))
    assert event["SUMMARY"] == summary
    assert event["DESCRIPTION"] == f"Handleplan for ligebehandling\n{when}\n{BASE}/deadlines/7"
    assert event.decoded("DTSTART") == date(2026, 12, 21)


def test_what_is_due_within_a_year_stands_on_the_last_day_of_it() -> None:
    year = replace(
        ONE_DAY,
        kind=ObligationKind.milestone,
        first_on=date(2026, 1, 1),
        last_on=date(2026, 12, 31),
        words="i 2026",
    )
    event = only(written(year))
    assert event.decoded("DTSTART") == date(2026, 12, 31)
    assert event.decoded("DTEND") == date(2027, 1, 1)
    assert "i 2026" in event["SUMMARY"]
    assert "01.01.2026 – 31.12.2026" in event["DESCRIPTION"]


@pytest.mark.parametrize(
    ("language", "cancelled", "done"),
    [("da", "Aflyst: Materialefrist", "Klaret: Materialefrist"), ("en", "Cancelled: Com", "Done: Com")],
)
def test_what_is_cancelled_or_done_says_so(language: str, cancelled: str, done: str) -> None:
    papers = replace(ONE_DAY, kind=ObligationKind.committee_papers)
    off = only(written(replace(papers, state=EntryState.cancelled), language=language))
    assert off["STATUS"] == "CANCELLED"
    assert off["SUMMARY"].startswith(cancelled)
    met = only(written(replace(papers, state=EntryState.done), language=language))
    assert met["STATUS"] == "CONFIRMED"
    assert met["SUMMARY"].startswith(done)


def test_a_meeting_that_was_held_stands_as_it_was() -> None:
    assert written(replace(ONE_DAY, state=EntryState.done)) == written(ONE_DAY)


def test_a_status_is_the_same_event_while_it_is_due_and_when_it_was_given_back() -> None:
    """A letter knows a status by its update, whichever of its obligations it is about."""
    due = replace(ONE_DAY, kind=ObligationKind.status_due)
    back = replace(due, kind=ObligationKind.returned, last_on=date(2026, 11, 2))
    assert only(written(due))["UID"] == only(written(back))["UID"] == "status-7@tracker.example.com"
    assert only(written(due))["SUMMARY"] == only(written(back))["SUMMARY"]
    assert len(events(written(due, back))) == 1
    assert len(events(written(due, ONE_DAY))) == 2


def test_a_moved_deadline_keeps_its_uid_in_letter_and_feed() -> None:
    moved = replace(ONE_DAY, first_on=date(2026, 11, 2), last_on=date(2026, 11, 2), sequence=3)
    letter = attachment_for([moved], language="en", base_url=BASE, now=NOW + timedelta(days=1))
    feed = only(written(moved))
    assert only(letter.content)["UID"] == feed["UID"] == only(written(ONE_DAY))["UID"]
    assert only(letter.content)["SEQUENCE"] == feed["SEQUENCE"] == 3


def test_a_letter_that_goes_twice_has_the_same_file() -> None:
    entries = [ONE_DAY, replace(ONE_DAY, id=8, title="æøå" * 90)]
    files = [attachment_for(some, language="da", base_url=BASE, now=NOW) for some in (entries, entries[::-1])]
    assert files[0] == files[1]
    assert files[0].filename == "frister.ics"
    assert only(attachment_for([ONE_DAY], language="da", base_url=BASE, now=NOW).content).decoded(
        "DTSTAMP"
    ) == NOW.replace(microsecond=0)


def test_a_feed_in_which_nothing_changed_stays_the_same() -> None:
    assert written(ONE_DAY, refresh=REFRESH) == written(ONE_DAY, refresh=REFRESH)


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_title_stays_one_title(title: str) -> None:
    entry = replace(
        ONE_DAY,
        title=title,
        plan=title,
        words=title,
        last_on=date(2026, 10, 25),
        kind=ObligationKind.delivery,
    )
    content = written(entry, ONE_DAY)
    lines = unfolded(content)
    names = [line.partition(":")[0].partition(";")[0] for line in lines]
    assert names.count("BEGIN") == names.count("END") == 2  # the calendar, and both under one UID
    assert not {"ATTENDEE", "BEGIN:VALARM"} & set(names)


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_title_is_read_back_word_for_word(title: str) -> None:
    content = written(replace(ONE_DAY, title=title, plan=title))
    (said,) = [line.partition(":")[2] for line in unfolded(content) if line.startswith("SUMMARY:")]
    printable = " ".join(title.replace("\ud83d", " ").replace("\x00", " ").split())
    assert unescaped(said) == f"Udvalgsmøde: {printable}"
    assert only(content)["SUMMARY"] == f"Udvalgsmøde: {printable}"
    assert only(content)["DESCRIPTION"].startswith(printable)


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_title_gives_a_file_that_can_be_read(title: str, words: str) -> None:
    last = ONE_DAY.last_on + timedelta(days=3)
    content = written(replace(ONE_DAY, title=title, words=words, last_on=last))
    lines = unfolded(content)
    assert sum(line.startswith("SUMMARY:") for line in lines) == 1
    assert [line for line in lines if line.startswith(("BEGIN:", "END:"))] == [
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    assert only(content).decoded("DTEND") == last + timedelta(days=1)


def test_a_feed_is_called_after_what_it_is_of() -> None:
    assert calendar_name("Ane Møller", "da") == "Frister: Ane Møller"
    assert calendar_name("Plan, a", "en") == "Deadlines: Plan, a"
