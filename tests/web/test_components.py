"""What a page may rely on when it uses a component: escaped, valid, labelled, usable without a script."""

# One call a line reads as a table.
# ruff: noqa: E501

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import html5lib
import pytest
from flask import Flask, flash, render_template_string
from jinja2 import FileSystemLoader, StrictUndefined
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    FileField,
    Form,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    validators,
)
from wtforms.fields.choices import SelectChoice

ROOT = Path(__file__).resolve().parents[2]
EVIL = "<script>alert(1)</script>\"'&{{ 7*7 }}"


@pytest.fixture
def app() -> Flask:
    """A bare Flask application with nothing but what `docs/components.md` promises to the templates."""
    app = Flask(__name__)
    app.secret_key = "only for the flash messages of this test"
    app.jinja_loader = FileSystemLoader(ROOT / "templates")
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: text, lambda one, many, number: one if number == 1 else many, newstyle=True
    )
    environment.globals.update(
        static_url=lambda path: f"/static/{path}", csrf_token=lambda: "token", asset_present=True, N_=str
    )
    environment.filters["date"] = lambda day: f"{day.day}.{day.month}.{day.year}"
    environment.filters["datetime"] = environment.filters["short_datetime"] = environment.filters["date"]
    return app


@pytest.fixture
def render(app: Flask) -> Callable[..., str]:
    """Render template source in a request, with the given variables."""

    def render(source: str, **variables: Any) -> str:
        with app.test_request_context("/"):
            return render_template_string(source, **variables)

    return render


def parsed(html: str) -> Any:
    """The document that strict HTML5 rules give; raises on any error in it."""
    document = (
        html
        if html.lower().startswith("<!doctype")
        else f"<!doctype html><title>x</title><body>{html}</body>"
    )
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(document)


def ids(html: str) -> list[str]:
    return [element.get("id") for element in parsed(html).iter() if element.get("id")]


@dataclass(frozen=True)
class Block:
    kind: str
    text: str
    number: int | None = None


@dataclass(frozen=True)
class Footnote:
    number: int
    text: str


@dataclass(frozen=True)
class Operation:
    kind: str
    text: str


DAY = dt.date(2026, 10, 20)

