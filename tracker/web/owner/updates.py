"""The status of one initiative in one round: writing it, submitting it, reading it, taking it back."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf.csrf import CSRFError

from tracker import clock
from tracker.deadlines import queries as deadlines
from tracker.deadlines.models import DeadlineKind, DeadlineState
from tracker.domain.errors import InvalidInput, MoveRefused, NoRight, StaleVersion
from tracker.domain.text import parse
from tracker.domain.workflow import AWAITING_APPROVAL, Move
from tracker.domain.workflow_moves import missing_parts
from tracker.extensions import csrf, db
from tracker.rounds import queries as rounds
from tracker.rounds.models import RoundState, StatusUpdate
from tracker.statuses import keeping, writing
from tracker.statuses.mending import is_changed
from tracker.statuses.models import KeptCause
from tracker.statuses.moves import moves_of
from tracker.web.errors import sentence_of
from tracker.web.forms import attach
from tracker.web.milestones import add_milestone
from tracker.web.owner import autosave, kept, typed_text
from tracker.web.owner.blueprint import blueprint
from tracker.web.owner.loading import calendar_of, update_or_404, update_or_none
from tracker.web.proofreading import advice
from tracker.web.status_form import StatusForm
from tracker.web.viewer import person, rights


# The view checks the token itself: a page that is too old must not cost the text that was typed on it.
@blueprint.route("/updates/<int:update_id>", methods=["GET", "POST"])
@csrf.exempt
def update(update_id: int) -> ResponseReturnValue:
    found = update_or_none(update_id)
    if request.method == "POST":
        return _posted(found) if found else typed_text.give_back(404)
    if found is None:
        abort(404)
    if _may_write(found) and found.first_opened_at is None:
        with db.engine.begin() as connection:
            writing.mark_opened(connection, found.id, at=clock.now())
    return _page(found)


@blueprint.post("/updates/<int:update_id>/withdraw")
def withdraw(update_id: int) -> ResponseReturnValue:
    """Take the version that stood on the page back; how it stands now when that is not possible any more."""
    found, version = update_or_404(update_id), StatusForm().made_from
    try:
        writing.withdraw(db.session(), found, version=version, rights=rights(), by=person(), at=clock.now())
        db.session.commit()
    except (MoveRefused, StaleVersion) as error:
        db.session.rollback()
        flash(sentence_of(error), "warning")
        return _page(update_or_404(update_id)), 409
    flash(gettext("The status is yours again. Go on writing, and submit it when it is ready."), "success")
    return redirect(url_for("owner.update", update_id=found.id), 303)


def _posted(found: StatusUpdate) -> ResponseReturnValue:
    """One of the form's buttons: save, submit; start and offer only show the form again, unsaved."""
    form = StatusForm()
    action = request.form.get("action", "")
    if action == "offer":
        return _again(found, form, 200)
    try:
        csrf.protect()
    except CSRFError:
        form.form_errors.append(
            gettext("The page was too old, so nothing was saved. Press the button again.")
        )
        return _page(found, form), 400
    if action == "start":
        return _start_from_last_year(found, form)
    if not form.validate():
        return _again(found, form, 400)
    try:
        _act(found, form, submitting=action == "submit")
    except InvalidInput as error:
        db.session.rollback()
        _attach_all(form, error, submitting=action == "submit")
        return _again(update_or_404(found.id), form, 400)
    except (StaleVersion, MoveRefused) as error:
        db.session.rollback()
        return _too_late(update_or_404(found.id), form, error, submitting=action == "submit")
    except NoRight:
        db.session.rollback()
        return typed_text.give_back(404)
    db.session.commit()
    return _done(found, submitting=action == "submit")


def _attach_all(form: StatusForm, error: InvalidInput, *, submitting: bool) -> None:
    """What stopped the verb, and whatever else is missing: one round of mending is enough."""
    attach(form, error)
    if not submitting:
        return
    content = form.content()
    for other in missing_parts(
        outcome=content.outcome, text=content.text, progress=content.progress, reason=content.reason
    ):
        if other.field != error.field:
            attach(form, other)


