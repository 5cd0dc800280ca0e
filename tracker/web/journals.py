"""What the pages of the journal share: the choice in the address, a page of lines, and verifying."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import request

from tracker import clock
from tracker.audit.heads import HeadsFile, mark_of
from tracker.audit.queries import latest_of
from tracker.audit.sealing import head
from tracker.audit.verifying import remember, verify
from tracker.extensions import db
from tracker.mail.installation import installation_of
from tracker.rounds.journal import A_PAGE, Choice, JournalLine
from tracker.web import journal_words, viewer, watching

TOO_LONG = 200_000
LARGEST_ID = 2**31 - 1


def page_of(lines: Sequence[JournalLine]) -> dict[str, Any]:
    """What a template needs for a page of lines, of which there was asked for one more than it holds."""
    return {
        "lines": lines[:A_PAGE],
        "oldest": lines[A_PAGE - 1].id if len(lines) > A_PAGE else None,
        "facts": journal_words.facts(),
        "objects": journal_words.objects(),
        "more": journal_words.more,
    }


def verification() -> dict[str, Any]:
    """What the verifier found last, and whether a page may ask it again."""
    session = db.session()
    last = latest_of(session, "journal", 1, "journal_verified")
    return {
        "last": last,
        "trouble": journal_words.trouble(last.details) if last else "",
        "may_verify": head(session).sequence <= TOO_LONG,
    }


def verify_now() -> None:
    """Look at every row, and journal what was found; a journal that is too long is left to the command."""
    session, now = db.session(), clock.now()
    if head(session).sequence <= TOO_LONG:
        row = installation_of(session)
        heads = HeadsFile(watching.machine_file().parent, mark_of(row.created_at) if row else "")
        remember(session, verify(session, heads, now=now), by=viewer.person().id, at=now)


def chosen() -> dict[str, str]:
    """What the address chooses, to be carried on to the next page."""
    return {name: value for name, value in request.args.items() if name != "before" and value}


def choice(plan_id: int | None = None) -> Choice:
    """Person, fact, object and days of the address, within one plan or all."""
    return Choice(
        plan_id=plan_id,
        person_id=number("person"),
        fact=request.args.get("fact", ""),
        object_kind=request.args.get("object", ""),
        object_id=number("id"),
        since=_midnight("from"),
        until=_midnight("until", after=timedelta(days=1)),
    )


def number(name: str) -> int | None:
    """A number in the address, or None for anything that is none."""
    typed = request.args.get(name, "")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 11):
        return None
    return min(int(typed), LARGEST_ID)


def _midnight(name: str, *, after: timedelta = timedelta()) -> datetime | None:
    """The beginning of a day in the address, `2026-03-02` or `02.03.2026`; None for what is none."""
    typed = request.args.get(name, "").strip()
    parts = typed.split(".")
    try:
        day = date.fromisoformat("-".join(reversed(parts)) if len(parts) == 3 else typed)
        # In UTC, as it is asked for: the first and the last of all days have no such instant.
        return datetime.combine(day + after, time(), tzinfo=clock.ZONE).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
