"""Memos of the kind, made from a seed: invented content, and the many ways in which an office may set it.

`memo_of` gives the content as the value that reading should give back, `Kind` says how it is set.
`kinds_word` sets it in Word, `kinds_text` as a text layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

from tests.memos.reading.kinds_content import (
    ACTIVITIES,
    CAPTIONS,
    GROUPS,
    HEADERS,
    HEADINGS,
    INTRO,
    ITEMS,
    NAMES,
    NOTES,
    OFFICES,
    PURPOSES,
    SENTENCES,
    TITLES,
)
from tracker.domain.memo import Head, Memo, Row, Section, Table, TableKind
from tracker.domain.text import Block, Footnote, mark

Numbering = Literal[
    "dot", "paren", "bare", "word", "automatic", "column", "dotted column", "automatic column"
]
Sections = Literal["row", "heading", "table heading"]


@dataclass(frozen=True)
class Kind:
    """How a memo is set. `extra` is the word of a further column, or empty; `dates` how the head is spelt."""

    numbering: Numbering
    number_word: str
    sections: Sections
    header_each: bool
    extra: str
    date_label: str
    case_label: str
    to_label: str
    head_table: bool
    note_style: Literal["real", "typed"]

    @property
    def has_number_column(self) -> bool:
        return self.numbering in {"column", "dotted column", "automatic column"}

    def shown(self, number: int) -> str:
        """The number as it is printed."""
        if self.numbering == "word":
            return f"Nr. {number}:"
        if self.numbering == "paren":
            return f"{number})"
        return str(number) if self.numbering in {"bare", "column"} else f"{number}."


def kind_of_memo(seed: int) -> Kind:
    random = Random(seed)
    return Kind(
        numbering=random.choice(
            [
                "dot",
                "dot",
                "paren",
                "bare",
                "word",
                "automatic",
                "column",
                "dotted column",
                "automatic column",
            ]
        ),
        number_word=random.choice(["Nr.", "#", "Nummer", "Løbenr."]),
        sections=random.choice(["row", "row", "heading", "table heading"]),
        header_each=random.random() < 0.5,
        extra=random.choice(["", "", "", "Ansvarlig", "Tidsplan"]),
        date_label=random.choice(["", "Dato: ", "Dato ", "Den "]),
        case_label=random.choice(
            ["Sagsnr. ", "Sagsnr.: ", "Sagsnummer: ", "Sag: ", "Journalnr. ", "J.nr. ", "eDoc-sagsnr. "]
        ),
        to_label=random.choice(["Til ", "Til: ", "Modtager: "]),
        head_table=random.random() < 0.2,
        note_style=random.choice(["real", "typed"]),
    )


def memo_of(seed: int, *, rows: int | None = None) -> Memo:
    """A memo with two to five administrations. `rows`: how many in all, else 6 to 20."""
    random = Random(seed + 1_000_000)
    maker = _Maker(random)
    names = random.sample(NAMES, random.randint(2, 5))
    counts = maker.counts(rows or random.randint(6, 20), len(names))
    header = random.choice(HEADERS)
    tables = [maker.table("status", names, counts, header)]
    for kind in ("unfunded", "new"):
        if random.random() < 0.2:
            some = names[: random.randint(1, 2)]
            tables.append(maker.table(kind, some, [random.randint(1, 3) for _ in some], header))
    intro = tuple(random.sample(INTRO, random.choice([0, 1, 2, 3, 3])))
    return Memo(random.choice(TITLES), _head(random), intro, tuple(tables), tuple(maker.notes))


_MONTHS = (
    *("januar", "februar", "marts", "april", "maj", "juni"),
    *("juli", "august", "september", "oktober", "november", "december"),
)


def _head(random: Random) -> Head:
    day, month, year = random.randint(1, 28), random.randint(1, 12), random.choice([2025, 2026])
    date = random.choice(
        [
            f"{day}. {_MONTHS[month - 1]} {year}",
            f"{day:02}-{month:02}-{year}",
            f"{day}.{month}.{year}",
            f"{day}/{month} {year}",
            "",
        ]
    )
    case = random.choice(["2025-0012345", "24/12345", "00.16.00-P22-4-25", "EMN-2026-01234", ""])
    to = random.choice(["Byrådet", "Børne- og Ungeudvalget", "Økonomiudvalget", ""])
    return Head(random.choice(OFFICES), random.choice([*NAMES[:6], ""]), date, case, to)


@dataclass
class _Maker:
    random: Random

    def __post_init__(self) -> None:
        self.number = 0
        self.notes: list[Footnote] = []
        self.titles = [f"{a} {g}{p}" for a in ACTIVITIES for g in GROUPS for p in PURPOSES]

    def counts(self, total: int, parts: int) -> list[int]:
        cuts = sorted(self.random.sample(range(1, total), parts - 1))
        return [after - before for before, after in zip([0, *cuts], [*cuts, total], strict=True)]

    def table(
        self, kind: TableKind, names: Sequence[str], counts: Sequence[int], header: tuple[str, str]
    ) -> Table:
        sections = tuple(
            Section(name, tuple(self.row() for _ in range(count)), header)
            for name, count in zip(names, counts, strict=True)
        )
        return Table(CAPTIONS[kind], sections, kind)

    def row(self) -> Row:
        self.number += 1
        title = self.random.choice(self.titles) + self.random.choice(["", "", "."])
        return Row(self.number, title, self.blocks())

    def blocks(self) -> tuple[Block, ...]:
        found: list[Block] = [self.paragraph()]
        for _ in range(self.random.choice([0, 0, 0, 1, 1, 2, 3])):
            found += self.random.choice([self.more, self.list_of, self.numbered, self.headed])()
        return tuple(found)

    def more(self) -> list[Block]:
        return [self.paragraph()]

    def paragraph(self) -> Block:
        sentences = self.random.sample(SENTENCES, self.random.randint(1, 4))
        if self.random.random() < 0.12:
            self.notes.append(Footnote(len(self.notes) + 1, self.random.choice(NOTES)))
            sentences[0] = f"{sentences[0][:-1]}{mark(len(self.notes))}."
        return Block("paragraph", " ".join(sentences))

    def list_of(self) -> list[Block]:
        items = self.random.sample(ITEMS, self.random.randint(2, 4))
        return [Block("paragraph", "Der er især tale om:"), *(Block("bullet", item) for item in items)]

    def numbered(self) -> list[Block]:
        items = self.random.sample(ITEMS, self.random.randint(2, 3))
        listed = [Block("number", item, at) for at, item in enumerate(items, start=1)]
        return [Block("paragraph", "Arbejdet følger disse trin:"), *listed]

    def headed(self) -> list[Block]:
        return [Block("heading", self.random.choice(HEADINGS)), self.paragraph()]
