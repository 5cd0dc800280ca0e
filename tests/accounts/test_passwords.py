"""Passwords: who guesses at an account that does not exist waits as long as at one that does."""

from __future__ import annotations

import pytest
from argon2 import extract_parameters

from tracker.accounts import passwords
from tracker.domain.errors import InvalidInput


def test_guessing_at_an_unknown_account_costs_what_a_known_one_costs() -> None:
    """The hash that stands in for a missing one is written out: it must follow the hasher's parameters."""
    made_now = passwords.hash_password("four plain words here")
    assert extract_parameters(passwords._NOBODY) == extract_parameters(made_now)


def test_no_password_fits_where_there_is_no_hash() -> None:
    assert not passwords.matches("nobody has this password", None)


@pytest.mark.parametrize(
    "easy",
    [
        "password1234", "P@ssw0rd2026!", "passwordpassword", "Velkommen2026", "Sommer-2026!!",
        "123456789012", "210987654321", "qwertyuiop12", "qwertyuiopå1", "1q2w3e4r5t6y", "asdfghjklæøå",
        "adgangskode12", "abcdefghijkl", "abcabcabcabcabc", "aaaaaaaaaaaaaa", "xyxyxyxyxyxyxy",
        "Handleplan2027", "Indsatsoverblik1",
        "københavnkommune", "hanneholm2026", "Hanne.Holm@example.com", "hh@example2026",
        "            1", "!!!!!!!!!!!!!!",
    ],
)  # fmt: skip
def test_what_is_guessed_first_is_refused_whatever_its_length(easy: str) -> None:
    with pytest.raises(InvalidInput, match="too easy to guess"):
        passwords.hash_password(easy, name="Hanne Holm", email="hanne.holm@example.com")


@pytest.mark.parametrize(
    "good",
    [
        "four plain words here", "fire jævne ord her", "a password of many words", "En-lang-adgangskode-42",
        "839217460528", "tolvtegnialt", "x" * 3 + "k9 løvfald", "correct horse battery staple",
        "ø" * 3 + "grød til alle", "s" + "abc" * 2 + " fjernt hus", "🦊🐢🦉🐝🌲🌊☂⚓✂",
    ],
)  # fmt: skip
def test_a_password_of_any_characters_is_taken(good: str) -> None:
    made = passwords.hash_password(good + "…" * 3, name="Hanne Holm", email="hanne.holm@example.com")
    assert passwords.matches(good + "…" * 3, made)


def test_a_very_long_password_is_judged_at_once() -> None:
    for password in ("ab" * 100, "a" * 199 + "b", "qwe" * 66, "abcd" * 50, "(a" * 100):
        with pytest.raises(InvalidInput):
            passwords.hash_password(password)
