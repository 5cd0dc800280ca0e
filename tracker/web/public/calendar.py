"""The public dates of a plan as a calendar that anybody may subscribe to; its address is no secret."""

from __future__ import annotations

from flask import Response, request

from tracker import clock
from tracker.extensions import db
from tracker.memos.publishing.dates import calendar_entries
from tracker.reminders.calendar_files import REFRESH, calendar_file, calendar_name
from tracker.web.addresses import url_for
from tracker.web.public import kept
from tracker.web.public.addresses import base_url
from tracker.web.public.blueprint import blueprint
from tracker.web.public.plans import asked_plan
from tracker.web.viewer import LANGUAGES

MEDIA_TYPE = "text/calendar; charset=utf-8"


@blueprint.get("/plans/<slug>/calendar.ics")
def plan_calendar(slug: str) -> Response:
    """Campaigns, application rounds and meetings of committees; in Danish, or as `?language=` says."""
    found = asked_plan(slug)
    asked = request.args.get("language", "")
    language = asked if asked in LANGUAGES else "da"
    path = url_for("public.dates", slug=slug)
    entries = calendar_entries(db.session(), found, path=path, now=clock.now())
    name = calendar_name(found.plan.name, language)

    def make() -> bytes:
        return calendar_file(entries, name=name, language=language, base_url=base_url(), refresh=REFRESH)

    return kept.data(MEDIA_TYPE, (language, name, entries), make, name=f"{slug}.ics")
