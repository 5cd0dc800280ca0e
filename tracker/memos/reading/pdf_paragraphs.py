"""The paragraphs that lines make.

Where a paragraph ends is seen, not guessed: by the space below it, by its indent, by a bullet, by another
look, by the blank behind a line, and above all by a line that ends although the next line's first word had
room on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from tracker.domain.text import MARK, NO_ITEM
from tracker.memos.reading.hyphens import divided
from tracker.memos.reading.pdf_joins import Flow, breaks_after, is_one_word, joined
from tracker.memos.reading.pdf_lines import Line, is_sign
from tracker.memos.reading.result import Sentence, say
from tracker.memos.reading.word_numbering import Label
from tracker.memos.reading.word_package import Style
from tracker.memos.reading.word_paragraphs import Paragraph

_TYPED_ITEM = re.compile(rf"^(\d{{1,3}}|[a-zæøå])[.)] {NO_ITEM}")
_MARKED_END = re.compile(rf"{MARK.pattern}[.,;:]?$")
_COUNTED = re.compile(r"^(\d{1,3})([.)]) ")
_PAREN_ITEM = re.compile(r"^(\d{1,2})\) +(\S.*)$", re.DOTALL)
_DASHES = "-–*"
_BLANK = 0.25
_LARGER = 1.12
_STRAIGHT = 1.2


@dataclass
class Paragraphs:
    """The paragraphs of some lines, and the words whose join is doubtful."""

    found: list[Paragraph] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)


def paragraphs_of(lines: Sequence[Line], *, flow: Flow, limit: float, usual_size: float = 0.0) -> Paragraphs:
    """Group lines of one column; `limit` is where its lines end at the right, `usual_size` the text's."""
    result = Paragraphs()
    for group in groups_of(lines, flow=flow, limit=limit):
        text, doubtful = joined(group, flow=flow, limit=limit)
        first = group[0]
        larger = usual_size > 0 and first.size > _LARGER * usual_size
        result.found.append(
            Paragraph(
                (text,),
                _place(first),
                label=Label(bullet=True) if first.sign else None,
                style=Style(outline=1) if larger and len(text) < 120 else Style(),
                bold=all(line.bold for line in group),
                size=round(2 * first.size),
            )
        )
        result.doubtful += doubtful
    return result


