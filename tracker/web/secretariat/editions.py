"""The memo of each round: the draft and what it lacks, the files, locking it, and the locked editions."""

from __future__ import annotations

from datetime import date

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.domain.workflow import SETTLED
from tracker.extensions import db
from tracker.memos import editions as memo_editions
from tracker.memos.building import memo_of_round
from tracker.memos.cross_references import RowReference
from tracker.memos.files import FileKind, draft_file, draft_notice, edition_file
from tracker.memos.letterhead import letterhead_of
from tracker.memos.models import Edition
from tracker.memos.publishing.day import Treated, public_from, treated_of
from tracker.memos.writing import memo_view
from tracker.plans.queries import administrations
from tracker.rounds.models import Round, RoundState
from tracker.rounds.queries import lines_of_round, round_of, rounds_of
from tracker.statuses.corrections import corrected_since_lock
from tracker.web import reads
from tracker.web.guards import current_plan, lead_only
from tracker.web.memo_files import KINDS, download
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.memo_forms import EditionForm
from tracker.web.viewer import person, rights


@blueprint.get("/<plan>/editions")
def editions(plan: str) -> ResponseReturnValue:
    """Every round's memo: of an open round the draft, of a locked one its editions."""
    return _page()


def _page(typed: EditionForm | None = None) -> str:
    """The page. A form that is given was sent and could not be taken."""
    session, where = db.session(), current_plan()
    every = administrations(session, where.id)
    rounds = rounds_of(session, where.id)
    opened = [one for one in rounds if one.state is RoundState.open]
    locked = [one for one in rounds if one.state is RoundState.locked]
    treated = treated_of(session, [one.id for one in locked]) if locked else {}
    return render_template(
        "secretariat/editions.html",
        public_from={one.id: _public_from(one, treated.get(one.id, [])) for one in locked},
        drafts=[(one, *_missing(one)) for one in opened],
        locked=locked,
        corrected=corrected_since_lock(session, [one.id for one in locked]) if locked else frozenset(),
        editions=memo_editions.editions_of(session, [one.id for one in rounds]),
        codes={one.id: one.code for one in every},
        form=typed or EditionForm.of(every, formdata=None),
        typed=typed,
        is_lead=where.id in rights().leads,
    )


@blueprint.get("/<plan>/rounds/<int:year>/memo")
def memo(plan: str, year: int) -> ResponseReturnValue:
    """The memo as a page: the draft as it stands, or what was locked."""
    session, where, found = db.session(), current_plan(), _round(year)
    edition = memo_editions.final_edition(session, found.id) if found.state is RoundState.locked else None
    references: tuple[RowReference, ...] = ()
    if edition is not None:
        view = memo_view(memo_editions.memo_of_edition(edition), letterhead=letterhead_of(where))
    else:
        reads.note_draft_read(found.id, where.id)
        draft = memo_of_round(session, where, found, on=clock.today())
        notice, sender = draft_notice(draft), letterhead_of(where)
        view, references = memo_view(draft.memo, draft=notice, letterhead=sender), draft.references
    return render_template(
        "secretariat/memo.html", round=found, edition=edition, view=view, references=references
    )


@blueprint.get(f"/<plan>/rounds/<int:year>/memo/{KINDS}")
def draft_download(plan: str, year: int, kind: str) -> ResponseReturnValue:
    """The draft as a file, marked as one on every page. What is locked has its edition's files instead."""
    session, where, found = db.session(), current_plan(), _round(year)
    if found.state is RoundState.locked:
        abort(404)
    reads.note_draft_read(found.id, where.id)
    draft = memo_of_round(session, where, found, on=clock.today())
    return download(draft_file(draft, where, year=year, kind=FileKind(kind), at=clock.now()))


@blueprint.get("/<plan>/editions/<int:edition_id>")
def edition(plan: str, edition_id: int) -> ResponseReturnValue:
    """A frozen edition as a page."""
    found, year = _edition(edition_id)
    printed, notice = memo_editions.printed_edition(found)
    view = memo_view(printed, draft=notice, letterhead=letterhead_of(current_plan()))
    return render_template(
        "secretariat/memo.html", round=_round(year), edition=found, view=view, references=()
    )


@blueprint.get(f"/<plan>/editions/<int:edition_id>/{KINDS}")
def edition_download(plan: str, edition_id: int, kind: str) -> ResponseReturnValue:
    """A frozen edition as a file."""
    found, year = _edition(edition_id)
    return download(edition_file(found, current_plan(), year=year, kind=FileKind(kind)))


@blueprint.post("/<plan>/rounds/<int:year>/editions")
def freeze_edition(plan: str, year: int) -> ResponseReturnValue:
    """Keep an edition for a meeting: one administration's rows for its committee, or the whole."""
    session, where, found = db.session(), current_plan(), _round(year)
    form = EditionForm.of(administrations(session, where.id))
    if not form.validate():
        return _page(form), 400
    memo_editions.freeze_for_meeting(
        session,
        where,
        found,
        administration_id=form.rows.chosen_id,
        rights=rights(),
        by=person(),
        at=clock.now(),
    )
    db.session.commit()
    flash(_("The edition is kept as it stands now. No status was moved by it."), "success")
    return redirect(url_for("secretariat.editions", plan=plan), 303)


@blueprint.post("/<plan>/rounds/<int:year>/lock")
def lock_memo(plan: str, year: int) -> ResponseReturnValue:
    """Lock the round with its final edition. Refused while a row is neither approved nor waived."""
    lead_only()
    edition = memo_editions.lock_round(
        db.session(), current_plan(), _round(year), rights=rights(), by=person(), at=clock.now()
    )
    db.session.commit()
    flash(
        _("The memo of %(year)s is locked as edition %(version)s.", year=year, version=edition.version),
        "success",
    )
    return redirect(url_for("secretariat.editions", plan=plan), 303)


def _edition(edition_id: int) -> tuple[Edition, int]:
    """An edition of the plan in the address, with the year of its round."""
    return memo_editions.edition_of(db.session(), current_plan().id, edition_id) or abort(404)


def _round(year: int) -> Round:
    found = round_of(db.session(), current_plan().id, year)
    if found is None:
        abort(404)
    return found


def _public_from(round_: Round, contributions: list[Treated]) -> date | None:
    return public_from(contributions, locked=True, publish_on=round_.publish_on)


def _missing(round_: Round) -> tuple[int, list[object]]:
    """How many rows a round has, and those that lack approval, with their owners."""
    lines = lines_of_round(db.session(), rights(), round_, on=clock.today())
    return len(lines), [line for line in lines if line.state not in SETTLED]
