"""A form filled in as a person does: from the page it stands on, with its hidden fields and its buttons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import html5lib

Element = Any
_PRESSED_ONLY = {"submit", "button", "image", "reset"}


@dataclass(frozen=True)
class Filled:
    """What a browser would send: names and values, repeated names as lists."""

    action: str
    method: str
    values: dict[str, list[Any]]


def fill(html: str, url: str, fields: Mapping[str, Any], *, button: str | None = None) -> Filled:
    """The form of the page that has all of `fields`, filled in, and sent by the button with this text.

    Without `button` the form's first one is pressed. Raises AssertionError when no form of the page has
    these fields and this button: then a person could not do it either.
    """
    tree = html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)
    seen = []
    for form in tree.iter("form"):
        values = _values(form)
        names = {element.get("name") for element in form.iter() if element.get("name")}
        buttons = [one for one in form.iter() if _is_button(one)]
        pressed = [one for one in buttons if button is None or _text(one) == button]
        seen.append(f"fields {sorted(names)}, buttons {[_text(one) for one in buttons]}")
        if not set(fields) <= names or (button is not None and not pressed):
            continue
        if pressed and pressed[0].get("name"):
            values[pressed[0].get("name")] = [pressed[0].get("value", "")]
        for name, value in fields.items():
            values[name] = list(value) if isinstance(value, list) else [value]
        target = (pressed[0].get("formaction") if pressed else None) or form.get("action") or url
        return Filled(urljoin(url, target), (form.get("method") or "get").lower(), values)
    wanted = f"fields {sorted(fields)}" + (f" and a button {button!r}" if button else "")
    raise AssertionError(f"no form on {url} has {wanted}; there are:\n  " + "\n  ".join(seen or ["none"]))


def _values(form: Element) -> dict[str, list[Any]]:
    values: dict[str, list[Any]] = {}
    for element in form.iter():
        name = element.get("name")
        if not name or element.get("disabled") is not None:
            continue
        for value in _contribution(element):
            values.setdefault(name, []).append(value)
    return values


def _contribution(element: Element) -> list[str]:
    if element.tag == "textarea":
        # The first line break after the tag is not part of the text; browsers send the others as CRLF.
        return ["".join(element.itertext()).replace("\r\n", "\n").replace("\n", "\r\n")]
    if element.tag == "select":
        options = list(element.iter("option"))
        chosen = [option for option in options if option.get("selected") is not None]
        if not chosen and element.get("multiple") is None:
            chosen = options[:1]
        return [option.get("value", _text(option)) for option in chosen]
    kind = element.get("type", "text")
    if element.tag != "input" or kind in _PRESSED_ONLY or kind == "file":
        return []
    if kind in {"checkbox", "radio"}:
        return [element.get("value", "on")] if element.get("checked") is not None else []
    return [element.get("value", "")]


def _is_button(element: Element) -> bool:
    if element.tag == "button":
        return bool(element.get("type", "submit") == "submit")
    return bool(element.tag == "input" and element.get("type") in {"submit", "image"})


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split()) or str(element.get("value", ""))
