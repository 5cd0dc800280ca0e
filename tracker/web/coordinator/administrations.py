"""A coordinator's own administration: every row of the open round, and signing the contribution off."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tracker import clock
from tracker.domain.contributions import ContributionMove
from tracker.domain.workflow import WRITABLE
from tracker.extensions import db
from tracker.plans import queries as plans
from tracker.plans.models import Administration
from tracker.reminders.calendars import Calendars
from tracker.rounds import chains, contributions
from tracker.rounds import queries as rounds
from tracker.rounds.contributions import Share, share_of
from tracker.rounds.models import Round
from tracker.rounds.queries import UpdateLine
from tracker.web.contributions import decision_words, state_words
from tracker.web.coordinator.blueprint import blueprint
from tracker.web.coordinator.loading import own_or_404
from tracker.web.viewer import person, rights


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `days` are working days until it is due, None when nothing is expected."""

    line: UpdateLine
    days: int | None

    @property
    def writable(self) -> bool:
        return self.line.state in WRITABLE


@blueprint.get("/")
def administrations() -> ResponseReturnValue:
    """The administrations that the person coordinates; with one alone, that one."""
    found = plans.coordinated(db.session(), rights())
    if len(found) == 1:
        return redirect(url_for("coordinator.administration", administration_id=found[0][0].id), 303)
    return render_template("coordinator/administrations.html", administrations=found)


@blueprint.get("/<int:administration_id>")
def administration(administration_id: int) -> ResponseReturnValue:
    found = own_or_404(administration_id)
    round_ = rounds.open_round(db.session(), found.plan_id)
    rows = _rows(found, round_) if round_ is not None else []
    share = share_of(db.session(), round_, found.id) if round_ is not None else None
    return render_template(
        "coordinator/administration.html",
        administration=found,
        round=round_,
        rows=rows,
        share=share,
        moves=share.moves(rights()) if share is not None else (),
        Move=ContributionMove,
        state_words=state_words(),
        decision_words=decision_words(),
        dates=chains.dates_of(db.session(), round_, found.id) if round_ is not None else [],
        missing=sum(row.writable for row in rows),
    )


@blueprint.post("/<int:administration_id>/sign-off")
def sign_off(administration_id: int) -> ResponseReturnValue:
    """Sign the contribution off, on behalf of the administration's head."""
    share = _share_or_404(administration_id)
    contributions.sign_off(db.session(), share, rights=rights(), by=person(), at=clock.now())
    db.session.commit()
    flash(gettext("The contribution has been signed off. The secretariat can see it."), "success")
    return redirect(url_for("coordinator.administration", administration_id=administration_id), 303)


@blueprint.post("/<int:administration_id>/take-back")
def take_back(administration_id: int) -> ResponseReturnValue:
    """Take the signing off back, as long as the committee has not treated the contribution."""
    share = _share_or_404(administration_id)
    contributions.take_back(db.session(), share, rights=rights(), by=person(), at=clock.now())
    db.session.commit()
    flash(gettext("The contribution is no longer signed off."), "success")
    return redirect(url_for("coordinator.administration", administration_id=administration_id), 303)


def _share_or_404(administration_id: int) -> Share:
    found = own_or_404(administration_id)
    round_ = rounds.open_round(db.session(), found.plan_id)
    share = share_of(db.session(), round_, found.id) if round_ is not None else None
    return share or abort(404)


def _rows(found: Administration, round_: Round) -> list[Row]:
    today = clock.today()
    calendar = Calendars(db.session(), today).of(found.plan_id)
    return [
        Row(line, calendar.working_days_between(today, line.due_on) if line.due_on is not None else None)
        for line in rounds.lines_of_round(db.session(), rights(), round_, on=today)
        if line.administration_id == found.id
    ]
