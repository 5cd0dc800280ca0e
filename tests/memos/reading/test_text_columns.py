"""Text layers whose columns stand side by side, as programs print them that keep a page's look."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import replace
from random import Random

import pytest

from tests.memos.reading.kinds import kind_of_memo, memo_of
from tests.memos.reading.test_kinds import outline, unflagged
from tests.memos.reading.test_text_numbers import FORMS, parted
from tracker.domain.memo import Memo, Row
from tracker.memos.reading import read_bytes
from tracker.memos.reading.lost_words import lost_words
from tracker.memos.reading.source_words import source_words

PAGE = 46


@pytest.mark.parametrize("first", [0, 12])
def test_columns_side_by_side_are_read_as_cells_wherever_each_page_puts_them(first: int) -> None:
    exact = rows = 0
    for seed in range(first, first + 12):
        memo = memo_of(seed)
        data = "\f".join(_pages(memo, seed)).encode()
        reading = read_bytes(data, name="memo.txt")
        assert outline(reading.memo) == outline(memo), f"seed {seed}"
        assert lost_words(source_words(data, name="memo.txt"), reading) == (), f"seed {seed}"
        assert not unflagged(reading, memo), f"seed {seed}"
        exact += sum(row.title == gold.title for row, gold in zip(reading.memo.rows, memo.rows, strict=True))
        rows += len(memo.rows)
    assert exact >= 0.95 * rows


def test_columns_side_by_side_keep_their_places_where_numbers_have_parts() -> None:
    exact = rows = 0
    for seed in (0, 1, 2, 3, 4, 5, 6, 8):
        memo = memo_of(seed)
        memo = replace(memo, tables=memo.tables[:1])
        printed = parted(memo, kind_of_memo(seed), FORMS[seed], column=False).printed
        data = "\f".join(_pages(memo, seed, printed)).encode()
        reading = read_bytes(data, name="memo.txt")
        assert outline(reading.memo) == outline(memo), f"seed {seed}"
        assert lost_words(source_words(data, name="memo.txt"), reading) == (), f"seed {seed}"
        assert not unflagged(reading, memo), f"seed {seed}"
        first = memo.rows[0].number
        assert reading.sources[0].words.startswith(printed[first]), f"seed {seed}"
        assert any(doubt.words == printed[first] for doubt in reading.doubts)
        exact += sum(row.title == gold.title for row, gold in zip(reading.memo.rows, memo.rows, strict=True))
        rows += len(memo.rows)
    assert exact >= 0.95 * rows


def _pages(memo: Memo, seed: int, printed: Mapping[int, str] | None = None) -> Iterator[str]:
    """The memo with the columns of each page at another place, now and then one blank apart.

    `printed`: the numbers of the rows as they stand there.
    """
    random = Random(seed)
    left, right = random.choice([(28, 50), (36, 44), (44, 44)])
    lines: list[tuple[str, str]] = [(memo.head.office, ""), (memo.title, "")]
    lines += [(text, "") for text in memo.intro]
    for table in memo.tables:
        lines += [("", ""), (table.caption, "")]
        for section in table.sections:
            lines += [("", ""), (section.name, ""), (section.header[0], section.header[1])]
            for row in section.rows:
                lines += _beside(row, left, right, (printed or {}).get(row.number))
    for at in range(0, len(lines), PAGE):
        column = left + random.choice([1, 2, 3, 5])
        some = lines[at : at + PAGE]
        yield (
            "\n".join(f"{one:<{column}}{other}".rstrip() for one, other in some)
            + f"\n\nSide {at // PAGE + 1}\n"
        )


def _beside(row: Row, left: int, right: int, printed: str | None = None) -> Iterator[tuple[str, str]]:
    title = textwrap.wrap(f"{printed or f'{row.number}.'} {row.title}", left, break_on_hyphens=False)
    status = [
        line
        for block in row.blocks
        for line in textwrap.wrap(
            ("• " if block.kind == "bullet" else f"{block.number}. " if block.kind == "number" else "")
            + block.text,
            right,
            break_on_hyphens=False,
        )
    ]
    for at in range(max(len(title), len(status))):
        yield "".join(title[at : at + 1]), "".join(status[at : at + 1])


def test_a_page_printed_column_by_column_gives_every_title_and_says_that_statuses_are_a_guess() -> None:
    memo = memo_of(10)
    data = "\f".join(_by_column(memo)).encode()
    reading = read_bytes(data, name="memo.txt")
    assert outline(reading.memo) == outline(memo)
    assert lost_words(source_words(data, name="memo.txt"), reading) == ()
    read = {row.number: row for row in reading.memo.rows}
    guessed = {doubt.row for doubt in reading.doubts if "Which lines" in doubt.reason.message}
    assert all(read[row.number].title == row.title for row in memo.rows)
    assert guessed >= {row.number for row in memo.rows if read[row.number].text != row.text}


def _by_column(memo: Memo) -> Iterator[str]:
    """A page for each administration: its titles, then the word above the statuses, then all of them."""
    yield f"{memo.head.office}\n\n{memo.title}\n\n{memo.tables[0].caption}\n"
    for table in memo.tables:
        for section in table.sections:
            rows = [list(zip(*_beside(row, 40, 46), strict=True)) for row in section.rows]
            titles = ["\n".join(line for line in title if line) for title, _ in rows]
            statuses = ["\n".join(line for line in status if line) for _, status in rows]
            above = (
                f"{table.caption}\n\n" if table is not memo.tables[0] and section is table.sections[0] else ""
            )
            name, words = section.name, section.header
            yield (
                f"{above}{name}\n{words[0]}\n"
                + "\n\n".join(titles)
                + f"\n\n{words[1]}\n"
                + "\n".join(statuses)
                + "\n"
            )
