"""What the secretariat's and the administrators' pages of the queue share: its state, its forms, its moves.

The queue is one for the whole installation, so its page tells no plan's letters.
"""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Length

from tracker import clock
from tracker.accounts.queries import administrators
from tracker.domain.text import clean
from tracker.extensions import db
from tracker.mail import installation
from tracker.mail.health import totals
from tracker.mail.models import HoldCause
from tracker.web import notices, viewer, watching
from tracker.web.forms import Needed
from tracker.web.template_helpers import date_and_time


class HoldForm(FlaskForm):  # type: ignore[misc]
    """Why a person holds all letters; everybody who meets the banner reads it."""

    reason = TextAreaField(
        lazy_gettext("Why are the letters to wait?"),
        description=lazy_gettext("Everybody in the secretariats and every administrator reads this."),
        validators=[
            Needed(lazy_gettext("Write why the letters are to wait.")),
            Length(max=500, message=lazy_gettext("Write at most 500 characters.")),
        ],
    )


def state_of_queue() -> dict[str, Any]:
    """What the page says of the installation's mail."""
    session = db.session()
    seen = watching.look(session)
    health = seen.health
    return {
        "seen": seen,
        "health": health,
        "problems": {problem.value for problem in seen.problems},
        "why_held": notices.why_held(health.hold, date_and_time) if health.hold else "",
        "counts": totals(session, health),
        "base_url": current_app.extensions["settings"].base_url,
        "administrators": administrators(session),
    }


def held(form: HoldForm) -> bool:
    """Hold all letters for the reason in the form; False when the form is not filled in."""
    if not form.validate():
        return False
    by, at = viewer.person().id, clock.now()
    new = installation.hold(db.session(), HoldCause.person, clean(form.reason.data).strip(), by=by, at=at)
    db.session.commit()
    if new:
        flash(_("All letters are held. None leaves until they are released."), "success")
    else:
        flash(_("The letters were held already, for the reason that stands there."), "info")
    return True


def released(to: str) -> ResponseReturnValue:
    """Let letters leave again, and go to the page `to`."""
    done = installation.release(db.session(), by=viewer.person().id, at=clock.now())
    db.session.commit()
    if done:
        flash(_("The letters are released. Those that are due leave within a minute."), "success")
    else:
        flash(_("The letters were not held."), "info")
    return redirect(to, 303)
