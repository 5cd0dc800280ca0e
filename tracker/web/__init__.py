"""Everything that knows of a request. One blueprint an audience, each with one guard."""

from __future__ import annotations

from flask import Flask

from tracker.extensions import babel, csrf, login_manager
from tracker.web import errors, headers, reads, requests, template_helpers, viewer
from tracker.web.account.blueprint import blueprint as account
from tracker.web.admin.blueprint import blueprint as admin
from tracker.web.coordinator.blueprint import blueprint as coordinator
from tracker.web.demo.blueprint import blueprint as demo
from tracker.web.form_links.blueprint import blueprint as form_links
from tracker.web.owner.blueprint import blueprint as owner
from tracker.web.public.blueprint import blueprint as public
from tracker.web.reader.blueprint import blueprint as reader
from tracker.web.searching.blueprint import blueprint as searching
from tracker.web.secretariat.blueprint import blueprint as secretariat


def register(app: Flask) -> None:
    """Bind the web to an application."""
    requests.register(app)
    csrf.init_app(app)
    login_manager.init_app(app)
    viewer.register(login_manager)
    viewer.remember_visits(app)
    reads.register(app)
    babel.init_app(app, locale_selector=viewer.language)
    headers.register(app)
    errors.register(app)
    template_helpers.register(app)
    for blueprint in (public, account, form_links, owner, coordinator, reader, searching, secretariat, admin):
        app.register_blueprint(blueprint)
    if app.extensions["settings"].demo:
        app.register_blueprint(demo)
