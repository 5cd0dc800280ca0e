"""The demonstration as the secretariat finds it on the first day."""

from __future__ import annotations

from datetime import timedelta

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
