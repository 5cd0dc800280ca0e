"""A test client that is stricter than a visitor.

Each request runs in a context of its own, as in production: it never sees what the test has open. After
it the client fails the test when the request wrote and did not commit, when it ran more queries than
its budget, or when the page it returned is not sound (`tests.support.pages`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import Context
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, event
from werkzeug.test import TestResponse

from tests.support import forms, pages
from tracker.extensions import db

_NOT_QUERIES = ("PRAGMA", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT", "SET ")
_WRITES = ("INSERT", "UPDATE", "DELETE")


class Watch:
    """What a request does to the database, seen at the engine."""

    def __init__(self, app: Flask) -> None:
        self.statements: list[str] = []
        self.forgotten: list[str] = []
        self._uncommitted: dict[int, list[str]] = {}
        with app.app_context():
            for engine in db.engines.values():
                self._listen(engine)
        # Registered last, so it runs before the session is closed, and that is a rollback.
        app.teardown_request(self._look)

    def start(self) -> None:
        self.statements.clear()
        self.forgotten.clear()
        self._uncommitted.clear()

    def _listen(self, engine: Engine) -> None:
        event.listen(engine, "before_cursor_execute", self._executed)
        for ending in ("commit", "rollback"):
            event.listen(engine, ending, self._ended)

    def _executed(
        self,
        connection: Connection,
        _cursor: Any,
        statement: str,
        _parameters: Any,
        _context: Any,
        _many: bool,
    ) -> None:
        text = statement.lstrip()
        if text.upper().startswith(_NOT_QUERIES):
            return
        self.statements.append(statement)
        if text.upper().startswith(_WRITES):
            self._uncommitted.setdefault(id(connection.connection.dbapi_connection), []).append(statement)

    def _ended(self, connection: Connection) -> None:
        if connection.invalidated:  # thrown away on purpose, and what it had written with it
            return
        self._uncommitted.pop(id(connection.connection.dbapi_connection), None)

    def _look(self, _error: BaseException | None) -> None:
        session = db.session()
        changed = [one for one in session.dirty if session.is_modified(one)]
        pending = [*session.new, *changed, *session.deleted]
        self.forgotten += [f"{type(one).__name__} (not even flushed)" for one in pending]
        self.forgotten += [statement for written in self._uncommitted.values() for statement in written]


class StrictClient(FlaskClient):
    """See the module. `budget=8` on a request, or `with client.query_budget(8):`, bounds its queries.

    `page=False` is for HTML that is no page of the site, such as the body of a letter.
    """

    budget: int | None = None

    @property
    def watch(self) -> Watch:
        watch: Watch = self.application.extensions["tests.watch"]
        return watch

    @contextmanager
    def query_budget(self, queries: int) -> Iterator[None]:
        """Each request inside may run at most so many queries."""
        before, self.budget = self.budget, queries
        try:
            yield
        finally:
            self.budget = before

    def submit(
        self, url: str, fields: Mapping[str, Any] | None = None, *, button: str | None = None, **kwargs: Any
    ) -> TestResponse:
        """Open the page at `url`, fill in the form with these fields, and press the button with this text.

        What a person does: hidden fields, the CSRF token among them, and everything left alone go along
        as they stand on the page. A list is several values of one name; a file is (stream, name).
        Returns the answer to the form, which is a redirect when all went well; `follow_redirects=True`
        goes on to the page it leads to.
        """
        page = self.get(url)
        assert page.status_code == 200, f"{url} answered {page.status}"
        form = forms.fill(page.get_data(as_text=True), url, fields or {}, button=button)
        values = {"query_string" if form.method == "get" else "data": form.values}
        return self.open(form.action, method=form.method.upper(), **values, **kwargs)

    def open(self, *args: Any, budget: int | None = None, page: bool = True, **kwargs: Any) -> TestResponse:
        if args and isinstance(args[0], str):
            kwargs.setdefault("base_url", self.application.extensions["settings"].base_url)
        if kwargs.get("follow_redirects"):
            return self._follow(*args, budget=budget, page=page, **kwargs)
        self.watch.start()
        if self.preserve_context:
            response = super().open(*args, **kwargs)
        else:
            response = Context().run(super().open, *args, **kwargs)
        self._check(response, budget=self.budget if budget is None else budget, page=page)
        return response

    def _follow(self, *args: Any, budget: int | None, page: bool, **kwargs: Any) -> TestResponse:
        """Follow redirects one request at a time, so that each is checked on its own."""
        kwargs.pop("follow_redirects")
        response = self.open(*args, budget=budget, page=page, **kwargs)
        for _ in range(10):
            if response.status_code not in {301, 302, 303}:
                return response
            response = self.open(response.location, budget=budget, page=page)
        raise AssertionError(f"more than ten redirects, the last to {response.location}")

    def _check(self, response: TestResponse, *, budget: int | None, page: bool) -> None:
        url = f"{response.request.method} {response.request.path}"
        statements = self.watch.statements
        if response.status_code < 400:
            assert not self.watch.forgotten, f"{url} wrote and did not commit:\n" + "\n".join(
                self.watch.forgotten
            )
        if budget is not None and len(statements) > budget:
            often = Counter(statements).most_common()
            listed = "\n".join(
                f"  {times} x {' '.join(statement.split())[:200]}" for statement, times in often
            )
            raise AssertionError(f"{url} ran {len(statements)} queries, its budget is {budget}:\n{listed}")
        if page and response.request.method != "HEAD" and pages.is_page(response):
            pages.assert_sound_page(response, url)
