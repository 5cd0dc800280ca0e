"""The memo as a value: what every reader produces, every writer consumes, and the round builds.

Nothing here knows of Word, PDF or HTML, nor of the database.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tracker.domain.text import Block, Footnote, plain

TableKind = Literal["status", "unfunded", "new"]


@dataclass(frozen=True)
class Head:
    """What stands above the title. An empty string means that the document does not say."""

    office: str = ""
    administration: str = ""
    date: str = ""
    case_number: str = ""
    recipients: str = ""


@dataclass(frozen=True)
class Row:
    """One initiative as printed. `number` belongs to this edition and is no identity.

    `blocks` carry footnote marks (¹²³) that point into `Memo.footnotes`, numbered through the memo.
    """

    number: int
    title: str
    blocks: tuple[Block, ...]

    @property
    def text(self) -> str:
        """The status as one string, a line per block (see `tracker.domain.text.plain`)."""
        return plain(self.blocks)


@dataclass(frozen=True)
class Section:
    """One administration's block of a table, with the header words as printed."""

    name: str
    rows: tuple[Row, ...]
    header: tuple[str, str] = ("Indsats", "Status")


@dataclass(frozen=True)
class Table:
    caption: str
    sections: tuple[Section, ...]
    kind: TableKind = "status"


@dataclass(frozen=True)
class Memo:
    title: str
    head: Head = field(default_factory=Head)
    intro: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    language: str = "da"

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections of the status table."""
        return next((table.sections for table in self.tables if table.kind == "status"), ())

    @property
    def caption(self) -> str:
        return next((table.caption for table in self.tables if table.kind == "status"), "")

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every row of the status table in printed order."""
        return tuple(row for section in self.sections for row in section.rows)