# Each macro called with hostile text wherever it takes text.
CALLS = {
    "alert": "{% from 'components/alert.html' import alert %}{{ alert(t, 'error', heading=t, live=true) }}{% call alert(kind='success') %}<p>{{ t }}</p>{% endcall %}",
    "breadcrumb": "{% from 'components/breadcrumb.html' import breadcrumb %}{{ breadcrumb([(t, t), t]) }}",
    "button": "{% from 'components/button.html' import button %}{{ button(t, name=t, value=t, formaction=t, icon_name='download', sr_text=t, formnovalidate=true) }}",
    "button_link": "{% from 'components/button.html' import button_link %}{{ button_link(t, t, sr_text=t) }}",
    "form_actions": "{% from 'components/button.html' import form_actions %}{% call form_actions() %}{{ t }}{% endcall %}",
    "post_button": "{% from 'components/button.html' import post_button %}{{ post_button(t, t, fields={t: t}) }}",
    "absence": "{% from 'components/absence.html' import absence_section %}{% set flags = {'required': true, 'optional': false} %}{% set form = {'errors': {}, 'absent_from': {'id': 'first', 'name': 'first', 'label': {'text': t}, 'description': '', 'errors': [], 'data': day, 'flags': flags}, 'absent_until': {'id': 'last', 'name': 'last', 'label': {'text': t}, 'description': '', 'errors': [], 'data': day, 'flags': flags}} %}{{ absence_section({'from_on': day, 'until_on': day, 'uncovered': true, 'covered': [{'title': t, 'url': t, 'deputies': []}, {'title': t, 'deputies': [{'name': t, 'whole_time': false, 'from_on': day, 'until_on': day}]}]}, t, form, t, t) }}",
    "no_absence": "{% from 'components/absence.html' import absence_section %}{% set flags = {'required': true, 'optional': false} %}{% set form = {'errors': {}, 'absent_from': {'id': 'first', 'name': 'first', 'label': {'text': t}, 'description': '', 'errors': [], 'data': day, 'flags': flags}, 'absent_until': {'id': 'last', 'name': 'last', 'label': {'text': t}, 'description': '', 'errors': [], 'data': day, 'flags': flags}} %}{{ absence_section(none, t, form, t, t, own=true) }}",
    "calendar_address": "{% from 'components/calendar_address.html' import calendar_address %}{{ calendar_address({'to_copy': t, 'to_open': t}, t, t) }}{{ calendar_address(none, t, t) }}",
    "correct_address": "{% from 'components/correct_address.html' import correct_address %}{% macro typed() %}{{ t }}{% endmacro %}{{ correct_address({'undeliverable_at': day, 'undeliverable_reason': t, 'email': t}, {'csrf_token': '', 'email': {'id': 'mail', 'name': 'mail', 'label': {'text': t}, 'description': '', 'errors': [], '_value': typed, 'flags': {'required': true, 'optional': false, 'maxlength': 254}}}, t, t) }}",
    "revisions": "{% from 'components/revisions.html' import revisions_and_difference with context %}{% set revision = {'number': 2, 'kind': {'value': 'saved'}, 'at': day} %}{% set now = {'key': '2', 'progress': {'value': 'delayed'}, 'line': {'revision': revision, 'by': t}} %}{% set before = {'key': 'last', 'progress': {'value': 'started'}, 'line': none, 'year': t} %}{{ revisions_and_difference([now.line, now.line], [now, before], {'old': before, 'new': now, 'is_of_one': false, 'is_alike': false, 'text': [('delete', t), ('insert', t)], 'reason': [('insert', t)]}, '/here', '/back') }}",
    "journal": "{% from 'components/journal.html' import journal_lines %}{% macro more(line) %}{{ t }}{% endmacro %}{{ journal_lines([{'at': day, 'by': t, 'fact': t, 'object_kind': t, 'object_id': 7, 'about': t}, {'at': day, 'by': none, 'fact': 'saved', 'object_kind': 'plan', 'object_id': 7, 'about': ''}], {'saved': t}, {'plan': t}, more) }}",
    "card": "{% from 'components/card.html' import card %}{{ card(t, t, t, t) }}{% call card(t) %}{{ t }}{% endcall %}",
    "checkbox": "{% from 'components/checkbox.html' import checkbox %}{{ checkbox(name='a', label=t, value=t, hint=t, errors=[t, t]) }}",
    "checkboxes": "{% from 'components/checkbox.html' import checkboxes %}{{ checkboxes(name='b', label=t, choices=[(t, t)], values=[t], hint=t, errors=t) }}",
    "date_field": "{% from 'components/date_field.html' import date_field %}{{ date_field(name='d', label=t, value=t, hint=t, errors=[t], min=day, max=day) }}",
    "deadline": "{% from 'components/deadline.html' import deadline %}{{ deadline(day, -3, t) }}{{ deadline(day, 0) }}{{ deadline(day, 5) }}{{ deadline(day) }}",
    "description_list": "{% from 'components/description_list.html' import description_list %}{{ description_list([(t, t), (t, none)], keep_empty=true) }}",
    "details": "{% from 'components/details.html' import details %}{% call details(t, boxed=true) %}{{ t }}{% endcall %}",
    "empty_state": "{% from 'components/empty_state.html' import empty_state %}{{ empty_state(t, t, t, heading=t) }}",
    "error_summary": "{% from 'components/error_summary.html' import error_summary %}{{ error_summary(more=[t, (t, t)]) }}",
    "file_field": "{% from 'components/file_field.html' import file_field %}{{ file_field(name='f', label=t, hint=t, errors=[t], accept=t) }}",
    "icon": "{% from 'components/icon.html' import icon %}{{ icon(t, t, t) }}",
    "pagination": "{% from 'components/pagination.html' import pagination %}{{ pagination(6, 12, page_url, t) }}",
    "pager": "{% from 'components/pagination.html' import pager %}{{ pager(t, t, t) }}",
    "progress_bar": "{% from 'components/progress.html' import progress_bar %}{{ progress_bar(3, 7, t, t, t) }}{{ progress_bar(0, 0, t) }}",
    "stacked_progress": "{% from 'components/progress.html' import stacked_progress %}{{ stacked_progress([(t, 3, 'info'), (t, 0, 'error')], t) }}{{ stacked_progress([], t) }}",
    "page_meta": "{% from 'components/page_meta.html' import page_meta %}{{ page_meta(t, t, t) }}",
    "timeline": "{% from 'components/timeline.html' import timeline %}{% set bar = {'number': 7, 'x': 3.5, 'width': 9, 'y': 26, 'label_x': 12.5, 'label': 'after', 'exact': false, 'is_day': false} %}{{ timeline({'height': 80, 'today': 12.345, 'months': [{'x': 0, 'number': 1, 'quarter': true}, {'x': 8.5, 'number': 2, 'quarter': false}], 'lanes': [{'kind': t, 'top': 0, 'bars': [bar, dict(bar, exact=true, label='before'), dict(bar, is_day=true, label='inside')]}]}, {t: t}, [t, t], t, t) }}",
    "radios": "{% from 'components/radios.html' import radios %}{{ radios(name='r', label=t, choices=[(t, t, t), ('b', t)], value=t, hint=t, errors=[t]) }}",
    "select": "{% from 'components/select.html' import select %}{{ select(name='s', label=t, choices=[(t, t)], value=t, hint=t, errors=[t]) }}{{ select(name='g', label=t, choices={t: [(t, t)]}) }}",
    "status_text": "{% from 'components/status_text.html' import status_text %}{{ status_text(blocks, footnotes) }}",
    "step_guide": "{% from 'components/step_guide.html' import step_guide %}{{ step_guide([(t, t), (t, t), (t, none)], 2, t) }}",
    "data_table": "{% from 'components/table.html' import data_table %}{% call data_table([t, {'text': t, 'sort_url': t, 'sort': 'ascending'}, {'text': t, 'hidden': true}], caption=t) %}<tr><td data-title=\"{{ t }}\">{{ t }}</td><td></td><td></td></tr>{% endcall %}",
    "tabs": "{% from 'components/navigation.html' import tabs %}{{ tabs([(t, t, true), (t, t, false)], t) }}",
    "tag": "{% from 'components/tag.html' import tag %}{{ tag(t, 'approved') }}{{ tag(t, t) }}",
    "text_diff": "{% from 'components/text_diff.html' import text_diff %}{{ text_diff(operations) }}{{ text_diff([('insert', t)]) }}",
    "text_field": "{% from 'components/text_field.html' import text_field %}{{ text_field(name='x', label=t, value=t, hint=t, errors=[t], autocomplete=t, maxlength=9) }}",
    "textarea": "{% from 'components/textarea.html' import textarea %}{{ textarea(name='y', label=t, value=t, hint=t, errors=[t], limit=7000) }}",
}  # fmt: skip


