"""A plan for the public: what its locked rounds have said, and nothing that is not locked."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from tracker.extensions import db
from tracker.memos import published
from tracker.memos.editions import memo_of_edition
from tracker.memos.files import FileKind, edition_file
from tracker.memos.models import Edition
from tracker.memos.writing import memo_view
from tracker.plans import queries
from tracker.plans.models import Plan
from tracker.web.memo_files import KINDS, public_download
from tracker.web.public.blueprint import blueprint


@blueprint.get("/plans/<slug>", defaults={"year": None})
@blueprint.get("/plans/<slug>/<int:year>")
def plan(slug: str, year: int | None) -> ResponseReturnValue:
    """The statuses of a locked round by administration; without a year, those of the newest."""
    found = _plan(slug)
    years = published.published_years(db.session(), found.id)
    newest = max(years, default=0)
    round_ = published.published_round(db.session(), found.id, newest if year is None else year)
    if round_ is None:
        abort(404)
    return render_template("public/plan.html", plan=found, round=round_, years=years)


@blueprint.get("/plans/<slug>/initiatives/<int:initiative_id>")
def initiative(slug: str, initiative_id: int) -> ResponseReturnValue:
    """What the locked rounds have said of one initiative, and the facts about it."""
    found = _plan(slug)
    one = published.published_initiative(db.session(), found.id, initiative_id)
    history = published.published_history(db.session(), one) if one is not None else []
    if not history:
        abort(404)
    return render_template("public/initiative.html", plan=found, initiative=one, history=history)


@blueprint.get("/plans/<slug>/<int:year>/memo")
def memo(slug: str, year: int) -> ResponseReturnValue:
    """The newest final edition of a year as a page."""
    found = _plan(slug)
    edition = _edition(found, year)
    view = memo_view(memo_of_edition(edition))
    return render_template("public/memo.html", plan=found, year=year, edition=edition, view=view)


@blueprint.get(f"/plans/<slug>/<int:year>/memo/{KINDS}")
def memo_download(slug: str, year: int, kind: str) -> ResponseReturnValue:
    """The newest final edition of a year as a file."""
    found = _plan(slug)
    return public_download(edition_file(_edition(found, year), found, year=year, kind=FileKind(kind)))


def _plan(slug: str) -> Plan:
    found = queries.plan(db.session(), slug)
    if found is None:
        abort(404)
    return found


def _edition(plan: Plan, year: int) -> Edition:
    found = published.published_edition(db.session(), plan.id, year)
    if found is None:
        abort(404)
    return found
