"""Taking back by link what was submitted by mistake, while nobody has begun to read it."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tracker import clock
from tracker.domain.errors import MoveRefused, NotAllowed, StaleVersion
from tracker.extensions import csrf, db
from tracker.statuses import form_links, writing
from tracker.web.errors import sentence_of
from tracker.web.form_links.blueprint import bearer, blueprint, is_ours, refused, too_old, update_or_404
from tracker.web.status_form import StatusForm


@blueprint.post("/<token>/updates/<int:update_id>/withdraw")
@csrf.exempt
def withdraw(token: str, update_id: int) -> ResponseReturnValue:
    """A tick is needed as well, so that no program that presses buttons takes anything back."""
    found, who, at = update_or_404(update_id), bearer(), clock.now()
    back = redirect(url_for("form_links.update", token=token, update_id=update_id), 303)
    if not form_links.is_own_text(db.session(), found, who.person):
        return refused(403, elsewhere=True)
    if not is_ours():
        flash(too_old(), "warning")
        return back
    if request.form.get("sure") != "y":
        flash(gettext("Tick that you are sure, then press the button again. Nothing was changed."), "warning")
        return back
    version = StatusForm().made_from
    try:
        writing.withdraw(db.session(), found, version=version, rights=who.rights, by=who.person, at=at)
    except (MoveRefused, NotAllowed, StaleVersion) as error:
        db.session.rollback()
        flash(sentence_of(error), "warning")
        return back
    who.link.last_used_at = at
    db.session.commit()
    flash(gettext("The status is yours again. Go on writing, and submit it when it is ready."), "success")
    return back
