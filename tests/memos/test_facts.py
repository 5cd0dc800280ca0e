"""Measuring how the dates of a memo are read: what is counted as found, as right and as made up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tracker.cli import tracker
from tracker.domain.memo import Memo, Row, Section, Table
from tracker.domain.text import Block
from tracker.memos.commands.facts import Measured, NoFacts, measure

TEXT = (
    "Kurset lå den 3. april 2025¹ og ultimo 2025. Næste møde er d. 31. marts. Siden 2018 er der en ordning. "
    "Huset brændte den 5. maj 2024, og i 2026 er der 40 pladser. Bogen kom i efteråret 2025."
)


def fact(snippet: str, first: str | None, last: str | None, precision: str, **more: Any) -> dict[str, Any]:
    date = {"from": first, "to": last, "precision": precision, "qualifier": None}
    return {"kind": "launch", "snippet": snippet, "date": date | more}


FACTS = {
    "number": 7,
    "periods": [fact("Siden 2018", "2018-01-01", None, "year")],
    "events": [
        fact("den 3. april 2025 og", "2025-04-03", "2025-04-03", "day"),
        fact("og ultimo 2025", "2025-10-01", "2025-12-31", "quarter", qualifier="ultimo"),
        fact("d. 31. marts", "2025-03-31", "2025-03-31", "day", year_stated=False),
        fact("i efteråret 2025", "2025-09-01", "2025-10-31", "quarter", qualifier="efteråret"),
        fact("der blev holdt en fest", None, None, "year"),
    ],
    "date_strings_that_are_not_initiative_events": ["5. maj 2024 - a fire"],
    "measures": [{"target_period": "2026"}],
}


def measured(tmp_path: Path, facts: dict[str, Any], text: str = TEXT) -> Measured:
    gold = tmp_path / "gold.facts.json"
    gold.write_text(json.dumps({"initiatives": [facts]}), encoding="utf-8")
    row = Row(7, "Nyt hus", (Block("paragraph", text),))
    return measure(Memo("Status", tables=(Table("", (Section("BIF", (row,)),)),)), gold, year=2025)


def test_a_fact_is_found_when_a_phrase_in_its_words_has_exactly_its_ends(tmp_path: Path) -> None:
    result = measured(tmp_path, FACTS)
    assert {form: (tally.facts, tally.found) for form, tally in result.by_form.items() if tally.facts} == {
        "open end": (1, 1),
        "day": (1, 1),
        "part": (1, 1),
        "no year": (1, 1),
        "season": (1, 0),
    }
    assert [one.snippet for one in result.missed] == ["i efteråret 2025"]


def test_a_phrase_is_right_when_it_is_a_fact_or_another_noted_date(tmp_path: Path) -> None:
    result = measured(tmp_path, FACTS)
    assert [(one.words, one.form) for one in result.no_fact] == [("efteråret 2025", "season")]
    assert (result.total.read, result.total.right) == (7, 6)
    assert not result.false_days


def test_an_exact_day_that_nobody_noted_is_counted_as_made_up(tmp_path: Path) -> None:
    result = measured(tmp_path, FACTS, "Mødet er den 9. juni 2025.")
    assert [one.words for one in result.false_days] == ["9. juni 2025"]


@pytest.mark.parametrize("written", ["", "[]", '{"initiatives": [{"number": 1}]}', "\xff"])
def test_a_file_that_holds_no_facts_is_one_sentence(written: str, tmp_path: Path) -> None:
    gold = tmp_path / "gold.facts.json"
    gold.write_bytes(written.encode("latin-1"))
    with pytest.raises(NoFacts) as refused:
        measure(Memo("Status"), gold, year=None)
    assert str(refused.value) == "gold.facts.json is no file of facts (.facts.json)."


def test_the_real_memo_is_measured_without_settings_or_database(seed: Path) -> None:
    name = seed / "aarlig-status-2025"
    done = CliRunner().invoke(
        tracker, ["dates", "measure", f"{name}.docx", f"{name}.facts.json", "--year", "2025", "--json"]
    )
    assert done.exit_code == 0, done.output
    printed = json.loads(done.output)
    assert printed["missed"] == []
    assert printed["false_days"] == 0
    assert printed["total"] == {"facts": 66, "found": 66, "read": 69, "right": 68}
