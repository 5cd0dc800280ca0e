"""What a round says of each initiative of the round before, and saying it where nothing was said."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.domain.errors import InvalidInput
from tracker.extensions import db
from tracker.initiatives import accounting
from tracker.plans import queries as plans
from tracker.plans.models import Initiative
from tracker.rounds.models import Round, RoundState
from tracker.web.errors import sentence_of
from tracker.web.forms import attach
from tracker.web.guards import current_plan, lead_only
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.list_forms import EndingForm, ending_form
from tracker.web.secretariat.loading import initiative_or_404, round_or_404
from tracker.web.viewer import person, rights


@blueprint.get("/<plan>/rounds/<int:year>/account")
def account(plan: str, year: int) -> ResponseReturnValue:
    """Which initiatives of last round are accounted for, and how."""
    return _page(round_or_404(year))


@blueprint.post("/<plan>/rounds/<int:year>/account/<int:initiative_id>")
def account_for(plan: str, year: int, initiative_id: int) -> ResponseReturnValue:
    """The lead says how an initiative ends."""
    found = initiative_or_404(initiative_id)
    round_ = round_or_404(year)
    lead_only()
    form = ending_form(found, _initiatives())
    if not form.validate():
        return _page(round_, typed=(found, form))
    try:
        accounting.account_for(
            db.session(), round_, found, form.decision(), rights=rights(), by=person(), at=clock.now()
        )
    except InvalidInput as error:
        db.session.rollback()
        field = error.field.partition("_")[0]
        attach(form, InvalidInput(field, error.message, **error.params))
        return _page(round_, typed=(found, form))
    db.session.commit()
    flash(_("It is written down what becomes of the initiative."), "success")
    return redirect(url_for("secretariat.account", plan=plan, year=year), 303)


def _initiatives() -> list[Initiative]:
    return list(plans.initiatives(db.session(), rights(), plan_id=current_plan().id))


def _page(round_: Round, *, typed: tuple[Initiative, EndingForm] | None = None) -> ResponseReturnValue:
    """The account. A form that is given was sent and could not be taken."""
    session = db.session()
    found, titles = accounting.account_of(session, round_)
    under_way = accounting.under_way(session, round_)
    is_lead = current_plan().id in rights().leads and round_.state is RoundState.open
    others = _initiatives() if is_lead else []
    known = {one.id: one for one in others}
    faults = [
        (
            fault,
            sentence_of(InvalidInput("", fault.message)),
            _form_of(known.get(fault.initiative_id), others, typed),
        )
        for fault in found.faults
        if fault.initiative_id not in under_way
    ]
    page = render_template(
        "secretariat/account.html",
        round=round_,
        before=accounting.round_before(session, round_.plan_id, round_.year),
        account=found,
        titles=titles,
        faults=faults,
        waiting=[fault for fault in found.faults if fault.initiative_id in under_way],
        typed=typed[1] if typed else None,
        is_lead=is_lead,
    )
    return page, 400 if typed else 200


def _form_of(
    initiative: Initiative | None, others: list[Initiative], typed: tuple[Initiative, EndingForm] | None
) -> EndingForm | None:
    if initiative is None:
        return None
    if typed is not None and typed[0].id == initiative.id:
        return typed[1]
    return ending_form(initiative, others, formdata=None)
