"""Signing in at the municipality's own identity provider, where the settings name one."""

from __future__ import annotations

import logging
from typing import Any

from flask import abort, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from tracker import clock
from tracker.accounts import identities
from tracker.accounts.identities import Stranger
from tracker.accounts.provider import Begun, Provider, ProviderError
from tracker.extensions import db
from tracker.web.account.blueprint import blueprint
from tracker.web.account.forms import SignInForm
from tracker.web.account.means import means
from tracker.web.account.signing_in import open_for, sign_in_page
from tracker.web.guards import safe_next

_KEPT = "work_account"

log = logging.getLogger(__name__)


@blueprint.get("/sign-in/work-account")
def to_provider() -> ResponseReturnValue:
    """To the provider's own sign-in page, and back from there."""
    chosen, target = _provider(), safe_next(request.args.get("next"))
    from tracker.accounts import openid  # 16 MB, for who has a provider

    try:
        url, begun = openid.begin(chosen, now=clock.real_now().timestamp())
    except ProviderError as error:
        log.warning("signing in with a work account: %s", error)
        return _refused(
            gettext("Work accounts cannot be reached at the moment. Try again in some minutes."), 503
        )
    session[_KEPT] = {**begun.values(), "target": target}
    return redirect(url, 303)


@blueprint.get("/sign-in/work-account/back")
def from_provider() -> ResponseReturnValue:
    """The provider's answer. What cannot be trusted signs nobody in and stores nothing."""
    chosen, now = _provider(), clock.real_now()
    kept: Any = session.get(_KEPT)
    from tracker.accounts import openid

    try:
        account = openid.finish(chosen, _begun(kept), request.args.to_dict(), now=now.timestamp())
    except ProviderError as error:
        log.warning("signing in with a work account: %s", error)
        return _refused(gettext("Signing in with your work account did not succeed. Try once more."), 400)
    session.pop(_KEPT)
    person = identities.person_of(db.session(), account, at=now)
    if isinstance(person, Stranger):
        db.session.rollback()
        return _refused(_sentence(person), 400)
    open_for(person)
    db.session.commit()
    return redirect(safe_next(kept.get("target")) or url_for("public.home"), 303)


def _provider() -> Provider:
    if not means().provider:
        abort(404)
    settings = current_app.extensions["settings"]
    return Provider(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret_file.read_text(encoding="utf-8").strip(),
        redirect_uri=settings.base_url + url_for("account.from_provider"),
    )


def _begun(kept: Any) -> Begun | None:
    names = ("state", "nonce", "verifier", "at")
    return Begun(**{name: kept[name] for name in names}) if isinstance(kept, dict) else None


def _sentence(stranger: Stranger) -> str:
    sentences: dict[Stranger, str] = {
        Stranger.unknown: gettext(
            "Your work account is right, but nobody here has its e-mail address. "
            "Ask the secretariat to add you."
        ),
        Stranger.unconfirmed: gettext(
            "Your work account has no confirmed e-mail address, by which you could be found here. "
            "Ask those who look after the accounts."
        ),
        Stranger.another: gettext(
            "Another work account is connected with your e-mail address here. Ask an administrator."
        ),
    }
    return sentences[stranger]


def _refused(sentence: str, status: int) -> ResponseReturnValue:
    form = SignInForm(formdata=None)
    form.form_errors = [sentence]
    return sign_in_page(form, status)
