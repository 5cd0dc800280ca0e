"""Numbers as they are written in Danish, and as they are kept: "1.234,5" and "1234.5"."""

from __future__ import annotations

import re
from decimal import Decimal

from tracker.domain.errors import InvalidInput

MOST_DIGITS = 15
MOST_DECIMALS = 6
# Dots or spaces stand between threes of digits, and nowhere else: "1.5" may be meant either way.
_DANISH = re.compile(r"([-\u2212\u2013]?)([0-9]{1,3}(?:[. \u00a0\u202f][0-9]{3})+|[0-9]+)(?:,([0-9]+))?")


def read_danish(typed: str, *, field: str = "value") -> str:
    """The digits of a number, with a point, as `Decimal` reads it. Raises InvalidInput on `field`."""
    found = _DANISH.fullmatch(typed.strip())
    if found is None:
        raise InvalidInput(field, "Write the number as in 1.234,5.")
    sign, whole, decimals = found.groups()
    digits = re.sub(r"\D", "", whole).lstrip("0") or "0"
    decimals = (decimals or "").rstrip("0")
    if len(digits) > MOST_DIGITS or len(decimals) > MOST_DECIMALS:
        raise InvalidInput(field, "The number has too many digits.")
    value = digits + (f".{decimals}" if decimals else "")
    return f"-{value}" if sign and Decimal(value) else value


def write_danish(value: str) -> str:
    """The number with dots between threes of digits and a comma: `1234.5` is `1.234,5`."""
    sign, number = ("-", value[1:]) if value.startswith("-") else ("", value)
    whole, _, decimals = number.partition(".")
    return f"{sign}{int(whole):,}".replace(",", ".") + (f",{decimals}" if decimals else "")
