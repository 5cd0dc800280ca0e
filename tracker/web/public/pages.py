"""The public pages."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from tracker.extensions import db
from tracker.memos.published import published_plans
from tracker.web.guards import safe_next
from tracker.web.menu import menu
from tracker.web.public.blueprint import blueprint
from tracker.web.viewer import LANGUAGES


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """The plans for the public; somebody who is signed in goes to the first of their own pages."""
    own = menu()
    if own:
        return redirect(own[0].url, 303)
    return render_template("public/home.html", plans=published_plans(db.session()))


@blueprint.get("/plans/")
def plan_list() -> ResponseReturnValue:
    """The same list, also for somebody who is signed in."""
    return render_template("public/home.html", plans=published_plans(db.session()))


@blueprint.get("/language/<code>")
def choose_language(code: str) -> ResponseReturnValue:
    """Remember the language in this browser; a signed-in person's own choice stands in the account."""
    if code not in LANGUAGES:
        abort(404)
    session["language"] = code
    return redirect(safe_next(request.args.get("next")) or "/", 303)
