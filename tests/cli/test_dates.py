"""`flask tracker dates`: dates in sentences, without settings and without a database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from tracker.cli import tracker

SENTENCES = (
    "på mødet d. 31. marts\n\nden 3/4 2025 og ultimo 2026\nSiden 2018 har der været\ni alt 12 skoler\n"
)


def dates(text: str | bytes, *arguments: str) -> str:
    done = CliRunner().invoke(tracker, ["dates", *arguments], input=text)
    assert done.exit_code == 0, done.output
    return done.output


def test_each_line_is_answered_by_one_line_of_json() -> None:
    printed = dates(SENTENCES, "--year", "2025", "--json").splitlines()
    assert [json.loads(line)["phrases"] for line in printed] == [
        [{"first": None, "last": None, "precision": "day-no-year", "span": [12, 21]}],
        [],
        [
            {"first": "2025-04-03", "last": "2025-04-03", "precision": "day", "span": [4, 12]},
            {"first": "2026-10-01", "last": "2026-12-31", "precision": "part", "span": [16, 27]},
        ],
        [{"first": "2018-01-01", "last": None, "precision": "year", "span": [0, 10]}],
        [],
    ]


def test_line_ends_and_a_byte_order_mark_are_no_part_of_a_sentence() -> None:
    typed = b"\xef\xbb\xbfi 2025\r\n\r\ni 2026"
    assert [json.loads(line)["phrases"][:1] for line in dates(typed, "--json").splitlines()] == [
        [{"first": "2025-01-01", "last": "2025-12-31", "precision": "year", "span": [2, 6]}],
        [],
        [{"first": "2026-01-01", "last": "2026-12-31", "precision": "year", "span": [2, 6]}],
    ]
    assert dates("", "--json") == ""


def test_a_person_gets_a_table() -> None:
    assert dates(SENTENCES).splitlines() == [
        " Line  First       Last        Precision    Words",
        "    1  no year     no year     day-no-year  31. marts",
        "    3  2025-04-03  2025-04-03  day          3/4 2025",
        "    3  2026-10-01  2026-12-31  part         ultimo 2026",
        "    4  2018-01-01  open        year         Siden 2018",
    ]


def test_a_line_in_another_encoding_is_named_after_the_lines_before_it() -> None:
    done = CliRunner().invoke(tracker, ["dates", "--json"], input=b"i 2025\nfor\xe5ret 2025\n")
    assert done.exit_code == 1
    assert done.stdout.count("\n") == 1
    assert done.stderr == (
        "Error: Line 2 is not UTF-8 text: byte 4 of the line cannot be read."
        " Save the file as UTF-8 and try again.\n"
    )


def test_the_command_needs_no_setting_and_no_database(tmp_path: Path) -> None:
    flask = Path(sys.executable).with_name("flask")
    done = subprocess.run(
        [flask, "tracker", "dates", "--year", "2025", "--json"],
        input="d. 24.12.26\n",
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
    )
    assert json.loads(done.stdout)["phrases"][0]["first"] == "2026-12-24"
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []
