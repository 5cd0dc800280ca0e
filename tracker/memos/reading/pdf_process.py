"""A process of its own that takes the words and the rules out of a PDF, within limits of time and memory.

Run as a file, with the bytes of the PDF on standard input; it prints one JSON line a page, and a last one:
{"end": true}, or {"error": reason}. It knows nothing of memos and imports nothing of the tracker. A PDF is a
program of a kind: what takes too long or too much room here ends with this process alone.

A page is {"page", "width", "height", "words", "turned", "rules", "pictures", "letters", "nameless"}:
a word [text, x0, x1, baseline, size, bold, blanks before, blanks after, small], in points from the page's
upper left corner, `small` for a digit drawn as a raised one on the line itself; `turned` words that stand
aslant or as large as a watermark; a rule [x0, y0, x1, y1], level or upright; `pictures` the share of the page
that pictures cover; `nameless` the letters whose font does not name them.
"""

from __future__ import annotations

import json
import resource
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import pairwise
from typing import Any

import pdfplumber
from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar, LTCurve, LTFigure, LTImage, LTItem, LTLine, LTRect
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.utils import decode_text

MAX_OBJECTS = 60_000  # on one page; a page of small print has 8,000 letters
_MAX_RULES = 4_000
_BOLD = ("bold", "black", "heavy", "semibold", "demi")
_GAP = 0.18  # of the letter's size: wider is a blank, even where the file has none
_WATERMARK = 36
_THIN = 2.5
_DIGITS = tuple("0123456789")
_SMALLEST = 0.36  # of the letter's size: no text font has a digit as narrow
_NO_BREAK = "\u00a0"
_FEW = 8  # letters that one text may stand for, and that it may have: more is no spelling of a letter

Letter = dict[str, Any]
Word = tuple[str, float, float, float, float, bool, int, int, bool]
Rule = tuple[float, float, float, float]


