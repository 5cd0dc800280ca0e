"""What stands before the first table of a Word file: the lines of the head, and the first section's name."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import TypeAlias

from tracker.memos.reading import vocabulary
from tracker.memos.reading.front import FrontLine, is_labelled
from tracker.memos.reading.result import Sentence
from tracker.memos.reading.word_grid import Grid
from tracker.memos.reading.word_paragraphs import Paragraph

_LEAD = 3


def front_line(paragraph: Paragraph) -> FrontLine:
    """A paragraph as a line of the front. What Word counts before a heading or a name is none of it."""
    title = paragraph.style.name in {"title", "titel"}
    named = vocabulary.names_administration(paragraph.text) or paragraph.outline is not None
    return FrontLine(
        text=paragraph.text if paragraph.label is None or named else paragraph.printed,
        place=paragraph.place,
        style=paragraph.style.name,
        level=-1 if title else paragraph.outline,
        bold=paragraph.bold,
        size=paragraph.size,
    )


Look: TypeAlias = tuple[int | None, bool, str]


def look_of(paragraph: Paragraph) -> Look:
    """How a heading is set."""
    return (paragraph.outline, paragraph.bold, paragraph.style.name)


def early_section(
    lines: Sequence[Paragraph], looks: Container[Look]
) -> tuple[Paragraph | None, list[Paragraph]]:
    """The name of a section above some lines of prose that lead to the table, and those lines.

    `looks`: how the headings above the later tables are set.
    """
    lead: list[Paragraph] = []
    for paragraph in reversed(lines):
        name = vocabulary.plain_name(paragraph.text)[0]
        set_apart = bool(paragraph.outline or paragraph.bold)
        known = vocabulary.names_administration(name) or (
            paragraph.looks_like_heading and look_of(paragraph) in looks
        )
        if known and set_apart:
            return (paragraph, lead[::-1]) if lead else (None, [])
        if len(lead) == _LEAD or not paragraph.text.endswith((".", ":")) or paragraph.outline is not None:
            break
        lead.append(paragraph)
    return None, []


def tells_of_the_memo(grid: Grid) -> bool:
    """Whether a table before the first is part of the head: it has its labels, or is no table of data."""
    texts = [cell.text for row in grid.rows for cell in row.filled]
    labelled = any(is_labelled(text) or is_labelled(f"{text}:") for text in texts)
    return labelled or sum(len(row.filled) > 1 for row in grid.rows) < 2


def joined(shown: Sequence[str], place: Sentence) -> Paragraph:
    """A label and its value, from two cells, as one line."""
    return Paragraph((f"{shown[0].rstrip(' :')}: {' '.join(shown[1:])}",), place)


def is_label(shown: Sequence[str]) -> bool:
    label = shown[0].rstrip(" :")
    return len(shown) == 2 and len(label) <= 30 and not (label.endswith(".") and " " in label)
