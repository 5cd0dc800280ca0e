"""Planning a round back from its meetings: the chains, what a change moves, and keeping it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.domain.errors import DomainError, InvalidInput
from tracker.domain.rounds import Chain
from tracker.extensions import db
from tracker.rounds import chain_moves, chains
from tracker.rounds.chain_laying import check_timetable
from tracker.rounds.chain_moves import Preview
from tracker.rounds.chains import Parties, Timetable
from tracker.rounds.models import Round, RoundState
from tracker.rounds.queries import open_round, rounds_of
from tracker.web.errors import sentence_of
from tracker.web.forms import RefusalsIn, attach
from tracker.web.guards import current_plan
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.chain_forms import MeetingsForm, meetings_form
from tracker.web.secretariat.chain_words import breaks, step_names
from tracker.web.secretariat.loading import round_or_404
from tracker.web.viewer import person, rights

SAVE = "save"


@blueprint.route("/<plan>/rounds/<int:year>/meetings", methods=["GET", "POST"])
def meetings(plan: str, year: int) -> ResponseReturnValue:
    """The meetings of a round. What is sent is shown with old and new first, and kept when confirmed."""
    round_ = round_or_404(year)
    parties = chains.parties_of(db.session(), current_plan())
    form = meetings_form(parties, _stored(round_, parties))
    if not form.is_submitted():
        return _page(round_, parties, form)
    if not form.validate():
        return _page(round_, parties, form, code=400)
    try:
        if request.form.get("press") != SAVE:
            return _page(round_, parties, form, preview=_preview(round_, form))
        _save(round_, form)
    except InvalidInput as error:
        db.session.rollback()
        attach(form, error)
        return _page(round_, parties, form, preview=_preview_if_any(round_, form), code=400)
    except DomainError as error:
        db.session.rollback()
        preview = _preview_if_any(round_, form)
        return _page(round_, parties, form, preview=preview, refused=sentence_of(error), code=409)
    flash(_("The meetings are kept, and every deadline that follows from them."), "success")
    return redirect(url_for("secretariat.meetings", plan=plan, year=year), 303)


@blueprint.get("/<plan>/rounds/plan")
def plan_round(plan: str) -> ResponseReturnValue:
    """Count back from the meetings before the round is opened; the address carries what was typed."""
    session, where = db.session(), current_plan()
    former = rounds_of(session, where.id)
    parties = chains.parties_of(session, where)
    usual = Timetable(spans=chains.spans_of(former[0] if former else None))
    asked = bool(request.args)
    form = meetings_form(parties, usual, formdata=request.args if asked else None, meta={"csrf": False})
    found: tuple[Chain, ...] = ()
    if asked and form.validate():
        with RefusalsIn(form):
            check_timetable(parties, form.timetable())
            found = chains.chains_of(parties, form.timetable(), opens_on=clock.today())
    page = render_template(
        "secretariat/plan_round.html",
        form=form,
        typed=form if asked else None,
        parties=parties,
        chains=found,
        breaks=breaks(found, writing=form.writing.data or 0, council=where.council),
        step_names=step_names(where.council),
        opened=open_round(session, where.id),
        carried={name: value for name, value in request.args.items() if value and name in form},
        is_lead=where.id in rights().leads,
    )
    return page, 400 if asked and form.errors else 200


def _stored(round_: Round, parties: Parties) -> Timetable:
    return chains.timetable_of(round_, chains.slots_of(db.session(), round_, parties))


def _preview(round_: Round, form: MeetingsForm) -> Preview:
    return chain_moves.preview(db.session(), current_plan(), round_, form.timetable(), today=clock.today())


def _preview_if_any(round_: Round, form: MeetingsForm) -> Preview | None:
    try:
        return _preview(round_, form)
    except InvalidInput:
        return None


def _save(round_: Round, form: MeetingsForm) -> None:
    chain_moves.save(
        db.session(),
        current_plan(),
        round_,
        form.timetable(),
        reason=form.reason.data or "",
        mark=form.mark.data or "",
        by=person().id,
        at=clock.now(),
    )
    db.session.commit()


def _page(
    round_: Round,
    parties: Parties,
    form: MeetingsForm,
    *,
    preview: Preview | None = None,
    refused: str = "",
    code: int = 200,
) -> ResponseReturnValue:
    """The page as it stands, or with what a change would move."""
    if preview is not None:
        form.mark.data = preview.mark
    stored = _stored(round_, parties)
    found = (
        preview.chains if preview else chains.chains_of(parties, stored, opens_on=chains.opened_on(round_))
    )
    writing: Any = form.writing.data if preview else stored.spans.writing
    page = render_template(
        "secretariat/meetings.html",
        round=round_,
        form=form,
        typed=form if form.errors else None,
        parties=parties,
        chains=found,
        breaks=breaks(found, writing=writing, council=parties.plan.council),
        step_names=step_names(parties.plan.council),
        preview=preview,
        refused=refused,
        is_open=round_.state is RoundState.open,
    )
    return page, code
