"""`memo read FILE`: for a person, and as JSON for a program."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.memos.reading.word_files import TITLE, add_table, new, saved
from tracker.cli.memo import read_memo

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def memo_file(tmp_path: Path) -> Path:
    document = new("Kontor for Trivsel", intro=["Planen bestemmer, at der hvert år gøres status over den."])
    rows = [["Skoleforvaltningen"], ["Indsats", "Status"], ["1. Mentorer", "Tolv."], ["3. Haller", "Åbne."]]
    add_table(document, rows)
    document.add_paragraph("Med venlig hilsen")
    path = tmp_path / "memo.docx"
    path.write_bytes(saved(document))
    return path


def test_the_overview_shows_rows_doubts_and_what_was_left_out(memo_file: Path) -> None:
    result = CliRunner().invoke(read_memo, [str(memo_file)])
    assert result.exit_code == 0
    assert "2 rows, 1 sections, 0 footnotes, 1 doubts, 1 pieces left out" in result.output
    assert "  3. Haller [5 characters]" in result.output
    assert "row 3: Number 3 follows number 1. “Haller”" in result.output
    assert "Med venlig hilsen" in result.output


def test_the_json_is_one_object(memo_file: Path) -> None:
    result = CliRunner().invoke(read_memo, [str(memo_file), "--json"])
    printed = json.loads(result.output)
    assert printed["title"] == TITLE
    assert printed["head"]["office"] == "Kontor for Trivsel"
    assert printed["sections"] == [
        {
            "name": "Skoleforvaltningen",
            "header": ["Indsats", "Status"],
            "rows": [
                {"number": 1, "title": "Mentorer", "text": "Tolv."},
                {"number": 3, "title": "Haller", "text": "Åbne."},
            ],
        }
    ]
    assert printed["left_out"] == [{"text": "Med venlig hilsen", "place": "paragraph 11"}]
    assert printed["doubts"] == [{"row": 3, "words": "Haller", "reason": "Number 3 follows number 1."}]


def test_the_schema_in_the_docs_names_every_key(memo_file: Path) -> None:
    printed = json.loads(CliRunner().invoke(read_memo, [str(memo_file), "--json"]).output)
    documented = (ROOT / "docs" / "memo-json.md").read_text("utf-8")
    keys = [*printed, *printed["head"], *printed["sections"][0], *printed["sections"][0]["rows"][0]]
    assert [key for key in keys if key not in documented] == []


def test_a_file_that_cannot_be_read_gives_one_sentence(tmp_path: Path) -> None:
    result = CliRunner().invoke(read_memo, [str(tmp_path / "none.docx"), "--json"])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == "Error: There is no file called “none.docx”.\n"


def test_it_needs_no_settings_no_database_and_no_web_framework(memo_file: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from tracker.memos.commands.reading import show\n"
        "show(Path(sys.argv[1]), as_json=True)\n"
        "print([name for name in ('flask', 'sqlalchemy', 'config') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(memo_file)],
        cwd=ROOT,
        check=False,
        env={"LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
    )
    assert done.stdout.endswith("[]\n"), done.stderr
