"""What every template may use: dates, words for states, the menu, addresses of static files."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, g, request
from flask_babel import format_date, format_datetime, format_decimal, gettext

from tracker import clock
from tracker.web import sentences
from tracker.web.addresses import url_for
from tracker.web.letter_reasons import why
from tracker.web.menu import menu
from tracker.web.notices import notices
from tracker.web.viewer import language, rights, signed_in

STATIC = Path(__file__).resolve().parent / "static"


def register(app: Flask) -> None:
    app.jinja_env.filters.update(
        date=long_date,
        short_date=short_date,
        datetime=date_and_time,
        short_datetime=short_date_and_time,
        number=format_decimal,
        why=why,
    )
    app.jinja_env.globals.update(static_url=static_url, asset_present=_assets_present())
    app.jinja_env.globals["url_for"] = url_for
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(_common)
    sentences.register(app)


def long_date(day: date | None) -> str:
    """`5. december 2026`, in English `5 December 2026`."""
    if day is None:
        return ""
    return str(format_date(day, "d. MMMM y" if language() == "da" else "d MMMM y"))


def short_date(day: date | None) -> str:
    """`05.12.2026` in both languages, as the date fields have it."""
    return f"{day:%d.%m.%Y}" if day else ""


def date_and_time(instant: datetime | None) -> str:
    """`5. december 2026 kl. 08.00`, in Copenhagen. No line ends between `kl.` and the time."""
    if instant is None:
        return ""
    pattern = "d. MMMM y 'kl.'\N{NO-BREAK SPACE}HH.mm" if language() == "da" else "d MMMM y, HH:mm"
    return str(format_datetime(instant, pattern))


def short_date_and_time(instant: datetime | None) -> str:
    """`05.12.2026 kl. 08.00`, in Copenhagen; for tables."""
    if instant is None:
        return ""
    pattern = "dd.MM.y 'kl.'\N{NO-BREAK SPACE}HH.mm" if language() == "da" else "dd.MM.y, HH:mm"
    return str(format_datetime(instant, pattern))


@lru_cache(maxsize=256)
def static_url(path: str) -> str:
    """The address of a static file with its content's fingerprint, so that it may be kept for a year."""
    file = STATIC / path
    stamp = hashlib.sha256(file.read_bytes()).hexdigest()[:10] if file.is_file() else "0"
    return f"/static/{path}?v={stamp}"


@lru_cache(maxsize=1)
def _assets_present() -> bool:
    return (STATIC / "dkfds/css/dkfds.min.css").is_file()


def _common() -> dict[str, Any]:
    viewer = signed_in()
    plan = g.get("plan")
    return {
        "language": language(),
        "other_language_url": url_for(
            "public.choose_language",
            code="en" if language() == "da" else "da",
            next=request.full_path.rstrip("?") if request.method == "GET" else "/",
        ),
        "plan": plan,
        "menu": menu(),
        "search_url": url_for("searching.results") if viewer and rights().plans else "",
        "signed_in_person": viewer.person if viewer else None,
        "account_url": url_for("account.profile"),
        "sign_out_url": url_for("account.sign_out"),
        "sign_in_url": url_for("account.sign_in"),
        "today": clock.today(),
        "site_banner": _banner(),
        "notices": notices(date_and_time),
    }


def _banner() -> dict[str, str] | None:
    if not clock.can_move():
        return None
    text = gettext("Demonstration. The clock shows %(date)s.", date=long_date(clock.today()))
    return {
        "text": text,
        "url": url_for("demo.clock"),
        "link_text": gettext("Move the clock, read the letters"),
    }
