"""Pages: every door has a guard, and a page's template is found by its address."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, FileSystemLoader, nodes

from tests.support.source import FUNCTIONS, ROOT, Module, modules, parse

TEMPLATES = ROOT / "templates"
AUDIENCES = ("public", "account", "owner", "coordinator", "reader", "secretariat", "admin", "demo")
RENDERERS = {"render_template", "stream_template", "get_template"}
JINJA = Environment(
    loader=FileSystemLoader(TEMPLATES),
    extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"],
)


def test_every_blueprint_has_exactly_one_guard(app: Flask) -> None:
    """Who may enter is said once a room, not once a page, so that no page can be forgotten."""
    assert app.blueprints
    guards = {name: len(room.before_request_funcs.get(None, ())) for name, room in app.blueprints.items()}
    assert guards == dict.fromkeys(app.blueprints, 1)


def test_no_page_stands_outside_the_rooms(app: Flask) -> None:
    """An address without a blueprint would be an address without a guard."""
    outside = [rule.endpoint for rule in app.url_map.iter_rules() if "." not in rule.endpoint]
    assert sorted(outside) == ["static"]


def test_a_template_is_named_by_its_page() -> None:
    """templates/<audience>/<module or view>.html: from an address to its template without searching."""
    assert not list(_misnamed_in(*modules("tracker/web")))


def test_no_template_is_left_over() -> None:
    used = {name for module in modules() for name in _template_names(module.tree)}
    used |= {name for path in _templates() for name in _referred(path.read_text())}
    pages = [path for path in _templates() if path.relative_to(TEMPLATES).parts[0] in AUDIENCES]
    unused = [path.relative_to(TEMPLATES).as_posix() for path in pages]
    assert not [name for name in unused if name not in used]


def test_no_template_imports_what_it_does_not_use() -> None:
    faults = [
        f"{path.relative_to(ROOT)}: {fault}"
        for path in _templates()
        for fault in _import_faults(path.read_text())
    ]
    assert not faults


def test_a_template_named_otherwise_is_caught() -> None:
    source = "@bp.get('/')\ndef show():\n    return render_template({!r})"
    path = "tracker/web/owner/initiatives.py"
    assert not list(_misnamed_in(parse(source.format("owner/initiatives.html"), path=path)))
    assert not list(_misnamed_in(parse(source.format("owner/show.html"), path=path)))
    assert not list(_misnamed_in(parse(source.format("owner/initiatives/show.html"), path=path)))
    assert list(_misnamed_in(parse(source.format("secretariat/initiatives.html"), path=path)))
    assert list(_misnamed_in(parse(source.format("owner/other.html"), path=path)))


@pytest.mark.parametrize(
    "template",
    [
        '{% from "components/table.html" import table %}',
        '{% import "components/table.html" as tables %}{{ table() }}',
        '{% from "a.html" import one, two as three %}{{ one() }}',
    ],
)
def test_an_unused_template_import_is_caught(template: str) -> None:
    assert list(_import_faults(template))


def test_a_used_template_import_is_not() -> None:
    template = '{% from "a.html" import one %}{% block main %}{% call one() %}x{% endcall %}{% endblock %}'
    assert not list(_import_faults(template))


def _templates() -> list[Path]:
    return sorted(path for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".txt"})


def _misnamed_in(*some: Module) -> Iterator[str]:
    """Templates of another audience, and views that, with their helpers, render none named by a page.

    The further outcomes of a page, such as a link that no longer works, are named by what they say.
    """
    for module in some:
        words = module.path.removesuffix(".py").split("/")[2:]
        if len(words) < 2 or words[0] not in AUDIENCES:
            continue
        functions = [node for node in module.tree.body if isinstance(node, FUNCTIONS)]
        views = {one.name.rstrip("_") for one in functions if _is_view(one)}
        audience, name = words[0], words[-1]
        allowed = {f"{audience}/{stem}.html" for stem in views | {name}}
        allowed |= {f"{audience}/{name}/{stem}.html" for stem in views}
        own = {function.name: set(_template_names(function)) for function in functions}
        for function in functions:
            called = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
            rendered = own[function.name].union(*(own[helper] for helper in called & set(own)))
            elsewhere = {template for template in rendered if not template.startswith(f"{audience}/")}
            if elsewhere or (_is_view(function) and rendered and not rendered & allowed):
                place = f"{module.path}:{function.lineno}"
                yield f"{place} renders {sorted(rendered)}, expected one of {sorted(allowed)}"


def _is_view(node: ast.AST) -> bool:
    routes = (".get", ".post", ".route")
    return isinstance(node, FUNCTIONS) and any(
        isinstance(mark, ast.Call) and ast.unparse(mark.func).endswith(routes) for mark in node.decorator_list
    )


def _template_names(tree: ast.AST) -> Iterator[str]:
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] in RENDERERS:
            for argument in call.args[:1]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


def _referred(source: str) -> Iterator[str]:
    kinds = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
    for node in JINJA.parse(source).find_all(kinds):
        yield from (constant.value for constant in node.template.find_all(nodes.Const))
        if isinstance(node.template, nodes.Const):
            yield node.template.value


def _import_faults(source: str) -> Iterator[str]:
    tree = JINJA.parse(source)
    used = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "load"}
    for node in tree.find_all((nodes.Import, nodes.FromImport)):
        if isinstance(node, nodes.Import):
            names = [node.target]
        else:
            names = [name if isinstance(name, str) else name[1] for name in node.names]
        yield from (
            f"line {node.lineno} imports {name} and does not use it" for name in names if name not in used
        )
