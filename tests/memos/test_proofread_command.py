"""Proofreading a memo file from the terminal, without settings or a database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

from tracker.memos.commands.proofreading import show_findings

ROOT = Path(__file__).resolve().parents[2]

MEMO = """\
Kontor for Unge

Årlig status for byens handleplan for unge {year}

Tabel 1. Indsatser i perioden 2024-{short} under Kultur- og Fritidsforvaltningen.

Kultur- og Fritidsforvaltningen

Indsats Status

1. Åbne klubber i byens kvarterer
Der er åbnet fem klubber i 2025. Rapporten forventes ultimo {year}.

2. Nye baner til leg og idræt
Banerne blev indviet den 20 maj {year}, jf. indsats 9.

Socialudvalget

Indsats Status

{third}. Ferier for børn og unge
Der er holdt tre ferier i {year}
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Last year's memo and this year's: the same texts but for their year, and the third row moved."""
    last, this = tmp_path / "last.txt", tmp_path / "this.txt"
    last.write_text(MEMO.format(year=2025, short=25, third=3), encoding="utf-8")
    this.write_text(
        MEMO.format(year=2026, short=26, third=3).replace("ultimo 2026", "ultimo 2025"), encoding="utf-8"
    )
    return this, last


def found(file: Path, **asked: Any) -> dict[str, Any]:
    printed: dict[str, Any] = json.loads(show_findings(file, as_json=True, **asked))
    return printed


def test_a_file_is_proofread_with_row_words_and_reasons(files: tuple[Path, Path]) -> None:
    printed = found(files[0])
    assert (printed["year"], printed["rows"]) == (2026, 3)
    assert [(one["row"], one["check"], one["words"]) for one in printed["findings"]] == [
        (1, "passed_promise", "forventes … ultimo 2025"),
        (2, "date_form", "20 maj"),
        (2, "unknown_reference", "indsats 9"),
        (3, "missing_stop", "holdt tre ferier i 2026"),
        (3, "committee_as_administration", "Socialudvalget"),
        (3, "caption", "Socialudvalget"),
    ]
    assert sum(printed["counts"].values()) == 6
    slip = printed["findings"][1]
    assert slip["title"] == "Nye baner til leg og idræt"
    assert slip["reason_en"] == "The date is not written correctly: “20 maj”."
    assert "20 maj" in slip["reason_da"]
    assert slip["reason_da"] != slip["reason_en"]


def test_last_years_memo_shows_what_was_carried_over(files: tuple[Path, Path], tmp_path: Path) -> None:
    this, last = files
    same = tmp_path / "same.txt"
    same.write_text(
        last.read_text("utf-8").replace("handleplan for unge 2025", "handleplan for unge 2026"), "utf-8"
    )
    checks = [one["check"] for one in found(same, last=last)["findings"]]
    assert checks.count("same_as_last_year") == 3
    # Only the first row kept its words: its promise was not even moved to the new year.
    assert found(this, last=last)["counts"]["same_as_last_year"] == 1


def test_the_year_can_be_said_and_must_be_known(files: tuple[Path, Path], tmp_path: Path) -> None:
    assert "passed_promise" not in found(files[0], year=2025)["counts"]
    nameless = tmp_path / "nameless.txt"
    nameless.write_text("Status\n\nIndsats Status\n\n1. Åbne klubber\nDer er åbnet fem klubber.\n", "utf-8")
    with pytest.raises(click.ClickException, match="--year"):
        show_findings(nameless, as_json=True)
    with pytest.raises(click.ClickException, match="no file"):
        show_findings(tmp_path / "gone.docx", as_json=True)


def test_a_person_reads_both_languages_row_by_row(files: tuple[Path, Path]) -> None:
    printed = show_findings(files[0], as_json=False).splitlines()
    assert printed[0] == "3 rows, 2026: 6 findings"
    assert "2. Nye baner til leg og idræt" in printed
    assert "    (The date is not written correctly: “20 maj”.)" in printed


def test_the_command_needs_neither_settings_nor_database(files: tuple[Path, Path]) -> None:
    ran = subprocess.run(
        [Path(sys.executable).parent / "flask", "tracker", "memo", "proofread", files[0], "--json"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": str(files[0].parent)},
        capture_output=True,
        check=True,
    )
    assert json.loads(ran.stdout)["rows"] == 3


@pytest.mark.parametrize("kind", ["docx", "txt"])
def test_the_real_memos_known_slips_are_found_in_each_kind_of_file(seed: Path, kind: str) -> None:
    findings = {(one["row"], one["check"]) for one in found(seed / f"aarlig-status-2025.{kind}")["findings"]}
    assert findings >= {
        (33, "cut_off"),
        (35, "cut_off"),
        (41, "committee_as_administration"),
        (36, "caption"),
        (41, "caption"),
        (12, "date_form"),
        (27, "date_form"),
        (40, "date_form"),
        (20, "date_without_year"),
        (21, "date_without_year"),
        (16, "name_spelling"),
        (30, "name_spelling"),
        (9, "only_purpose"),
        (32, "only_purpose"),
    }
