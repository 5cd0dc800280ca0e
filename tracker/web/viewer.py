"""Who is asking: the signed-in browser, its person's rights, and the language of the page."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import cast

from flask import Flask, current_app, g, request, session
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError

from tracker import clock
from tracker.accounts.models import Person, SignInSession
from tracker.extensions import db
from tracker.plans.rights import Rights, rights_of
from tracker.web.watching import signed_in_browser

LANGUAGES = ("da", "en")
_SEEN_EVERY = timedelta(minutes=1)

log = logging.getLogger(__name__)


class Viewer(UserMixin):  # type: ignore[misc]
    """A signed-in browser. Its Flask-Login id is the token of its session, never the person's id."""

    def __init__(self, token: str, signed_in: SignInSession) -> None:
        self.token = token
        self.session_id = signed_in.id
        self.person = signed_in.person

    def get_id(self) -> str:
        return self.token


def register(manager: LoginManager) -> None:
    manager.user_loader(_load)
    manager.session_protection = None  # the session is a row of ours, not a fingerprint of the browser


def _load(token: str) -> Viewer | None:
    at = clock.real_now()
    found = signed_in_browser(db.session(), token, at=at)
    if found is None:
        return None
    if at - found.last_seen_at > _SEEN_EVERY:
        g.seen = found.id
    return Viewer(token, found)


def remember_visits(app: Flask) -> None:
    """Note when a browser was last seen, once a minute, when its request has been answered.

    In a transaction of its own, so that reading a page writes nothing else; and only after the request's,
    which on SQLite may hold the only write lock there is.
    """

    @app.teardown_request
    def _note(_error: BaseException | None) -> None:
        seen = g.pop("seen", None)
        if seen is None:
            return
        db.session.rollback()
        try:
            with db.engine.begin() as connection:
                connection.execute(
                    update(SignInSession)
                    .where(SignInSession.id == seen)
                    .values(last_seen_at=clock.real_now())
                )
        except SQLAlchemyError:
            log.warning("could not note that a browser was seen")  # the page was answered all the same


def signed_in() -> Viewer | None:
    """The signed-in browser of this request, or None."""
    viewer = current_user._get_current_object()
    return cast(Viewer, viewer) if viewer.is_authenticated else None


def person() -> Person:
    """The signed-in person, in a view behind a guard."""
    viewer = signed_in()
    assert viewer is not None, "this view lacks its guard"
    return viewer.person


def rights() -> Rights:
    """The rights of whoever asks, read once a request."""
    if "rights" not in g:
        viewer = signed_in()
        g.rights = (
            rights_of(
                db.session(),
                viewer.person.id,
                administrator=viewer.person.is_administrator,
                on=clock.today(),
            )
            if viewer
            else Rights()
        )
    return cast(Rights, g.rights)


def language() -> str:
    """The language of the page: chosen in this browser, else the person's, else Danish."""
    if "language" not in g:
        chosen = session.get("language")
        viewer = signed_in() if request else None
        g.language = chosen if chosen in LANGUAGES else (viewer.person.language.value if viewer else "da")
    return cast(str, g.language)


def secret() -> bytes:
    """The installation's secret, for tokens that are derived."""
    return cast(str, current_app.config["SECRET_KEY"]).encode()


def client_address() -> str:
    """Who asks, for the throttle: the peer, or whom the proxies of the settings were asked by.

    What stands further left in the header was written by whoever asked, and counts for nothing.
    """
    proxies: int = current_app.extensions["settings"].proxies
    forwarded = ",".join(request.headers.getlist("X-Forwarded-For")).split(",")
    if 0 < proxies <= len(forwarded) and forwarded[-proxies].strip():
        return str(forwarded[-proxies].strip())
    return request.remote_addr or ""
