"""Invented memos with slips planted in them, and with as much that only looks like one.

The table has a memo after "###", its caption, its front, sections after "=", and rows; "!" names a slip of
the row above it: check and words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tracker.domain.proofreading import Check, Proof, Row, proofread_memo

_TABLE = Path(__file__).with_name("proofread_memos.txt")
_ROW = re.compile(r"(\d+)\. (.+)")


@dataclass
class Planted:
    title: str
    year: int
    caption: str = ""
    front: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    slips: list[tuple[int, str, str]] = field(default_factory=list)

    def proof(self) -> Proof:
        return Proof(tuple(self.rows), self.caption, (self.title, *self.front))


def _memos() -> Iterator[Planted]:
    for part in _TABLE.read_text(encoding="utf-8").split("### ")[1:]:
        head, *lines = part.splitlines()
        title, year = head.rsplit(" | ", 1)
        memo, section = Planted(title, int(year)), ""
        for line in filter(None, lines):
            sign, _, rest = line.partition(" ")
            row = _ROW.fullmatch(line)
            if sign == "caption:":
                memo.caption = rest
            elif sign == "intro:":
                memo.front.append(rest)
            elif sign == "=":
                section = rest
            elif sign == "!":
                check, _, words = rest.partition(": ")
                memo.slips.append((memo.rows[-1].number, check, words))
            elif row and int(row[1]) == len(memo.rows) + 1:
                memo.rows.append(Row(int(row[1]), "", title=row[2], section=section))
            else:
                last = memo.rows[-1]
                memo.rows[-1] = Row(
                    last.number, f"{last.text}\n{line}".strip(), title=last.title, section=section
                )
        yield memo


_MEMOS = list(_memos())


@pytest.mark.parametrize("memo", _MEMOS, ids=[memo.title for memo in _MEMOS])
def test_each_planted_slip_is_found_and_nothing_else(memo: Planted) -> None:
    found = proofread_memo(memo.proof(), year=memo.year)
    assert sorted((one.row, one.check.value, one.words) for one in found) == sorted(memo.slips)


def test_the_memos_have_slips_of_every_kind_that_one_memo_shows() -> None:
    assert len(_MEMOS) >= 16
    assert all(len(memo.rows) == 10 for memo in _MEMOS)
    counted = Counter(check for memo in _MEMOS for _, check, _ in memo.slips)
    beside_last_year = {Check.same_as_last_year, Check.moved_reference, Check.figure}
    assert set(counted) >= {check.value for check in set(Check) - beside_last_year}
