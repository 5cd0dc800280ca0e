"""What must hold of every page, whatever it is about: checked on each page a test fetches.

Valid HTML5, a title, a language, exactly one main heading, unique ids, a label on every field, and a content
security policy that the page keeps.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import html5lib
from html5lib.html5parser import ParseError
from werkzeug.wrappers import Response

Element = Any
UNLABELLED = {"hidden", "submit", "button", "reset", "image"}


def is_page(response: Response) -> bool:
    return response.mimetype == "text/html" and not 300 <= response.status_code < 400


def assert_sound_page(response: Response, url: str) -> None:
    """Fail with every fault found."""
    policy = response.headers.get("Content-Security-Policy", "")
    faults = [*_faults_of_policy(policy), *faults_of(response.get_data(as_text=True))]
    assert not faults, f"{url} is not a sound page:\n" + "\n".join(f"  - {fault}" for fault in faults)


@lru_cache(maxsize=256)
def faults_of(html: str) -> tuple[str, ...]:
    """What is wrong with a page, one sentence each."""
    parser = html5lib.HTMLParser(html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False, strict=True)
    try:
        tree = parser.parse(html)
    except ParseError as error:
        line, column = parser.errors[-1][0] if parser.errors else (0, 0)
        around = html.splitlines()[line - 1 : line] if line else []
        return (f"invalid HTML at line {line}, column {column}: {error}: {''.join(around).strip()[:160]}",)
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    return (*_faults_of_structure(elements), *_faults_of_fields(tree, elements), *_faults_of_inline(elements))


def _faults_of_structure(elements: list[Element]) -> Iterator[str]:
    headings = ["".join(element.itertext()).strip() for element in elements if element.tag == "h1"]
    if len(headings) != 1 or not headings[0]:
        yield f"there must be exactly one h1 with text: {headings}"
    if not any(element.tag == "title" and (element.text or "").strip() for element in elements):
        yield "there is no title"
    if not elements[0].get("lang"):
        yield "the page does not say its language"
    twice = [name for name, times in Counter(filter(None, map(_id, elements))).items() if times > 1]
    if twice:
        yield f"ids that occur more than once: {', '.join(twice)}"


def _faults_of_fields(tree: Element, elements: list[Element]) -> Iterator[str]:
    ids = {_id(element) for element in elements}
    labels = [
        element for element in elements if element.tag == "label" and "".join(element.itertext()).strip()
    ]
    labelled = {label.get("for") for label in labels}
    inside = {id(field) for label in labels for field in label.iter()}
    for field in elements:
        if field.tag not in {"input", "select", "textarea"} or field.get("type", "text") in UNLABELLED:
            continue
        described = [word for word in (field.get("aria-labelledby") or "").split() if word in ids]
        if not (_id(field) in labelled or id(field) in inside or field.get("aria-label") or described):
            yield f"a field without a label: {field.tag} name={field.get('name')!r}"
    for label in labels:
        if label.get("for") and label.get("for") not in ids:
            yield f"a label for nothing: {label.get('for')!r}"


def _faults_of_inline(elements: list[Element]) -> Iterator[str]:
    """What the content security policy would stop in a browser."""
    for element in elements:
        if element.get("style") is not None:
            yield f"inline style on <{element.tag}>"
        if element.tag == "style" and not element.get("nonce"):
            yield "a <style> element without a nonce"
        if element.tag == "script" and not element.get("src") and not element.get("nonce") and _runs(element):
            yield "an inline <script> without a nonce"
        handlers = [name for name in element.attrib if re.fullmatch(r"on[a-z]+", str(name))]
        if handlers:
            yield f"inline event handlers on <{element.tag}>: {', '.join(handlers)}"
        if (element.get("href") or "").strip().lower().startswith("javascript:"):
            yield f"a javascript: link: {element.get('href')}"


def _runs(script: Element) -> bool:
    return script.get("type", "text/javascript") in {
        "",
        "module",
        "text/javascript",
        "application/javascript",
    }


def _faults_of_policy(policy: str) -> Iterator[str]:
    if not policy:
        yield "there is no Content-Security-Policy"
    elif "default-src 'none'" not in policy or "frame-ancestors" not in policy or "base-uri" not in policy:
        yield f"the content security policy is not closed by default: {policy}"
    for word in ("unsafe-inline", "unsafe-eval", "unsafe-hashes", " * "):
        if word in f" {policy} ":
            yield f"the content security policy allows {word.strip()}"


def _id(element: Element) -> str | None:
    value: str | None = element.get("id")
    return value
