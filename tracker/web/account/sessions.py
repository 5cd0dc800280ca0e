"""Where the person is signed in, and signing out elsewhere."""

from __future__ import annotations

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from tracker import clock
from tracker.accounts.sessions import end_other_sessions
from tracker.extensions import db
from tracker.web.account.blueprint import blueprint
from tracker.web.account.signing_in import required_person
from tracker.web.viewer import signed_in


@blueprint.post("/account/browsers/<int:session_id>/end")
def end_browser(session_id: int) -> ResponseReturnValue:
    """Sign out in one other browser."""
    if not _end(only=session_id):
        abort(404)
    flash(gettext("You are signed out in that browser."), "success")
    return redirect(url_for("account.profile") + "#browsers", 303)


@blueprint.post("/account/browsers/end")
def end_browsers() -> ResponseReturnValue:
    """Sign out everywhere but here."""
    ended = _end()
    if ended:
        flash(
            ngettext(
                "You are signed out in one other browser.",
                "You are signed out in %(num)d other browsers.",
                ended,
            ),
            "success",
        )
    else:
        flash(gettext("You are signed in nowhere else."), "info")
    return redirect(url_for("account.profile") + "#browsers", 303)


def _end(*, only: int | None = None) -> int:
    person, viewer = required_person(), signed_in()
    assert viewer is not None
    ended = end_other_sessions(
        db.session(), person.id, keep=viewer.session_id, only=only, at=clock.real_now()
    )
    db.session.commit()
    return ended
