"""Where a row's title ends and its status begins, in a text layer that does not say.

Every place is weighed by what a typeset table would look like: titles wrap in a narrower column, a line is
ended early only at the end of a paragraph, a title does not stop at a preposition, a status begins with a
capital. The weight of the runner-up tells how sure the choice is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.memos.reading.hyphens import knows
from tracker.memos.reading.lines import Line, Source, fits, gap_breaks, has_verb, width

_JOINING = re.compile(
    r"(?:og|eller|samt|af|for|til|i|med|på|den|det|de|en|et|der|som|om|under|ved|fra|at|mod|hos|efter|mellem"
    r"|ml\.|vedr\.|mhp\.|uden|blandt|over|inden|når|hvor|hvordan|hvad|ift\.|indenfor|gennem|særligt|bl\.a\."
    r"|and|of|the)"
)
_WITH_AND = re.compile(r"[a-zæøå]{4,}(?:og|eller|samt)")
_LONGEST_TITLE = 14
_STATUS_SEEN = 6
_NO_STATUS = 12
_SURE = 2.0
_BAD = 4.0
_FAR_WIDER = 1.2
# A title whose lines were all broken by hand is odd, but no odder than that.
_RAGGED = 5.0


@dataclass(frozen=True)
class Column:
    """Printed widths of the two columns, in average letters."""

    title: float
    status: float


@dataclass(frozen=True)
class Split:
    """`sure` is False when another place would do nearly as well, or none does well.

    `guessed`: the page has the statuses of several rows below each other, and which is whose is a guess.
    """

    title: tuple[Line, ...]
    status: tuple[Line, ...]
    sure: bool
    interleaved: bool = False
    guessed: bool = False


def split(source: Source, lines: Sequence[Line], column: Column) -> Split:
    """The lines of one row, from its first, as title and status."""
    begun = next((at for at, line in enumerate(lines) if line.begins_status and at), 0)
    if begun:
        whole = _end_cost(lines[begun - 1]) <= 0 and not _glued(lines[:begun])
        whole = whole and not lines[begun].starts_low
        return Split(tuple(lines[:begun]), tuple(lines[begun:]), sure=whole, guessed=True)
    longest = min(len(lines), _LONGEST_TITLE)
    weighed = [(_cost(source, lines, end, column), end) for end in range(1, longest + 1)]
    crossed = [(_crossed_cost(source, lines, *place, column), place) for place in _crossings(lines)]
    cost, end = min(weighed)
    if crossed and min(crossed)[0] < cost:
        _, (first, page, second) = min(crossed)
        title = (*lines[:first], *lines[page:second])
        return Split(title, (*lines[first:page], *lines[second:]), sure=False, interleaved=True)
    others = [other for other, at in weighed if at != end]
    sure = cost < _BAD and (not others or min(others) - cost >= _SURE)
    sure = sure and not any(line.page_start for line in lines[1 : end + 1])
    sure = sure and not (_may_go_on(source, lines, end, column) or _cut_across(lines, end))
    sure = sure and not _holds_sentence(lines, end) and not _too_wide(lines[:end], column)
    return Split(tuple(lines[:end]), tuple(lines[end:]), sure)


def _glued(lines: Sequence[Line]) -> bool:
    """Whether a program that repairs divided words has taken a hyphen that belongs: 'oplysningsog'."""
    words = [word.strip(".,;:()”") for line in lines for word in line.text.split()]
    return any(_WITH_AND.fullmatch(word) and not knows(word) for word in words)


def _may_go_on(source: Source, lines: Sequence[Line], end: int, column: Column) -> bool:
    """Whether the title may end some lines later: nothing says that it ended, and none is too wide."""
    if end >= len(lines) or lines[end - 1].ends_sentence or gap_breaks(source, lines, end):
        return False
    if fits(lines[end - 1], lines[end], column.title, margin=3):
        return False
    for at in range(end + 1, min(len(lines), end + _STATUS_SEEN)):
        if width(lines[at - 1].text) > 1.08 * column.title:
            return False
        if lines[at].text[:1].isupper() and _end_cost(lines[at - 1]) <= 0:
            return True
    return False


def _cut_across(lines: Sequence[Line], end: int) -> bool:
    """Whether a page ends after as many lines of status as of title: both cells may go on over it."""
    page = next((at for at in range(end, min(len(lines), 2 * end + 2)) if lines[at].page_start), None)
    return page is not None and abs(page - 2 * end) <= 1 and _end_cost(lines[end - 1]) > -1


def _holds_sentence(lines: Sequence[Line], end: int) -> bool:
    """Whether a title ends in a whole sentence that begins on a line of its own."""
    return lines[end - 1].ends_sentence and any(
        _end_cost(lines[at - 1]) <= 0 and _begin_cost(lines[at]) == 0 for at in range(1, end)
    )


def _too_wide(title: Sequence[Line], column: Column) -> bool:
    """Whether a line of the title is far wider than the column of the titles."""
    return column.title > 0 and any(width(line.text) > _FAR_WIDER * column.title for line in title)


def _cost(source: Source, lines: Sequence[Line], end: int, column: Column) -> float:
    """How unlikely it is that the first `end` lines are the title."""
    last, after = lines[end - 1], lines[end] if end < len(lines) else None
    cost = 0.1 * end + _end_cost(last)
    if after is None:
        return cost + _NO_STATUS
    cost += _begin_cost(after)
    if gap_breaks(source, lines, end):
        cost -= 3
    cost += _passed_cost(lines, end)
    if last.ends_paragraph and last.ends_sentence:
        cost -= 1
    cost += min(sum(_title_line_cost(source, lines, at, column) for at in range(1, end)), _RAGGED)
    cost += sum(3 for line in lines[:end] if column.title and width(line.text) > 1.08 * column.title)
    return cost + _status_cost(source, lines, end, column)


def _passed_cost(lines: Sequence[Line], end: int) -> float:
    """Earlier places where the title could have ended, more so when a sentence follows them."""
    passed = [at for at in range(1, end) if _end_cost(lines[at - 1]) <= 0 and _begin_cost(lines[at]) == 0]
    if not passed:
        return 0
    said = " ".join(line.text for line in lines[passed[0] : end])
    return 0.7 * len(passed) + (5 if has_verb(said) else 0)


def _end_cost(last: Line) -> float:
    """What speaks against a title ending with this line."""
    if last.divided:
        return 20
    if ends_joining(last.text) or last.text.endswith((",", "(", "–", "-", ":", "/")):
        return 6
    unclosed = last.text.count("(") > last.text.count(")")
    return (3 if unclosed else 0) - (1.5 if last.text.endswith((".", ".)")) else 0)


def ends_joining(text: str) -> bool:
    """Whether the last word asks for another: 'og', 'til', 'som'."""
    return bool(_JOINING.fullmatch(text.rsplit(maxsplit=1)[-1].lower()))


def _begin_cost(after: Line) -> float:
    """What speaks against a status beginning with this line."""
    if after.starts_low:
        return 10
    if after.is_bullet:
        return 1
    return (
        3
        if after.text[:1] in "(,.;:)/"
        else 0
        if after.text[:1].isalpha() or after.text[:1] in "”\"’'“»"
        else 1
    )


def _title_line_cost(source: Source, lines: Sequence[Line], at: int, column: Column) -> float:
    """A line of the title that was ended on purpose before line `at`."""
    if gap_breaks(source, lines, at):
        return 3
    before = lines[at - 1]
    if before.ends_paragraph:
        return 0.5
    return 2 if column.title and fits(before, lines[at], column.title, margin=1) else 0


def _status_cost(source: Source, lines: Sequence[Line], start: int, column: Column) -> float:
    """A first paragraph of the status that is broken for no reason."""
    cost = 0.0
    for at in range(start + 1, min(len(lines), start + _STATUS_SEEN)):
        before = lines[at - 1]
        if (
            gap_breaks(source, lines, at)
            or before.ends_sentence
            or before.ends_paragraph
            or lines[at].page_start
        ):
            break
        if column.status and not before.divided and fits(before, lines[at], column.status, margin=3):
            cost += 3 if at == start + 1 else 1.5
    return cost


def _crossings(lines: Sequence[Line]) -> Iterator[tuple[int, int, int]]:
    """Places where both cells of a row may run over one page: end of title, page break, end of the rest."""
    for page, line in enumerate(lines[: 2 * _LONGEST_TITLE]):
        if page > 1 and (line.page_start or _torn(lines[page - 1], line)):
            for first in range(max(1, page - _LONGEST_TITLE), page):
                for second in range(page + 1, min(len(lines), page + _LONGEST_TITLE)):
                    yield first, page, second
            return


def _crossed_cost(
    source: Source, lines: Sequence[Line], first: int, page: int, second: int, column: Column
) -> float:
    """How unlikely it is that the title goes on at the top of the page, before the status does."""
    upper, lower = lines[page - 1], lines[second]
    cost = 3 + 0.1 * (first + second - page)
    cost += _begin_cost(lines[first]) + _end_cost(lines[second - 1])
    if lines[first - 1].divided:
        cost += 0 if _known_join(lines[first - 1], lines[page]) else 20
    else:
        cost += 0 if lines[page].starts_low else 4
    if upper.divided:
        cost += -2 if _known_join(upper, lower) else 5
        cost += 2 if _known_join(upper, lines[page]) else 0
    else:
        cost += 1 if lower.starts_low else 3
    title = [*range(1, first), *range(page + 1, second)]
    cost += sum(_title_line_cost(source, lines, at, column) for at in title)
    wide = [*lines[:first], *lines[page:second]]
    cost += sum(3 for line in wide if column.title and width(line.text) > 1.08 * column.title)
    narrow = [line for line in lines[first:page] if not line.divided]
    return cost + sum(0.5 for line in narrow if width(line.text) < 0.5 * column.status)


def _torn(upper: Line, lower: Line) -> bool:
    """A divided word whose other half is not on the next line: where a page break shows in no other way."""
    return upper.divided and lower.starts_low and not _known_join(upper, lower)


def _known_join(upper: Line, lower: Line) -> bool:
    word = upper.text.split()[-1].rstrip("-\u00ad") + lower.text.split()[0]
    return knows(word.rsplit("-", 1)[-1])
