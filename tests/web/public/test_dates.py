"""Anybody sees when a plan's campaigns, application rounds and meetings are, and takes them along."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from tests.support import make
from tests.support.client import StrictClient
from tests.support.rounds import Office
from tracker import clock
from tracker.deadlines.actions import add_deadline, cancel_deadline, move_deadline
from tracker.deadlines.models import Deadline, DeadlineKind, Precision
from tracker.memos.publishing.dates import KINDS, PublicDate
from tracker.plans.models import Committee
from tracker.web.public.timeline import GAP, LABEL, drawn

HERE = "/plans/here"
THIS_YEAR = clock.today().year


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    with make.written(app) as session:
        office = Office.of(session)
        area = make.administration(session, office.plan, "SF", name="Skoleforvaltningen")
        one = make.initiative(session, area, "Mentorer", owner=office.owner)
        round_ = make.open_round(session, office.plan)
        office.approve(one, round_)
        office.lock(round_)
        one.title = "Som den hedder nu"
        session.commit()
        yield office


def added(
    office: Office, kind: DeadlineKind, first: date, last: date | None = None, **given: object
) -> Deadline:
    values = {"title": "Uge 12", "last_on": last or first, **given}
    made = add_deadline(
        office.session,
        plan_id=office.plan.id,
        kind=kind,
        first_on=first,
        by=None,
        at=clock.now(),
        **values,  # type: ignore[arg-type]
    )
    office.session.commit()
    return made


def rows(page: str) -> list[list[str]]:
    """The cells of the table's rows."""
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    found = re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL)
    return [
        [
            re.sub(r"<[^>]+>", "", cell).strip()
            for cell in re.findall(r"<t[dh][ >].*?</t[dh]>", row, re.DOTALL)
        ]
        for row in found
    ]


@pytest.mark.both_databases
def test_the_table_and_the_picture_show_the_year_s_dates(client: StrictClient, office: Office) -> None:
    client.get("/language/en")
    committee = Committee(plan_id=office.plan.id, code="BUU", name="Børneudvalget")
    office.session.add(committee)
    mentors = office.session.query(make.Initiative).one()
    day = date(THIS_YEAR, 3, 31)
    added(office, DeadlineKind.committee_meeting, day, committee=committee, title="Temamøde")
    about = {"precision": Precision.season, "words": "foråret", "initiative": mentors, "title": "Intern note"}
    added(office, DeadlineKind.campaign_window, date(THIS_YEAR, 4, 1), date(THIS_YEAR, 6, 30), **about)
    winter = (date(THIS_YEAR, 12, 20), date(THIS_YEAR + 1, 2, 18))
    added(office, DeadlineKind.application_round, *winter, title="Puljen")
    page = client.get(f"{HERE}/dates", budget=3).get_data(as_text=True)
    year = THIS_YEAR
    assert rows(page) == [
        ["1", f"31.03.{year}", "Temamøde", "Committee meeting", "Børneudvalget"],
        ["2", f"Between 01.04.{year} and 30.06.{year}", "Mentorer", "Campaign", "–"],
        ["3", f"20.12.{year} to 18.02.{year + 1}", "Puljen", "Application round", "–"],
    ]
    picture = page[page.index('<svg class="timeline') :].partition("</svg>")[0]
    assert 'role="img"' in picture
    assert f'aria-label="A timeline of {year}. Its dates stand in the table below."' in picture
    assert picture.count("timeline-bar") == 3
    assert re.findall(r'class="timeline-number"[^>]*>(\d)<', picture) == ["2", "3", "1"]
    for word in ("Intern note", "foråret", "Som den hedder nu"):
        assert word not in page
    assert rows(client.get(f"{HERE}/dates?year={year + 1}").get_data(as_text=True))[0][2] == "Puljen"
    for asked in (year + 2, "x", "0", "²"):
        assert client.get(f"{HERE}/dates?year={asked}").status_code == 404


