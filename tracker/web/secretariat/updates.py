"""One status to read: this year's text beside last year's, what happened to it, and what can be done now."""

from __future__ import annotations

from typing import Any

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from tracker import clock
from tracker.accounts.queries import names_of
from tracker.domain.comparison import Operation, word_diff
from tracker.domain.text import parse
from tracker.domain.workflow import WRITABLE, Move, Outcome, State
from tracker.extensions import db
from tracker.plans.models import Initiative
from tracker.rounds import queries
from tracker.rounds.models import RoundState, StatusUpdate
from tracker.statuses import corrections, more_time, reading
from tracker.statuses.models import Correction, MoreTimeRequest
from tracker.statuses.moves import moves_of
from tracker.statuses.proofreading import findings_of
from tracker.web import reads
from tracker.web.guards import current_plan
from tracker.web.journal_words import facts
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.round_forms import MoveForm, ReasonForm, ReturnForm, WaiveForm
from tracker.web.viewer import person, rights

# What the secretariat does on this page; the other moves have pages of their own.
HERE = (Move.take, Move.release, Move.approve, Move.return_, Move.reopen, Move.waive, Move.unwaive)


@blueprint.get("/<plan>/updates/<int:update_id>")
def update(plan: str, update_id: int) -> ResponseReturnValue:
    return shown(update_of(update_id))


def update_of(update_id: int) -> StatusUpdate:
    """An update of the plan in the address; 404 for any other."""
    found = queries.update_for(db.session(), rights(), update_id)
    if found is None or found.round.plan_id != current_plan().id:
        reads.note_refused(update_id)
        abort(404)
    reads.note_read(found)
    return found


def shown(
    update: StatusUpdate,
    *,
    typed: tuple[Move, FlaskForm] | None = None,
    refused: str = "",
    code: int = 200,
) -> ResponseReturnValue:
    """The page of an update. `typed` is the form of a move that could not be made, with its errors, and
    `refused` says why not.
    """
    session = db.session()
    moves = moves_of(session, update, rights=rights(), by=person())
    page = render_template(
        "secretariat/update.html",
        **to_read(update),
        carriers=reading.carriers_of(session, update.initiative_id, on=clock.today()),
        revisions=queries.revisions_of(session, update.id),
        journal=reading.journal_of(session, update.id),
        neighbours=reading.neighbours_of(session, update),
        moves=moves,
        forms=_forms(update, moves, typed),
        merged_into=_merged_into(update),
        asked=_asked(update),
        correction=_correction(update),
        typed=typed[1] if typed else None,
        own=update.submitted_by_id == person().id,
        refused=refused,
        facts=facts(),
    )
    return page, code


def to_read(update: StatusUpdate) -> dict[str, Any]:
    """What every page tells on which a status is read: its text beside last year's, and what to look at."""
    session = db.session()
    previous = queries.previous_update(session, update)
    last_text = previous.text if previous else ""
    is_open = update.round.state is RoundState.open
    did = (update.submitted_by_id, update.reviewer_id, update.approved_by_id)
    return {
        "update": update,
        "previous": previous,
        "this_text": parse(update.text),
        "last_text": parse(last_text) if previous else None,
        "difference": _difference(last_text, update.text),
        "findings": findings_of(session, update, previous, on=clock.today()) if is_open else [],
        "names": names_of(session, did),
    }


def _difference(last: str, this: str) -> tuple[Operation, ...]:
    """What changed since last year; nothing when one of the texts is missing or they are alike."""
    return word_diff(last, this) if last.strip() and this.strip() and last != this else ()


def _asked(update: StatusUpdate) -> MoreTimeRequest | None:
    """The request for more time that waits for an answer."""
    if update.state not in WRITABLE or update.round.state is not RoundState.open:
        return None
    return more_time.waiting_request(db.session(), update.id)


def _merged_into(update: StatusUpdate) -> Initiative | None:
    """The initiative that this one was merged into, while that is why no status is expected."""
    into = update.initiative.merged_into_id
    if update.state is not State.waived or update.outcome is not Outcome.merged or into is None:
        return None
    return db.session.get(Initiative, into)


def _correction(update: StatusUpdate) -> Correction | None:
    """The correction that waits for its confirmation."""
    return corrections.waiting_correction(db.session(), update.id) if update.state is State.locked else None


def _forms(
    update: StatusUpdate, moves: tuple[Move, ...], typed: tuple[Move, FlaskForm] | None
) -> dict[Move, FlaskForm]:
    """A form for each move that is open to whoever reads; the ids of their fields never clash."""
    forms = {move: form_for(move, update) for move in HERE if move in moves}
    if typed is not None and typed[0] in forms:
        forms[typed[0]] = typed[1]
    return forms


def form_for(move: Move, update: StatusUpdate) -> FlaskForm:
    """The form of a move: empty, or filled in when this request sends it."""
    match move:
        case Move.approve | Move.take | Move.release:
            return MoveForm(version=update.version)
        case Move.return_:
            due_on = update.deadline.last_on if update.deadline else clock.today()
            return ReturnForm(new_date=max(due_on, clock.today()), version=update.version, prefix="return-")
        case Move.waive:
            return WaiveForm.of(update)
        case Move.reopen | Move.unwaive:
            return ReasonForm(version=update.version, prefix=f"{move.value}-")
    return FlaskForm()
