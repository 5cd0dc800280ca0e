"""What was promised last year, as questions to whoever writes the status this year."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm

from tracker import clock
from tracker.domain.errors import InvalidInput
from tracker.extensions import db
from tracker.rounds.models import PromiseAnswer, StatusUpdate
from tracker.statuses import promises
from tracker.statuses.promises import Answer, Question
from tracker.web.errors import sentence_of
from tracker.web.owner.blueprint import blueprint
from tracker.web.owner.loading import update_or_404
from tracker.web.viewer import person, rights


@blueprint.get("/updates/<int:update_id>/promises")
def update_promises(update_id: int) -> ResponseReturnValue:
    found = update_or_404(update_id)
    return _page(found, promises.questions_of(db.session(), found.id))


@blueprint.post("/updates/<int:update_id>/promises")
def answer_promises(update_id: int) -> ResponseReturnValue:
    """Keep every answer of the page at once."""
    found = update_or_404(update_id)
    questions = promises.questions_of(db.session(), found.id)
    answers = {one.id: _answer(one) for one in questions}
    if not FlaskForm().validate_on_submit():
        return _page(found, questions, answers), 400
    try:
        promises.answer(db.session(), found, answers, rights=rights(), by=person(), at=clock.now())
        db.session.commit()
    except InvalidInput as error:
        db.session.rollback()
        return _page(update_or_404(update_id), questions, answers, error=error), 400
    flash(gettext("Your answers have been kept."), "success")
    return redirect(url_for("owner.update", update_id=found.id), 303)


def _answer(question: Question) -> Answer:
    said = request.form.get(f"answer_{question.id}", "")
    note = request.form.get(f"note_{question.id}", "")
    return Answer(PromiseAnswer(said) if said in set(PromiseAnswer) else None, note)


def _page(
    found: StatusUpdate,
    questions: list[Question],
    answers: dict[int, Answer] | None = None,
    *,
    error: InvalidInput | None = None,
) -> str:
    given = answers or {one.id: Answer(one.answer, one.note) for one in questions}
    return render_template(
        "owner/update_promises.html",
        update=found,
        questions=questions,
        given=given,
        form=FlaskForm(),
        errors={error.field: sentence_of(error)} if error else {},
    )
