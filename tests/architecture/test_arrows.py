"""Which way the arrows point: the contracts of pyproject.toml, and what they cannot say."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.source import DEFINITIONS, ROOT, Module, modules, parse

FEATURES = (
    "accounts", "plans", "deadlines", "rounds", "statuses", "succession", "initiatives", "reminders", "memos",
    "mail", "audit",
)  # fmt: skip

# What these offer to a domain module is a file, a clock, a network, chance or another process.
IMPURE = {
    "asyncio", "concurrent", "ctypes", "ftplib", "glob", "http", "io", "locale", "logging", "mmap",
    "multiprocessing", "os", "pathlib", "pickle", "platform", "random", "secrets", "select", "shelve",
    "shutil", "signal", "smtplib", "socket", "sqlite3", "ssl", "subprocess", "sys", "tempfile",
    "threading", "time", "urllib", "uuid", "webbrowser",
}  # fmt: skip

# A large library that few answers need would make every start slow and every process large; anywhere else an
# import in a function hides a cycle.
MAY_IMPORT_LATE = (
    "tracker/plans/sheets/",
    "tracker/memos/reading/",
    "tracker/memos/writing/",
    "tracker/mail/rendering.py",  # css_inline
    "tracker/web/account/work_accounts.py",  # requests, authlib, joserfc and cryptography
    "tracker/web/public/health.py",  # prometheus_client
    "tracker/cli/",
)

HUBS = {"common", "helpers", "managers", "misc", "services", "shared", "util", "utils"}


def test_the_import_contracts_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_features_know_no_request_and_no_form() -> None:
    """A feature is called by pages, jobs and the command line alike: what it needs is handed to it."""
    features = modules(*(f"tracker/{name}" for name in FEATURES))
    assert features
    assert not list(_request_in(*features))


def test_the_domain_uses_the_language_alone() -> None:
    """No package, no file, no clock: a rule can be read and tested with nothing around it."""
    domain = modules("tracker/domain")
    assert domain
    assert not list(_impurity_in(*domain))


def test_imports_inside_functions_stand_only_where_a_large_library_is_loaded() -> None:
    assert not list(_late_imports_in(*modules()))


def test_only_the_edge_commits() -> None:
    """An action may be one of several in a transaction: whoever calls it decides when that is done."""
    rooms = {"actions", "queries", "letters", "models"}
    inner = [module for module in modules() if module.name.rpartition(".")[2] in rooms]
    assert inner
    assert not list(_commits_in(*inner, *modules("tracker/domain")))


def test_there_is_no_room_for_everything() -> None:
    """Forms, models and views live with their feature or page; a hub that all import cannot be changed."""
    assert not list(_hubs_in(*modules()))


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("tracker/plans/actions.py", "from flask import request"),
        ("tracker/plans/actions.py", "from flask_login import current_user"),
        ("tracker/plans/actions.py", "import wtforms"),
    ],
)
def test_a_feature_that_reaches_for_the_request_is_caught(path: str, source: str) -> None:
    assert list(_request_in(parse(source, path=path)))


@pytest.mark.parametrize("source", ["import docx", "from pathlib import Path", "open('x')", "import time"])
def test_an_impure_rule_is_caught(source: str) -> None:
    assert list(_impurity_in(parse(source, path="tracker/domain/rule.py")))


def test_a_late_import_a_commit_and_a_hub_are_caught() -> None:
    action = parse("def act():\n    import json\n    db.session.commit()", path="tracker/plans/actions.py")
    assert list(_late_imports_in(action))
    assert list(_commits_in(action))
    assert list(_hubs_in(parse("", path="tracker/plans/utils.py")))
    assert list(_hubs_in(parse("class SignIn(FlaskForm): ...", path="tracker/web/forms.py")))


def _request_in(*features: Module) -> Iterator[str]:
    for module in features:
        for line, name in module.imports():
            if name.split(".")[0] in {"flask", "flask_login", "flask_wtf", "wtforms"}:
                yield f"{module.path}:{line} imports {name}"


def _impurity_in(*domain: Module) -> Iterator[str]:
    for module in domain:
        for line, name in module.imports():
            package = name.split(".")[0]
            foreign = package not in sys.stdlib_module_names and not name.startswith("tracker.domain")
            if foreign or package in IMPURE:
                yield f"{module.path}:{line} imports {name}"
        for line, called, _call in module.calls():
            if called in {"open", "print", "input"}:
                yield f"{module.path}:{line} calls {called}"


def _late_imports_in(*some: Module) -> Iterator[str]:
    for module in some:
        if not module.path.startswith(MAY_IMPORT_LATE):
            yield from (
                f"{module.path}:{line} imports {name}" for line, name in module.imports_in_functions()
            )


def _commits_in(*some: Module) -> Iterator[str]:
    for module in some:
        for line, called, _call in module.calls():
            if called.endswith(".commit"):
                yield f"{module.path}:{line} commits"


def _hubs_in(*some: Module) -> Iterator[str]:
    for module in some:
        words = module.name.split(".")
        above = words[:-1] in (["tracker"], ["tracker", "web"])
        if (above and _is_hub(words[-1], module)) or HUBS & set(words):
            yield module.path


def _is_hub(name: str, module: Module) -> bool:
    """Whether tables, pages or forms are defined here; what all forms share, or a list of tables, may be."""
    defined = [node for node in module.tree.body if isinstance(node, DEFINITIONS)]
    classes = [node for node in defined if isinstance(node, ast.ClassDef)]
    forms = [one for one in classes if any(ast.unparse(base).endswith("Form") for base in one.bases)]
    return bool({"models": classes, "views": defined, "forms": forms}.get(name))
