"""Keeping what is being written, every few seconds, beside the form that works without it.

The answer is a sentence for the page. Nobody but the author ever sees what is kept.
"""

from __future__ import annotations

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import format_time, gettext

from tracker import clock
from tracker.domain.errors import DomainError
from tracker.extensions import db
from tracker.rounds.models import StatusUpdate
from tracker.statuses import keeping
from tracker.statuses.models import KeptCause, KeptDraft
from tracker.web.errors import sentence_of
from tracker.web.owner.blueprint import blueprint
from tracker.web.owner.loading import update_or_none
from tracker.web.status_form import StatusForm
from tracker.web.viewer import person, rights


@blueprint.post("/updates/<int:update_id>/autosave")
def autosave(update_id: int) -> ResponseReturnValue:
    """200 with what to say beside the form; 404, 409 and (from the guard) 401 say why nothing is kept."""
    found = update_or_none(update_id)
    if found is None:
        return said(gettext("This status is not yours to write, so nothing is kept."), 404)
    form = StatusForm()
    typed = typed_in(form)
    if form.says_what_is_in(found) and not (form.milestone.data or form.milestone_on.data):
        keeping.forget(db.session(), found, by=person(), cause=KeptCause.autosaved)
        db.session.commit()
        return said("", 200)
    try:
        keeping.autosave(db.session(), found, typed, rights=rights(), by=person(), at=clock.now())
    except DomainError as error:
        db.session.rollback()
        return said(sentence_of(error), 409)
    db.session.commit()
    at = format_time(clock.now(), "HH:mm")
    return said(gettext("Kept at %(time)s, for you alone. Save the draft when you stop.", time=at), 200)


def typed_in(form: StatusForm) -> keeping.Typed:
    """What the request's form holds, whatever it is."""
    others = {name: request.form[name] for name in keeping.OTHERS if name in request.form}
    return keeping.Typed(text=form.text.data or "", others=others, made_from=form.made_from)


def form_of(found: StatusUpdate, kept: KeptDraft) -> StatusForm:
    """The form with what was kept, to be saved over the status as it stands now."""
    form = StatusForm.of(found)
    form.text.data = kept.text
    for name, value in kept.others.items():
        form[name].data = value
    return form


def said(message: str, code: int) -> ResponseReturnValue:
    return jsonify(message=message), code
