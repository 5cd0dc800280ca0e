"""Why a letter did not go is said in a sentence of the page's language."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from flask import Flask, session

from tests.support.source import FUNCTIONS, modules
from tracker.mail import judging, recovery
from tracker.web.letter_reasons import sentences, why

ASKED = {"why_not", "still_wanted"}


def _phrases() -> Iterator[str]:
    """What the kinds of letter and the judge of them note when a letter is not wanted any more."""
    yield from (judging.MOVED, recovery.FOUND)
    for module in modules():
        for node in ast.walk(module.tree):
            if isinstance(node, FUNCTIONS) and (node.name in ASKED or node.name.startswith("_still_")):
                for answer in (one for one in ast.walk(node) if isinstance(one, ast.Return)):
                    for part in ast.walk(answer):
                        if (
                            isinstance(part, ast.Constant)
                            and isinstance(part.value, str)
                            and " " in part.value
                        ):
                            yield part.value


def test_every_reason_for_not_sending_a_letter_has_a_sentence(app: Flask) -> None:
    with app.test_request_context():
        phrases = set(_phrases())
        assert len(phrases) >= 10
        assert phrases <= sentences().keys()


@pytest.mark.parametrize(
    ("noted", "said"),
    [
        ("the person is no longer active", "The person has left."),
        (
            "it cannot be written: KeyError: 'plan'",
            "It could not be put into words. Tell those who run the service: KeyError: 'plan'",
        ),
        ("given up after 9 attempts; 451 4.7.1 later", "Given up after several attempts: 451 4.7.1 later"),
        ("550 5.1.1 no such user: here", "550 5.1.1 no such user: here"),
    ],
)
def test_what_was_noted_beside_a_letter_is_put_into_words(app: Flask, noted: str, said: str) -> None:
    with app.test_request_context():
        session["language"] = "en"
        assert why(noted) == said
