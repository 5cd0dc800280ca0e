"""The whole journal, what the verifier found last, and asking it again."""

from __future__ import annotations

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from tracker.extensions import db
from tracker.rounds.journal import actors, whole_journal
from tracker.web import journals
from tracker.web.addresses import url_for
from tracker.web.admin.blueprint import blueprint


@blueprint.get("/journal")
def journal() -> ResponseReturnValue:
    """A hundred entries a page, newest first; person, fact, object and days in the address choose."""
    session, before, chosen = db.session(), journals.number("before"), journals.chosen()
    page = journals.page_of(whole_journal(session, journals.choice(), before=before, titles=False))
    return render_template(
        "admin/journal.html",
        **page,
        **journals.verification(),
        first=url_for("admin.journal", **chosen) if before else None,
        older=url_for("admin.journal", **chosen, before=page["oldest"]) if page["oldest"] else None,
        chosen=chosen,
        people=actors(session),
    )


@blueprint.post("/journal/verify")
def verify_journal() -> ResponseReturnValue:
    journals.verify_now()
    db.session.commit()
    return redirect(url_for("admin.journal"), 303)
