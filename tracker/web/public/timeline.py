"""The public dates of a plan: a year's timeline, and the table beside it.

The picture is drawn in per cent across and in pixels down, so that its words keep their size on any screen.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_date

from tracker import clock
from tracker.deadlines.models import DeadlineKind
from tracker.extensions import db
from tracker.memos.publishing.dates import KINDS, PublicDate, public_dates, years_of
from tracker.web.public import kept
from tracker.web.public.addresses import absolute
from tracker.web.public.blueprint import blueprint
from tracker.web.public.plans import asked_plan

LANE_HEAD, ROW, FOOT = 26, 26, 28
THINNEST = 1.4  # per cent: what lasts a day must still be seen
LABEL, GAP = 9.0, 2.5  # per cent that a number beside a bar, and half a round mark, take on a narrow screen


@dataclass(frozen=True)
class Bar:
    """A date on the timeline: `x` and `width` in per cent, `y` in pixels; its number stands at `label_x`.

    A single day is a round mark at `x`.
    """

    number: int
    x: float
    width: float
    y: int
    label_x: float
    label: Literal["after", "before", "inside"]
    exact: bool
    is_day: bool


@dataclass(frozen=True)
class Lane:
    """The dates of one kind; `top` is where its heading stands."""

    kind: DeadlineKind
    top: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Month:
    """Where a month begins; `quarter` when a quarter does."""

    x: float
    number: int
    quarter: bool


@dataclass(frozen=True)
class Timeline:
    """A year as a picture; `today` is None in another year."""

    year: int
    height: int
    lanes: tuple[Lane, ...]
    months: tuple[Month, ...]
    today: float | None


@blueprint.get("/plans/<slug>/dates")
def dates(slug: str) -> ResponseReturnValue:
    """The public dates that fall in a year: `?year=`, else this one, else the nearest that has some."""
    found, today = asked_plan(slug), clock.today()
    every = public_dates(db.session(), found)
    years = years_of(every)
    year = _asked_year(years, today)

    def make() -> str:
        shown = [one for one in every if year and one.first_on.year <= year <= one.last_on.year]
        return render_template(
            "public/dates.html",
            plan=found.plan,
            year=year,
            years=years,
            dates=shown,
            timeline=drawn(shown, year, today) if year else None,
            months=_month_names(),
            calendar_url=absolute("public.plan_calendar", slug=slug),
            canonical=absolute("public.dates", slug=slug),
        )

    return kept.page((found.fingerprint(), every, year, today), make)


def _asked_year(years: Sequence[int], today: date) -> int | None:
    """404 for a year that is none or has no date; None where the plan has no date at all."""
    asked = request.args.get("year", "")
    if asked:
        if asked not in map(str, years):
            abort(404)
        return int(asked)
    return min(years, key=lambda year: (abs(year - today.year), -year), default=None)


def drawn(shown: Iterable[PublicDate], year: int, today: date) -> Timeline:
    """The dates as a picture of the year; each has the number that it has in the order given, from 1."""
    numbered = list(enumerate(shown, start=1))
    lanes, top = [], 0
    for kind in KINDS:
        own = [(number, one) for number, one in numbered if one.kind is kind]
        if not own:
            continue
        bars, rows = _bars(own, year, top + LANE_HEAD)
        lanes.append(Lane(kind, top, bars))
        top += LANE_HEAD + rows * ROW
    return Timeline(
        year, top + FOOT, tuple(lanes), _months(year), _at(today, year) if today.year == year else None
    )


def _bars(own: list[tuple[int, PublicDate]], year: int, top: int) -> tuple[tuple[Bar, ...], int]:
    """The bars of a lane, each in the first row where it and its number have room, and how many rows."""
    ends: list[float] = []
    bars = []
    for number, one in own:
        x, width = _span(one, year)
        label = _place(x, width)
        begins = x - (LABEL if label == "before" else GAP)
        over = x + width + (LABEL if label == "after" else GAP)
        row = next((row for row, end in enumerate(ends) if end <= begins), len(ends))
        ends[row : row + 1] = [over]
        bars.append(
            Bar(
                number=number,
                x=round(x, 2),
                width=round(width, 2),
                y=top + row * ROW,
                label_x=round(x + width if label == "after" else x, 2),
                label=label,
                exact=one.exact,
                is_day=one.first_on == one.last_on,
            )
        )
    return tuple(bars), len(ends)


def _place(x: float, width: float) -> Literal["after", "before", "inside"]:
    """Where the number stands: after its bar, before it near the end, inside where the bar fills the year."""
    if x + width + LABEL <= 100:
        return "after"
    return "before" if x >= LABEL else "inside"


def _span(one: PublicDate, year: int) -> tuple[float, float]:
    """Where a date begins in the year, and how long it is; a single day is the point in its middle."""
    if one.first_on == one.last_on:
        return _at(one.first_on, year) + _day(year) / 2, 0
    x = _at(max(one.first_on, date(year, 1, 1)), year)
    right = _at(min(one.last_on, date(year, 12, 31)), year) + _day(year)
    width = max(right - x, THINNEST)
    return min(x, 100 - width), width


def _months(year: int) -> tuple[Month, ...]:
    return tuple(
        Month(round(_at(date(year, month, 1), year), 2), month, month % 3 == 1) for month in range(1, 13)
    )


def _month_names() -> list[str]:
    """Short, in the language of the page."""
    return [str(format_date(date(2000, month, 1), "LLL")).rstrip(".") for month in range(1, 13)]


def _at(day: date, year: int) -> float:
    return ((day - date(year, 1, 1)).days) * _day(year)


def _day(year: int) -> float:
    return 100 / (366 if isleap(year) else 365)