def _act(found: StatusUpdate, form: StatusForm, *, submitting: bool) -> None:
    """Save or submit, and add the milestone that was filled in."""
    session, by, at = db.session(), person(), clock.now()
    milestone = form.new_milestone(today=clock.today())
    verb = writing.submit if submitting else writing.save
    verb(session, found, form.content(), version=form.made_from, rights=rights(), by=by, at=at)
    if milestone is not None:
        title, period = milestone
        add_milestone(session, found.initiative, title=title, period=period, rights=rights(), by=by, at=at)


def _done(found: StatusUpdate, *, submitting: bool) -> ResponseReturnValue:
    if submitting:
        flash(
            gettext("The status has been submitted, and a receipt is on its way to you."),
            "success",
        )
    else:
        flash(gettext("The draft has been saved. Submit it when it is ready."), "success")
    return redirect(url_for("owner.update", update_id=found.id), 303)


def _too_late(
    found: StatusUpdate, form: StatusForm, error: StaleVersion | MoveRefused, *, submitting: bool
) -> ResponseReturnValue:
    """Pressed twice is done once; anything else is a conflict, in which no text is lost."""
    arrived = found.state in AWAITING_APPROVAL if submitting else True
    if arrived and form.says_what_is_in(found):
        return _done(found, submitting=submitting)
    typed = autosave.typed_in(form)
    keeping.keep(db.session(), found, typed, cause=KeptCause.conflict, by=person(), at=clock.now())
    db.session.commit()
    return kept.conflict_page(found, form, error)


def _start_from_last_year(found: StatusUpdate, form: StatusForm) -> ResponseReturnValue:
    """Last year's text under what is typed already; saved only when the person says so."""
    last = rounds.previous_update(db.session(), found)
    typed = (form.text.data or "").strip()
    if last is not None and last.text not in typed:
        form.text.data = f"{typed}\n\n{last.text}".strip()
    return _again(found, form, 200)


def _again(found: StatusUpdate, form: StatusForm, code: int) -> ResponseReturnValue:
    """The form with what was typed; when it cannot be written as it stands now, the text to copy."""
    return (_page(found, form), code) if _may_write(found) else typed_text.give_back(409)


def _may_write(found: StatusUpdate) -> bool:
    return found.round.state is RoundState.open and Move.save in _moves(found)


def _moves(found: StatusUpdate) -> tuple[Move, ...]:
    return moves_of(db.session(), found, rights=rights(), by=person())


def _page(found: StatusUpdate, form: StatusForm | None = None) -> str:
    """The form as it was sent, else with what was being written last time, else as the status stands."""
    session, today = db.session(), clock.today()
    texts = keeping.kept_by(session, found.id, person().id)
    unsaved = texts.pop(KeptCause.autosaved, None)
    if unsaved is not None and unsaved.made_from_version != found.version:
        texts.setdefault(KeptCause.conflict, unsaved)
        unsaved = None
    last = rounds.previous_update(session, found)
    due_on = found.deadline.last_on if found.deadline is not None else None
    writable = _may_write(found)
    return render_template(
        "owner/update.html",
        update=found,
        form=form or (autosave.form_of(found, unsaved) if unsaved else StatusForm.of(found)),
        unsaved=unsaved if form is None else None,
        writable=writable,
        changed=not writable and is_changed(session, found.id),
        moves=_moves(found),
        text=parse(found.text),
        findings=advice(found, last) if writable else [],
        last=last,
        last_text=parse(last.text) if last is not None else None,
        kept=texts.get(KeptCause.conflict),
        milestones=[
            one
            for one in deadlines.deadlines_of_initiative(session, found.initiative_id)
            if one.kind is DeadlineKind.milestone and one.state is DeadlineState.open
        ],
        due_on=due_on,
        days=calendar_of(found.round.plan_id).working_days_between(today, due_on) if due_on else None,
    )
