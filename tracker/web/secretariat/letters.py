"""The letters of a plan: what was sent and what waits, and the words of each."""

from __future__ import annotations

from collections.abc import Sequence

from flask import abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.extensions import db
from tracker.mail.letters import Letter, LetterContext, contact_for, kind_named
from tracker.mail.models import AttemptNote, MailState
from tracker.plans import ledger
from tracker.statuses.letter_contents import contents_of
from tracker.web import letter_words
from tracker.web.guards import current_plan
from tracker.web.secretariat import attempt_words
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.loading import asked_id
from tracker.web.viewer import rights


@blueprint.get("/<plan>/letters")
def letters(plan: str) -> ResponseReturnValue:
    """The letters of the plan, newest first, a hundred a page; `state` and `before` choose.

    On the first page those stand above that need a decision, however old they are.
    """
    session, plan_id = db.session(), current_plan().id
    chosen = request.args.get("state", "")
    state = MailState(chosen) if chosen in set(MailState) else None
    before = asked_id("before")
    found = ledger.letters_of(session, rights(), plan_id, state=state, before=before)
    counts = ledger.letter_counts(session, rights(), plan_id)
    undecided: Sequence[ledger.LetterLine] = ()
    if counts.get(MailState.needs_human) and state is None and before is None:
        undecided = ledger.letters_of(session, rights(), plan_id, state=MailState.needs_human)
    shown = [*found[: ledger.A_PAGE], *undecided]
    return render_template(
        "secretariat/letters.html",
        letters=found[: ledger.A_PAGE],
        undecided=undecided[: ledger.A_PAGE],
        contents=contents_of(session, ((one.id, one.payload) for one in shown), plan_id=plan_id),
        next_before=found[ledger.A_PAGE - 1].id if len(found) > ledger.A_PAGE else None,
        before=before,
        counts=counts,
        state=state.value if state else "",
        kinds=letter_words.kinds(),
        states=letter_words.states(),
        reason=letter_words.reason,
    )


@blueprint.get("/<plan>/letters/<int:mail_id>")
def letter(plan: str, mail_id: int) -> ResponseReturnValue:
    """One letter: what it is about, its words as they were sent or would be now, and what happened to it."""
    session, opened = db.session(), letter_or_404(mail_id)
    mail = opened.mail
    sent = ledger.text_as_sent(mail)
    preview = _preview(opened) if sent is None and mail.state is MailState.queued else None
    notes = ledger.notes_of(session, mail.id)
    decided = any(one.note is AttemptNote.human for one in notes)
    deciders = ledger.deciders_of(session, mail.id) if decided else {}
    return render_template(
        "secretariat/letter.html",
        mail=mail,
        name=opened.name,
        text=sent or (preview.text if preview else None),
        subject=mail.subject or (preview.subject if preview else ""),
        is_preview=preview is not None,
        contents=contents_of(session, [(mail.id, mail.payload)], plan_id=current_plan().id).get(mail.id, []),
        happenings=attempt_words.happenings(notes, {what: iter(who) for what, who in deciders.items()}),
        kinds=letter_words.kinds(),
        states=letter_words.states(),
        item_states=letter_words.item_states(),
        reason=letter_words.reason,
    )


def letter_or_404(mail_id: int) -> ledger.OpenedLetter:
    """A letter of the plan in the address."""
    opened = ledger.letter_for(db.session(), rights(), current_plan().id, mail_id)
    if opened is None:
        abort(404)
    return opened


def _preview(opened: ledger.OpenedLetter) -> Letter | None:
    """The letter as it would read now, without the links that are its reader's alone; None for one that is
    nothing but such a link.
    """
    kind = kind_named(opened.mail.kind)
    if kind.sensitive:
        return None
    context = LetterContext(
        base_url=current_app.extensions["settings"].base_url.rstrip("/"),
        language=opened.language,
        name=opened.name,
        now=clock.now(),
        contact=contact_for(db.session(), opened.mail.plan_id, opened.mail.address),
    )
    return kind.render(db.session(), opened.mail, context)
