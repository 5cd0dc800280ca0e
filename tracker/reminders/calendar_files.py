"""Deadlines as a calendar file: RFC 5545 bytes from plain values, for letters and for feeds.

The same deadline has the same UID and the same SEQUENCE wherever it is written, so that a calendar which got
it by letter and by feed shows it once. The same values always become the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from urllib.parse import urlsplit

from tracker.domain.reminders import ObligationKind
from tracker.mail.letters import Attachment
from tracker.mail.rendering import one_line

MEDIA_TYPE = "text/calendar; charset=utf-8; method=PUBLISH"
REFRESH = timedelta(hours=1)
LONGEST_SPAN = timedelta(days=31)
LONGEST_LINE = 75  # octets (RFC 5545 3.1)
_ESCAPED = str.maketrans({"\\": r"\\", ";": r"\;", ",": r"\,", "\n": r"\n"})  # RFC 5545 3.3.11
_HALVES = re.compile("[\ud800-\udfff]")
_WINDOWS = frozenset({ObligationKind.campaign_window, ObligationKind.application_round})
# What takes place is not done by anybody: when it is over, its date has said so.
_TAKE_PLACE = _WINDOWS | {ObligationKind.committee_meeting}
# A status keeps its place in the calendar while it is due and when it was given back.
OF_UPDATES = frozenset({ObligationKind.status_due, ObligationKind.returned, ObligationKind.review})


class EntryState(StrEnum):
    open = "open"
    done = "done"
    cancelled = "cancelled"


@dataclass(frozen=True, slots=True)
class Entry:
    """One deadline as a calendar shows it: whole days, both ends inclusive.

    `id` is that of the obligation (of the update for a status). `words` is a fuzzy date as it was written,
    or "". `path` is of its page, from the service's base address. `sequence` grows with each change,
    `changed_at` is when the latest was.
    """

    kind: ObligationKind
    id: int
    title: str
    plan: str
    first_on: date
    last_on: date
    path: str
    sequence: int
    changed_at: datetime
    words: str = ""
    state: EntryState = EntryState.open


# What a calendar without deadlines holds: RFC 5545 3.6 wants at least one component.
_UTC = (
    "BEGIN:VTIMEZONE",
    "TZID:UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "TZNAME:UTC",
    "END:STANDARD",
    "END:VTIMEZONE",
)


@dataclass(frozen=True, slots=True)
class _Words:
    kinds: MappingProxyType[ObligationKind, str]
    calendar: str
    filename: str
    done: str
    cancelled: str
    period: str


_DANISH = {
    ObligationKind.status_due: "Status",
    ObligationKind.returned: "Status",
    ObligationKind.review: "Status",
    ObligationKind.committee_papers: "Materialefrist",
    ObligationKind.committee_meeting: "Udvalgsmøde",
    ObligationKind.campaign_window: "Kampagneperiode",
    ObligationKind.application_round: "Ansøgningsrunde",
    ObligationKind.delivery: "Leverance",
    ObligationKind.milestone: "Milepæl",
    ObligationKind.other: "Frist",
}
_ENGLISH = {
    ObligationKind.status_due: "Status",
    ObligationKind.returned: "Status",
    ObligationKind.review: "Status",
    ObligationKind.committee_papers: "Committee papers",
    ObligationKind.committee_meeting: "Committee meeting",
    ObligationKind.campaign_window: "Campaign period",
    ObligationKind.application_round: "Application round",
    ObligationKind.delivery: "Delivery",
    ObligationKind.milestone: "Milestone",
    ObligationKind.other: "Deadline",
}
_WORDS = {
    "da": _Words(
        MappingProxyType(_DANISH), "Frister", "frister.ics", "Klaret", "Aflyst", "Tidspunkt: {words} ({days})"
    ),
    "en": _Words(
        MappingProxyType(_ENGLISH),
        "Deadlines",
        "deadlines.ics",
        "Done",
        "Cancelled",
        "When: {words} ({days})",
    ),
}


def uid_of(kind: ObligationKind, id_: int, *, host: str) -> str:
    """The UID of a deadline for as long as it exists, whatever becomes of its dates and titles."""
    family = "status" if kind in OF_UPDATES else "deadline"
    return f"{family}-{id_}@{host}"


def calendar_file(
    entries: Iterable[Entry],
    *,
    name: str,
    language: str,
    base_url: str,
    written_at: datetime | None = None,
    refresh: timedelta | None = None,
) -> bytes:
    """The calendar called `name` with these deadlines, by date. Lines end in CRLF and have 75 octets at most.

    `written_at` stamps a file that is made once; without it each deadline bears the moment of its latest
    change, so that a feed in which nothing changed stays the same. `refresh` says how often to read a feed.
    """
    said = _WORDS.get(language, _WORDS["da"])
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Initiative Tracker//Deadlines//{language.upper()}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{_text(_plain(name))}",
        f"X-WR-CALNAME:{_text(_plain(name))}",
    ]
    if refresh is not None:
        every = f"PT{int(refresh.total_seconds()) // 60}M"
        lines += [f"REFRESH-INTERVAL;VALUE=DURATION:{every}", f"X-PUBLISHED-TTL:{every}"]
    by_uid = {uid_of(entry.kind, entry.id, host=_host(base_url)): entry for entry in entries}
    for uid, entry in sorted(by_uid.items(), key=lambda pair: (pair[1].last_on, pair[0])):
        lines += _event(entry, uid, said, base_url, written_at or entry.changed_at)
    lines += [] if by_uid else _UTC
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) + b"\r\n" for line in lines)


def attachment_for(entries: Iterable[Entry], *, language: str, base_url: str, now: datetime) -> Attachment:
    """The deadlines of a letter that is written at `now`, as a file to put into a calendar."""
    said = _WORDS.get(language, _WORDS["da"])
    content = calendar_file(entries, name=said.calendar, language=language, base_url=base_url, written_at=now)
    return Attachment(said.filename, MEDIA_TYPE, content)


def calendar_name(of: str, language: str) -> str:
    """What a feed is called in a calendar program, such as `Frister: Handleplan for …`."""
    said = _WORDS.get(language, _WORDS["da"])
    return f"{said.calendar}: {of}"


def _event(entry: Entry, uid: str, said: _Words, base_url: str, stamped_at: datetime) -> list[str]:
    """Its content lines, not yet folded. (The library's components cost more than all else in a letter.)"""
    shown = _as_shown(entry)
    link = base_url + entry.path
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{_instant(stamped_at)}",
        f"LAST-MODIFIED:{_instant(entry.changed_at)}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTART;VALUE=DATE:{shown.first_on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{shown.last_on + timedelta(days=1):%Y%m%d}",  # exclusive (RFC 5545 3.6.1)
        f"SUMMARY:{_text(_summary(entry, said))}",
        f"DESCRIPTION:{_text(_description(entry, said, link))}",
        f"URL:{link}",
        "TRANSP:TRANSPARENT",  # a deadline makes nobody busy
        f"STATUS:{'CANCELLED' if entry.state is EntryState.cancelled else 'CONFIRMED'}",
        "END:VEVENT",
    ]


