"""My initiatives: what is to be done, by when, and what has been done."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.deadlines import queries as deadlines
from tracker.deadlines.models import Deadline
from tracker.domain.calendar import WorkingCalendar
from tracker.domain.workflow import AWAITING_APPROVAL, State
from tracker.extensions import db
from tracker.plans import queries as plans
from tracker.reminders.calendars import Calendars
from tracker.rounds import queries as rounds
from tracker.rounds.queries import Task
from tracker.web.owner.blueprint import blueprint
from tracker.web.viewer import rights


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task; `days` are working days until it is due, None when nothing is due."""

    task: Task
    days: int | None


@dataclass(frozen=True, slots=True)
class DateLine:
    """Another deadline of an initiative, with the working days until its last day."""

    deadline: Deadline
    initiative_title: str
    days: int


@blueprint.get("/")
def tasks() -> ResponseReturnValue:
    session, today = db.session(), clock.today()
    initiatives = plans.own_initiatives(session, rights())
    calendars = Calendars(session, today)
    by_initiative = {one.id: calendars.of(one.plan_id) for one in initiatives}
    found = rounds.tasks_of(session, rights(), on=today)
    dates = deadlines.open_deadlines_of(session, rights(), on=today)
    return render_template(
        "owner/tasks.html",
        groups=_groups(found, by_initiative),
        resting=[one for one in initiatives if one.id not in {task.initiative_id for task in found}],
        dates=[
            DateLine(
                one.deadline,
                one.initiative_title or "",
                calendars.of(one.deadline.plan_id).working_days_between(today, one.deadline.last_on),
            )
            for one in dates
        ],
    )


def _groups(found: list[Task], calendars: dict[int, WorkingCalendar]) -> dict[str, list[TaskLine]]:
    """Returned ones, those to write, those with the secretariat, those done; the most urgent first."""
    groups: dict[str, list[TaskLine]] = {"returned": [], "to_write": [], "waiting": [], "done": []}
    for task in found:
        groups[_group(task.state)].append(TaskLine(task, _days(task, calendars[task.initiative_id])))
    return groups


def _group(state: State) -> str:
    if state is State.returned:
        return "returned"
    if state in {State.not_started, State.draft}:
        return "to_write"
    return "waiting" if state in AWAITING_APPROVAL else "done"


def _days(task: Task, calendar: WorkingCalendar) -> int | None:
    return calendar.working_days_between(clock.today(), task.due_on) if task.due_on else None
