"""Text layers whose rows are numbered '2.1', '1a', 'A.1', 'b)' or 'IV.': counted, and said to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from tests.memos.reading.kinds import Kind, kind_of_memo, memo_of
from tests.memos.reading.kinds_text import print_of, text_layer
from tests.memos.reading.test_kinds import outline, unflagged
from tracker.domain.memo import Memo
from tracker.memos.reading import read_bytes
from tracker.memos.reading.lost_words import lost_words
from tracker.memos.reading.source_words import source_words

_LETTERS = "abcdefghijklmnopqrstuvwxyzæøå"
_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
FORMS = ("{i}.{j}", "{i}.{j}.", "{I}.{j}", "{i}{b}", "{i}{b})", "{a})", "{roman}.", "Nr. {i}.{j}", "{i}-{j}")


@dataclass(frozen=True)
class Parted(Kind):
    """A kind whose rows carry these numbers."""

    printed: Mapping[int, str] = field(default_factory=dict)

    def shown(self, number: int) -> str:
        return self.printed[number]


def parted(memo: Memo, kind: Kind, form: str, *, column: bool) -> Parted:
    """The kind with its rows numbered in a form: by section and row, or by row alone."""
    printed = {}
    for i, section in enumerate(memo.sections, start=1):
        for j, row in enumerate(section.rows, start=1):
            n = row.number
            printed[n] = form.format(
                i=i,
                j=j,
                I=_LETTERS[i - 1].upper(),
                a=_LETTERS[n - 1],
                b=_LETTERS[j - 1],
                roman="X" * (n // 10) + _ROMAN[n % 10],
            )
    changed = {**asdict(kind), "numbering": "column" if column else "dot", "printed": printed}
    return Parted(**changed)


def test_numbers_with_parts_find_the_rows_which_are_counted() -> None:
    exact = rows = guessed = 0
    for seed in range(27):
        memo = memo_of(seed)
        memo = replace(memo, tables=memo.tables[:1])
        form = FORMS[seed % len(FORMS)]
        kind = parted(memo, kind_of_memo(seed), form, column=seed % 4 == 0)
        data = text_layer(memo, kind, print_of(seed), seed=seed).encode()
        reading = read_bytes(data, name="memo.txt")
        said = f"seed {seed}, {form}"
        if outline(reading.memo) != outline(memo):
            assert any("names an administration" in str(doubt.reason) for doubt in reading.doubts), said
            guessed += 1
        assert lost_words(source_words(data, name="memo.txt"), reading) == (), said
        assert not unflagged(reading, memo), said
        assert "counted instead" in str(next(doubt.reason for doubt in reading.doubts if doubt.row == 1))
        exact += sum(row.title == gold.title for row, gold in zip(reading.memo.rows, memo.rows, strict=True))
        rows += len(memo.rows)
    assert exact >= 0.95 * rows
    assert guessed <= 1


def test_names_that_are_numbered_themselves_lose_their_number() -> None:
    for seed in range(20, 32):
        memo = memo_of(seed)
        memo = replace(memo, tables=memo.tables[:1])
        table = memo.tables[0]
        named = [
            replace(section, name=f"{at}. {section.name}")
            for at, section in enumerate(table.sections, start=1)
        ]
        shown = replace(memo, tables=(replace(table, sections=tuple(named)),))
        kind = parted(memo, kind_of_memo(seed), "{i}.{j}", column=False)
        data = text_layer(shown, kind, print_of(seed), seed=seed).encode()
        reading = read_bytes(data, name="memo.txt")
        assert outline(reading.memo) == outline(memo), f"seed {seed}"
        assert lost_words(source_words(data, name="memo.txt"), reading) == (), f"seed {seed}"
