"""The rules of a plan's reminders: what goes to whom and when, and changing it after seeing the effect."""

from __future__ import annotations

from datetime import date
from itertools import chain, groupby

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.deadlines import queries as deadlines
from tracker.domain.errors import InvalidInput, StaleVersion
from tracker.domain.ladders import DEFAULT_LADDER, MOST_STEPS, Ladder, ObligationKind, changed_ladder
from tracker.extensions import db
from tracker.reminders import ladders as rules
from tracker.reminders.forecast import ForecastLetter, forecast
from tracker.reminders.ladder_preview import Effect, LadderPreview, LetterChange, what_changes
from tracker.rounds import obligations as rounds
from tracker.rounds.replanning import replan_plan
from tracker.web import letter_words
from tracker.web.errors import sentence_of
from tracker.web.guards import current_plan
from tracker.web.secretariat import ladder_words
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.ladder_forms import USUAL, LadderForm
from tracker.web.secretariat.pause_forms import PauseForm
from tracker.web.secretariat.setup_forms import DAY_NAMES
from tracker.web.viewer import person

AHEAD = 60
ADD, REMOVE, EDIT, PREVIEW, SAVE = "add", "remove-", "edit", "preview", "save"


@blueprint.get("/<plan>/ladders")
def ladders(plan: str) -> ResponseReturnValue:
    return overview()


def overview(pause: PauseForm | None = None, code: int = 200) -> ResponseReturnValue:
    """What goes to whom and when, for each kind. A form that is given was sent and could not be taken."""
    where = current_plan()
    own = rules.own_ladders(db.session(), where.id)
    ladder = rules.ladder_of(db.session(), where.id)
    page = render_template(
        "secretariat/ladders.html",
        kinds=[
            (
                kind.value,
                letter_words.matters()[kind.value],
                about,
                [(ladder_words.when(kind, one), ladder_words.to_whom(one)) for one in ladder[kind]],
                own.get(kind),
            )
            for kind, about in ladder_words.about().items()
        ],
        closed=[DAY_NAMES[code] for code in where.closed_days.split(",") if code in DAY_NAMES],
        pause_form=pause or PauseForm(formdata=None),
        typed=pause,
    )
    return page, code


@blueprint.get("/<plan>/ladders/<obligation>")
def ladder(plan: str, obligation: str) -> ResponseReturnValue:
    """The reminders of one kind, to be changed."""
    kind = _kind_or_404(obligation)
    steps = rules.ladder_of(db.session(), current_plan().id)[kind]
    return _editing(kind, LadderForm.of(kind, steps, _version(kind)))


@blueprint.post("/<plan>/ladders/<obligation>")
def change_ladder(plan: str, obligation: str) -> ResponseReturnValue:
    """Add or remove a reminder on the page, look at the effect of what was typed, or save it."""
    kind = _kind_or_404(obligation)
    form, press = LadderForm.sent(kind), request.form.get("press", "")
    if press == ADD:
        form.add(kind)
    elif press.startswith(REMOVE):
        form.remove(press.removeprefix(REMOVE))
    if press in {ADD, EDIT} or press.startswith(REMOVE):
        return _editing(kind, form)
    if not form.validate():
        return _editing(kind, form, code=400)
    try:
        if press != SAVE:
            return _previewed(kind, form)
        _save(kind, form)
    except InvalidInput as error:
        db.session.rollback()
        form.refuse(error)
        return _editing(kind, form, code=400)
    except StaleVersion as error:
        return _refused(kind, form, error)
    flash(_("The reminders are changed, and those to come are planned anew."), "success")
    return redirect(url_for("secretariat.ladders", plan=plan) + f"#{kind.value}", 303)


@blueprint.post("/<plan>/ladders/<obligation>/usual")
def restore_ladder(plan: str, obligation: str) -> ResponseReturnValue:
    """Go back to the usual reminders of one kind, after looking at the effect."""
    kind = _kind_or_404(obligation)
    sent = LadderForm.sent(kind)
    version = sent.version_seen()
    if request.form.get("press") != SAVE:
        form = LadderForm.of(kind, DEFAULT_LADDER[kind], version)
        return _previewed(kind, form, restores=True)
    where = current_plan()
    rules.restore_ladder(
        db.session(), plan_id=where.id, kind=kind, version=version, by=person().id, at=clock.now()
    )
    replan_plan(db.session(), where.id, at=clock.now())
    db.session.commit()
    flash(_("The usual reminders are back, and those to come are planned anew."), "success")
    return redirect(url_for("secretariat.ladders", plan=plan) + f"#{kind.value}", 303)


