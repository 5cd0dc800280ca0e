"""The pages speak Danish: every sentence of the code has a translation, and no English one slips through."""

from __future__ import annotations

import re
from collections.abc import Iterator

import html5lib
import pytest
from babel.messages.catalog import Message
from flask import Flask, g
from flask_babel import force_locale
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field

from scripts import messages
from tests.browser.conftest import PEOPLE, mid_round  # noqa: F401 - a fixture
from tests.browser.test_every_page import pages_of, sign_in
from tests.support import make
from tests.support.client import StrictClient
from tracker.extensions import db
from tracker.plans.models import Plan

# The same in both languages.
SHARED = {
    *("Administrator", "Browser", "Installation", "Invitation", "Journal"),
    *("Menu", "PDF", "Person", "Plan", "Word"),
    *("Status", "Status %(year)s", "Status for %(year)s", "Note %(number)s"),
    "E-mail",
    "Excel",
    "Version",
    "over",
    "version %(number)s",
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")
# Words that every English sentence is full of and no Danish one has.
ENGLISH = re.compile(
    r"\b(the|of|are|was|were|this|that|which|what|when|who|your|you|has|been|not|with|nobody|nothing)\b",
    re.IGNORECASE,
)
SPOKEN = ("title", "alt", "aria-label", "placeholder", "data-title", "data-characters-left-plural")
ANYTHING = ("", " ", "x", "0", "-1", "32.13.2026", "x" * 20_000)


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    if not messages.is_compiled():
        pytest.fail("The compiled Danish catalogue is not that of its source. Run `make bootstrap`.")


# --- the catalogue --------------------------------------------------------------------------------


def test_every_sentence_has_a_danish_one() -> None:
    written = {message.id: message for message in messages.translated() if message.id}
    missing = [message.id for message in messages.extracted() if message.id and message.id not in written]
    assert not missing, "run `make messages`, and translate what it lists"
    assert not [message.id for message in messages.lacking(messages.translated())]


def test_no_translation_is_a_guess_or_left_over() -> None:
    used = {message.id for message in messages.extracted()}
    catalogue = messages.translated()
    assert not [message.id for message in catalogue if message.id and message.id not in used]
    assert not [message.id for message in catalogue if message.id and message.fuzzy]
    assert not catalogue.obsolete


def test_a_translation_has_the_placeholders_of_its_sentence() -> None:
    differing = [message.id for message in messages.translated() if message.id and _differs(message)]
    assert not differing


def test_a_translation_ends_as_its_sentence_does() -> None:
    """A label stays a label, and a sentence keeps its full stop."""
    differing = [
        (english, danish)
        for message in messages.translated()
        for english, danish in _pairs(message)
        if (english[-1:] in ".:?") != (danish[-1:] in ".:?") and not danish.endswith(("Nr.", "ca."))
    ]
    assert not differing


def test_no_translation_is_english() -> None:
    untouched = [
        english
        for message in messages.translated()
        for english, danish in _pairs(message)
        if (english == danish and re.search("[a-z]", PLACEHOLDER.sub("", english)) and english not in SHARED)
        or ENGLISH.search(PLACEHOLDER.sub("", danish))
    ]
    assert not untouched


# --- the pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", PEOPLE)
def test_no_page_says_anything_in_english(mid_round: Flask, person: str) -> None:  # noqa: F811
    client = mid_round.test_client()
    assert isinstance(client, StrictClient)
    sign_in(mid_round, client, person)
    with client.session_transaction(base_url=mid_round.extensions["settings"].base_url) as cookie:
        cookie["language"] = "da"
    sentences = _english()
    found = {}
    for endpoint, url in pages_of(mid_round, person).items():
        spoken = set(_spoken(client.get(url, page=False, follow_redirects=True).text))
        english = {text for text in spoken if text in sentences or ENGLISH.search(text)}
        if english:
            found[endpoint] = english
    assert not found


def test_whoever_chooses_english_reads_english(app: Flask) -> None:
    client = app.test_client()
    assert '<html lang="da"' in client.get("/").text
    client.get("/language/en")
    page = client.get("/").text
    assert '<html lang="en"' in page
    assert "Action plans" in page


def test_no_form_answers_in_english(app: Flask) -> None:
    """Whatever is typed into whichever field, WTForms' own messages come from the catalogue too."""
    with make.written(app) as session:
        plan_id = make.plan(session).id
    english = _english()
    leaks = [
        (form.__name__, error)
        for form in _forms(FlaskForm)
        for typed in ANYTHING
        for error in _errors(app, form, typed, plan_id=plan_id)
        if error in english or ENGLISH.search(error)
    ]
    assert not leaks


def test_what_is_too_long_is_said_in_danish(app: Flask) -> None:
    with make.written(app) as session:
        owner = make.person(session)
        initiative = make.initiative(session, make.administration(session, make.plan(session)), owner=owner)
        initiative_id = initiative.id
    client = app.test_client()
    assert isinstance(client, StrictClient)
    make.sign_in(client, owner, language="da")
    page = client.submit(f"/my/initiatives/{initiative_id}", {"title": "x" * 301, "date": "24.12.2099"})
    assert page.status_code == 400
    assert "Feltet kan højst have 300 tegn." in page.text


def _pairs(message: Message) -> Iterator[tuple[str, str]]:
    """Each English form beside its Danish one."""
    if not message.id:
        return
    one, other = (message.id, message.string) if message.pluralizable else ((message.id,), (message.string,))
    yield from zip(one, other or ("",) * len(one), strict=True)


def _english() -> set[str]:
    """What the code says and a Danish page does not."""
    pairs = (pair for message in messages.translated() for pair in _pairs(message))
    return {english for english, danish in pairs if english != danish}


def _differs(message: Message) -> bool:
    return any(
        sorted(PLACEHOLDER.findall(english)) != sorted(PLACEHOLDER.findall(danish))
        for english, danish in _pairs(message)
    )


def _spoken(html: str) -> Iterator[str]:
    """What a page says: its texts, and what a screen reader says beside them."""
    tree = html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)
    foreign = {inside for element in tree.iter() if element.get("lang") == "en" for inside in element.iter()}
    for element in tree.iter():
        if element in foreign or element.tag in {"script", "style"}:
            continue
        texts = [element.text, *(child.tail for child in element), *(element.get(name) for name in SPOKEN)]
        yield from (" ".join(text.split()) for text in texts if text and text.strip())


def _forms(base: type[FlaskForm]) -> Iterator[type[FlaskForm]]:
    for form in base.__subclasses__():
        if form.__module__.startswith("tracker."):
            yield form
        yield from _forms(form)


def _errors(app: Flask, form: type[FlaskForm], typed: str, *, plan_id: int) -> Iterator[str]:
    """What the form says when every field of it holds the same."""
    with app.test_request_context(method="POST"), force_locale("da"):
        g.plan = db.session.get_one(Plan, plan_id)
        fields = [name for name in dir(form) if hasattr(getattr(form, name), "field_class")]
        filled = form(formdata=MultiDict(dict.fromkeys(fields, typed)), meta={"csrf": False})
        for field in filled:
            if isinstance(field, Field) and getattr(field, "choices", ...) is None:
                field.choices = []
        filled.validate()
        for errors in filled.errors.values():
            yield from (str(error) for error in errors)
