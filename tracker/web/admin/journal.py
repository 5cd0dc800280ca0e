"""The whole journal, what the verifier found last, and asking it again."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from tracker import clock
from tracker.accounts.models import Person
from tracker.audit.heads import HeadsFile, mark_of
from tracker.audit.queries import latest_of
from tracker.audit.sealing import head
from tracker.audit.verifying import remember, verify
from tracker.extensions import db
from tracker.mail.installation import installation_of
from tracker.rounds.journal import A_PAGE, Choice, whole_journal
from tracker.web import journal_words, viewer, watching
from tracker.web.addresses import url_for
from tracker.web.admin.blueprint import blueprint

TOO_LONG = 200_000
LARGEST_ID = 2**31 - 1


@blueprint.get("/journal")
def journal() -> ResponseReturnValue:
    """A hundred entries a page, newest first; person, fact, object and days in the address choose."""
    session, before = db.session(), _number("before")
    lines = whole_journal(session, _choice(), before=before)
    chosen = {name: value for name, value in request.args.items() if name != "before" and value}
    last = latest_of(session, "journal", 1, "journal_verified")
    oldest = lines[A_PAGE - 1].id if len(lines) > A_PAGE else None
    return render_template(
        "admin/journal.html",
        lines=lines[:A_PAGE],
        first=url_for("admin.journal", **chosen) if before else None,
        older=url_for("admin.journal", **chosen, before=oldest) if oldest else None,
        chosen=chosen,
        people=session.execute(select(Person.id, Person.name).order_by(Person.name_sort)).all(),
        facts=journal_words.facts(),
        objects=journal_words.objects(),
        more=journal_words.more,
        last=last,
        trouble=journal_words.trouble(last.details) if last else "",
        may_verify=head(session).sequence <= TOO_LONG,
    )


@blueprint.post("/journal/verify")
def verify_journal() -> ResponseReturnValue:
    """Look at every row, and journal what was found; a journal that is too long is left to the command."""
    session, now = db.session(), clock.now()
    if head(session).sequence <= TOO_LONG:
        row = installation_of(session)
        heads = HeadsFile(watching.machine_file().parent, mark_of(row.created_at) if row else "")
        remember(session, verify(session, heads, now=now), by=viewer.person().id, at=now)
        db.session.commit()
    return redirect(url_for("admin.journal"), 303)


def _choice() -> Choice:
    return Choice(
        person_id=_number("person"),
        fact=request.args.get("fact", ""),
        object_kind=request.args.get("object", ""),
        object_id=_number("id"),
        since=_midnight("from"),
        until=_midnight("until", after=timedelta(days=1)),
    )


def _number(name: str) -> int | None:
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
        return datetime.combine(day + after, time(), tzinfo=clock.ZONE)
    except (ValueError, OverflowError):
        return None
