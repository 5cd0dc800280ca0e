"""What was planned and sent to one person, or about one initiative, what became of it, and why."""

from __future__ import annotations

from datetime import date

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm

from tracker import clock
from tracker.extensions import db
from tracker.plans import ledger as letters
from tracker.reminders import explaining, explaining_words, ledger
from tracker.reminders.explanations import Explanation
from tracker.reminders.ledger import LedgerPage
from tracker.rounds import obligations as rounds
from tracker.web import ledgers, letter_words
from tracker.web.forms import DayField
from tracker.web.guards import current_plan
from tracker.web.letters_to_come import open_in
from tracker.web.secretariat.absences import absence_url
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.loading import initiative_or_404
from tracker.web.secretariat.person_addresses import address_url
from tracker.web.viewer import language, rights

LATEST_LETTERS = 20


class DayForm(FlaskForm):  # type: ignore[misc]
    """The day that is asked about. It changes nothing, so it carries no token."""

    class Meta:
        csrf = False

    on = DayField(lazy_gettext("On which day?"))


@blueprint.get("/<plan>/people/<int:person_id>/letters")
def person_letters(plan: str, person_id: int) -> ResponseReturnValue:
    """A person's reminders and letters in this plan, and why they did, or did not, get one on a day."""
    session, plan_id = db.session(), current_plan().id
    form, day = _asked_day()
    somebody = letters.person_in(session, rights(), plan_id, person_id)
    if somebody is None:
        abort(404)
    explanation = explaining.explain_person(
        session,
        person_id,
        obligations=open_in(plan_id),
        on=day,
        now=clock.now(),
        plan_ids={plan_id},
    )
    mailed = letters.letters_of(session, rights(), plan_id, person_id=person_id)
    return render_template(
        "secretariat/person_letters.html",
        person=somebody,
        address_url=address_url(somebody),
        absence_url=absence_url(somebody),
        letters=mailed[:LATEST_LETTERS],
        kinds=letter_words.kinds(),
        letter_states=letter_words.states(),
        **_shown(ledger.of_person(session, person_id, ledgers.asked(plan_id)), explanation, form),
    )


@blueprint.get("/<plan>/initiatives/<int:initiative_id>/letters")
def initiative_letters(plan: str, initiative_id: int) -> ResponseReturnValue:
    """The reminders of an initiative to whomever, and why somebody did, or did not, get one on a day."""
    session, plan_id = db.session(), current_plan().id
    form, day = _asked_day()
    initiative = initiative_or_404(initiative_id)
    concerning = rounds.of_initiative(session, initiative.id)
    explanation = explaining.explain_initiative(
        session,
        initiative.title,
        concerning=concerning,
        obligations=open_in(plan_id),
        on=day,
        now=clock.now(),
    )
    page = ledger.of_obligations(session, concerning, ledgers.asked(plan_id))
    return render_template(
        "secretariat/initiative_letters.html", initiative=initiative, **_shown(page, explanation, form)
    )


def _asked_day() -> tuple[DayForm, date]:
    """The day in the address; today where there is none, or none that can be read."""
    form = DayForm(request.args if "on" in request.args else None)
    day: date = form.on.data or clock.today()
    form.process(data={"on": day})
    return form, day


def _shown(page: LedgerPage, explanation: Explanation, form: DayForm) -> dict[str, object]:
    return {
        **ledgers.shown(page),
        "form": form,
        "heading_of_why": explaining_words.heading(explanation, language()),
        "why": explaining_words.answer(explanation, language()),
    }
