"""One guard a blueprint, called before each of its requests. A test asserts that none lacks it.

Somebody who is not signed in is sent to sign in and back, whether or not what they ask for exists.
A signed-in stranger gets 404.
"""

from __future__ import annotations

from typing import cast
from urllib.parse import urlsplit

from flask import abort, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tracker.extensions import db
from tracker.plans import queries as plans
from tracker.plans.models import Plan
from tracker.web.viewer import rights, signed_in

_LOCKED_MEMOS = frozenset({"reader.memo", "reader.memo_download"})


def open_to_all() -> ResponseReturnValue | None:
    """No sign-in needed: public pages, and the pages of signing in."""
    return None


def any_person() -> ResponseReturnValue | None:
    """Anybody who is signed in; what they see is decided by each query."""
    return None if signed_in() else to_sign_in()


def administrator() -> ResponseReturnValue | None:
    viewer = signed_in()
    if viewer is None:
        return to_sign_in()
    if not viewer.person.is_administrator:
        abort(404)
    return None


def secretariat() -> ResponseReturnValue | None:
    """The secretariat of the plan in the address; a page without a plan is for any secretariat."""
    if signed_in() is None:
        return to_sign_in()
    slug = (request.view_args or {}).get("plan")
    if slug is None:
        if not rights().secretariat_of:
            abort(404)
        return None
    return _plan(slug, rights().secretariat_of)


def coordinator() -> ResponseReturnValue | None:
    if signed_in() is None:
        return to_sign_in()
    if not rights().coordinates:
        abort(404)
    return None


def reader() -> ResponseReturnValue | None:
    """Everybody with a part in the plan of the address; without one, in any plan.

    An administrator has no part in it, and reads the memos that are locked.
    """
    if signed_in() is None:
        return to_sign_in()
    slug = (request.view_args or {}).get("plan")
    if slug is None:
        return None
    is_open = rights().administrator and request.endpoint in _LOCKED_MEMOS
    return _plan(slug, None if is_open else rights().plans)


def lead_only() -> None:
    """For single pages of the secretariat that are the lead's; for the others of it they do not exist."""
    if current_plan().id not in rights().leads:
        abort(404)


def _plan(slug: str, allowed: frozenset[int] | None) -> ResponseReturnValue | None:
    """The plan of an address, one of those `allowed`; None allows every plan."""
    plan = plans.plan(db.session(), slug)
    if plan is None or (allowed is not None and plan.id not in allowed):
        abort(404)
    g.plan = plan
    return None


def current_plan() -> Plan:
    """The plan of the address, behind a guard that has checked it."""
    return cast(Plan, g.plan)


def to_sign_in() -> ResponseReturnValue:
    if request.method not in {"GET", "HEAD"}:
        return redirect(url_for("account.sign_in"), 303)
    return redirect(url_for("account.sign_in", next=request.full_path.rstrip("?")), 303)


def safe_next(target: str | None) -> str | None:
    """`target` when it is a path of our own, else None."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if any(character in target for character in "\\\r\n\t") or not target.isprintable():
        return None
    parts = urlsplit(target)
    return (
        None
        if parts.scheme or parts.netloc or "//" in target.replace("%2F", "/").replace("%2f", "/")
        else target
    )
