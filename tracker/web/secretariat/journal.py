"""The journal of an initiative, with who read its drafts; and the plan's whole journal, for its leads."""

from __future__ import annotations

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from tracker.extensions import db
from tracker.rounds.journal import actors, initiative_journal, looks_at_initiative, whole_journal
from tracker.web import journals
from tracker.web.addresses import url_for
from tracker.web.guards import current_plan, lead_only
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.loading import asked_id, initiative_or_404
from tracker.web.viewer import rights


@blueprint.get("/<plan>/initiatives/<int:initiative_id>/journal")
def journal(plan: str, initiative_id: int) -> ResponseReturnValue:
    """A hundred entries a page, newest first; `before` goes on. Who read drafts stands on the first."""
    initiative, before = initiative_or_404(initiative_id), asked_id("before")
    session = db.session()
    return render_template(
        "secretariat/journal.html",
        **journals.page_of(initiative_journal(session, initiative.id, before=before)),
        initiative=initiative,
        before=before,
        is_lead=current_plan().id in rights().leads,
        looks=looks_at_initiative(session, initiative.id) if before is None else (),
    )


@blueprint.get("/<plan>/journal")
def plan_journal(plan: str) -> ResponseReturnValue:
    """Everything that was journaled of this plan; person, fact, object and days in the address choose."""
    lead_only()
    session, before, chosen = db.session(), journals.number("before"), journals.chosen()
    choice = journals.choice(current_plan().id)
    page = journals.page_of(whole_journal(session, choice, before=before))
    older = page["oldest"]
    return render_template(
        "secretariat/plan_journal.html",
        **page,
        **journals.verification(),
        first=url_for("secretariat.plan_journal", plan=plan, **chosen) if before else None,
        older=url_for("secretariat.plan_journal", plan=plan, **chosen, before=older) if older else None,
        chosen=chosen,
        people=actors(session, plan_id=current_plan().id),
    )


@blueprint.post("/<plan>/journal/verify")
def verify_plan_journal(plan: str) -> ResponseReturnValue:
    """The chain is one for all plans, so all of it is looked at."""
    lead_only()
    journals.verify_now()
    db.session.commit()
    return redirect(url_for("secretariat.plan_journal", plan=plan), 303)
