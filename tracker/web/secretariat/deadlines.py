"""The deadlines of a plan: the list, adding one, and one with its slip register."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.deadlines import actions, lists, queries
from tracker.deadlines.meeting_days import check_meeting_day
from tracker.deadlines.models import Deadline, DeadlineKind, DeadlineState, Precision
from tracker.extensions import db
from tracker.plans.queries import administrations
from tracker.rounds.chains import OF_CHAINS
from tracker.rounds.models import Round
from tracker.rounds.previews import Change, reminders_to_come
from tracker.web import letter_words
from tracker.web.forms import RefusalsIn
from tracker.web.guards import current_plan
from tracker.web.periods import Period, typed_period
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.deadline_forms import CancelForm, DeadlineForm, MoveForm, MoveStatusForm
from tracker.web.secretariat.loading import asked_id
from tracker.web.viewer import person, rights

_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the list is asked for."""

    state: str
    kind: str
    administration: str
    initiative_id: int | None

    @property
    def narrows(self) -> bool:
        return (
            bool(self.kind or self.administration or self.initiative_id) or self.state != DeadlineState.open
        )


@blueprint.get("/<plan>/deadlines")
def deadlines(plan: str) -> ResponseReturnValue:
    session, where = db.session(), current_plan()
    asked = Filter(
        state=request.args.get("state", DeadlineState.open.value),
        kind=request.args.get("kind", ""),
        administration=request.args.get("administration", ""),
        initiative_id=asked_id("initiative"),
    )
    kind = _known(DeadlineKind, asked.kind)
    rows = lists.deadline_rows(
        session,
        rights(),
        where.id,
        kinds=[kind] if kind else DeadlineKind,
        state=_known(DeadlineState, asked.state),
        administration=asked.administration,
        initiative_id=asked.initiative_id,
    )
    return render_template(
        "secretariat/deadlines.html",
        rows=[one for one in rows if one.kind is not DeadlineKind.status_due],
        status_rows=[one for one in rows if one.kind is DeadlineKind.status_due],
        asked=asked,
        administrations=administrations(session, where.id),
    )


def _known(kind: type[_Choice], typed: str) -> _Choice | None:
    return next((one for one in kind if one.value == typed), None)


@blueprint.route("/<plan>/deadlines/new", methods=["GET", "POST"])
def new_deadline(plan: str) -> ResponseReturnValue:
    initiative_id = asked_id("initiative")
    form = DeadlineForm(concerns=f"initiative:{initiative_id}" if initiative_id else "plan")
    if form.validate_on_submit():
        with RefusalsIn(form):
            made = _add(form)
            flash(_("The deadline is added, and its reminders are planned."), "success")
            return redirect(url_for("secretariat.deadline", plan=plan, deadline_id=made.id), 303)
    page = render_template("secretariat/new_deadline.html", form=form)
    return page, 400 if form.is_submitted() else 200


def check_meeting(kind: DeadlineKind, period: Period) -> None:
    """Raises InvalidInput on `date` when a meeting is put on a day on which nobody works."""
    if kind is DeadlineKind.committee_meeting and period.precision is Precision.day:
        check_meeting_day("date", period.first_on, closed_days=current_plan().closed_days)


def _add(form: DeadlineForm) -> Deadline:
    period = typed_period(form.date.data, until=form.last_on.data, today=clock.today())
    check_meeting(DeadlineKind(form.kind.data), period)
    made = actions.add_deadline(
        db.session(),
        plan_id=current_plan().id,
        kind=DeadlineKind(form.kind.data),
        title=form.title.data,
        first_on=period.first_on,
        last_on=period.last_on,
        precision=period.precision,
        words=period.words,
        **form.belongs_to(),
        by=person().id,
        at=clock.now(),
    )
    db.session.commit()
    return made


@blueprint.get("/<plan>/deadlines/<int:deadline_id>")
def deadline(plan: str, deadline_id: int) -> ResponseReturnValue:
    return shown(deadline_or_404(deadline_id))


def deadline_or_404(deadline_id: int) -> Deadline:
    """A deadline of the plan in the address."""
    found = queries.deadline_for(db.session(), rights(), deadline_id)
    if found is None or found.plan_id != current_plan().id:
        abort(404)
    return found


def move_form(found: Deadline, *, sent: bool = False) -> MoveForm | MoveStatusForm:
    """The form that moves it: as it stands, or as it was sent."""
    given = {} if sent else {"formdata": None}
    if found.kind is DeadlineKind.status_due:
        return MoveStatusForm(prefix="move-", version=str(found.version), **given)
    return MoveForm(prefix="move-", version=str(found.version), **given)


def shown(
    found: Deadline,
    *,
    move: MoveForm | MoveStatusForm | None = None,
    cancel: CancelForm | None = None,
    changes: list[Change] | None = None,
    refused: str = "",
    code: int = 200,
) -> ResponseReturnValue:
    """The page of a deadline. A form that is given was sent, and `refused` says why it could not be done;
    `changes` are what a move would do to the reminders.
    """
    session = db.session()
    page = render_template(
        "secretariat/deadline.html",
        deadline=found,
        row=lists.deadline_row(session, found.id),
        slips=queries.slips_of(session, found.id),
        to_come=[] if changes is not None else reminders_to_come(session, found, now=clock.now()),
        changes=changes,
        step_words=letter_words.step_words,
        move_form=move or move_form(found),
        cancel_form=cancel or CancelForm(formdata=None, prefix="cancel-"),
        typed=None if changes is not None else move or cancel,
        refused=refused,
        is_status=found.kind is DeadlineKind.status_due,
        planned_in=_planned_in(found),
    )
    return page, code


def _planned_in(found: Deadline) -> int | None:
    """The year of the round that these papers or this meeting were planned for; None for any other."""
    if found.round_id is None or found.kind not in OF_CHAINS:
        return None
    return db.session.get_one(Round, found.round_id).year
