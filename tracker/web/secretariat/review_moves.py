"""Making a move on a status that is read, for its own page and for the queue alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flask_wtf import FlaskForm

from tracker import clock
from tracker.domain.errors import InvalidInput, MoveRefused, StaleVersion
from tracker.extensions import db
from tracker.rounds.models import StatusUpdate
from tracker.statuses import review
from tracker.web.errors import sentence_of
from tracker.web.forms import attach
from tracker.web.secretariat.round_forms import MoveForm
from tracker.web.secretariat.updates import update_of
from tracker.web.viewer import person, rights

Act = Callable[[StatusUpdate, FlaskForm], None]


@dataclass(frozen=True, slots=True)
class NotMade:
    """A move that could not be made: the status as it stands now, and the code of the answer.

    `refused` is the sentence that says why; it is empty when the form tells it at its fields.
    """

    update: StatusUpdate
    code: int
    refused: str = ""


def make(update: StatusUpdate, form: FlaskForm, act: Act) -> NotMade | None:
    """Make a move with the form that was sent, and commit it; else nothing is changed."""
    update_id = update.id
    if not form.validate_on_submit():
        return NotMade(update, 400)
    try:
        act(update, form)
        db.session.commit()
    except InvalidInput as error:
        db.session.rollback()
        attach(form, error)
        return NotMade(update_of(update_id), 400)
    except (MoveRefused, StaleVersion) as error:
        db.session.rollback()
        update = update_of(update_id)
        if isinstance(form, MoveForm):
            form.version.data = str(update.version)  # the page shows the newest text beside what was typed
        return NotMade(update, 409, sentence_of(error))
    return None


def plainly(verb: Callable[..., object]) -> Act:
    """A move for which nothing is filled in, made with the version that stood on the page."""

    def act(update: StatusUpdate, form: FlaskForm) -> None:
        version = form.read_version()
        verb(db.session(), update, version=version, rights=rights(), by=person(), at=clock.now())

    return act


def for_a_reason(verb: Callable[..., object]) -> Act:
    """A move with the reason that was filled in."""

    def act(update: StatusUpdate, form: FlaskForm) -> None:
        plainly(partial(verb, reason=form.reason.data))(update, form)

    return act


def return_(update: StatusUpdate, form: FlaskForm) -> None:
    """Return the status to its owner with a comment and a new date; the owner gets a letter."""
    review.return_(
        db.session(),
        update,
        remark=form.comment.data,
        due_on=form.new_date.data,
        version=form.read_version(),
        rights=rights(),
        by=person(),
        at=clock.now(),
    )
