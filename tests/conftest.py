"""What every test may ask for. The tools behind it are in tests/support."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from tests.support.ports import free_port

if TYPE_CHECKING:
    from flask import Flask
    from playwright.sync_api import Browser, Page

    import config
    from tests.support.client import StrictClient
    from tests.support.postgres import Server
    from tests.support.smtp import Peer

ROOT = Path(__file__).resolve().parents[1]

# The domain's tests import neither the application nor a server: what a fixture needs, it imports itself.


def pytest_configure(config: pytest.Config) -> None:
    """The settings of the person who runs the tests are not settings of the tests."""
    for name in [name for name in os.environ if name.startswith(("TRACKER_", "FLASK_"))]:
        del os.environ[name]
    # How long a machine takes is measured in benchmarks; a busy one must not fail a property.
    hypothesis.settings.register_profile(
        "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
    )
    hypothesis.settings.load_profile("any machine")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" not in metafunc.fixturenames:
        return
    if metafunc.definition.get_closest_marker("postgresql"):
        metafunc.parametrize("database_kind", ["postgresql"], indirect=True)
    elif metafunc.definition.get_closest_marker("both_databases"):
        metafunc.parametrize("database_kind", ["sqlite", "postgresql"], indirect=True)


# --- databases ------------------------------------------------------------------------------------


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """`sqlite`; with @pytest.mark.both_databases also `postgresql`, with @pytest.mark.postgresql only
    that.
    """
    kind: str = getattr(request, "param", "sqlite")
    return kind


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A running PostgreSQL server."""
    from tests.support.postgres import running_server

    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.support.databases import migrate

    folder = tmp_path_factory.mktemp("template")
    migrate(f"sqlite:///{folder / 'template.db'}", data_folder=folder)
    return folder / "template.db"


@pytest.fixture(scope="session")
def _postgresql_template(postgresql: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    from tests.support.databases import migrate

    with postgresql.fresh_database() as name:
        migrate(postgresql.database(name), data_folder=tmp_path_factory.mktemp("template"))
        yield name


@pytest.fixture
def empty_database_url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database without a table, of this test alone."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'tracker.db'}"
        return
    server: Server = request.getfixturevalue("postgresql")
    with server.fresh_database() as name:
        yield server.database(name)


@pytest.fixture
def database_url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a freshly migrated database, of this test alone."""
    if database_kind == "sqlite":
        path = tmp_path / "tracker.db"
        shutil.copyfile(request.getfixturevalue("_sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: Server = request.getfixturevalue("postgresql")
    with server.fresh_database(like=request.getfixturevalue("_postgresql_template")) as name:
        yield server.database(name)


# --- the application ------------------------------------------------------------------------------


@pytest.fixture
def mail_port() -> int:
    """Where the application sends its letters; nobody listens there unless the test asks for `smtp_peer`."""
    return free_port()


@pytest.fixture
def settings(
    database_url: str, mail_port: int, tmp_path: Path, request: pytest.FixtureRequest
) -> config.Settings:
    """The settings of the application under test; @pytest.mark.settings(demo=True) changes some."""
    from tests.support.databases import make_settings

    marker = request.node.get_closest_marker("settings")
    return make_settings(
        database_url=database_url,
        mail_port=mail_port,
        data_folder=tmp_path / "data",
        **(marker.kwargs if marker else {}),
    )


@pytest.fixture
def app(settings: config.Settings) -> Iterator[Flask]:
    """The application on a freshly migrated database. No context is open: `with app.app_context():`
    opens one.
    """
    from tests.support import compiled
    from tests.support.client import StrictClient, Watch
    from tracker.application import create_app
    from tracker.extensions import db

    compiled.share_compiled_addresses()
    app = create_app(settings)
    compiled.share_compiled_templates(app)
    with app.app_context():
        compiled.share_compiled_statements(db.engine)
    app.testing = True
    app.test_client_class = StrictClient
    app.extensions["tests.watch"] = Watch(app)
    yield app
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def client(app: Flask) -> StrictClient:
    """A visitor who is not signed in; app.test_client() gives further ones."""
    from tests.support.client import StrictClient

    client = app.test_client()
    assert isinstance(client, StrictClient)
    return client


@pytest.fixture
def smtp_peer(mail_port: int, tmp_path: Path) -> Iterator[Peer]:
    """A real SMTP server where the application sends its letters; its record is tmp_path/accepted.jsonl."""
    from tests.support import smtp

    with smtp.peer(port=mail_port, record=tmp_path / "accepted.jsonl") as peer:
        yield peer


# --- the browser ----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium a session."""
    from tests.support.browser import running_browser

    with running_browser() as browser:
        yield browser


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The application served on a real port; its address."""
    from tests.support.site import serving

    with serving(app) as url:
        yield url


@pytest.fixture
def new_page(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """`new_page(viewport=PHONE)`: a page in a browser of its own, as if another person sat there."""
    from tests.support.browser import visitor

    with ExitStack() as visitors:

        def open_page(**options: Any) -> Page:
            return visitors.enter_context(visitor(browser, base_url=site, **options)).new_page()

        yield open_page


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """A page in a fresh browser at a desktop's size; page.goto("/") opens the site."""
    return new_page()


# --- the real memo --------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def seed() -> Path:
    """The folder of last year's memo, which is not part of the project: SEED_DIR, else ../shared/seed
    beside it.
    """
    folder = Path(os.environ.get("SEED_DIR", ROOT.parent / "shared" / "seed"))
    if not folder.is_dir():
        pytest.skip(f"the real memo is not here: no folder {folder} (name another in SEED_DIR)")
    return folder
