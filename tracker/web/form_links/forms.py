"""The own list, the forms, and giving the link up. What is written by link is journaled as such."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tracker import clock
from tracker.domain.errors import InvalidInput, MoveRefused, NotAllowed, StaleVersion
from tracker.domain.text import parse
from tracker.domain.workflow import WRITABLE, Move
from tracker.domain.workflow_moves import missing_parts
from tracker.extensions import csrf, db
from tracker.rounds import queries as rounds
from tracker.rounds.models import RoundState, StatusUpdate
from tracker.statuses import form_links, keeping, writing
from tracker.statuses.models import KeptCause
from tracker.statuses.moves import moves_of
from tracker.web.form_links.blueprint import bearer, blueprint, is_ours, refused, too_old, update_or_404
from tracker.web.form_links.milestones import coming, open_milestones
from tracker.web.forms import attach
from tracker.web.milestones import add_milestone
from tracker.web.proofreading import advice
from tracker.web.status_form import StatusForm
from tracker.web.viewer import language, secret


@blueprint.get("/<token>/")
def tasks(token: str) -> ResponseReturnValue:
    who = bearer()
    mine = rounds.tasks_of(db.session(), who.rights, on=clock.today())
    tasks = [one for one in mine if one.year == who.round.year]
    return render_template(
        "form_links/tasks.html",
        token=token,
        person=who.person,
        round=who.round,
        tasks=tasks,
        dates=coming(tasks),
        writable=WRITABLE,
    )


@blueprint.route("/<token>/updates/<int:update_id>", methods=["GET", "POST"])
@csrf.exempt
def update(token: str, update_id: int) -> ResponseReturnValue:
    found = update_or_404(update_id)
    own = form_links.is_own_text(db.session(), found, bearer().person)
    if request.method != "POST":
        return _page(token, found, StatusForm.of(found), own=own)
    if not own:
        return refused(403, elsewhere=True)
    return _posted(token, found)


@blueprint.post("/<token>/give-up")
@csrf.exempt
def give_up(token: str) -> ResponseReturnValue:
    """The person wants the link to open nothing any more; a program that presses buttons does not."""
    if not is_ours():
        return redirect(url_for("form_links.tasks", token=token), 303)
    if request.form.get("sure") != "y":
        flash(gettext("Tick that you are sure, then press the button again. Nothing was changed."), "warning")
        return redirect(url_for("form_links.tasks", token=token), 303)
    who = bearer()
    form_links.revoke(db.session(), who.link, by=who.person.id, at=clock.now())
    db.session.commit()
    flash(gettext("The link opens nothing any more. Sign in to go on."), "success")
    return redirect(url_for("account.sign_in"), 303)


@blueprint.get("/done")
def done() -> ResponseReturnValue:
    return render_template("form_links/done.html")


def _posted(token: str, found: StatusUpdate) -> ResponseReturnValue:
    form, submitting = StatusForm(), request.form.get("action") == "submit"
    if not _may_write(found):
        return refused(409)
    if not is_ours():
        form.form_errors = [too_old()]
        return _page(token, found, form, status=400)
    if not form.validate():
        return _page(token, found, form, status=400)
    if _untouched(found, form, submitting=submitting):
        form.form_errors = [_nothing_new(found)]
        return _page(token, found, form, status=400)
    return _acted(token, found, form, submitting=submitting)


def _acted(token: str, found: StatusUpdate, form: StatusForm, *, submitting: bool) -> ResponseReturnValue:
    who, at, database = bearer(), clock.now(), db.session()
    rights, by = who.rights, who.person
    verb = writing.submit if submitting else writing.save
    try:
        milestone = form.new_milestone(today=clock.today())
        verb(database, found, form.content(), version=form.made_from, rights=rights, by=by, at=at)
        if milestone is not None:
            title, period = milestone
            add_milestone(database, found.initiative, title=title, period=period, rights=rights, by=by, at=at)
    except InvalidInput as error:
        database.rollback()
        _attach_all(form, error, submitting=submitting)
        return _page(token, update_or_404(found.id), form, status=400)
    except (StaleVersion, MoveRefused, NotAllowed):
        database.rollback()
        return _kept(found.id, form)
    who.link.last_used_at = at
    database.commit()
    return _on_from(token, found, submitting=submitting)


def _on_from(token: str, found: StatusUpdate, *, submitting: bool) -> ResponseReturnValue:
    """To what is left to do; to the last page when everything has been submitted."""
    if not submitting:
        flash(gettext("The draft has been saved. Submit it when it is ready."), "success")
        return redirect(url_for("form_links.update", token=token, update_id=found.id), 303)
    flash(gettext("The status has been submitted, and a receipt is on its way to you."), "success")
    still = form_links.bearer_of(db.session(), token, secret=secret(), on=clock.today())
    if still is None or still.finished:
        session["language"] = language()  # the last page does not know whose it is
        return redirect(url_for("form_links.done"), 303)
    return redirect(url_for("form_links.tasks", token=token), 303)


def _kept(update_id: int, form: StatusForm) -> ResponseReturnValue:
    """Another version came first: the text is kept for its author, who finds both after signing in."""
    found = update_or_404(update_id)
    others = {name: str(form[name].data or "") for name in keeping.OTHERS}
    typed = keeping.Typed(text=form.text.data or "", others=others, made_from=form.made_from)
    keeping.keep(db.session(), found, typed, cause=KeptCause.conflict, by=bearer().person, at=clock.now())
    db.session.commit()
    return refused(409, elsewhere=True)


def _untouched(found: StatusUpdate, form: StatusForm, *, submitting: bool) -> bool:
    """Whether nobody has written or ticked anything: then a program pressed the button."""
    if submitting and request.form.get("confirmed") == "y":
        return False
    if form.milestone.data or form.milestone_on.data:
        return False
    before, now = StatusForm.of(found).content().cleaned(), form.content().cleaned()
    return before == now


def _nothing_new(found: StatusUpdate) -> str:
    said: str = gettext("Nothing was written on this page, so nothing was sent.")
    if found.text or found.reason:
        said = gettext(
            "Nothing was changed on this page, so nothing was sent. "
            "To submit the draft as it stands, tick that you have read it."
        )
    return said


def _attach_all(form: StatusForm, error: InvalidInput, *, submitting: bool) -> None:
    attach(form, error)
    content = form.content()
    missing = missing_parts(
        outcome=content.outcome, text=content.text, progress=content.progress, reason=content.reason
    )
    for other in missing if submitting else ():
        if other.field != error.field:
            attach(form, other)


def _moves(found: StatusUpdate) -> tuple[Move, ...]:
    return moves_of(db.session(), found, rights=bearer().rights, by=bearer().person)


def _may_write(found: StatusUpdate) -> bool:
    return found.round.state is RoundState.open and Move.save in _moves(found)


def _page(
    token: str, found: StatusUpdate, form: StatusForm, *, own: bool = True, status: int = 200
) -> ResponseReturnValue:
    last = rounds.previous_update(db.session(), found)
    published = last if last is not None and last.round.state is RoundState.locked else None
    writable = own and _may_write(found)
    page = render_template(
        "form_links/update.html",
        token=token,
        update=found,
        form=form,
        own=own,
        writable=writable,
        findings=advice(found, published) if writable else [],
        moves=_moves(found),
        text=parse(found.text) if own and not writable else None,
        milestones=open_milestones(found) if writable else (),
        due_on=found.deadline.last_on if found.deadline is not None and found.state in WRITABLE else None,
        last=published,
        last_text=parse(published.text) if published is not None else None,
    )
    return page, status
