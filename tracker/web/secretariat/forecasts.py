"""The letters to come, and former forecasts held against what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.accounts.queries import names_of
from tracker.extensions import db
from tracker.mail.letters import contact_for
from tracker.reminders.causes import Cause
from tracker.reminders.differences import Difference, compare
from tracker.reminders.forecast import ForecastLetter, fingerprint
from tracker.reminders.saved import keep, kept_for, kept_of
from tracker.web import letter_words
from tracker.web.guards import current_plan
from tracker.web.letters_to_come import PERIODS, asked_days, by_day, letters_to_come, open_in, summary
from tracker.web.secretariat import difference_words
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.loading import asked_id
from tracker.web.viewer import person, rights


@blueprint.get("/<plan>/letters/coming")
def coming_letters(plan: str) -> ResponseReturnValue:
    """Every letter of the coming days if nobody does anything meanwhile, with the reason for each line."""
    days = asked_days()
    found = _letters(days)
    return render_template(
        "secretariat/coming_letters.html",
        by_day=by_day(found),
        total=len(found),
        days=days,
        periods=PERIODS,
        fingerprint=fingerprint(found),
    )


@blueprint.get("/<plan>/letters/coming/letter")
def coming_letter(plan: str) -> ResponseReturnValue:
    """One letter to come, as it would read on its day; `person` and `day` say which."""
    day, asked = _asked_day(), asked_id("person")
    found = _letters((day - clock.today()).days) if day and asked else []
    one = next((one for one in found if one.on == day and one.recipient.id == asked), None)
    if one is None:
        flash(_("That letter is no longer to come. The list shows what is."), "info")
        return redirect(url_for("secretariat.coming_letters", plan=plan), 303)
    return render_template(
        "secretariat/coming_letter.html",
        day=day,
        letter=one.letter(contact=contact_for(db.session(), current_plan().id, one.recipient.email)),
        summary=summary(one),
        to=one.recipient,
    )


@blueprint.get("/<plan>/letters/forecasts")
def forecasts(plan: str) -> ResponseReturnValue:
    """The forecasts that were kept, the newest first."""
    return render_template(
        "secretariat/forecasts.html", kept=kept_of(db.session(), rights(), current_plan().id)
    )


@blueprint.post("/<plan>/letters/forecasts")
def keep_forecast(plan: str) -> ResponseReturnValue:
    """Keep the forecast as it is now, to hold it against what is sent."""
    days = asked_days()
    kept = keep(
        db.session(),
        _letters(days),
        plan_id=current_plan().id,
        days=days,
        by=person().id,
        at=clock.now(),
    )
    db.session.commit()
    flash(_("The forecast is kept. Come back later to see what was sent."), "success")
    return redirect(url_for("secretariat.forecast", plan=plan, forecast_id=kept.id), 303)


@blueprint.get("/<plan>/letters/forecasts/<int:forecast_id>")
def forecast(plan: str, forecast_id: int) -> ResponseReturnValue:
    """A kept forecast against the ledger up to today: each difference with its reason."""
    session = db.session()
    kept = kept_for(session, rights(), current_plan().id, forecast_id)
    if kept is None:
        abort(404)
    found = compare(session, kept, obligations=open_in(current_plan().id), now=clock.now())
    names = names_of(session, (one.person_id for one in found.differences))
    return render_template(
        "secretariat/forecast.html",
        kept=kept,
        found=found,
        sentences=difference_words.sentences(),
        by_cause=_by_cause(found.differences, names),
        differences=found.differences,
    )


def _by_cause(
    differences: Sequence[Difference], names: dict[int, str]
) -> list[tuple[Cause, list[tuple[Difference, str, str, str]]]]:
    """The differences of each reason, the most frequent first: each with name, reminder and sentence."""
    found: dict[Cause, list[tuple[Difference, str, str, str]]] = {}
    for one in differences:
        reminder = letter_words.reason(one.kind.value, one.step)
        line = (one, names.get(one.person_id, ""), reminder, difference_words.why(one))
        found.setdefault(one.cause, []).append(line)
    return sorted(found.items(), key=lambda item: -len(item[1]))


def _letters(days: int) -> list[ForecastLetter]:
    return letters_to_come(open_in(current_plan().id), days=days)


def _asked_day() -> date | None:
    """The day in the address's query, when it is one of the days that can be foreseen here."""
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None
    return day if timedelta(0) <= day - clock.today() <= timedelta(days=PERIODS[-1]) else None
