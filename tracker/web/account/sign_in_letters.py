"""Signing in with a letter: asking for one, and the button under its link.

The link works only in the browser that asked. Opening it uses nothing up, for mail scanners open links too:
the button does.
"""

from __future__ import annotations

from flask import abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.accounts import asking, one_use, tokens
from tracker.accounts.models import TokenPurpose
from tracker.extensions import db
from tracker.web.account.blueprint import blueprint
from tracker.web.account.forms import LetterForm
from tracker.web.account.means import means
from tracker.web.account.signing_in import letter_on_its_way, open_for
from tracker.web.guards import safe_next
from tracker.web.viewer import client_address, secret

BROWSER, TARGET = "browser", "after_letter"


@blueprint.route("/sign-in/letter", methods=["GET", "POST"])
def ask_letter() -> ResponseReturnValue:
    """Ask for a letter. The answer is the same whether or not the address is known."""
    _only_where_on()
    form = LetterForm()
    if not form.validate_on_submit():
        page = render_template("account/ask_letter.html", form=form)
        return page, 400 if form.is_submitted() else 200
    browser = session.setdefault(BROWSER, tokens.new_token())
    session[TARGET] = safe_next(request.args.get("next"))
    asking.request_sign_in(
        db.session(),
        email=form.email.data,
        address=client_address(),
        browser=browser,
        secret=secret(),
        at=clock.now(),
        real_at=clock.real_now(),
    )
    db.session.commit()
    return letter_on_its_way("account.ask_letter")


@blueprint.route("/sign-in/letter/<token>", methods=["GET", "POST"])
def use_letter(token: str) -> ResponseReturnValue:
    _only_where_on()
    at, browser = clock.real_now(), session.get(BROWSER, "")
    if request.method != "POST":
        person = one_use.token_person(
            db.session(), token, purpose=TokenPurpose.sign_in, browser=browser, at=at
        )
        return render_template("account/use_letter.html", person=person) if person else _refused()
    target = session.get(TARGET)
    person = asking.sign_in_by(db.session(), token, browser=browser, at=at)
    if person is None:
        db.session.rollback()
        return _refused()
    open_for(person)
    db.session.commit()
    return redirect(safe_next(target) or url_for("public.home"), 303)


def _refused() -> ResponseReturnValue:
    """One text for a letter that was used, is too old, was replaced, belongs elsewhere or was never sent."""
    return render_template("account/letter_refused.html"), 404


def _only_where_on() -> None:
    if not means().letters:
        abort(404)