def values(text: str) -> dict[str, Any]:
    kinds = ("paragraph", "heading", "bullet", "number")
    return {
        "t": text,
        "day": DAY,
        "page_url": lambda page: f"?page={page}&x={text}",
        "blocks": [Block(kind, f"{text}¹", 2 if kind == "number" else None) for kind in kinds],
        "footnotes": [Footnote(1, text)],
        "operations": [Operation(kind, text) for kind in ("equal", "insert", "delete")],
    }


@pytest.mark.parametrize("name", CALLS)
def test_hostile_text_stays_text_in(name: str, render: Callable[..., str]) -> None:
    html = render(CALLS[name], **values(EVIL))
    assert "<script" not in html
    assert "alert(1)" in html
    assert not list(parsed(html).iter("script"))
    assert not re.search(r"\sstyle=|\son[a-z]+=", re.sub(r'"[^"]*"', '""', html))


@pytest.mark.parametrize("name", CALLS)
def test_valid_html_comes_from(name: str, render: Callable[..., str]) -> None:
    html = render(CALLS[name], **values("Tekst med æ, ø og å"))
    parsed(html)
    assert len(ids(html)) == len(set(ids(html)))


@pytest.mark.parametrize("name", CALLS)
def test_no_icon_is_asked_for_without_the_design_system_in(
    name: str, app: Flask, render: Callable[..., str]
) -> None:
    app.jinja_env.globals["asset_present"] = False
    html = render(CALLS[name], **values("Tekst"))
    assert "dkfds" not in html
    parsed(html)


def test_every_component_file_is_exercised_here() -> None:
    helpers = {"form_group.html", "flash_messages.html", "state_labels.html"}
    files = {path.name for path in (ROOT / "templates/components").glob("*.html")}
    used = set(re.findall(r"components/(\w+\.html)", " ".join(CALLS.values())))
    assert files - helpers == used


class Address(Form):
    street = StringField("Street", [validators.DataRequired("Name the street")])


