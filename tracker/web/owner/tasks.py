"""My initiatives: what is to be done, by when, and what has been done."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.deadlines.queries import OwnDeadline, OwnDeadlines, open_deadlines_of
from tracker.extensions import db
from tracker.holidays_dk import plan_calendar
from tracker.statuses.own_list import A_PAGE, Group, OwnLine, OwnPage, own_page
from tracker.web.journals import number
from tracker.web.owner.blueprint import blueprint
from tracker.web.viewer import person, rights


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task; `days` are working days until it is due, None when nothing is due."""

    task: OwnLine
    days: int | None


@dataclass(frozen=True, slots=True)
class DateLine:
    """Another deadline of an initiative, with the working days until its last day."""

    deadline: OwnDeadline
    days: int


@blueprint.get("/")
def tasks() -> ResponseReturnValue:
    """Fifty initiatives a page, the most urgent first; other deadlines on the first page, as many a page."""
    session, today, mine = db.session(), clock.today(), person().id
    at, dates_at = number("page") or 1, number("dates") or 1
    page = own_page(session, mine, on=today, page=at)
    dates = open_deadlines_of(session, mine, on=today, limit=A_PAGE, offset=(dates_at - 1) * A_PAGE)
    if (at > 1 and not page.lines) or (dates_at > 1 and not dates.lines):
        return redirect(url_for("owner.tasks"), 303)  # the list has become shorter
    return render_template(
        "owner/tasks.html",
        groups=_groups(page),
        counts={group.value: count for group, count in page.counts.items()},
        page=_Place(at, _pages(page.total), page.total, A_PAGE),
        dates=_dates(dates),
        late=dates.passed,
        may_propose=bool(rights().owns or rights().coordinates),
        dates_page=_Place(dates_at, _pages(dates.total), dates.total, A_PAGE),
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Which of how many pages this is, of how many rows, and how many a page has."""

    number: int
    pages: int
    total: int
    size: int


def _pages(total: int) -> int:
    return -(-total // A_PAGE)


def _groups(page: OwnPage) -> dict[str, list[TaskLine]]:
    """Returned ones, those to write, those with the secretariat, those done, those that rest."""
    groups: dict[str, list[TaskLine]] = {group.value: [] for group in Group}
    for line in page.lines:
        groups[line.group].append(TaskLine(line, _days(line)))
    return groups


def _days(line: OwnLine) -> int | None:
    if line.due_on is None:
        return None
    return plan_calendar(line.closed_days).working_days_between(clock.today(), line.due_on)


def _dates(dates: OwnDeadlines) -> list[DateLine]:
    today = clock.today()
    return [
        DateLine(one, plan_calendar(one.closed_days).working_days_between(today, one.last_on))
        for one in dates.lines
    ]
