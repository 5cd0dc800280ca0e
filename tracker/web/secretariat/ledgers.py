"""What was planned and sent to one person, or about one initiative, what became of it, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm

from tracker import clock
from tracker.deadlines import queries as deadlines
from tracker.domain.reminders import Obligation
from tracker.extensions import db
from tracker.plans import ledger as letters
from tracker.reminders import explaining, explaining_words, ledger
from tracker.reminders.explanations import Explanation
from tracker.reminders.ledger import Asked, LedgerPage
from tracker.rounds import obligations as rounds
from tracker.web.forms import DayField
from tracker.web.guards import current_plan
from tracker.web.secretariat import letter_words
from tracker.web.secretariat.absences import absence_url
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.loading import initiative_or_404
from tracker.web.secretariat.person_addresses import address_url
from tracker.web.secretariat.planning_fields import LARGEST_ID
from tracker.web.viewer import language, rights

LATEST_LETTERS = 20
PLANNED = "planned"


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
        obligations=_open(plan_id),
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
        **_shown(ledger.of_person(session, person_id, _asked()), explanation, form),
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
        obligations=_open(plan_id),
        on=day,
        now=clock.now(),
    )
    page = ledger.of_obligations(session, concerning, _asked())
    return render_template(
        "secretariat/initiative_letters.html", initiative=initiative, **_shown(page, explanation, form)
    )


def _open(plan_id: int) -> Iterator[Obligation]:
    session, today = db.session(), clock.today()
    yield from chain(
        rounds.open_obligations(session, today=today, plan_id=plan_id),
        deadlines.open_obligations(session, today=today, plan_id=plan_id),
    )


def _asked_day() -> tuple[DayForm, date]:
    """The day in the address; today where there is none, or none that can be read."""
    form = DayForm(request.args if "on" in request.args else None)
    day: date = form.on.data or clock.today()
    form.process(data={"on": day})
    return form, day


def _asked() -> Asked:
    return Asked(
        current_plan().id,
        clock.today(),
        planned=request.args.get("show") == PLANNED,
        before=_before(),
    )


def _before() -> tuple[date, int] | None:
    """Where the last page ended, from `before` in the address: `2026-10-05.1234`."""
    day, _dot, number = request.args.get("before", "").partition(".")
    try:
        parsed = date.fromisoformat(day)
    except ValueError:
        return None
    if not (number.isascii() and number.isdigit() and len(number) < 11):
        return None
    return parsed, min(int(number), LARGEST_ID)


def _shown(page: LedgerPage, explanation: Explanation, form: DayForm) -> dict[str, object]:
    return {
        "form": form,
        "lines": page.lines,
        "older": f"{page.older[0]:%Y-%m-%d}.{page.older[1]}" if page.older else None,
        "first_page": _before() is None,
        "planned": request.args.get("show") == PLANNED,
        "heading_of_why": explaining_words.heading(explanation, language()),
        "why": explaining_words.answer(explanation, language()),
        "states": letter_words.item_states(),
        "reasons": letter_words.item_reasons(),
        "reason": letter_words.reason,
    }
