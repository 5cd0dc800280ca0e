"""The calendar file that goes with a letter of reminders, as the mail server got it."""

from __future__ import annotations

import email
from datetime import timedelta
from email import policy

import pytest
from icalendar import Calendar, Event
from sqlalchemy import select

from tests.reminders.office import TODAY, Office, at
from tests.support.smtp import Peer
from tracker.domain.reminders import Obligation, ObligationKind, Place
from tracker.mail.models import Mail

pytestmark = pytest.mark.both_databases
OWNER = "owner@example.com"
TOMORROW = TODAY + timedelta(days=1)


def enclosed(office: Office) -> list[tuple[str, str, Calendar]]:
    """The file names, media types and calendars of every letter that was handed over."""
    with office.post.sessions() as session:
        sent = session.scalars(select(Mail.mime).where(Mail.mime.is_not(None)).order_by(Mail.id)).all()
    found = []
    for mime in sent:
        message = email.message_from_bytes(mime or b"", policy=policy.default)
        for part in message.walk():
            if part.get_content_disposition() == "attachment":
                content = part.get_payload(decode=True)
                assert isinstance(content, bytes)
                found.append(
                    (
                        part.get_filename() or "",
                        f"{part.get_content_type()} {part.get_param('method')}",
                        Calendar.from_ical(content),
                    )
                )
    return found


def events(calendar: Calendar) -> list[Event]:
    return [one for one in calendar.walk("VEVENT") if isinstance(one, Event)]


def test_the_letter_brings_its_deadlines_for_the_calendar(office: Office, smtp_peer: Peer) -> None:
    office.owed = [office.status(due=TOMORROW, people=((Place.owner, office.owner),))]
    office.morning(TODAY)
    ((name, media_type, calendar),) = enclosed(office)
    (event,) = events(calendar)
    assert name == "frister.ics"
    assert media_type == "text/calendar PUBLISH"
    assert event["UID"].startswith("status-1@")
    assert event.decoded("DTSTART") == TOMORROW
    assert event.decoded("DTEND") == TOMORROW + timedelta(days=1)
    assert event["SUMMARY"] == "Status: Mentorer til unge, del 1"
    assert event.decoded("DTSTAMP") == at(TODAY)
    [letter] = smtp_peer.letters_to(OWNER)
    assert "Den kommende dato er vedhæftet som en kalenderfil." in letter.text


def test_what_has_passed_or_waits_for_approval_is_nothing_for_a_calendar(
    office: Office, smtp_peer: Peer
) -> None:
    late = office.status(1, due=TODAY - timedelta(days=7), people=((Place.owner, office.owner),))
    waiting = office.status(
        2,
        due=TODAY - timedelta(days=7),
        kind=ObligationKind.review,
        people=((Place.secretariat, office.owner),),
    )
    office.owed = [late, waiting]
    office.morning(TODAY)
    with office.post.sessions() as session:
        assert session.scalar(select(Mail.mime)) is not None
    assert enclosed(office) == []
    [letter] = smtp_peer.letters_to(OWNER)
    assert "kalenderfil" not in letter.text


def test_one_who_reads_english_gets_the_file_in_english(office: Office) -> None:
    office.owed = [
        Obligation(
            kind=ObligationKind.committee_meeting,
            id=4,
            plan_id=office.plan_id,
            people=((Place.secretariat, office.office),),
            first=TOMORROW,
            last=TOMORROW,
            title="October",
            path="/deadlines/4",
        )
    ]
    office.morning(TODAY)
    ((name, _, calendar),) = enclosed(office)
    assert name == "deadlines.ics"
    assert events(calendar)[0]["SUMMARY"] == "Committee meeting: October"
    assert events(calendar)[0]["UID"].startswith("deadline-4@")
