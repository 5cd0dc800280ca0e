"""What is written to Word is read back as the same memo."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings

from tests.memos.writing.samples import CREATED, LETTERHEAD, MEMO, memos, paragraph
from tracker.domain.memo import Memo, Row, Section, Table
from tracker.memos.reading import read, read_bytes
from tracker.memos.writing import DraftNotice, write_docx


def read_back(memo: Memo, *, draft: DraftNotice | None = None, colophon: str = "") -> Memo:
    data = write_docx(memo, letterhead=LETTERHEAD, created=CREATED, draft=draft, colophon=colophon)
    return read_bytes(data, name="memo.docx").memo


def test_a_memo_with_everything_in_it_comes_back_equal() -> None:
    assert read_back(MEMO, colophon="1. udgave") == MEMO


def test_a_draft_comes_back_with_the_same_rows() -> None:
    assert read_back(MEMO, draft=DraftNotice(("3. Åbne haller",))).tables == MEMO.tables


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(memos())
def test_any_memo_comes_back_equal(memo: Memo) -> None:
    assert read_back(memo) == memo


def test_last_years_memo_comes_back_equal(seed: Path) -> None:
    memo = read(seed / "aarlig-status-2025.docx").memo
    assert len(memo.rows) == 42
    assert read_back(memo) == memo


def test_the_tables_of_unfunded_and_new_initiatives_come_back_apart() -> None:
    def row(number: int) -> Row:
        return Row(number, f"Indsats {number}", (paragraph("Ord om indsatsen."),))

    first, second = "Skoleforvaltningen", "Fritidsforvaltningen"
    tables = (
        Table("Tabel 1. Indsatser.", (Section(first, (row(1),)),)),
        Table(
            "Tabel 2. Ufinansierede indsatser.",
            (Section(first, (row(2),)), Section(second, (row(3),))),
            "unfunded",
        ),
        Table("Tabel 3. Nye forslag.", (Section(second, (row(4),)),), "new"),
    )
    memo = replace(MEMO, tables=tables, footnotes=())
    assert read_back(memo) == memo
