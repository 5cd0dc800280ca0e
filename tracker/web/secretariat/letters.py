"""The letters of a plan: what was sent and what waits, and the words of each."""

from __future__ import annotations

from flask import abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.extensions import db
from tracker.mail.letters import Letter, LetterContext, kind_named
from tracker.mail.models import MailState
from tracker.plans import ledger
from tracker.web.guards import current_plan
from tracker.web.secretariat import letter_words
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.loading import asked_id
from tracker.web.viewer import rights, secret


@blueprint.get("/<plan>/letters")
def letters(plan: str) -> ResponseReturnValue:
    """The letters of the plan, newest first, a hundred a page; `state` and `before` choose."""
    session, plan_id = db.session(), current_plan().id
    chosen = request.args.get("state", "")
    state = MailState(chosen) if chosen in set(MailState) else None
    before = asked_id("before")
    found = ledger.letters_of(session, rights(), plan_id, state=state, before=before)
    return render_template(
        "secretariat/letters.html",
        letters=found[: ledger.A_PAGE],
        next_before=found[ledger.A_PAGE - 1].id if len(found) > ledger.A_PAGE else None,
        before=before,
        counts=ledger.letter_counts(session, rights(), plan_id),
        state=state.value if state else "",
        kinds=letter_words.kinds(),
        states=letter_words.states(),
    )


@blueprint.get("/<plan>/letters/<int:mail_id>")
def letter(plan: str, mail_id: int) -> ResponseReturnValue:
    """One letter: its words as they were sent, or as they would be sent now."""
    opened = ledger.letter_for(db.session(), rights(), current_plan().id, mail_id)
    if opened is None:
        abort(404)
    sent = ledger.text_as_sent(opened.mail)
    preview = _preview(opened) if sent is None and opened.mail.state is MailState.queued else None
    return render_template(
        "secretariat/letter.html",
        mail=opened.mail,
        name=opened.name,
        text=sent or (preview.text if preview else None),
        subject=opened.mail.subject or (preview.subject if preview else ""),
        is_preview=preview is not None,
        kinds=letter_words.kinds(),
        states=letter_words.states(),
    )


def _preview(opened: ledger.OpenedLetter) -> Letter | None:
    """The letter as it would read now; None for one that carries a secret."""
    kind = kind_named(opened.mail.kind)
    if kind.sensitive:
        return None
    context = LetterContext(
        base_url=current_app.extensions["settings"].base_url.rstrip("/"),
        language=opened.language,
        name=opened.name,
        now=clock.now(),
        secret=secret(),
    )
    return kind.render(db.session(), opened.mail, context)
