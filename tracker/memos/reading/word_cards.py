"""Tables that set each initiative as a card: 'Indsats' and 'Status' below each other, the words beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tracker.memos.reading import vocabulary
from tracker.memos.reading.word_grid import Cell, Grid, GridRow

_TITLE_WORDS = 2
_STATUS_WORDS = 4


def upright(grid: Grid) -> Grid:
    """A table of cards with its labels as header rows above them; any other table as it is."""
    filled = [row for row in grid.rows if row.filled]
    beside = next((row.cells[1].text for row in filled if len(row.cells) == 2), "")
    if grid.width != 2 or not beside or vocabulary.is_header_word(beside):
        return grid
    cards = _cards(filled)
    if not cards or not all(_is_card(card) for card in cards if len(card[0].cells) == 2):
        return grid
    labels = {_labels(card) for card in cards if len(card[0].cells) == 2}
    if len(labels) != 1:
        return grid
    width = len(next(iter(labels)))
    return Grid(tuple(row for card in cards for row in _turned(card, width)))


def _cards(rows: Sequence[GridRow]) -> list[list[GridRow]]:
    """The rows of each card, which begins with the first label; a merged row stands for itself."""
    first = next((_label(row) for row in rows if len(row.cells) == 2), "")
    cards: list[list[GridRow]] = []
    for row in rows:
        if len(row.cells) != 2 or _label(row) == first or not cards or len(cards[-1][0].cells) != 2:
            cards.append([row])
        else:
            cards[-1].append(row)
    return cards if first else []


def _is_card(card: Sequence[GridRow]) -> bool:
    labels = _labels(card)
    titles = [text for text in labels if vocabulary.is_title_word(text) and _short(text, _TITLE_WORDS)]
    statuses = [text for text in labels if vocabulary.is_status_word(text) and _short(text, _STATUS_WORDS)]
    known = [text for text in labels if vocabulary.is_header_word(text)]
    return len(titles) == 1 and len(statuses) >= 1 and len(known) * 2 > len(labels)


def _short(text: str, words: int) -> bool:
    return len(text.split()) <= words


def _label(row: GridRow) -> str:
    return row.cells[0].text.rstrip(" :").casefold()


def _labels(card: Sequence[GridRow]) -> tuple[str, ...]:
    return tuple(_label(row) for row in card)


def _turned(card: Sequence[GridRow], width: int) -> list[GridRow]:
    if len(card[0].cells) != 2:
        return [replace(card[0], cells=tuple(replace(cell, span=width) for cell in card[0].cells))]
    place = card[0].place
    heads = tuple(_at(row.cells[0], at) for at, row in enumerate(card))
    held = tuple(_at(row.cells[1], at) for at, row in enumerate(card))
    return [GridRow(heads, False, place), GridRow(held, False, place)]


def _at(cell: Cell, start: int) -> Cell:
    return replace(cell, start=start, span=1)
