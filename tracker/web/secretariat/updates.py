"""One status to read: this year's text beside last year's, what happened to it, and what can be done now."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from tracker import clock
from tracker.domain.comparison import Operation, word_diff
from tracker.domain.errors import DomainError
from tracker.domain.proofreading import Row, proofread
from tracker.domain.text import parse
from tracker.domain.workflow import Move, moves_open_to
from tracker.extensions import db
from tracker.rounds import queries, reading
from tracker.rounds.models import RoundState, StatusUpdate
from tracker.web.errors import sentence_of
from tracker.web.guards import current_plan
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.round_forms import ApproveForm, ReasonForm, ReturnForm, WaiveForm
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
        abort(404)
    return found


def shown(
    update: StatusUpdate,
    *,
    typed: tuple[Move, FlaskForm] | None = None,
    refused: DomainError | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    """The page of an update. `typed` is the form of a move that could not be made, with its errors, and
    `refused` why not.
    """
    session = db.session()
    previous = queries.previous_update(session, update)
    last_text = previous.text if previous else ""
    page = render_template(
        "secretariat/update.html",
        update=update,
        previous=previous,
        this_text=parse(update.text),
        last_text=parse(last_text) if previous else None,
        difference=_difference(last_text, update.text),
        findings=proofread(Row(update.number or 0, update.text, last_text), year=update.round.year),
        carriers=reading.carriers_of(session, update.initiative_id, on=clock.today()),
        names=reading.names_of(session, update.submitted_by_id, update.reviewer_id, update.approved_by_id),
        revisions=queries.revisions_of(session, update.id),
        journal=reading.journal_of(session, update.id),
        neighbours=reading.neighbours_of(session, update),
        forms=_forms(update, typed),
        typed=typed[1] if typed else None,
        own=update.submitted_by_id == person().id,
        refused=sentence_of(refused) if refused else "",
        facts=_facts(),
    )
    return page, code


def _difference(last: str, this: str) -> tuple[Operation, ...]:
    """What changed since last year; nothing when one of the texts is missing or they are alike."""
    return word_diff(last, this) if last.strip() and this.strip() and last != this else ()


def _forms(update: StatusUpdate, typed: tuple[Move, FlaskForm] | None) -> dict[Move, FlaskForm]:
    """A form for each move that is open to whoever reads; the ids of their fields never clash."""
    if update.round.state is RoundState.locked:
        return {}
    own = update.submitted_by_id == person().id
    open_moves = moves_open_to(update.state, roles=rights().roles_on(update.initiative), is_submitter=own)
    forms = {move: form_for(move, update) for move in HERE if move in open_moves}
    if typed is not None and typed[0] in forms:
        forms[typed[0]] = typed[1]
    return forms


def form_for(move: Move, update: StatusUpdate) -> FlaskForm:
    """The form of a move: empty, or filled in when this request sends it."""
    match move:
        case Move.approve:
            return ApproveForm(version=update.version)
        case Move.return_:
            due_on = update.deadline.last_on if update.deadline else clock.today()
            return ReturnForm(new_date=max(due_on, clock.today()), version=update.version, prefix="return-")
        case Move.waive:
            return WaiveForm(prefix="waive-")
        case Move.reopen | Move.unwaive:
            return ReasonForm(prefix=f"{move.value}-")
    return FlaskForm()


def _facts() -> dict[str, str]:
    """The words of the journal."""
    return {
        "saved": _("Saved"),
        "submitted": _("Submitted"),
        "withdrawn": _("Withdrawn"),
        "taken": _("Taken for reading"),
        "released": _("Released"),
        "returned": _("Returned"),
        "approved": _("Approved"),
        "reopened": _("Reopened"),
        "waived": _("Waived"),
        "unwaived": _("Expected again"),
        "locked": _("Locked"),
    }