class _Page(PDFPageAggregator):
    """What is drawn on a page; a few letters that the file spells out (ActualText) are one that reads so.

    A font names each of its letters once, so a letter that stands in several combinations ("x" and "x" with
    two accents) is named by the combination that came first, and spelled out wherever it is another.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._open: list[tuple[str, list[LTChar]]] = []

    def begin_tag(self, tag: Any, props: Any = None) -> None:
        spelt = props.get("ActualText") if isinstance(props, dict) else None
        text = decode_text(spelt) if isinstance(spelt, bytes) else ""
        self._open.append((text.removeprefix("\ufeff"), []))

    def end_tag(self) -> None:
        text, letters = self._open.pop() if self._open else ("", [])
        if not (letters and 0 < len(text) <= _FEW and len(letters) <= _FEW):
            return
        first, *others = letters
        first._text = text
        first.x1 = max(letter.x1 for letter in letters)
        for letter in others:
            letter._text = ""

    def render_char(self, *given: Any, **named: Any) -> float:
        step = super().render_char(*given, **named)
        last = self.cur_item._objs[-1] if self.cur_item._objs else None
        if self._open and isinstance(last, LTChar):
            self._open[-1][1].append(last)
        return step


def _drawn(page: Any) -> Iterable[LTItem]:
    manager = page.pdf.rsrcmgr
    device = _Page(manager, pageno=page.page_number, laparams=None)
    PDFPageInterpreter(manager, device).process_page(page.page_obj)
    return device.get_result()


class Refused(Exception):  # noqa: N818 - named as the reading ends
    """Ends the reading; its text is one of the reasons that `pdf_source` has a sentence for."""


def main(arguments: Sequence[str]) -> int:
    """`arguments` are the most seconds of processor time, bytes of memory, and pages."""
    seconds, room, most = (int(argument) for argument in arguments)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 2))
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    data = sys.stdin.buffer.read()
    try:
        for page in pages(data, most=most):
            _print(page)
        _print({"end": True})
    except Refused as refused:
        _print({"error": str(refused)})
    except (MemoryError, RecursionError):
        _print({"error": "heavy"})
    except Exception as error:  # a damaged file may break the parser anywhere
        encrypted = "ncrypt" in type(error).__name__ or "Password" in repr(error)
        _print({"error": "encrypted" if encrypted else "damaged"})
    return 0


def _print(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=True) + "\n")
    sys.stdout.flush()


def pages(data: bytes, *, most: int) -> Iterator[dict[str, object]]:
    """The pages of a PDF, one after another; what a page took is given back before the next."""
    with pdfplumber.open(BytesIO(data), raise_unicode_errors=False) as document:
        encryption: Any = getattr(document.doc, "encryption", None)
        if encryption is not None and not document.doc.is_extractable:
            # Opens without a password, but whoever wrote it forbids that text is taken out.
            raise Refused("encrypted")
        found = document.pages
        if len(found) > most:
            raise Refused("pages")
        if not found:
            raise Refused("damaged")
        for page in found:
            yield _page(page)
            page.close()
            document.doc._cached_objs.clear()


def _page(page: Any) -> dict[str, object]:
    width, height = float(page.width), float(page.height)
    letters: list[Letter] = []
    rules: list[Rule] = []
    covered = 0.0
    # Taken from the parser's own objects: pdfplumber's copies of them would double the time.
    for count, thing in enumerate(_things(_drawn(page)), start=1):
        if count > MAX_OBJECTS:
            raise Refused("heavy")
        if isinstance(thing, LTChar):
            if thing.get_text():
                letters.append(_letter(thing))
        elif isinstance(thing, LTImage):
            covered += max(0.0, thing.width) * max(0.0, thing.height)
        elif isinstance(thing, LTCurve):
            rules += _rules_of(thing, height)
    if len(rules) > _MAX_RULES:
        raise Refused("heavy")
    straight, turned = _sorted(letters)
    _find_small(straight)
    return {
        "page": page.page_number,
        "width": round(width, 2),
        "height": round(height, 2),
        "words": list(words_of(straight, height)),
        "turned": turned,
        "rules": [[round(value, 2) for value in rule] for rule in rules],
        "pictures": round(min(covered / max(width * height, 1.0), 1.0), 2),
        "letters": sum(not letter["text"].isspace() for letter in letters),
        "nameless": sum(letter["text"].startswith("(cid:") for letter in letters),
    }


def _things(parent: Iterable[LTItem]) -> Iterator[LTItem]:
    """What is drawn, that inside of forms included."""
    for thing in parent:
        if isinstance(thing, LTFigure):
            yield from _things(thing)
        else:
            yield thing


def _letter(thing: LTChar) -> Letter:
    return {
        "text": thing.get_text(),
        "x0": thing.x0,
        "x1": thing.x1,
        "size": thing.size,
        "fontname": thing.fontname,
        "matrix": thing.matrix,
    }


def _sorted(letters: Sequence[Letter]) -> tuple[list[Letter], list[str]]:
    """Letters of the text, and the words of watermarks: aslant, or many times larger than the text."""
    sizes = sorted(float(letter["size"]) for letter in letters)
    usual = sizes[len(sizes) // 2] if sizes else 0.0
    straight: list[Letter] = []
    words: list[str] = []
    before: Letter | None = None
    for letter in letters:
        across, along = abs(letter["matrix"][1]), abs(letter["matrix"][0])
        large = letter["size"] >= _WATERMARK and letter["size"] > 3 * usual
        if across <= 0.05 * along and not large:
            straight.append(letter)
        elif letter["text"].isspace():
            before = None
        else:
            joins = before is not None and before["fontname"] == letter["fontname"]
            if joins and words:
                words[-1] += letter["text"]
            else:
                words.append(letter["text"])
            before = letter
    return straight, words


def _find_small(letters: Sequence[Letter]) -> None:
    """Mark digits that a font draws small and raised, though their size and line are the text's.

    They are far narrower than the font's other digits.
    """
    widest: dict[str, float] = {}
    digits = [letter for letter in letters if letter["text"] in _DIGITS and letter["size"] > 0]
    for letter in digits:
        share = (letter["x1"] - letter["x0"]) / letter["size"]
        widest[letter["fontname"]] = max(widest.get(letter["fontname"], 0.0), share)
    for letter in digits:
        share = (letter["x1"] - letter["x0"]) / letter["size"]
        letter["small"] = share < max(0.75 * widest[letter["fontname"]], _SMALLEST)


def words_of(letters: Sequence[Letter], height: float) -> Iterator[Word]:
    """The words of a page, line by line; letters of another size or weight begin a word of their own."""
    placed = sorted((height - letter["matrix"][5], letter["x0"], at) for at, letter in enumerate(letters))
    line: list[tuple[float, Letter]] = []
    for base, _, at in placed:
        if line and base - line[0][0] > max(0.12 * letters[at]["size"], 0.3):
            yield from _words_of_line(line)
            line = []
        line.append((base, letters[at]))
    yield from _words_of_line(line)


def _words_of_line(line: list[tuple[float, Letter]]) -> Iterator[Word]:
    words: list[tuple[list[tuple[float, Letter]], int]] = []
    blanks = [0]  # before each word, and after the last
    for base, letter in sorted(line, key=_across):
        if letter["text"] != _NO_BREAK and letter["text"].isspace():
            blanks[-1] += 1
            continue
        last = words[-1][0][-1][1] if words else None
        if last is not None and (_is_shadow(last, letter) or _is_of_one(last, letter)):
            continue
        if last is None or blanks[-1] or _parts(last, letter):
            words.append(([], blanks[-1]))
            blanks.append(0)
        words[-1][0].append((base, letter))
    for (word, before), after in zip(words, blanks[1:], strict=True):
        yield _word(word, before, after)


def _across(placed: tuple[float, Letter]) -> float:
    """Where a letter stands in its line: an accent of its own after the letter it is printed over."""
    letter = placed[1]
    if unicodedata.combining(letter["text"][0]):
        return float(letter["x0"] + letter["x1"]) / 2
    return float(letter["x0"])


def _is_of_one(before: Letter, letter: Letter) -> bool:
    """One letter drawn in several strokes on one spot, each named by the whole of it: that is kept once."""
    overlaps = letter["x0"] < before["x1"] - 0.3 * (before["x1"] - before["x0"]) or _within(before, letter)
    several = max(len(letter["text"]), len(before["text"])) > 1
    if not (overlaps and several):
        return False
    if before["text"] in letter["text"]:
        before["text"] = letter["text"]
        return True
    return bool(letter["text"] in before["text"])


def _within(before: Letter, letter: Letter) -> bool:
    """Whether a stroke without a width of its own, as an accent has none, stands over the letter before."""
    return bool(letter["x1"] - letter["x0"] < 0.1 and letter["x1"] <= before["x1"] + 0.1)


def _is_shadow(before: Letter, letter: Letter) -> bool:
    """The same letter printed twice on one spot, as bold print is sometimes made."""
    near = abs(letter["x0"] - before["x0"]) < 0.15 * letter["size"]
    return bool(near and letter["text"] == before["text"])


def _parts(before: Letter, letter: Letter) -> bool:
    if before.get("small", False) != letter.get("small", False):
        return True
    other = abs(before["size"] - letter["size"]) > 0.1 * letter["size"]
    gap = letter["x0"] - before["x1"] > _GAP * letter["size"]
    return bool(other or gap or _is_bold(before) != _is_bold(letter))


def _is_bold(letter: Letter) -> bool:
    name = letter["fontname"].lower()
    return any(word in name for word in _BOLD)


def _word(word: list[tuple[float, Letter]], blanks: int, after: int) -> Word:
    first, last = word[0][1], word[-1][1]
    return (
        "".join(letter["text"] for _, letter in word),
        round(first["x0"], 2),
        round(max(letter["x1"] for _, letter in word[-2:]), 2) if len(word) > 1 else round(last["x1"], 2),
        round(word[0][0], 2),
        round(first["size"], 2),
        _is_bold(first),
        blanks,
        after,
        bool(first.get("small", False)),
    )


def _rules_of(thing: LTCurve, height: float) -> list[Rule]:
    """Level and upright strokes: lines, thin boxes, and the four sides of boxes that have an outline."""
    x0, y0, x1, y1 = thing.x0, height - thing.y1, thing.x1, height - thing.y0
    if isinstance(thing, LTLine):
        return _straight(x0, y0, x1, y1)
    if isinstance(thing, LTRect):
        if x1 - x0 <= _THIN or y1 - y0 <= _THIN:
            return _straight(x0, y0, x1, y1) if thing.stroke or thing.fill else []
        if not (thing.stroke and thing.linewidth):
            return []
        corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]
        return [(*one, *other) for one, other in pairwise(corners)]
    points = [(x, height - y) for x, y in thing.pts] if thing.stroke else []
    return [
        (one[0], one[1], other[0], other[1])
        for one, other in pairwise(points)
        if abs(one[0] - other[0]) < 0.5 or abs(one[1] - other[1]) < 0.5
    ]


def _straight(x0: float, y0: float, x1: float, y1: float) -> list[Rule]:
    if x1 - x0 <= _THIN < y1 - y0:
        middle = (x0 + x1) / 2
        return [(middle, y0, middle, y1)]
    if y1 - y0 <= _THIN < x1 - x0:
        middle = (y0 + y1) / 2
        return [(x0, middle, x1, middle)]
    return []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
