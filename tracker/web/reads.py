"""The log of who read a text before it was approved, written when the page has been answered."""

from __future__ import annotations

import logging

from flask import Flask, g
from sqlalchemy.exc import SQLAlchemyError

from tracker import clock
from tracker.audit import access
from tracker.database import begin_reading
from tracker.domain.workflow import SETTLED, Role, State
from tracker.extensions import db
from tracker.rounds.models import StatusUpdate
from tracker.rounds.queries import plan_of_update
from tracker.web.viewer import person, rights

log = logging.getLogger(__name__)


def note_read(update: StatusUpdate) -> None:
    """This page shows a status. Logged when it is not settled and the reader does not write it."""
    own = rights().roles_on(update.initiative) & {Role.owner, Role.deputy}
    if not own and update.state not in SETTLED:
        _later(access.READ, "status_update", update.id, update.initiative.plan_id)


def note_words_read(update_id: int, state: str, *, initiative_id: int, plan_id: int) -> None:
    """This page shows some words of a status, as a search does. Logged as the whole of it is."""
    held = rights().owns | rights().deputises
    if initiative_id not in held and State(state) not in SETTLED:
        _later(access.READ, "status_update", update_id, plan_id)


def note_draft_read(round_id: int, plan_id: int) -> None:
    """This page or file shows a whole round before it is locked."""
    _later(access.READ, "round", round_id, plan_id)


def note_refused(update_id: int) -> None:
    """A stranger asked for a status. Logged when there is one; the answer is the same when there is none."""
    plan_id = plan_of_update(db.session(), update_id)
    if plan_id is not None:
        _later(access.REFUSED, "status_update", update_id, plan_id)


def _later(fact: str, object_kind: str, object_id: int, plan_id: int) -> None:
    if "looks" not in g:
        g.looks = set()
    g.looks.add(access.Access(fact, object_kind, object_id, person().id, plan_id))


def register(app: Flask) -> None:
    @app.teardown_request
    def _note(_error: BaseException | None) -> None:
        looks = g.pop("looks", None)
        if not looks:
            return
        db.session.rollback()
        begin_reading(only=False)
        try:
            with db.engine.begin() as connection:
                access.note(connection, looks, at=clock.now())
        except SQLAlchemyError:
            log.exception("could not log who read a draft")  # the page was answered all the same
