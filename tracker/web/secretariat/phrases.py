"""The dates that a round's texts name: look through them, and make deadlines of those to keep an eye on."""

from __future__ import annotations

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from flask_wtf import FlaskForm

from tracker import clock
from tracker.domain.errors import InvalidInput
from tracker.extensions import db
from tracker.rounds.models import Round, RoundState
from tracker.statuses import phrases as named
from tracker.statuses.phrases import Choice
from tracker.web import reads
from tracker.web.addresses import url_for
from tracker.web.errors import sentence_of
from tracker.web.guards import current_plan
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.deadline_forms import KINDS
from tracker.web.secretariat.loading import round_or_404
from tracker.web.viewer import person, rights


@blueprint.get("/<plan>/rounds/<int:year>/dates")
def phrases(plan: str, year: int) -> ResponseReturnValue:
    return _page(round_or_404(year))


@blueprint.post("/<plan>/rounds/<int:year>/dates")
def accept_phrases(plan: str, year: int) -> ResponseReturnValue:
    found, form, choices = round_or_404(year), FlaskForm(), _chosen()
    if not form.validate():
        return _page(found, choices=choices, code=400)
    try:
        made = named.accept(
            db.session(), rights(), found, choices, today=clock.today(), by=person().id, at=clock.now()
        )
    except InvalidInput as refused:
        db.session.rollback()
        return _page(round_or_404(year), choices=choices, refused=refused, code=400)
    db.session.commit()
    flash(
        ngettext(
            "One date is a deadline now, and its reminders are planned.",
            "%(num)d dates are deadlines now, and their reminders are planned.",
            len(made),
        ),
        "success",
    )
    return redirect(url_for("secretariat.phrases", plan=plan, year=year), 303)


def _chosen() -> dict[str, Choice]:
    """What was ticked, with what was written beside it."""
    sent = request.form
    return {
        key: Choice(sent.get(f"kind-{key}", ""), sent.get(f"title-{key}", ""), sent.get(f"year-{key}", ""))
        for key in sent.getlist("dates")
    }


def _page(
    found: Round,
    *,
    choices: dict[str, Choice] | None = None,
    refused: InvalidInput | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    """The page. `refused` names the field that could not be read; what was chosen stays."""
    groups = named.dates_named(db.session(), rights(), found, today=clock.today())
    if found.state is RoundState.open:
        reads.note_draft_read(found.id, current_plan().id)
    page = render_template(
        "secretariat/phrases.html",
        round=found,
        open=[one for one in groups if one.ahead or one.no_year],
        groups=groups,
        form=FlaskForm(),
        kinds=[(kind.value, words) for kind, words in KINDS.items()],
        choices=choices or {},
        wrong={refused.field: sentence_of(refused)} if refused else {},
    )
    return page, code