def _as_shown(entry: Entry) -> Entry:
    """A long period that only says by when something is due stands on its last day, or it fills the year."""
    if entry.kind in _WINDOWS or entry.last_on - entry.first_on < LONGEST_SPAN:
        return entry
    return replace(entry, first_on=entry.last_on)


def _summary(entry: Entry, said: _Words) -> str:
    text = f"{said.kinds[entry.kind]}: {_plain(entry.title)}"
    if entry.words:
        text += f" ({_plain(entry.words)})"
    if entry.state is EntryState.done and entry.kind not in _TAKE_PLACE:
        return f"{said.done}: {text}"
    return f"{said.cancelled}: {text}" if entry.state is EntryState.cancelled else text


def _description(entry: Entry, said: _Words, link: str) -> str:
    lines = [_plain(entry.plan)]
    if entry.words:
        days = f"{entry.first_on:%d.%m.%Y} – {entry.last_on:%d.%m.%Y}"
        lines.append(said.period.format(words=_plain(entry.words), days=days))
    return "\n".join([*lines, link])


def _plain(text: str) -> str:
    """One line of what can be written: no control, no half of a pair, no line or paragraph separator."""
    return one_line(_HALVES.sub(" ", text))


def _text(text: str) -> str:
    """With its commas, semicolons, backslashes and line breaks escaped."""
    return text.translate(_ESCAPED)


def _folded(line: str) -> bytes:
    """In lines that are short enough, each but the first after a space; no letter and no escape is split."""
    octets, pieces, start = line.encode(), [], 0
    if len(octets) <= LONGEST_LINE:
        return octets
    while len(octets) - start >= LONGEST_LINE:
        end = start + LONGEST_LINE - 1
        while octets[end] & 0b1100_0000 == 0b1000_0000:  # within a letter
            end -= 1
        if octets[end - 1 : end] == b"\\":
            end -= 1
        pieces.append(octets[start:end])
        start = end
    return b"\r\n ".join([*pieces, octets[start:]])


def _instant(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _host(base_url: str) -> str:
    return urlsplit(base_url).hostname or "localhost"
