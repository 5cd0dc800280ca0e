"""Numbers in and out, as they are written in Danish."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.errors import InvalidInput
from tracker.domain.numbers import read_danish, write_danish


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1.234,5", "1234.5"),
        ("1234,50", "1234.5"),
        (" 42 ", "42"),
        ("1 000 000", "1000000"),
        ("-5", "-5"),
        ("−0,5", "-0.5"),
        ("007", "7"),
        ("-0", "0"),
    ],
)
def test_a_danish_number_is_read(typed: str, kept: str) -> None:
    assert read_danish(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "1.5", "1,2,3", "12.34", "1.2345", "ca. 5", "5 %", "1e9", "٣", "NaN", "1" * 16, "0,1234567"]
)
def test_what_may_mean_two_things_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        read_danish(typed)


def test_it_is_written_with_dots_and_a_comma() -> None:
    assert write_danish("1234567.25") == "1.234.567,25"
    assert write_danish("-1234") == "-1.234"
    assert write_danish("0.5") == "0,5"


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=3, allow_nan=False))
def test_what_is_written_is_read_again(value: Decimal) -> None:
    kept = read_danish(format(value, "f").replace(".", ","))
    assert Decimal(kept) == value
    assert read_danish(write_danish(kept)) == kept
