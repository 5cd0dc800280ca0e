"""Passwords: who guesses at an account that does not exist waits as long as at one that does."""

from __future__ import annotations

from argon2 import extract_parameters

from tracker.accounts import passwords


def test_guessing_at_an_unknown_account_costs_what_a_known_one_costs() -> None:
    """The hash that stands in for a missing one is written out: it must follow the hasher's parameters."""
    made_now = passwords.hash_password("four plain words here")
    assert extract_parameters(passwords._NOBODY) == extract_parameters(made_now)


def test_no_password_fits_where_there_is_no_hash() -> None:
    assert not passwords.matches("nobody has this password", None)
