"""Moving the demonstration's clock, one working morning at a time, so that each letter leaves on its day."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext, ngettext
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from tracker import clock as business_clock
from tracker.web.demo.blueprint import blueprint
from tracker.web.demo.inbox import letters_kept

MORNING = time(8, 1)
FURTHEST = 60


class ClockForm(FlaskForm):  # type: ignore[misc]
    days = IntegerField(
        lazy_gettext("Days to move forward"),
        default=1,
        validators=[InputRequired(), NumberRange(1, FURTHEST)],
    )


@blueprint.route("/clock", methods=["GET", "POST"])
def clock() -> ResponseReturnValue:
    form = ClockForm()
    if not form.validate_on_submit():
        page = render_template("demo/clock.html", form=form, now=business_clock.now())
        return page, 400 if form.is_submitted() else 200
    before = letters_kept()
    last = business_clock.today() + timedelta(days=form.days.data)
    while (morning := next_morning(business_clock.now())).date() <= last:
        _move_to(morning)
    arrived = letters_kept() - before
    flash(
        ngettext(
            "The clock was moved. One letter arrived.",
            "The clock was moved. %(num)s letters arrived.",
            arrived,
        ),
        "success",
    )
    return redirect(url_for("demo.inbox"), 303)


def next_morning(now: datetime) -> datetime:
    """08:01 of this day, or of the next where that has passed."""
    here = now.astimezone(business_clock.ZONE)
    days = 0 if here.time() < MORNING else 1
    return datetime.combine(here.date() + timedelta(days=days), MORNING, tzinfo=business_clock.ZONE)


def _move_to(morning: datetime) -> None:
    """Let the tick do then what it would have done by itself."""
    business_clock.move_forward(max(timedelta(), morning - business_clock.now()))
    current_app.extensions["tick"]()
