"""Proposing another title or another owner to the secretariat."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import Length, Optional

from tracker import clock
from tracker.accounts.queries import active_person_with
from tracker.domain.errors import InvalidInput
from tracker.domain.workflow import Role
from tracker.extensions import db
from tracker.plans.change_proposals import own_proposals, propose
from tracker.plans.models import Initiative
from tracker.web.forms import Needed, attach
from tracker.web.owner.blueprint import blueprint
from tracker.web.owner.loading import initiative_or_404
from tracker.web.viewer import person, rights

MAY_PROPOSE = frozenset({Role.owner, Role.coordinator})


class ProposalForm(FlaskForm):
    title = TextAreaField(
        lazy_gettext("Title"),
        description=lazy_gettext("Leave it as it is when the title is to stay."),
        validators=[Optional(), Length(max=1_000)],
    )
    email = StringField(
        lazy_gettext("The new owner's e-mail address"),
        description=lazy_gettext("Leave it empty when the owner is to stay."),
        validators=[Optional(), Length(max=254)],
    )
    reason = TextAreaField(
        lazy_gettext("Why"), validators=[Needed(lazy_gettext("Write why.")), Length(max=2_000)]
    )


@blueprint.route("/initiatives/<int:initiative_id>/propose", methods=["GET", "POST"])
def propose_change(initiative_id: int) -> ResponseReturnValue:
    found = initiative_or_404(initiative_id)
    if not rights().roles_on(found) & MAY_PROPOSE:
        abort(404)
    form = ProposalForm(title=found.title)
    if form.validate_on_submit():
        try:
            _propose(found, form)
        except InvalidInput as error:
            db.session.rollback()
            found = initiative_or_404(initiative_id)
            attach(form, error)
        else:
            flash(gettext("The secretariat has been told. You get a letter with the answer."), "success")
            return redirect(url_for("owner.initiative", initiative_id=found.id), 303)
    page = render_template(
        "owner/propose_change.html",
        initiative=found,
        form=form,
        former=own_proposals(db.session(), found.id, person().id),
    )
    return page, 400 if form.errors else 200


def _propose(found: Initiative, form: ProposalForm) -> None:
    """Raises InvalidInput on the field that cannot stand."""
    session, typed = db.session(), (form.email.data or "").strip()
    owner = active_person_with(session, typed) if typed else None
    if typed and owner is None:
        raise InvalidInput(
            "email", "Nobody in the tracker has this address. Ask the secretariat to add the person."
        )
    propose(
        session,
        found,
        title=form.title.data or "",
        owner=owner,
        reason=form.reason.data or "",
        by=person(),
        at=clock.now(),
    )
    db.session.commit()
