"""The pages under a personal form link. Looking at them changes nothing: mail scanners follow links."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, abort, g, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from tracker import clock
from tracker.domain.text import clean
from tracker.extensions import db
from tracker.rounds import queries as rounds
from tracker.rounds.models import StatusUpdate
from tracker.statuses import form_links
from tracker.statuses.form_links import Bearer
from tracker.web.viewer import LANGUAGES, secret

blueprint = Blueprint("form_links", __name__, url_prefix="/f")


@blueprint.before_request
def _bearer() -> ResponseReturnValue | None:
    """Whoever has a link that works; one text for all others, with what they had typed."""
    token = (request.view_args or {}).get("token")
    if token is None:
        return None
    found = form_links.bearer_of(db.session(), token, secret=secret(), on=clock.today())
    if found is None or found.finished:
        return refused(404, finished=found is not None)
    g.bearer, g.plan = found, found.plan
    if session.get("language") not in LANGUAGES:
        g.language = found.person.language.value
    return None


@blueprint.after_request
def _keep_quiet(response: Response) -> Response:
    """The address is a secret: no other page is told where its reader came from, and nobody keeps a copy."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def bearer() -> Bearer:
    """Whoever came by the link of the address."""
    return cast(Bearer, g.bearer)


def _typed() -> str:
    """What was written in the form that was sent, whichever of the pages it is from."""
    names = ("text", "reason", "comment", "milestone", "milestone_on", "title", "date")
    parts = [clean(part).strip() for name in names if (part := request.form.get(name, ""))]
    return "\n\n".join(part for part in parts if part)


def update_or_404(update_id: int) -> StatusUpdate:
    """One of the person's own forms in the round of the link."""
    who = bearer()
    found = rounds.update_for(db.session(), who.rights, update_id)
    if found is None or found.round_id != who.round.id:
        abort(404)
    return found


def is_ours() -> bool:
    """Whether the form was filled in on a page that this browser got from here.

    The views ask this themselves: a browser that is told to send no referrer sends none here either, on which
    the usual check insists over TLS, and a page that is too old must not cost what was typed on it.
    """
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return False
    return request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"


def too_old() -> str:
    """What a page says of itself when `is_ours` does not hold."""
    said: str = gettext("The page was too old, so nothing was saved. Press the button again.")
    return said


def refused(status: int, *, finished: bool = False, elsewhere: bool = False) -> ResponseReturnValue:
    """What cannot be done by this link, and what was typed, to be copied.

    `elsewhere`: somebody else has written in the form, so it is gone on with after signing in.
    """
    page = render_template(
        "form_links/refused.html",
        text=_typed() if request.method == "POST" else "",
        finished=finished,
        elsewhere=elsewhere,
    )
    return page, status
