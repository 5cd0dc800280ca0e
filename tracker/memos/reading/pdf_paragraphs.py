"""The paragraphs that lines make.

Where a paragraph ends is seen, not guessed: by the space below it, by its indent, by a bullet, by another
look, by the blank behind a line, and above all by a line that ends although the next line's first word had
room on it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from tracker.domain.text import MARK, NO_ITEM
from tracker.memos.reading.hyphens import Join, divided, join, knows, runs_over
from tracker.memos.reading.pdf_lines import Line, is_sign
from tracker.memos.reading.result import Sentence, say
from tracker.memos.reading.word_numbering import Label
from tracker.memos.reading.word_package import Style
from tracker.memos.reading.word_paragraphs import Paragraph

_TYPED_ITEM = re.compile(rf"^(\d{{1,3}}|[a-zæøå])[.)] {NO_ITEM}")
_MARKED_END = re.compile(rf"{MARK.pattern}[.,;:]?$")
# "SoMe-kampagne" and "eLæring-forløb" keep their hyphen as "QR-kode" does.
_INNER_CAPITAL = re.compile(r"[a-zæøå][A-ZÆØÅ]\w*-$")
_COUNTED = re.compile(r"^(\d{1,3})([.)]) ")
_PAREN_ITEM = re.compile(r"^(\d{1,2})\) +(\S.*)$", re.DOTALL)
_LONE_ITEM = re.compile(r"^(?:\d{1,3}|\w)[.)] \S+$")
_BREAKING = "/}–—|\\"
_DASHES = "-–*"
_CLOSING = ".,;:!?)]}”’»%"
_BLANK = 0.25
_TAIL = 80
_LARGER = 1.12
_MOSTLY = 0.6
_MANY = 60
_FEW = 0.03
_STRAIGHT = 1.2


@dataclass
class Flow:
    """How lines follow each other in one kind of text: `leading` as a share of the letter's size.

    `trailing` says that the program which made the PDF keeps the blank behind a line that it broke, so that
    a line with room and without a blank ends a paragraph; `always`, that it keeps it where there is no room
    for it too. `whole` says that words are not divided at line
    ends, so that a hyphen there belongs to the word; `rough`, that places on the page are but a text layer's;
    `straight`, that lines are stretched to one right edge, so that a shorter one ends its paragraph;
    `kept` is how far right a line of the column has ended with its blank.
    """

    leading: float = 1.3
    trailing: bool = False
    always: bool = False
    whole: bool = False
    rough: bool = False
    straight: bool = False
    kept: float = 0.0

    @classmethod
    def of(cls, columns: Iterable[tuple[Sequence[Line], float]]) -> Flow:
        """Measured on lines that stand below each other, and where they end at the right.

        The leading is the closest distance that is no exception.
        """
        steps = Counter[float]()
        trails = ends = full = kept = hyphens = count = 0
        for lines, limit in columns:
            count += len(lines)
            hyphens += sum(divided(line.text) for line in lines)
            for before, line in pairwise(lines):
                if before.page == line.page and abs(before.size - line.size) < 0.3 and line.size:
                    steps[round((line.base - before.base) / line.size, 1)] += 1
                free = limit - before.x1
                if divided(before.text) or _breaks_after(before.text) or free > line.first + 2:
                    continue
                # This line was broken by the program: the next word had no room.
                if free > 0.4 * before.size:
                    ends += 1
                    trails += before.trails > 0
                elif free < 0.2 * before.size:
                    full += 1
                    kept += before.trails > 0
        usual = [step for step, times in steps.items() if step > 0.8 and times * 8 >= steps.total()]
        return cls(
            min(usual, default=1.3),
            trailing=trails > _MOSTLY * max(ends, 1),
            always=full > 0 and kept > _MOSTLY * full,
            whole=count >= _MANY and hyphens < _FEW * count,
        )


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


def joined(lines: Sequence[Line], *, flow: Flow | None = None, limit: float = 0.0) -> tuple[str, list[str]]:
    """Lines as one text, divided words put together, and those that may be wrong.

    `flow` tells how the text was set; `limit` is where the lines end at the right, 0 when it is not known.
    """
    text = lines[0].text
    doubtful: list[str] = []
    for before, line in pairwise(lines):
        # Only the end of what stands is looked at, or a long text would be copied once a line.
        step = _join(text[-_TAIL:], before, line, flow=flow or Flow(), limit=limit)
        text = text[:-_TAIL] + step.text
        doubtful += [step.word] if step.word else []
    return text, doubtful


def _join(left: str, before: Line, line: Line, *, flow: Flow, limit: float) -> Join:
    right = line.printed
    if _is_one_word(before, line):
        return Join(left + right)
    if not flow.rough and _is_cut(before, line, limit, flow):
        word = left.rsplit(maxsplit=1)[-1] + right.split()[0]
        return Join(left + right, "" if knows(word) else word)
    if before.trails:
        blanks = "  " if before.trails > 1 else " "
        return Join(f"{left}{blanks}{right}")
    if left.endswith((" –", " —")):
        return Join(f"{left} {right}")  # A dash between two words has a blank on both its sides.
    kept = Join(left + right)
    if left.endswith(("/", "}")) or (flow.always and _breaks_after(left) and not divided(left)):
        return kept
    step = join(left, right)
    if not left.endswith("-") or step.text.endswith(f" {right}") or step.text == kept.text:
        return step
    return _with_hyphen_or_not(left, right, step, whole=flow.whole)


def _with_hyphen_or_not(left: str, right: str, step: Join, *, whole: bool) -> Join:
    """A word at a hyphen, its own where words are not divided, unless what stands before is no word."""
    kept = Join(left + right)
    if _INNER_CAPITAL.search(left):
        return kept
    half = left.rsplit(maxsplit=1)[-1][:-1]
    if not whole or (not step.word and not knows(half)):
        return step
    return Join(kept.text, f"{half}-{right.split(maxsplit=1)[0]}")


def _is_one_word(before: Line, line: Line) -> bool:
    """Whether no blank stood at the break: in a flag or picture, between ideographs, at a place to break."""
    last, first = before.text[-1:], line.printed[:1]
    if before.trails or not (last and first):
        return False
    flag = all("\U0001f1e6" <= letter <= "\U0001f1ff" for letter in (last, first))
    picture = unicodedata.category(last) in {"So", "Sk"}
    added = first == "\u200d" or "\U0001f3fb" <= first <= "\U0001f3ff"
    ideograph = any("\u2e80" <= letter <= "\u9fff" for letter in (last, first))
    return last in {"\u200b", "\u200d"} or flag or ideograph or (picture and added)


def _breaks_after(text: str) -> bool:
    """Whether a line may break after the last sign though no blank stands there."""
    return text[-1] in _BREAKING or unicodedata.category(text[-1]) in {"So", "Lo"}


def _is_cut(before: Line, line: Line, limit: float, flow: Flow) -> bool:
    """Whether a word too long for its line was cut at the edge, without a hyphen."""
    if before.trails or line.sign or divided(before.text) or limit - before.x1 > 0.7 * before.size:
        return False
    item = not flow.straight and bool(_LONE_ITEM.match(before.text))
    lone = item or " " not in before.text.removeprefix("- ")
    last, first = before.text.split()[-1], line.text.split()[0]
    if not lone or not last[-1].isalpha():
        return False
    if first[0] in _CLOSING or not line.starts_low:
        return first[0] in _CLOSING
    if knows(last) and knows(first):
        return not item and runs_over(last, first)
    return knows(last + first)


def _opens(group: Sequence[Line], line: Line, *, flow: Flow, limit: float) -> bool:
    """Whether a line begins a paragraph of its own after those of `group`."""
    before = group[-1]
    if _is_one_word(before, line):
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
    if flow.trailing and not before.trails and not divided(before.text) and not _breaks_after(before.text):
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
