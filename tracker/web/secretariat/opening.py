"""Opening a round, after seeing for whom, and what becomes of each initiative of the round before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.domain.rounds import Chain
from tracker.extensions import db
from tracker.initiatives import accounting
from tracker.initiatives.accounting import LastLine
from tracker.plans.coverage import coverage_of
from tracker.rounds import chains, queries
from tracker.rounds.chains import Timetable
from tracker.rounds.models import Round
from tracker.web.forms import RefusalsIn
from tracker.web.guards import current_plan, lead_only
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.chain_forms import meetings_form
from tracker.web.secretariat.chain_words import breaks, step_names
from tracker.web.secretariat.opening_forms import OpeningForm, opening_form
from tracker.web.viewer import person, rights


@dataclass(frozen=True, slots=True)
class Planned:
    """The days that the address carries, and the chains that are counted back from them."""

    parties: chains.Parties
    timetable: Timetable | None
    chains: tuple[Chain, ...]

    @property
    def last_owners_day(self) -> date | None:
        return max((one.owners_due_on for one in self.chains), default=None)


@blueprint.route("/<plan>/rounds/new", methods=["GET", "POST"])
def new_round(plan: str) -> ResponseReturnValue:
    """Open the round of a year."""
    lead_only()
    session, where, today = db.session(), current_plan(), clock.today()
    former = queries.rounds_of(session, where.id)
    lines = accounting.lines_of_last(session, former[0], on=today) if former else []
    planned = _planned()
    form = opening_form(
        lines,
        year=former[0].year + 1 if former else today.year,
        due_on=planned.last_owners_day,
    )
    if form.validate_on_submit():
        with RefusalsIn(form):
            opened = _open(form, planned)
            flash(_("The round of %(year)s is open.", year=opened.year), "success")
            return redirect(url_for("secretariat.round", plan=plan, year=opened.year), 303)
    return _page(form, lines, planned, former[0] if former else None)


def _open(form: OpeningForm, planned: Planned) -> Round:
    opened = accounting.open_accounted(
        db.session(),
        current_plan(),
        **form.values(),
        timetable=planned.timetable,
        decisions=form.decisions(),
        rights=rights(),
        by=person(),
        at=clock.now(),
    )
    db.session.commit()
    return opened


def _planned() -> Planned:
    """The meetings that the address carries from the page that counts back; nothing for what is no date."""
    parties = chains.parties_of(db.session(), current_plan())
    if not request.args.get("council"):
        return Planned(parties, None, ())
    form = meetings_form(parties, Timetable(), formdata=request.args, meta={"csrf": False})
    if not form.validate():
        return Planned(parties, None, ())
    timetable = form.timetable()
    return Planned(parties, timetable, chains.chains_of(parties, timetable, opens_on=clock.today()))


def _page(
    form: OpeningForm, lines: list[LastLine], planned: Planned, former: Round | None
) -> ResponseReturnValue:
    session, where = db.session(), current_plan()
    carried: dict[str, Any] = {name: value for name, value in request.args.items() if value}
    writing = planned.timetable.spans.writing if planned.timetable else 0
    page = render_template(
        "secretariat/new_round.html",
        form=form,
        former=former,
        coverage=coverage_of(session, where.id, on=clock.today()),
        lines=lines,
        carried_on=[one for one in lines if not one.needs_word and not one.ended],
        ended=[one for one in lines if one.ended],
        asked=[(one, *form.fields_of(one.initiative_id)) for one in lines if one.needs_word],
        planned=planned,
        chains=planned.chains,
        parties=planned.parties,
        breaks=breaks(planned.chains, writing=writing, council=current_plan().council),
        step_names=step_names(current_plan().council),
        plan_url=url_for("secretariat.plan_round", plan=where.slug, **carried),
    )
    return page, 400 if form.is_submitted() else 200
