"""The public pages that belong to no plan."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.extensions import db
from tracker.memos.publishing.plans import public_plans
from tracker.web.guards import safe_next
from tracker.web.menu import menu
from tracker.web.public import kept
from tracker.web.public.addresses import absolute
from tracker.web.public.blueprint import blueprint
from tracker.web.viewer import LANGUAGES


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """The plans for the public; somebody who is signed in goes to the first of their own pages."""
    own = menu()
    if own:
        return redirect(own[0].url, 303)
    return _list()


@blueprint.get("/plans/")
def plan_list() -> ResponseReturnValue:
    """The same list, also for somebody who is signed in."""
    return _list()


@blueprint.get("/language/<code>")
def choose_language(code: str) -> ResponseReturnValue:
    """Remember the language in this browser; a signed-in person's own choice stands in the account."""
    if code not in LANGUAGES:
        abort(404)
    session["language"] = code
    return redirect(safe_next(request.args.get("next")) or "/", 303)


def _list() -> ResponseReturnValue:
    plans = public_plans(db.session(), on=clock.today())
    key = tuple(one.fingerprint() for one in plans)
    address = absolute("public.home")
    return kept.page(key, lambda: render_template("public/home.html", plans=plans, canonical=address))