def _kind_or_404(obligation: str) -> ObligationKind:
    if obligation not in set(ObligationKind):
        abort(404)
    return ObligationKind(obligation)


def _version(kind: ObligationKind) -> int | None:
    own = rules.own_ladders(db.session(), current_plan().id).get(kind)
    return own.version if own else None


def _save(kind: ObligationKind, form: LadderForm) -> None:
    session, where = db.session(), current_plan()
    rules.change_ladder(
        session,
        plan_id=where.id,
        kind=kind,
        steps=form.ladder(kind),
        version=form.version_seen(),
        by=person().id,
        at=clock.now(),
    )
    replan_plan(session, where.id, at=clock.now())
    db.session.commit()


def _editing(
    kind: ObligationKind, form: LadderForm, *, refused: str = "", code: int = 200
) -> ResponseReturnValue:
    steps = rules.ladder_of(db.session(), current_plan().id)[kind]
    page = render_template(
        "secretariat/ladder.html",
        form=form,
        kind=kind.value,
        name=letter_words.matters()[kind.value],
        about=ladder_words.about()[kind],
        standing=[(ladder_words.when(kind, one), ladder_words.to_whom(one)) for one in steps],
        is_own=form.version.data != USUAL,
        most=MOST_STEPS,
        refused=refused,
    )
    return page, code


def _refused(kind: ObligationKind, form: LadderForm, error: StaleVersion) -> ResponseReturnValue:
    """Somebody was faster: what was typed, beside what stands now."""
    db.session.rollback()
    version = _version(kind)
    form.version.data = USUAL if version is None else str(version)
    return _editing(kind, form, refused=sentence_of(error), code=409)


def _previewed(kind: ObligationKind, form: LadderForm, *, restores: bool = False) -> ResponseReturnValue:
    """What the change does to the coming days. Raises InvalidInput when the ladder cannot stand."""
    now = rules.ladder_of(db.session(), current_plan().id)
    new = changed_ladder(now, kind, form.ladder(kind))
    found = _effect_of(new)
    return render_template(
        "secretariat/change_ladder.html",
        form=form,
        kind=kind.value,
        name=letter_words.matters()[kind.value],
        steps=[(ladder_words.when(kind, one), ladder_words.to_whom(one)) for one in new[kind]],
        same=new[kind] == now[kind],
        restores=restores,
        preview=found,
        counts={effect.value: found.count(effect) for effect in Effect},
        by_day=[(day, [_said(one) for one in some]) for day, some in groupby(found.changes, key=_day)],
        ahead=AHEAD,
    )


def _effect_of(new: Ladder) -> LadderPreview:
    instead = rules.Ladders(db.session(), {current_plan().id: new})
    return what_changes(letters_to_come(), letters_to_come(instead))


def letters_to_come(ladders: rules.Ladders | None = None) -> list[ForecastLetter]:
    """The plan's letters of the coming AHEAD days, by its own rules or by others."""
    session, plan_id, today = db.session(), current_plan().id, clock.today()
    owed = chain(
        rounds.open_obligations(session, today=today, plan_id=plan_id),
        deadlines.open_obligations(session, today=today, plan_id=plan_id),
    )
    return forecast(session, obligations=owed, now=clock.now(), days=AHEAD, ladders=ladders)


def _day(one: LetterChange) -> date:
    return one.on


def _said(one: LetterChange) -> tuple[LetterChange, list[tuple[str, str]], list[tuple[str, str]]]:
    """A letter that changes, with the title and the reason of what comes in and of what leaves it."""
    more, less = (
        [(line.title, letter_words.reason(found.obligation_kind.value, found.step)) for line, found in some]
        for some in (one.more, one.less)
    )
    return one, more, less
