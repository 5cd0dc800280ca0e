"""The figures of a status: adding, changing and taking away, on a page of their own beside the text."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from tracker import clock
from tracker.domain.numbers import write_danish
from tracker.extensions import db
from tracker.rounds import queries
from tracker.rounds.models import StatusUpdate
from tracker.statuses import figures
from tracker.statuses.models import Figure, Qualifier
from tracker.statuses.promises import Question, questions_of
from tracker.web.figure_words import figure_words, qualifiers
from tracker.web.forms import DayField, RefusalsIn
from tracker.web.owner.blueprint import blueprint
from tracker.web.owner.loading import update_or_404
from tracker.web.viewer import person, rights


class FigureForm(FlaskForm):
    """One figure; `figure` is its id, empty for a new one."""

    figure = HiddenField()
    label = StringField(_l("What is counted"))
    qualifier = SelectField(_l("How exact"), choices=[SelectChoice(one.value) for one in Qualifier])
    value = StringField(_l("Number"))
    unit = StringField(_l("Unit"))
    period_first = DayField(_l("From"), [Optional()])
    period_last = DayField(_l("Until"), [Optional()])
    kind = RadioField(
        _l("Target or result"),
        choices=[SelectChoice("result", _l("A result")), SelectChoice("target", _l("A target"))],
        default="result",
    )
    not_comparable = BooleanField(_l("Not comparable with last year's figure"))
    note = StringField(_l("What should be known about it"))

    def given(self) -> figures.Given:
        return figures.Given(
            label=self.label.data or "",
            value=self.value.data or "",
            qualifier=Qualifier(self.qualifier.data),
            unit=self.unit.data or "",
            period_first=self.period_first.data,
            period_last=self.period_last.data,
            is_target=self.kind.data == "target",
            comparable=not self.not_comparable.data,
            note=self.note.data or "",
        )


def _filled(figure: Figure, *, anew: bool = False) -> FigureForm:
    """The form with a figure in it; `anew` takes last year's without its number and period."""
    return FigureForm(
        formdata=None,
        figure="" if anew else str(figure.id),
        label=figure.label,
        qualifier=figure.qualifier.value,
        value="" if anew else write_danish(figure.value),
        unit=figure.unit,
        period_first=None if anew else figure.period_first,
        period_last=None if anew else figure.period_last,
        kind="target" if figure.is_target else "result",
        not_comparable=not (anew or figure.comparable),
        note="" if anew else figure.note,
    )


@blueprint.get("/updates/<int:update_id>/figures")
def update_figures(update_id: int) -> ResponseReturnValue:
    """The figures; `change` names one of them to change, `like` one of last year's to begin with."""
    found = update_or_404(update_id)
    mine, last = _both(found)
    form = FigureForm(formdata=None)
    for name, among in (("change", mine), ("like", last)):
        for one in among:
            if request.args.get(name) == str(one.id):
                form = _filled(one, anew=name == "like")
    return _page(found, form, mine, last)


@blueprint.post("/updates/<int:update_id>/figures")
def write_figure(update_id: int) -> ResponseReturnValue:
    found, form = update_or_404(update_id), FigureForm()
    if form.validate_on_submit():
        with RefusalsIn(form):
            figures.write_figure(
                db.session(),
                found,
                form.given(),
                figure_id=_id(form.figure.data),
                rights=rights(),
                by=person(),
                at=clock.now(),
            )
            db.session.commit()
            flash(gettext("The figure has been kept."), "success")
            return redirect(url_for("owner.update_figures", update_id=update_id), 303)
    found = update_or_404(update_id)
    return _page(found, form, *_both(found)), 400


@blueprint.post("/updates/<int:update_id>/figures/<int:figure_id>/remove")
def remove_figure(update_id: int, figure_id: int) -> ResponseReturnValue:
    found = update_or_404(update_id)
    if not any(one.id == figure_id for one in figures.figures_of(db.session(), found.id)):
        abort(404)
    figures.remove_figure(db.session(), found, figure_id, rights=rights(), by=person(), at=clock.now())
    db.session.commit()
    flash(gettext("The figure has been taken away."), "success")
    return redirect(url_for("owner.update_figures", update_id=update_id), 303)


def _id(typed: str | None) -> int | None:
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 10 else None


def _both(found: StatusUpdate) -> tuple[list[Figure], list[Figure]]:
    """This year's figures, and last year's."""
    session = db.session()
    last = queries.previous_update(session, found)
    pairs = figures.compared(session, found.id, last.id if last else None)
    return [one.this for one in pairs if one.this], [one.last for one in pairs if one.last]


def _page(found: StatusUpdate, form: FigureForm, mine: list[Figure], last: list[Figure]) -> str:
    form.qualifier.choices = [SelectChoice(one.value, words) for one, words in qualifiers().items()]
    return render_template(
        "owner/update_figures.html", update=found, form=form, mine=mine, last=last, figure_words=figure_words
    )


@blueprint.context_processor
def _asked() -> dict[str, Any]:
    """What the form of a status asks for beside its text."""
    return {"questions_of": _questions, "figures_of": _figures, "figure_words": figure_words}


def _questions(found: StatusUpdate) -> list[Question]:
    return questions_of(db.session(), found.id)


def _figures(found: StatusUpdate) -> list[Figure]:
    return list(figures.figures_of(db.session(), found.id))
