"""Reminders that were planned and sent, a page at a time, in the words of the page."""

from __future__ import annotations

from datetime import date

from flask import request

from tracker import clock
from tracker.reminders.ledger import Asked, LedgerPage
from tracker.web import letter_words
from tracker.web.requests import LARGEST_ID

PLANNED = "planned"


def asked(plan_id: int | None) -> Asked:
    """The page that the address asks for, by `show` and `before`; None asks of every plan."""
    return Asked(plan_id, clock.today(), planned=_planned(), before=_before())


def shown(page: LedgerPage) -> dict[str, object]:
    """What the macro `ledger` of `parts/ledger.html` needs of a page."""
    return {
        "lines": page.lines,
        "older": f"{page.older[0]:%Y-%m-%d}.{page.older[1]}" if page.older else None,
        "first_page": _before() is None,
        "planned": _planned(),
        "states": letter_words.item_states(),
        "reasons": letter_words.item_reasons(),
        "reason": letter_words.reason,
    }


def _planned() -> bool:
    return request.args.get("show") == PLANNED


def _before() -> tuple[date, int] | None:
    """Where the last page ended, from `before` in the address: `2026-10-05.1234`."""
    day, _dot, number = request.args.get("before", "").partition(".")
    try:
        parsed = date.fromisoformat(day)
    except ValueError:
        return None
    if not (number.isascii() and number.isdigit() and len(number) < 11):
        return None
    return parsed, min(int(number), LARGEST_ID)
