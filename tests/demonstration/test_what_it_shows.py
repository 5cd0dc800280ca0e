"""The demonstration as the secretariat finds it on the first day."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tracker import clock
from tracker.accounts.models import Person
from tracker.demonstration.loader import load_demonstration
from tracker.domain.ladders import ObligationKind
from tracker.extensions import db
from tracker.reminders.ladders import own_ladders
from tracker.reminders.models import SavedForecast
from tracker.web.demo.clock import next_morning


@pytest.mark.both_databases
def test_there_is_a_kept_forecast_an_absence_to_come_and_a_changed_ladder(app: Flask) -> None:
    with app.app_context():
        plan = load_demonstration(db.session(), at=clock.now())
        kept = db.session.scalars(select(SavedForecast)).one()
        assert kept.plan_id == plan.id
        assert kept.reminders
        away = db.session.scalars(select(Person).where(Person.absent_from.is_not(None))).one()
        assert away.active
        assert away.absent_from == clock.today() + timedelta(days=1)
        assert list(own_ladders(db.session(), plan.id)) == [ObligationKind.milestone]
        db.session.rollback()


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ("2026-11-24 03:12", "2026-11-24 08:01"),
        ("2026-11-24 08:01", "2026-11-25 08:01"),
        ("2026-11-24 15:00", "2026-11-25 08:01"),
        ("2027-03-27 09:00", "2027-03-28 08:01"),  # the night in which summer time begins
        ("2026-12-31 09:00", "2027-01-01 08:01"),
    ],
)
def test_the_clock_stops_at_each_morning_also_that_of_the_day_it_is(now: str, morning: str) -> None:
    found = next_morning(datetime.fromisoformat(now).replace(tzinfo=clock.ZONE))
    assert found.astimezone(clock.ZONE).strftime("%Y-%m-%d %H:%M") == morning
