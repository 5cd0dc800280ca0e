"""What the checks find, and where they keep quiet."""

import json
import time
from pathlib import Path

import pytest

from tracker.domain.proofreading import MESSAGES, Check, Row, proofread, proofread_all

CLEAN = (
    "Indsatsen er i gang. Der er holdt fem møder, bl.a. den 3. marts 2026 og ultimo 2025.\n"
    "## Hvad der er sket\n"
    "Holdet har tre opgaver:\n"
    "- at tale med skolerne,\n"
    "- at skrive et oplæg på 2.500 ord.\n"
    "1. Først øves der.\n"
    "2. Så holdes oplægget¹.\n"
    "Læs mere på »example.com«. Prisen er 20.000 kr. i alt... og intet mere.\n"
    "¹ Se bilag 2"
)


def found(text: str, *, year: int = 2026, last: str = "") -> list[tuple[str, str]]:
    return [(one.check.value, one.words) for one in proofread(Row(7, text, last), year=year)]


def test_a_clean_text_and_an_empty_one_raise_no_question() -> None:
    assert found(CLEAN) == []
    assert found(" \n") == []


@pytest.mark.parametrize(
    ("text", "check", "words"),
    [
        ("Holdet har mødt skolerne samt", "cut_off", "Holdet har mødt skolerne samt"),
        ("Der er holdt møder,", "cut_off", "Der er holdt møder,"),
        ("Målet er at få flere m", "cut_off", "er at få flere m"),
        ("1. Tale med deres\n2. Skrive et oplæg.", "cut_off", "Tale med deres"),
        ("Holdet har mødt skolerne", "missing_stop", "Holdet har mødt skolerne"),
        ("- Et møde.\n- Et brev", "missing_stop", "Et brev"),
        ("Mødet er d. 31. marts.", "date_without_year", "31. marts"),
        ("Mødet var den 20 december 2025.", "date_form", "20 december"),
        ("Vises fra. 1 december til 3. december 2026.", "date_form", "fra. 1 december"),
        ("Klar i slutningen 2026.", "date_form", "slutningen 2026"),
        ("Rapporten forventes ultimo 2025.", "passed_promise", "forventes … ultimo 2025"),
        ("I 2025 planlægges et kursus.", "passed_promise", "planlægges … 2025"),
        ("Holdet har  mødt skolerne.", "double_space", "har  mødt"),
        ("Holdet har mødt skolerne..", "stray_stop", "skolerne.."),
        ("Holdet har mødt skolerne .", "stray_stop", "skolerne ."),
        ("Der er sat 12.500. kr. af.", "stray_stop", "12.500. kr"),
    ],
)
def test_a_slip_is_found_once_with_its_words(text: str, check: str, words: str) -> None:
    assert found(text) == [(check, words)]


def test_a_promise_for_this_year_or_in_another_sentence_is_no_question() -> None:
    assert found("Rapporten forventes ultimo 2026.") == []
    assert found("Kurset blev holdt i 2025. Der forventes et til.") == []


def test_a_list_without_full_stops_is_a_style() -> None:
    assert found("Der er tre spor:\n- skoler\n- klubber\n- biblioteker") == []


def test_last_years_text_is_recognised_whatever_its_spaces() -> None:
    text = "Holdet har mødt skolerne."
    assert found(text, last="Holdet har\nmødt skolerne.") == [("same_as_last_year", text.strip())]
    assert found(text, last="Holdet mødte skolerne.") == []


def test_a_finding_names_its_row_and_has_a_sentence() -> None:
    (finding,) = proofread(Row(33, "Mødet er d. 31. marts."), year=2026)
    assert (finding.row, finding.check) == (33, Check.date_without_year)
    assert finding.message % finding.params == 'The date has no year: "31. marts".'
    assert set(MESSAGES) == set(Check)


@pytest.mark.parametrize("piece", ["1", ".", "1.", "1. og ", "a", "2025 og ", "siden ", "maj "])
def test_a_text_of_one_thing_over_and_over_is_read_in_no_time(piece: str) -> None:
    started = time.process_time()
    found(piece * (7000 // len(piece)))
    assert time.process_time() - started < 1


def test_the_real_memo_gives_its_known_slips_and_no_false_alarm(seed: Path) -> None:
    rows = json.loads((seed / "aarlig-status-2025.rows.json").read_text(encoding="utf-8"))["initiatives"]
    findings = proofread_all([Row(row["number"], row["status"]) for row in rows], year=2025)
    where: dict[str, list[int]] = {}
    for finding in findings:
        where.setdefault(finding.check.value, []).append(finding.row)
    assert where == {
        "cut_off": [33, 35],
        "missing_stop": [24, 27, 31, 33],
        "date_without_year": [20, 21, 36],
        "date_form": [12, 27, 40],
        "double_space": [3, 12, 20, 21, 21],
        "stray_stop": [12],
    }


def test_next_year_the_promises_of_the_real_memo_are_asked_about(seed: Path) -> None:
    rows = json.loads((seed / "aarlig-status-2025.rows.json").read_text(encoding="utf-8"))["initiatives"]
    findings = proofread_all([Row(row["number"], row["status"]) for row in rows], year=2026)
    asked = {one.row for one in findings if one.check is Check.passed_promise}
    assert {24, 40} <= asked <= {1, 24, 40}