def test_without_a_date_the_page_says_so_and_the_calendar_is_valid(
    client: StrictClient, office: Office
) -> None:
    client.get("/language/en")
    for kind in set(DeadlineKind) - set(KINDS):
        added(office, kind, clock.today())
    page = client.get(f"{HERE}/dates").get_data(as_text=True)
    assert "No campaign, application round or committee meeting has been set yet." in page
    assert '<svg class="timeline' not in page
    answer = client.get(f"{HERE}/calendar.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert Calendar.from_ical(answer.data).events == []


@pytest.mark.both_databases
def test_a_calendar_program_reads_the_dates_and_learns_of_moves(client: StrictClient, office: Office) -> None:
    day = clock.today() + timedelta(days=9)
    mentors = office.session.query(make.Initiative).one()
    moved = added(office, DeadlineKind.campaign_window, day, day + timedelta(days=3), initiative=mentors)
    gone = added(office, DeadlineKind.committee_meeting, day, title="Temamøde; om alt")
    first = client.get(f"{HERE}/calendar.ics", budget=3)
    one, other = sorted(Calendar.from_ical(first.data).events, key=lambda event: str(event["SUMMARY"]))
    assert (str(one["SUMMARY"]), str(other["SUMMARY"])) == (
        "Kampagneperiode: Mentorer",
        "Udvalgsmøde: Temamøde; om alt",
    )
    assert (one["DTSTART"].dt, one["DTEND"].dt) == (day, day + timedelta(days=4))
    assert str(one["URL"]).endswith(f"{HERE}/dates")
    assert all(len(line) <= 75 for line in first.data.split(b"\r\n"))
    move_deadline(
        office.session, moved, first_on=day, last_on=day, precision=Precision.day, reason="Hemmeligt",
        version=moved.version, by=office.lead.id, at=clock.now(),
    )  # fmt: skip
    cancel_deadline(office.session, gone, reason="Hemmeligt", by=office.lead.id, at=clock.now())
    office.session.commit()
    second = client.get(f"{HERE}/calendar.ics?language=en", headers={"If-None-Match": first.headers["ETag"]})
    assert b"Hemmeligt" not in second.data
    again, cancelled = sorted(Calendar.from_ical(second.data).events, key=lambda event: str(event["UID"]))
    assert {str(again["UID"]), str(cancelled["UID"])} == {str(one["UID"]), str(other["UID"])}
    assert again["SEQUENCE"] > one["SEQUENCE"]
    assert (str(again["SUMMARY"]), str(cancelled["STATUS"])) == ("Campaign period: Mentorer", "CANCELLED")
    page = client.get(f"{HERE}/dates?year={day.year}").get_data(as_text=True)
    assert "Temamøde" not in page


def test_the_meeting_of_a_round_tells_who_meets_and_nothing_of_the_round(
    client: StrictClient, office: Office
) -> None:
    committee = Committee(plan_id=office.plan.id, code="BUU", name="Børneudvalget")
    office.session.add(committee)
    coming = make.open_round(office.session, office.plan, year=2031)
    day = clock.today() + timedelta(days=9)
    values = {"committee": committee, "round_id": coming.id, "title": "Status 2031"}
    added(office, DeadlineKind.committee_meeting, day, **values)
    for path in (f"{HERE}/dates?year={day.year}", f"{HERE}/calendar.ics"):
        text = client.get(path).get_data(as_text=True)
        assert "Børneudvalget" in text
        assert "2031" not in text


@st.composite
def some_dates(draw: st.DrawFn) -> list[PublicDate]:
    found = []
    for number in range(draw(st.integers(1, 40))):
        first = draw(st.dates(date(2023, 1, 1), date(2026, 12, 31)))
        last = first + timedelta(days=draw(st.sampled_from((0, 0, 1, 30, 200, 800))))
        if first.year <= 2024 <= last.year:
            kind = draw(st.sampled_from(KINDS))
            found.append(PublicDate(number, kind, "x", "", None, first, last, exact=True, version=1))
    return found


@given(dates=some_dates(), today=st.dates(date(2023, 6, 1), date(2025, 6, 1)))
@settings(max_examples=60)
def test_every_date_is_drawn_once_inside_the_picture_and_over_no_other(
    dates: list[PublicDate], today: date
) -> None:
    line = drawn(dates, 2024, today)
    bars = [bar for lane in line.lanes for bar in lane.bars]
    assert sorted(bar.number for bar in bars) == list(range(1, len(dates) + 1))
    assert (line.today is not None) == (today.year == 2024)
    places: dict[int, list[tuple[float, float]]] = {}
    for bar in bars:
        assert 0 <= bar.x <= bar.x + bar.width <= 100.02
        assert 0 < bar.y < line.height
        end = bar.x + bar.width
        room = {"before": (LABEL, GAP), "after": (GAP, LABEL), "inside": (GAP, GAP)}[bar.label]
        places.setdefault(bar.y, []).append((bar.x - room[0], end + room[1]))
        assert (bar.label == "inside") == (bar.x < LABEL and end + LABEL > 100)
    for taken_ in places.values():
        row = sorted(taken_)
        assert all(one[1] <= other[0] + 0.05 for one, other in pairwise(row))


def test_a_picture_knows_where_the_year_begins_and_ends() -> None:
    def bar_of(first: date, last: date) -> tuple[float, float]:
        kind = DeadlineKind.campaign_window
        shown = PublicDate(1, kind, "x", "", None, first, last, exact=True, version=1)
        bar = drawn([shown], 2024, datetime(2024, 7, 1).date()).lanes[0].bars[0]
        return bar.x, bar.width

    assert bar_of(date(2024, 1, 1), date(2024, 12, 31)) == (0, 100)
    assert bar_of(date(2020, 1, 1), date(2024, 6, 30)) == (0, round(182 / 366 * 100, 2))
    assert bar_of(date(2024, 12, 31), date(2025, 2, 1)) == (98.6, 1.4)
    assert bar_of(date(2024, 12, 31), date(2024, 12, 31)) == (round(365.5 / 366 * 100, 2), 0)
