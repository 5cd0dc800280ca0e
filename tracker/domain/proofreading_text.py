"""What is looked for in the text of one row: its ends, its spaces and stops, and very long sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tracker.domain.errors import sentence
from tracker.domain.proofreading_values import Check, Finding, Row, finding, opening, sentences, tail
from tracker.domain.text import Block, parse

LONGEST_SENTENCE = 50
NO_SPACE = sentence("A space is missing: “%(words)s”.")
NO_STOP_INSIDE = sentence("A sentence or an item of a list has no full stop: “%(words)s”.")

_UNFINISHED = frozenset(
    word
    for line in (
        "og eller samt at som der til af i på for med den det de en et om fra ved hos men hvor hvis når",
        "fordi deres dens dets sin sit sine hans hendes vores denne dette disse mellem under over",
        "efter mod uden bl.a. herunder flere mere både ikke har er var vil skal kan bliver blev",
        "så være blive have skulle kunne ville burde via såsom ifølge inden",
    )
    for word in line.split()
)
# What "som de kan gå til" may end in, where a list has no full stops.
_MAY_END = frozenset(
    word
    for line in ("til af i på for med det om fra ved hos under over", "efter imod uden mere flere er")
    for word in line.split()
)
_FINISHED = re.compile(r"[.!?:…][\s”\"'’»)\]⁰¹²³⁴⁵⁶⁷⁸⁹]*$")
# How an item of a list may end when another item follows.
_GOES_ON = re.compile(r"(?:[,;]|\b(?:og|samt|eller))$")
# A line with one of these is a sentence; a line without may be a sub-heading that the source did not mark.
_VERB = re.compile(
    r"\b(?:er|var|har|havde|bliver|blev|kan|kunne|skal|skulle|vil|ville|må|får|fik|gør|løber|viser|\w{3,}ede)\b"
)
_DOUBLE_SPACE = re.compile(r"\S{1,40} {2,}\S{1,40}")
# Words of five letters and more that are abbreviations; shorter ones are never taken for a sentence's end.
_SHORTENED = "ekskl|eksl|forts|henh|bemærk|afdel|administr|komm|sekr|teknol|internat"
_STRAY_STOP = re.compile(
    r"\S{0,40}(?<!\.)\.\.(?!\.)|\S{1,40}\s[.,](?=\s|$)|\S{1,40},,"
    r"|\b(?:fra|til|og|på|af|med|for|som|der|at|den|det)\.\s+(?=[a-zæøå])"
    r"|[\d.]{0,15}\d\.\s(?:kr|mio|mia|pct|procent)\b"
    rf"|\b(?!(?:{_SHORTENED})\.)[a-zæøå]{{5,40}}\.[ ]+(?=[a-zæøå]{{2,}}\b(?!-))[a-zæøå]{{2,40}}"
)
# Not in addresses of pages and of people, which have such signs inside.
_NO_SPACE = re.compile(
    r"(?<![\w.@/:-])(?!www\.)[A-ZÆØÅa-zæøå]{0,30}[a-zæøå]{2}(?:,[a-zæøåA-ZÆØÅ]{2,30}|\.[A-ZÆØÅ][a-zæøå]{1,30})(?![\w@/:-]|\.\w)"
)


def look(row: Row) -> Iterator[Finding]:
    """How the text ends, its spaces and stops, and its very long sentences."""
    blocks = parse(row.text).blocks
    cut = [block for i, block in enumerate(blocks) if _is_left_off(blocks, i)]
    yield from (finding(Check.cut_off, row, tail(block.text)) for block in cut)
    for i, block in enumerate(blocks):
        if block not in cut and _lacks_stop(blocks, i):
            message = "" if i + 1 == len(blocks) else NO_STOP_INSIDE
            yield finding(Check.missing_stop, row, tail(block.text), message)
    for match in _DOUBLE_SPACE.finditer(row.text):
        yield finding(Check.double_space, row, match[0].strip())
    for match in _STRAY_STOP.finditer(row.text):
        yield finding(Check.stray_stop, row, match[0].strip())
    for match in _NO_SPACE.finditer(row.text):
        yield finding(Check.stray_stop, row, match[0], NO_SPACE)
    for said in (one for block in blocks for one in sentences(block.text)):
        if (count := len(said.split())) >= LONGEST_SENTENCE:
            yield finding(Check.long_sentence, row, opening(said), count=count)


def _is_left_off(blocks: Sequence[Block], at: int) -> bool:
    """Whether a block ends where no sentence does."""
    block = blocks[at]
    if block.kind == "heading" or (_has_sibling_after(blocks, at) and _GOES_ON.search(block.text.rstrip())):
        return False
    cut = _is_cut_off(block)
    if cut and block.kind != "paragraph" and not _with_stops(_list_around(blocks, at)):
        # In a list without full stops "som de kan lide at gå til" is an end like another.
        return block.text.split()[-1].lower() not in _MAY_END
    return cut


def _with_stops(blocks: Sequence[Block]) -> int:
    return sum(1 for one in blocks if _FINISHED.search(one.text))


def _is_cut_off(block: Block) -> bool:
    text = block.text.rstrip()
    if not text or _FINISHED.search(text):
        return False
    last = text.split()[-1].lower()
    return last in _UNFINISHED or text[-1] in ",-–(" or (len(last) == 1 and last.isalpha())


def _has_sibling_after(blocks: Sequence[Block], at: int) -> bool:
    return blocks[at].kind != "paragraph" and at + 1 < len(blocks) and blocks[at + 1].kind == blocks[at].kind


def _lacks_stop(blocks: Sequence[Block], at: int) -> bool:
    block, is_last = blocks[at], at + 1 == len(blocks)
    if block.kind == "heading" or _FINISHED.search(block.text) or _GOES_ON.search(block.text.rstrip()):
        return False
    if block.kind != "paragraph":
        return _lacks_what_others_have(blocks, at, is_last=is_last)
    if is_last:
        return True
    # A short line before others may be a sub-heading; before a list it may be its heading.
    is_sentence = len(block.text.split()) >= 9 and _VERB.search(block.text) is not None
    return is_sentence and blocks[at + 1].kind in {"paragraph", "heading"}


def _lacks_what_others_have(blocks: Sequence[Block], at: int, *, is_last: bool) -> bool:
    """A list without full stops is a style; an item that lacks what the others have is a slip."""
    siblings = _list_around(blocks, at)
    with_stop, others = _with_stops(siblings), len(siblings) - 1
    if with_stop == 0 or others == 0:
        return False
    return is_last or 2 * with_stop >= others


def _list_around(blocks: Sequence[Block], at: int) -> list[Block]:
    first, last = at, at
    while first > 0 and blocks[first - 1].kind == blocks[at].kind:
        first -= 1
    while last + 1 < len(blocks) and blocks[last + 1].kind == blocks[at].kind:
        last += 1
    return list(blocks[first : last + 1])
