"""ASVS 5.0 at levels 1 and 2 is answered one by one, and no answer names what is not there."""

from __future__ import annotations

import ast
import csv
from collections import Counter
from functools import cache

import pytest

from tests.support.source import ROOT

# How many requirements of levels 1 and 2 each section has; they are numbered from 1 without a gap.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2,
    "3.3": 4, "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3,
    "5.3": 2, "5.4": 3, "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3,
    "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3,
    "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4, "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2,
    "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1,
    "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7,
    "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4, "17.3": 2,
}  # fmt: skip
ANSWERS = {"met", "document", "not applicable", "open"}


def rows() -> list[dict[str, str]]:
    with (ROOT / "docs/asvs.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def _tests_in(path: str) -> frozenset[str]:
    file = ROOT / path
    tree = ast.parse(file.read_text(encoding="utf-8")) if file.is_file() else ast.parse("")
    return frozenset(one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef))


def is_answered(row: dict[str, str]) -> bool:
    """Whether its proof exists: a test, a page of the documentation, or a sentence that says why not."""
    path, _, test = row["proof"].partition("::")
    return {
        "met": test.startswith("test_") and test in _tests_in(path),
        "document": path.startswith("docs/") and (ROOT / path).is_file(),
        "not applicable": not path and bool(row["remark"]),
        "open": not path and bool(row["remark"]),
    }[row["answer"]]


def test_every_requirement_has_one_row() -> None:
    expected = {f"V{section}.{number}" for section, last in SECTIONS.items() for number in range(1, last + 1)}
    assert Counter(row["requirement"] for row in rows()) == Counter(expected)
    assert Counter(row["level"] for row in rows()) == {"1": 70, "2": 183}


def test_every_answer_has_its_proof() -> None:
    assert {row["answer"] for row in rows()} <= ANSWERS
    assert [row["requirement"] for row in rows() if not is_answered(row)] == []


@pytest.mark.parametrize(
    ("answer", "proof", "remark"),
    [
        ("met", "tests/architecture/test_asvs.py::test_that_is_not_there", ""),
        ("met", "tests/architecture/test_gone.py::test_every_answer_has_its_proof", ""),
        ("met", "", "believe me"),
        ("document", "docs/gone.md", ""),
        ("not applicable", "", ""),
        ("open", "", ""),
    ],
)
def test_an_answer_without_proof_is_caught(answer: str, proof: str, remark: str) -> None:
    assert not is_answered({"answer": answer, "proof": proof, "remark": remark})
