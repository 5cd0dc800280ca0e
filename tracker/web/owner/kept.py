"""Two people wrote at once: my text, theirs, what differs, and the ways on. Mine is kept until I choose."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import RadioField

from tracker.domain.comparison import word_diff
from tracker.domain.errors import MoveRefused, StaleVersion
from tracker.domain.text import clean
from tracker.domain.workflow import WRITABLE
from tracker.extensions import db
from tracker.rounds.models import RoundState, StatusUpdate
from tracker.statuses import keeping
from tracker.statuses.models import KeptCause
from tracker.web.errors import sentence_of
from tracker.web.owner.autosave import form_of
from tracker.web.owner.blueprint import blueprint
from tracker.web.owner.loading import update_or_404
from tracker.web.status_form import StatusForm
from tracker.web.viewer import person


@blueprint.get("/updates/<int:update_id>/kept")
def kept_text(update_id: int) -> ResponseReturnValue:
    """One's own text that could not be saved, as long as it is kept."""
    found = update_or_404(update_id)
    texts = keeping.kept_by(db.session(), found.id, person().id)
    mine = texts.get(KeptCause.conflict) or texts.get(KeptCause.autosaved)
    if mine is None:
        return redirect(url_for("owner.update", update_id=found.id), 303)
    return _page(found, form_of(found, mine), gettext("Somebody else has changed this since you opened it."))


@blueprint.post("/updates/<int:update_id>/kept/discard")
def discard_kept(update_id: int) -> ResponseReturnValue:
    """Keep the status as it stands, and throw mine away."""
    found = update_or_404(update_id)
    keeping.forget(db.session(), found, by=person())
    db.session.commit()
    flash(gettext("Your kept text has been thrown away. The status stands as it is here."), "success")
    return redirect(url_for("owner.update", update_id=found.id), 303)


def conflict_page(
    found: StatusUpdate, form: StatusForm, error: StaleVersion | MoveRefused
) -> ResponseReturnValue:
    """The answer to a text that came too late; it has been kept."""
    return _page(found, form, sentence_of(error)), 409


def _page(found: StatusUpdate, form: StatusForm, why: str) -> str:
    mine = clean(form.text.data or "").strip()
    current = StatusForm.of(found)
    parts = (form.outcome, form.progress, form.reason, form.comment)
    return render_template(
        "owner/kept.html",
        update=found,
        form=form,
        why=why,
        mine=mine,
        operations=word_diff(found.text, mine),
        others={
            field.name: field.data or current[field.name].data
            for field in (*parts, form.milestone, form.milestone_on)
            if field.data or current[field.name].data
        },
        differing=[
            (field.label.text, _shown(field), _shown(current[field.name]))
            for field in parts
            if field.data and field.data != current[field.name].data
        ],
        writable=found.round.state is RoundState.open and found.state in WRITABLE,
    )


def _shown(field: Any) -> str:
    """What a person sees for a field's value."""
    words = {one.value: one.label for one in field.choices} if isinstance(field, RadioField) else {}
    return str(words.get(field.data, field.data) or "–")