class Everything(Form):
    title = StringField("Title", [validators.DataRequired("Write a title"), validators.Length(max=90)])
    text = TextAreaField("Text", [validators.Optional()], description="What has happened")
    state = RadioField(
        "State",
        [validators.DataRequired("Choose a state")],
        choices=[SelectChoice("a", "A"), SelectChoice("b", "B")],
    )
    place = SelectField(
        "Place", choices=[SelectChoice("x", "X", optgroup="One"), SelectChoice("y", "Y", optgroup="Two")]
    )
    plain = SelectField("Plain", choices=[SelectChoice("x", "X"), SelectChoice("y", "Y")])
    due = DateField("Due", format=["%d.%m.%Y", "%Y-%m-%d"])
    sure = BooleanField("Sure", [validators.DataRequired("Tick the box")])
    parts = SelectMultipleField("Parts", choices=[SelectChoice("a", "A"), SelectChoice("b", "B")])
    paper = FileField("Paper")
    address = FormField(Address)
    notes = FieldList(StringField("Note", [validators.DataRequired("Write the note")]), min_entries=1)


FORM = """
{% from 'components/text_field.html' import text_field %}{% from 'components/textarea.html' import textarea %}
{% from 'components/radios.html' import radios %}{% from 'components/select.html' import select %}
{% from 'components/date_field.html' import date_field %}{% from 'components/file_field.html' import file_field %}
{% from 'components/checkbox.html' import checkbox, checkboxes %}
{% from 'components/error_summary.html' import error_summary %}
{{ error_summary(form) }}<form method="post">{{ text_field(form.title) }}{{ textarea(form.text, limit=500) }}
{{ radios(form.state) }}{{ select(form.place) }}{{ select(form.plain) }}{{ date_field(form.due) }}
{{ checkbox(form.sure) }}{{ checkboxes(form.parts) }}{{ file_field(form.paper) }}
{{ text_field(form.address.street) }}{% for note in form.notes %}{{ text_field(note) }}{% endfor %}</form>
"""


def test_a_form_shows_the_values_it_was_given(render: Callable[..., str]) -> None:
    form = Everything(
        title="A title", text="\nTwo\nlines", state="b", place="y", plain="y", due=DAY, parts=["b"]
    )
    html = render(FORM, form=form)
    page = parsed(html)
    by_id = {element.get("id"): element for element in page.iter() if element.get("id")}
    assert by_id["title"].get("value") == "A title"
    assert by_id["title"].get("maxlength") == "90"
    assert by_id["text"].text == "\nTwo\nlines"
    assert by_id["due"].get("value") == "20.10.2026"
    assert by_id["state-1"].get("checked") is not None
    assert [option.get("value") for option in page.iter("option") if option.get("selected") is not None] == [
        "y",
        "y",
    ]
    assert by_id["parts-1"].get("checked") is not None
    assert "There is a problem" not in html


def test_every_error_of_a_form_is_a_link_to_its_field(render: Callable[..., str]) -> None:
    form = Everything(MultiDict({"due": "31.02.2026", "notes-0": "", "place": "x", "plain": "x"}))
    form.validate()
    html = render(FORM, form=form)
    page = parsed(html)
    names = {element.get("id") for element in page.iter() if element.get("id")}
    links = [link.get("href") for link in page.iter("a")]
    assert {"#title", "#state-0", "#due", "#sure", "#address-street", "#notes-0"} <= set(links)
    assert {link.removeprefix("#") for link in links} <= names
    field = next(element for element in page.iter("input") if element.get("id") == "title")
    assert field.get("aria-invalid") == "true"
    assert "title-error" in field.get("aria-describedby")


def test_a_date_that_is_no_date_is_shown_as_it_was_typed(render: Callable[..., str]) -> None:
    form = Everything(MultiDict({"due": "31.02.2026"}))
    form.validate()
    assert 'value="31.02.2026"' in render(FORM, form=form)


def test_every_field_has_a_label_and_every_description_exists(render: Callable[..., str]) -> None:
    form = Everything(MultiDict({}))
    form.validate()
    page = parsed(render(FORM, form=form))
    names = {element.get("id") for element in page.iter() if element.get("id")}
    labelled = {label.get("for") for label in page.iter("label")}
    for tag in ("input", "select", "textarea"):
        for control in page.iter(tag):
            assert control.get("id") in labelled
            assert set((control.get("aria-describedby") or "").split()) <= names


def test_a_hostile_field_stays_text(render: Callable[..., str]) -> None:
    class Hostile(Form):
        title = StringField(EVIL, description=EVIL)
        choice = SelectField(EVIL, choices=[SelectChoice(EVIL, EVIL)])
        one = RadioField(EVIL, choices=[SelectChoice(EVIL, EVIL)])

    source = (
        "{% from 'components/text_field.html' import text_field %}{% from 'components/select.html' import select %}"
        "{% from 'components/radios.html' import radios %}"
        "{{ text_field(form.title) }}{{ select(form.choice) }}{{ radios(form.one) }}"
    )
    html = render(source, form=Hostile(title=EVIL, choice=EVIL, one=EVIL))
    assert "<script" not in html
    parsed(html)


