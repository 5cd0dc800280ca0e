"""The letters of a plan: what was sent, what waits, what is to come and why."""

from __future__ import annotations

from itertools import chain, groupby

from flask import abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.deadlines import queries as deadlines
from tracker.extensions import db
from tracker.mail.letters import Letter, LetterContext, kind_named
from tracker.mail.models import MailState
from tracker.plans import ledger
from tracker.reminders.forecast import ForecastLetter, forecast
from tracker.rounds import obligations as rounds
from tracker.web.guards import current_plan
from tracker.web.secretariat import letter_words
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.loading import asked_id
from tracker.web.viewer import rights, secret

PERIODS = (14, 30, 60)


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


@blueprint.get("/<plan>/letters/coming")
def coming_letters(plan: str) -> ResponseReturnValue:
    """Every letter of the coming days if nobody does anything meanwhile, with the reason for each line."""
    session, plan_id, now = db.session(), current_plan().id, clock.now()
    days = request.args.get("days", type=int)
    days = days if days in PERIODS else PERIODS[0]
    obligations = chain(
        rounds.open_obligations(session, today=clock.today(), plan_id=plan_id),
        deadlines.open_obligations(session, today=clock.today(), plan_id=plan_id),
    )
    found = forecast(session, obligations=obligations, now=now, days=days)
    return render_template(
        "secretariat/coming_letters.html",
        by_day=[
            (day, [_summary(one) for one in some]) for day, some in groupby(found, key=lambda one: one.on)
        ],
        total=len(found),
        days=days,
        periods=PERIODS,
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


def _summary(one: ForecastLetter) -> tuple[str, str, list[tuple[str, str, str]]]:
    """Name, address, and for each line its title, its address and the reason why it is in the letter."""
    lines = [
        (line.title, line.link, letter_words.reason(kind, step))
        for line, (kind, step) in zip(one.lines, one.why, strict=True)
    ]
    return one.recipient.name, one.recipient.email, lines
