"""Signing in and out, and choosing a password from a letter."""

from __future__ import annotations

import logging

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import login_user, logout_user
from werkzeug.exceptions import abort

from tracker import clock
from tracker.accounts import actions, asking, one_use
from tracker.accounts.models import Person, TokenPurpose
from tracker.accounts.queries import live_session
from tracker.accounts.throttle import network_of
from tracker.domain.errors import InvalidInput
from tracker.extensions import db
from tracker.web.account.blueprint import blueprint
from tracker.web.account.forms import ForgottenPasswordForm, NewPasswordForm, SignInForm
from tracker.web.account.means import means
from tracker.web.forms import attach
from tracker.web.guards import safe_next
from tracker.web.viewer import Viewer, client_address, secret, signed_in

log = logging.getLogger(__name__)

_PURPOSES = {"invitation": TokenPurpose.invitation, "new-password": TokenPurpose.password_reset}


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    target = safe_next(request.args.get("next"))
    if request.method in {"GET", "HEAD"} and signed_in() is not None:
        return redirect(target or url_for("public.home"), 303)
    if request.method == "POST" and not means().passwords:
        abort(404)
    if not form.validate_on_submit():
        return sign_in_page(form, 400 if form.is_submitted() else 200)
    person = actions.check_password(
        db.session(),
        email=form.email.data,
        password=form.password.data,
        address=client_address(),
        at=clock.real_now(),
    )
    if person is None:
        log.warning("a sign-in with a password failed, from %a", network_of(client_address()))
        db.session.commit()  # the failure is counted
        form.form_errors = [gettext("The e-mail address or the password is not right. Try again.")]
        return sign_in_page(form, 400)
    open_for(person)
    db.session.commit()
    return redirect(target or url_for("public.home"), 303)


def sign_in_page(form: SignInForm, status: int) -> ResponseReturnValue:
    page = render_template(
        "account/sign_in.html", form=form, means=means(), target=safe_next(request.args.get("next"))
    )
    return page, status


def open_for(person: Person) -> None:
    """Sign this browser in with a new session; nothing of the old one stays but the language."""
    named = request.headers.get("User-Agent", "")
    token = actions.open_session(db.session(), person, at=clock.real_now(), user_agent=named)
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    found = live_session(db.session(), token, at=clock.real_now())
    assert found is not None
    login_user(Viewer(token, found))


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    viewer = signed_in()
    if viewer is not None:
        actions.end_session(db.session(), viewer.session_id, at=clock.real_now())
        db.session.commit()
    logout_user()
    session.clear()
    flash(gettext("You have signed out."), "success")
    answer = redirect(url_for("public.home"), 303)
    answer.headers["Clear-Site-Data"] = '"cache"'  # pages that the next at this browser might go back to
    return answer


@blueprint.route("/forgotten-password", methods=["GET", "POST"])
def forgotten_password() -> ResponseReturnValue:
    """Ask for a letter. The answer is the same whether or not the address is known."""
    _only_with_passwords()
    form = ForgottenPasswordForm()
    if not form.validate_on_submit():
        page = render_template("account/forgotten_password.html", form=form)
        return page, 400 if form.is_submitted() else 200
    asking.request_reset(
        db.session(),
        email=form.email.data,
        address=client_address(),
        secret=secret(),
        at=clock.now(),
        real_at=clock.real_now(),
    )
    db.session.commit()
    return letter_on_its_way("account.sign_in")


def letter_on_its_way(endpoint: str) -> ResponseReturnValue:
    """The answer that everybody gets who asks for a letter, on a page."""
    said = gettext("If the address belongs to somebody here, a letter with a link is on its way to it.")
    flash(said, "success")
    return redirect(url_for(endpoint), 303)


@blueprint.route("/<any('invitation', 'new-password'):purpose>/<token>", methods=["GET", "POST"])
def choose_password(purpose: str, token: str) -> ResponseReturnValue:
    """The link of a letter. Opening it uses nothing up: only a chosen password does.

    Where nobody signs in with a password it leads to the sign-in page, which says what to do instead.
    """
    if not means().passwords:
        return redirect(url_for("account.sign_in"), 303)
    at = clock.real_now()
    person = one_use.token_person(db.session(), token, purpose=_PURPOSES[purpose], at=at)
    if person is None:
        return _link_used()
    form = NewPasswordForm()
    if not form.validate_on_submit():
        return _choose_page(form, person, 400 if form.is_submitted() else 200)
    # Used up first: of two browsers that send it at the same moment, the second waits here and gets nothing.
    if not one_use.use_token(db.session(), token, at=at):
        db.session.rollback()
        return _link_used()
    try:
        actions.choose_password(db.session(), person, form.password.data, at=at)
    except InvalidInput as error:
        db.session.rollback()
        attach(form, error)
        return _choose_page(form, person, 400)
    open_for(person)
    db.session.commit()
    flash(gettext("Your password has been chosen, and you are signed in."), "success")
    return redirect(url_for("public.home"), 303)


def _link_used() -> ResponseReturnValue:
    return render_template("account/link_used.html"), 404


def _choose_page(form: NewPasswordForm, person: Person, status: int) -> ResponseReturnValue:
    return render_template("account/choose_password.html", form=form, person=person), status


def _only_with_passwords() -> None:
    if not means().passwords:
        abort(404)


def required_person() -> Person:
    """The signed-in person of the account's own pages, in a blueprint that is open to all."""
    viewer = signed_in()
    if viewer is None:
        abort(redirect(url_for("account.sign_in", next=request.path), 303))
    return viewer.person
