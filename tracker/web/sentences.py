"""The sentences of the templates, each looked up once a language and kept.

A page asks for a hundred sentences; the catalogue's own way looks for the catalogue each time.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, cast

from flask import Flask, g
from flask_babel import get_locale, get_translations
from markupsafe import Markup

# By language: each message, translated. The messages are those of the templates, so this stays small.
_known: defaultdict[str, dict[str, Markup]] = defaultdict(dict)
_NOTHING: dict[str, Any] = {}


def register(app: Flask) -> None:
    """Give the templates `_`, `gettext`, `ngettext` and `N_`. Call it after Flask-Babel has registered."""
    app.jinja_env.globals.update(_=sentence, gettext=sentence, ngettext=counted, N_=Later)


class Later:
    """A sentence that is looked up where it is shown, in the language of that page: for tables of words."""

    __slots__ = ("message",)

    def __init__(self, message: str) -> None:
        self.message = message

    def __html__(self) -> Markup:
        return sentence(self.message)

    __str__ = __html__


def sentence(message: str, **values: Any) -> Markup:
    """`message` in the language of the page. `values` fill its placeholders and are escaped."""
    known = _of_this_page()
    if not values:
        # Kept apart and finished, with its double per cent signs made single.
        return known.get(f"={message}") or known.setdefault(f"={message}", _looked_up(message) % _NOTHING)
    return (known.get(message) or known.setdefault(message, _looked_up(message))) % values


def _of_this_page() -> dict[str, Markup]:
    """The sentences of the page's language, found once a request: asking where we are is what costs."""
    try:
        here = g._get_current_object()
    except RuntimeError:  # no application, as in a test of one component
        return {}
    try:
        return cast(dict[str, Markup], here.sentences)
    except AttributeError:
        locale = get_locale()
        here.sentences = _known[locale.language if locale else ""]
        return cast(dict[str, Markup], here.sentences)


def _looked_up(message: str) -> Markup:
    return Markup(get_translations().ugettext(message))  # noqa: S704 - our own catalogue


def counted(one: str, many: str, num: int, **values: Any) -> Markup:
    """The singular or the plural for `num`, which is also a value."""
    values.setdefault("num", num)
    return Markup(get_translations().ungettext(one, many, num)) % values  # noqa: S704 - our own catalogue
