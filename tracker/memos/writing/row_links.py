"""Where a text names rows of its own memo ("nr. 12", "indsats 27-29"): the numbers that lead to them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracker.domain.cross_references import references_in

_NUMBER = re.compile(r"\d{1,3}")
_WORDS = ("nr", "Nr", "NR", "umre", "ummer", "ndsats", "nitiativ", "iltag", "ække")


def may_name_rows(text: str) -> bool:
    """Whether the text has a word with which a reference begins. Quick, since every text is asked."""
    for word in _WORDS:  # noqa: SIM110 - as a generator this takes twice the time
        if word in text:
            return True
    return False


def cut_at_rows(text: str, rows: frozenset[int]) -> Iterator[tuple[str, int | None]]:
    """The text in pieces, each with the row that its number leads to, or None for words.

    Of a range, both ends lead somewhere. A number without a row in `rows` stays among the words.
    """
    done = 0
    for reference in references_in(text):
        for number in _NUMBER.finditer(text, *reference.span):
            row = int(number[0])
            if row not in rows or str(row) != number[0]:
                continue
            if number.start() > done:
                yield text[done : number.start()], None
            yield number[0], row
            done = number.end()
    if done < len(text):
        yield text[done:], None