def test_notes_link_both_ways_and_a_square_metre_is_no_note(render: Callable[..., str]) -> None:
    source = "{% from 'components/status_text.html' import status_text %}{{ status_text(blocks, footnotes, id='n') }}"
    blocks = [
        Block("paragraph", "Twelve rooms¹² of 40 m³."),
        Block("bullet", "One"),
        Block("number", "Three", 3),
    ]
    html = render(source, blocks=blocks, footnotes=[Footnote(12, "In two houses")])
    assert '<a href="#n-12" id="n-12-mark"' in html
    assert 'href="#n-12-mark"' in html
    assert "m³" in html
    assert '<ul><li>One</li></ul><ol><li value="3">Three</li></ol>' in html


def test_labels_of_states_cover_the_classes_of_states(render: Callable[..., str]) -> None:
    source = (
        "{% from 'components/state_labels.html' import UPDATE_LABELS, INITIATIVE_LABELS %}"
        "{% from 'components/tag.html' import TAG_CLASSES %}"
        "{% for key in UPDATE_LABELS.keys()|list + INITIATIVE_LABELS.keys()|list %}{{ TAG_CLASSES[key] }}|{% endfor %}"
    )
    assert render(source).count("badge") >= 17


PAGE = """{% extends "layouts/base.html" %}{% block heading %}{{ t }}{% endblock %}
{% block content %}<p>{{ t }}</p>{% endblock %}"""


def link(text: str, url: str = "/", *, current: bool = False) -> dict[str, Any]:
    return {"text": text, "url": url, "current": current}


def whole_page(text: str) -> dict[str, Any]:
    return {
        "t": text,
        "language": "da",
        "other_language_url": f"/?lang=en&x={text}",
        "menu": [link(text, text, current=True), link(text)],
        "plan": {"name": text, "authority": text},
        "signed_in_person": {"name": text},
        "account_url": text,
        "sign_out_url": text,
        "footer_links": [link(text)],
        "site_banner": {"text": text, "url": text, "link_text": text},
        "breadcrumbs": [(text, text), text],
    }


@pytest.mark.parametrize("styled", [True, False])
@pytest.mark.parametrize("text", ["Frister", EVIL])
def test_a_whole_page_is_valid_with_one_heading_and_nothing_inline(
    text: str, styled: bool, app: Flask, render: Callable[..., str]
) -> None:
    app.jinja_env.globals["asset_present"] = styled
    html = render(PAGE, **whole_page(text))
    page = parsed(html)
    assert len(list(page.iter("h1"))) == 1
    assert len(ids(html)) == len(set(ids(html)))
    assert all(script.get("src") and not script.text for script in page.iter("script"))
    assert not list(page.iter("style"))
    assert ("dkfds" in html) is styled
    assert ("app-fallback.css" in html) is not styled


def test_the_smallest_page_needs_nothing_but_a_heading(render: Callable[..., str]) -> None:
    html = render(PAGE, t="Forside")
    assert parsed(html).find("head/title").text.startswith("Forside")
    assert 'lang="da"' in html


def test_the_menu_is_repeated_in_the_footer_for_pages_without_a_script(render: Callable[..., str]) -> None:
    page = parsed(render(PAGE, t="x", menu=[link("Frister", "/frister")]))
    footer = page.find("body/footer")
    assert "/frister" in [anchor.get("href") for anchor in footer.iter("a")]


def test_what_was_done_is_said_once_and_escaped(app: Flask) -> None:
    with app.test_request_context("/"):
        flash(EVIL, "success")
        flash("plain")
        html = render_template_string(PAGE, t="x")
    assert html.count('class="alert alert-success"') == 1
    assert html.count('class="alert alert-info"') == 1
    assert "<script>alert" not in html
    parsed(html)


def test_an_error_page_says_what_to_do(render: Callable[..., str]) -> None:
    html = render(
        "{% extends 'layouts/error.html' %}",
        error_heading="Siden findes ikke",
        error_text=["Adressen er forkert.", Markup("<b>x</b>")],
        error_reference="K3",
    )
    parsed(html)
    assert "To the front page" in html
    assert "K3" in html
