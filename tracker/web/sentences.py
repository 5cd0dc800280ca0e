"""The sentences of the templates, each looked up once a language and kept.

A page asks for a hundred sentences; the catalogue's own way looks for the catalogue each time.
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import get_locale, get_translations
from markupsafe import Markup

_known: dict[tuple[str, str], Markup] = {}


def register(app: Flask) -> None:
    """Give the templates `_`, `gettext` and `ngettext`; call it after Flask-Babel's own registration."""
    app.jinja_env.globals.update(_=sentence, gettext=sentence, ngettext=counted)


def sentence(message: str, **values: Any) -> Markup:
    """`message` in the language of the page. `values` fill its placeholders and are escaped."""
    locale = get_locale()
    if locale is None:
        return Markup(message) % values  # noqa: S704 - message ids are our own
    key = (locale.language, message)
    found = _known.get(key)
    if found is None:
        found = _known[key] = Markup(get_translations().ugettext(message))  # noqa: S704 - our own catalogue
    return found % values


def counted(one: str, many: str, num: int, **values: Any) -> Markup:
    """The singular or the plural for `num`, which is also a value."""
    values.setdefault("num", num)
    return Markup(get_translations().ungettext(one, many, num)) % values  # noqa: S704 - our own catalogue
