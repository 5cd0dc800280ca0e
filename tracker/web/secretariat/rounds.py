"""The rounds of a plan: the one that is open, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker import clock
from tracker.extensions import db
from tracker.rounds import queries
from tracker.rounds.listing import Line, page_of
from tracker.rounds.models import Round, RoundState
from tracker.rounds.progress import Progress, progress_of
from tracker.succession.unreached import unreached_in
from tracker.web import guards
from tracker.web.guards import current_plan
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.finding_counts import counts_of
from tracker.web.secretariat.round_choice import asked
from tracker.web.template_helpers import short_date
from tracker.web.viewer import rights


@blueprint.get("/<plan>/rounds")
def rounds(plan: str) -> ResponseReturnValue:
    """Straight to the open round; without one, the former rounds and what to do next."""
    found = queries.rounds_of(db.session(), current_plan().id)
    opened = next((one for one in found if one.state is RoundState.open), None)
    if opened is not None:
        return redirect(url_for("secretariat.round", plan=plan, year=opened.year), 303)
    return render_template("secretariat/rounds.html", rounds=found, is_lead=_is_lead())


@blueprint.get("/<plan>/rounds/<int:year>", endpoint="round")
def round_(plan: str, year: int) -> ResponseReturnValue:
    """How far a round has come, and each of its rows."""
    session, where = db.session(), current_plan()
    every = queries.rounds_of(session, where.id)
    found = next((one for one in every if one.year == year), None)
    if found is None:
        abort(404)
    today = clock.today()
    progress = progress_of(session, rights(), found, on=today)
    here = url_for("secretariat.round", plan=plan, year=year)
    wanted = asked(here, {part.code for part in progress.parts})
    page = page_of(session, rights(), found, wanted.choice, on=today)
    return render_template(
        "secretariat/round.html",
        round=found,
        others=[one for one in every if one is not found],
        progress=progress,
        findings=counts_of(found, progress, on=today),
        page=page,
        asked=wanted,
        due={day: short_date(day) for day in {line.due_on for line in page.lines}},
        away_until=_away_until(page.lines),
        unreached=unreached_in(session, found, on=today) if progress.unreached else [],
        next_step=next_step(plan, found, progress),
        is_lead=_is_lead(),
    )


def _away_until(lines: list[Line]) -> dict[date, str]:
    """The words for an owner who is away, by the last day; the row writes them as they are."""
    days = {line.away_until for line in lines if line.away_until is not None}
    return {day: _("away until %(day)s", day=short_date(day)) for day in days}


@dataclass(frozen=True)
class NextStep:
    """One sentence on what to do now, and where."""

    sentence: str
    link_text: str = ""
    url: str = ""


def next_step(plan: str, round_: Round, progress: Progress) -> NextStep:
    """What the secretariat does next in a round: read, find owners, ask the late, make the memo, or wait."""
    here = url_for("secretariat.round", plan=plan, year=round_.year)
    memo = url_for("secretariat.editions", plan=plan)
    if round_.state is RoundState.locked:
        return NextStep(_("This round is closed. Its memo is locked."), _("See the memo"), memo)
    if waiting := progress.waiting:
        return NextStep(
            ngettext("%(num)d status waits to be read.", "%(num)d statuses wait to be read.", waiting),
            _("Read them one by one"),
            url_for("secretariat.review_queue", plan=plan, year=round_.year),
        )
    if progress.settled == progress.total:
        return NextStep(
            _("Every status is approved or waived. The memo can be made."), _("Make the memo"), memo
        )
    if progress.overdue:
        late = progress.overdue
        return NextStep(
            ngettext("%(num)d status is overdue.", "%(num)d statuses are overdue.", late),
            _("See whose"),
            f"{here}?late=1#updates",
        )
    return NextStep(_("Nothing waits to be read. Reminders go out by themselves."))


def _is_lead() -> bool:
    return guards.current_plan().id in rights().leads