def counted(paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """The same paragraphs, those of a list counted '1)', '2)' as its items."""
    last = 0
    for at, paragraph in enumerate(paragraphs):
        found = _PAREN_ITEM.match(paragraph.text)
        item = found or _COUNTED.match(paragraph.text)
        number = int(item[1]) if item and not paragraph.label else 0
        leads = at > 0 and paragraphs[at - 1].text.endswith(":")
        after = _COUNTED.match(paragraphs[at + 1].text) if at + 1 < len(paragraphs) else None
        begins = number == 1 and (leads or (after is not None and int(after[1]) == 2))
        last = number if begins or (last and number == last + 1) else 0
        if found and last:
            yield replace(paragraph, lines=(found[2],), label=Label(number=number, text=f"{number})"))
        else:
            yield paragraph


def _place(line: Line) -> Sentence:
    return say("page %(page)s", page=line.page)


def groups_of(lines: Sequence[Line], *, flow: Flow, limit: float) -> list[list[Line]]:
    """Lines as paragraphs."""
    groups: list[list[Line]] = []
    for line in _with_lone_bullets(lines):
        if groups and not _opens(groups[-1], line, flow=flow, limit=limit):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _with_lone_bullets(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines, a bullet that stands alone put before the line below, which was too long to stand beside."""
    sign: Line | None = None
    for line in lines:
        if sign is not None:
            yield replace(line, sign=sign.text, x0=sign.x0, text_x0=line.x0)
            sign = None
        elif len(line.text) == 1 and is_sign(line.text) and not line.sign:
            sign = line
        else:
            yield line
    if sign is not None:
        yield sign


def _opens(group: Sequence[Line], line: Line, *, flow: Flow, limit: float) -> bool:
    """Whether a line begins a paragraph of its own after those of `group`."""
    before = group[-1]
    if is_one_word(before, line):
        return False
    if abs(before.size - line.size) > 0.08 * max(before.size, line.size):
        return True
    if before.page == line.page and line.base - before.base > (flow.leading + 0.22) * line.size:
        return True
    roomy = _had_room(group, line, flow, limit)
    if line.sign:
        runs_on = flow.trailing and before.trails > 0 and line.sign in _DASHES and not roomy
        dash = flow.rough and line.sign in _DASHES and line.starts_low
        runs_on = runs_on or (dash and not (before.ends_sentence or before.sign))
        return not runs_on and _is_item(line, before, roomy=roomy)
    if divided(before.text) and (line.starts_low or not roomy):
        return False
    if flow.trailing and before.trails and before.page == line.page:
        return roomy
    if _counts_on(group, line) or (_TYPED_ITEM.match(line.text) and (roomy or before.ends_sentence)):
        return True
    return roomy or _indent_breaks(group, line) or _look_breaks(before, line)


def _counts_on(group: Sequence[Line], line: Line) -> bool:
    """Whether a numbered item follows the one above."""
    own, above = _COUNTED.match(line.text), _COUNTED.match(group[0].text)
    return bool(own and above and int(own[1]) == int(above[1]) + 1 and own[2] == above[2])


def _is_item(line: Line, before: Line, *, roomy: bool) -> bool:
    """Whether a sign at a line's start is a bullet and no dash of the sentence above it."""
    if line.text_x0 - line.x0 > 0.9 * line.size or before.sign:
        return True
    return roomy or before.ends_sentence or not (line.sign in _DASHES and line.starts_low)


def _had_room(group: Sequence[Line], line: Line, flow: Flow, limit: float) -> bool:
    """Whether the line before had room for this line's first word, so that it was ended on purpose."""
    before = group[-1]
    centred = _centred(before, line) and before.x0 > group[0].x0 + before.size
    free = limit - before.x1
    if centred:
        free = 2 * free
    slack = free - _BLANK * before.size - line.first
    if flow.straight and not centred and " " in _TYPED_ITEM.sub("", before.text):
        return free > _STRAIGHT  # A lone word is not stretched.
    if flow.trailing and not before.trails and not divided(before.text) and not breaks_after(before.text):
        goes_on = line.starts_low or (line.text[0].isdigit() and not _may_end(before, line))
        if slack < 0 and (goes_on or _MARKED_END.search(before.text)):
            return False  # The blank may belong to letters of another look, which the program broke off.
        return flow.always or free > 0.4 * before.size or before.x1 <= flow.kept
    if flow.trailing and flow.always and before.trails:
        return False
    if flow.rough:
        ended = before.ends_sentence or before.text.endswith(("”", ")"))
        return slack > (0.0 if ended else 2.4) * line.size and not line.starts_low
    sure = before.ends_sentence or not line.starts_low
    return slack > (0.1 if sure else 0.6) * line.size


def _may_end(before: Line, line: Line) -> bool:
    """Whether a line that begins with a digit may begin a paragraph."""
    stops = before.ends_sentence and not before.text.endswith((" ca.", " nr.", " d.", " pkt.", " kl."))
    return stops or bool(_TYPED_ITEM.match(line.text))


def _centred(before: Line, line: Line) -> bool:
    return abs(before.middle - line.middle) < 2 and abs(before.x0 - line.x0) > 3


def _indent_breaks(group: Sequence[Line], line: Line) -> bool:
    """Whether a line's left edge says that it is no part of the paragraph above."""
    first, before = group[0], group[-1]
    if _centred(before, line):
        return False
    left = first.text_x0 if len(group) == 1 else before.x0
    item = bool(first.sign) or bool(_TYPED_ITEM.match(first.text))
    if line.x0 < left - 3:
        # Back to the margin: the end of an item, but only a first line's indent in a plain paragraph.
        if item and len(group) == 1 and line.x0 > first.x0 - 3:
            return not line.starts_low
        return item or first.text_x0 > first.x0 + 3 or len(group) > 1
    return line.x0 > left + 3 and not (item and len(group) == 1)


def _look_breaks(before: Line, line: Line) -> bool:
    """Whether bold print begins or ends between two lines as it does around a heading."""
    return before.bold != line.bold and not line.starts_low and not before.text.endswith((",", " og", "-"))
