"""Asking those who are silent once more: whom, with which words, what they get, and sending it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import StringField

from tracker import clock
from tracker.accounts.models import Person
from tracker.domain.errors import InvalidInput
from tracker.extensions import db
from tracker.mail.letters import Letter, LetterContext, contact_for
from tracker.plans import queries as plans
from tracker.rounds import nudging, queries
from tracker.rounds.models import Round, RoundState
from tracker.rounds.nudging import Recipient, Recipients
from tracker.web.errors import sentence_of
from tracker.web.guards import current_plan
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.round_choice import Asked, asked
from tracker.web.viewer import person, rights


class NudgeForm(FlaskForm):
    """One line that the secretariat adds; the people are tick boxes that the page writes itself."""

    message = StringField()


@dataclass(frozen=True)
class Loaded:
    round: Round
    asked: Asked
    recipients: Recipients


@blueprint.get("/<plan>/rounds/<int:year>/nudge")
def nudge(plan: str, year: int) -> ResponseReturnValue:
    """Everybody who would be asked for what the choice in the address leaves."""
    return _choosing(_loaded(year), NudgeForm(formdata=None), _everybody)


@blueprint.post("/<plan>/rounds/<int:year>/nudge")
def send_nudge(plan: str, year: int) -> ResponseReturnValue:
    """Show what goes to whom; sent only by the button of that page."""
    loaded, form, action = _loaded(year), NudgeForm(), request.form.get("action", "")
    ticked = {
        int(one)
        for one in request.form.getlist("people")
        if one.isascii() and one.isdigit() and len(one) < 10
    }
    chosen = loaded.recipients.chosen(ticked)
    if not form.validate_on_submit() or action == "choose":
        return _choosing(loaded, form, ticked.__contains__)
    try:
        message = nudging.cleaned_message(form.message.data or "")
        if action != "send":
            return _preview(loaded, chosen, message)
        sent = nudging.nudge(
            db.session(), loaded.round, chosen, message=message, by=person().id, at=clock.now()
        )
        db.session.commit()
    except InvalidInput as error:
        db.session.rollback()
        return _choosing(_loaded(year), form, ticked.__contains__, error=error), 400
    if sent:
        flash(
            ngettext(
                "A letter is on its way to %(num)d person.",
                "Letters are on their way to %(num)d people.",
                sent,
            ),
            "success",
        )
    else:
        flash(_("They have had such a letter today, so nothing was sent."), "info")
    here = url_for("secretariat.round", plan=plan, year=year)
    return redirect(loaded.asked.elsewhere(here) + "#updates", 303)


def _loaded(year: int) -> Loaded:
    session, where = db.session(), current_plan()
    found = queries.round_of(session, where.id, year) or abort(404)
    here = url_for("secretariat.nudge", plan=where.slug, year=year)
    wanted = asked(here, {one.code for one in plans.administrations(session, where.id)})
    return Loaded(
        found,
        wanted,
        nudging.recipients_of(session, rights(), found, wanted.choice, on=clock.today())
        if found.state is RoundState.open
        else Recipients((), ()),
    )


def _everybody(_person_id: int) -> bool:
    return True


def _choosing(loaded: Loaded, form: NudgeForm, ticked: object, *, error: InvalidInput | None = None) -> str:
    return render_template(
        "secretariat/nudge.html",
        round=loaded.round,
        asked=loaded.asked,
        recipients=loaded.recipients,
        form=form,
        ticked=ticked,
        longest=nudging.LONGEST_MESSAGE,
        here=loaded.asked.elsewhere(loaded.asked.here),
        back=_back(loaded),
        errors={error.field: sentence_of(error)} if error else {},
    )


def _preview(loaded: Loaded, chosen: Recipients, message: str) -> str:
    if not chosen.people:
        raise InvalidInput("people", "Choose at least one person who has not had such a letter today.")
    return render_template(
        "secretariat/send_nudge.html",
        round=loaded.round,
        chosen=chosen,
        message=message,
        letter=_letter(loaded.round, chosen.people[0], message),
        here=loaded.asked.elsewhere(loaded.asked.here),
        back=_back(loaded),
    )


def _back(loaded: Loaded) -> str:
    here = url_for("secretariat.round", plan=current_plan().slug, year=loaded.round.year)
    return loaded.asked.elsewhere(here) + "#updates"


def _letter(round_: Round, recipient: Recipient, message: str) -> Letter:
    reader = db.session.get_one(Person, recipient.person_id)
    context = LetterContext(
        base_url=current_app.extensions["settings"].base_url.rstrip("/"),
        language=reader.language.value,
        name=reader.name,
        now=clock.now(),
        contact=contact_for(db.session(), round_.plan_id, reader.email),
    )
    return nudging.preview(round_, current_plan(), recipient, message, context)
