"""Calendar feeds: what a calendar program reads under a secret address, without a cookie or a sign-in."""

from __future__ import annotations

from datetime import datetime

from flask import abort, current_app, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.models import Person
from tracker.deadlines import calendar_files, feeds
from tracker.extensions import db
from tracker.plans.models import Plan
from tracker.plans.rights import rights_of
from tracker.reminders.calendar_files import REFRESH, calendar_file, calendar_name
from tracker.rounds.calendar_files import own_status_entries
from tracker.web.public.blueprint import blueprint
from tracker.web.viewer import LANGUAGES, secret

KEPT_FOR = 900


@blueprint.get("/calendar/<token>.ics")
def calendar(token: str) -> ResponseReturnValue:
    """The deadlines of whoever the address was made for, as they may see them today.

    In the person's language, a plan's in Danish; `?language=` chooses another.
    """
    session, now = db.session(), clock.now()
    found = feeds.feed_at(session, token, secret=secret())
    if found is None:
        abort(404)
    asked = request.args.get("language")
    chosen = asked if asked in LANGUAGES else None
    if found.person is not None:
        return _file(_of_person(session, found.person, chosen, now))
    assert found.plan is not None
    return _file(_of_plan(session, found.plan, chosen, now))


def _of_person(session: Session, person: Person, chosen: str | None, now: datetime) -> bytes:
    rights = rights_of(session, person.id, administrator=False, on=clock.local_date(now))
    entries = own_status_entries(session, rights, now=now)
    entries += calendar_files.own_entries(session, rights, now=now)
    language = chosen or person.language.value
    return calendar_file(
        entries,
        name=calendar_name(person.name, language),
        language=language,
        base_url=_base_url(),
        refresh=REFRESH,
    )


def _of_plan(session: Session, plan: Plan, chosen: str | None, now: datetime) -> bytes:
    language = chosen or "da"
    return calendar_file(
        calendar_files.plan_entries(session, plan.id, now=now),
        name=calendar_name(plan.name, language),
        language=language,
        base_url=_base_url(),
        refresh=REFRESH,
    )


def _base_url() -> str:
    base_url: str = current_app.extensions["settings"].base_url
    return base_url.rstrip("/")


def _file(content: bytes) -> ResponseReturnValue:
    response = make_response(content)
    response.content_type = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = 'inline; filename="deadlines.ics"'
    response.headers["Cache-Control"] = f"private, max-age={KEPT_FOR}"
    response.add_etag()
    return response.make_conditional(request)
