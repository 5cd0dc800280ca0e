"""Paragraphs of a Word file: their text with footnote marks, their label, and how they look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tracker.domain.text import BULLETS, Block, Footnote, block_of, clean, mark
from tracker.memos.reading.result import LeftOut, Sentence, say
from tracker.memos.reading.word_elements import (
    LITERAL,
    MC,
    TRANSPARENT,
    M,
    block_elements,
    chosen,
    is_outermost,
    is_placeholder,
    row_cells,
    sign_of,
    table_rows,
    words_in,
)
from tracker.memos.reading.word_numbering import Label
from tracker.memos.reading.word_package import Element, Package, Style, W, switch, value_of

_GONE = {f"{W}del", f"{W}moveFrom"}
_MATHS = {f"{M}oMath", f"{M}oMathPara"}
_REFERENCES = {f"{W}footnoteReference": "footnote", f"{W}endnoteReference": "endnote"}
_HEADING_LENGTH = 120
_MARK_DIGITS = 3


@dataclass(frozen=True)
class Paragraph:
    """`lines` are the paragraph's text cut at soft line breaks, stripped, none blank."""

    lines: tuple[str, ...]
    place: Sentence
    label: Label | None = None
    style: Style = field(default_factory=Style)
    bold: bool = False
    size: int = 0

    @property
    def text(self) -> str:
        """The text on one line; soft breaks become one space."""
        return " ".join(self.lines)

    @property
    def outline(self) -> int | None:
        """0 for the document's first heading level, and so on; None for a paragraph that is no heading."""
        return self.style.outline

    @property
    def looks_like_heading(self) -> bool:
        """Set as a heading, or wholly in bold, short and without a full stop."""
        short = len(self.text) <= _HEADING_LENGTH and not self.text.endswith((".", ";", ","))
        return self.outline is not None or (self.bold and short)

    @property
    def printed(self) -> str:
        """The text with the label that Word prints before it."""
        if self.label is None:
            return self.text
        return f"{'-' if self.label.bullet else self.label.text} {self.text}".strip()

    def blocks(self) -> tuple[Block, ...]:
        """The paragraph as blocks of status text."""
        if not self.lines:
            return ()
        if self.label and self.label.bullet:
            return (Block("bullet", self.text),)
        if self.label and self.label.number is not None and self.outline is None:
            return (Block("number", self.text, self.label.number),)
        if self.looks_like_heading:
            return (Block("heading", self.text),)
        if self.label and self.label.text and self.outline is None:
            return (Block("paragraph", self.printed),)
        return tuple(block_of(line) for line in self.lines)


@dataclass
class WordText:
    """Turns elements into paragraphs, in document order: labels and notes are counted as they come."""

    package: Package
    left_out: list[LeftOut] = field(default_factory=list)
    notes: dict[tuple[str, str], int] = field(default_factory=dict)
    _count: int = 0

    def paragraph(self, element: Element) -> list[Paragraph]:
        """The paragraph, and after it what stands in text boxes that hang on it."""
        self._count += 1
        place = say("paragraph %(number)s", number=self._count)
        properties = element.find(f"{W}pPr")
        style = self._style(properties)
        run = _Run(self, place, style)
        run.walk(element)
        label = self._label(properties, style)
        own = Paragraph(_lines(run.text, label), place, label, style, run.bold, run.size)
        boxed = [inner for box in run.boxes for inner in self.paragraphs(box)]
        return [own, *boxed]

    def paragraphs(self, parent: Element) -> list[Paragraph]:
        """Every paragraph below an element, those of tables inside it included."""
        return [found for element in block_elements(parent) for found in self._below(element)]

    def _below(self, element: Element) -> list[Paragraph]:
        if element.tag == f"{W}p":
            return self.paragraph(element)
        return [
            found
            for row in self.rows(element, say("nested table"))
            for cell in row_cells(row)
            for found in self.paragraphs(cell)
        ]

    def rows(self, table: Element, place: Sentence) -> Iterator[Element]:
        """The rows of a table; those that are tracked as deleted or hidden are left out."""
        for row in table_rows(table):
            if row.find(f"{W}trPr/{W}del") is not None:
                self.leave(row, say("%(place)s, deleted text", place=place))
            elif switch(row.find(f"{W}trPr/{W}hidden")):
                self.leave(row, say("%(place)s, hidden text", place=place))
            else:
                yield row

    def leave(self, element: Element, place: Sentence) -> None:
        """Put the words of an element among what is left out; those of a paragraph or cell stay apart."""
        text = " ".join("".join(words_in(element)).split())
        if text:
            self.left_out.append(LeftOut(text, place))

    def footnotes(self) -> tuple[Footnote, ...]:
        """The notes that were referred to so far, numbered as they came."""
        found = []
        for (kind, identity), number in self.notes.items():
            source = self.package.footnotes if kind == "footnote" else self.package.endnotes
            element = source.get(identity)
            inner = WordText(self.package, self.left_out)
            texts = [] if element is None else [paragraph.text for paragraph in inner.paragraphs(element)]
            text = " ".join(text for text in texts if text)
            found.append(Footnote(number, text.removeprefix(mark(number)).strip()))
        return tuple(found)

    def leave_unmarked_notes(self) -> None:
        """Leave out the notes that nothing of the read text refers to, and the comments."""
        for kind, source in (("footnote", self.package.footnotes), ("endnote", self.package.endnotes)):
            for identity, element in source.items():
                if (kind, identity) not in self.notes:
                    self.leave(element, say("note without a mark"))
        for comment in self.package.comments:
            self.leave(comment, say("comment"))

    def note_mark(self, kind: str, identity: str) -> str:
        return mark(self.notes.setdefault((kind, identity), len(self.notes) + 1))

    def _style(self, properties: Element | None) -> Style:
        if properties is None:
            return self.package.style("")
        style = self.package.style(value_of(properties.find(f"{W}pStyle")))
        outline = value_of(properties.find(f"{W}outlineLvl"))
        if outline.isdecimal() and int(outline) < 9:
            style = Style(**{**style.__dict__, "outline": int(outline)})
        return style

    def _label(self, properties: Element | None, style: Style) -> Label | None:
        number_id, level = style.number_id, style.level
        if properties is not None:
            own = value_of(properties.find(f"{W}numPr/{W}numId"))
            at = value_of(properties.find(f"{W}numPr/{W}ilvl"))
            number_id = own or number_id
            if not at and number_id:
                kept = self.package.numbering.level_of(number_id, style.identity)
                level = level if kept is None else kept
            level = int(at) if at.isdecimal() else level
        label = self.package.numbering.next_label(number_id, level) if number_id not in {None, "0"} else None
        if (
            label is None
            and number_id != "0"
            and style.name.startswith(("list bullet", "opstilling - punkt"))
        ):
            return Label(bullet=True)
        return label


@dataclass
class _Run:
    """Collects the text of one paragraph."""

    word: WordText
    place: Sentence
    style: Style
    text: str = ""
    boxes: list[Element] = field(default_factory=list)
    size: int = 0
    _bold: bool | None = None
    _custom: tuple[str, str] | None = None
    _codes: list[bool] = field(default_factory=list)

    @property
    def bold(self) -> bool:
        return bool(self._bold)

    def walk(self, element: Element) -> None:
        for child in element:
            if child.tag == f"{W}r":
                self._run(child)
            elif child.tag in TRANSPARENT:
                self.walk(child)
            elif child.tag == f"{MC}AlternateContent":
                self.walk(chosen(child))
            elif child.tag in _GONE:
                self.word.leave(child, say("%(place)s, deleted text", place=self.place))
            elif child.tag in _MATHS:
                self.text += "".join(piece.text or "" for piece in child.iter(f"{M}t"))

    def _run(self, run: Element) -> None:
        properties = run.find(f"{W}rPr")
        if self._is_hidden(properties) or is_placeholder(run):
            self.word.leave(run, say("%(place)s, hidden text", place=self.place))
            return
        raised = self._is_raised(properties)
        before = len(self.text)
        for child in run:
            self._piece(child, raised=raised)
        if self.text[before:].strip():
            self._look(properties)

    def _is_hidden(self, properties: Element | None) -> bool:
        own = None if properties is None else switch(properties.find(f"{W}vanish"))
        if own is None and properties is not None:
            own = self.word.package.style(value_of(properties.find(f"{W}rStyle"))).hidden
        return bool(self.style.hidden if own is None else own)

    def _is_raised(self, properties: Element | None) -> bool:
        if properties is None:
            return False
        own = properties.find(f"{W}vertAlign")
        if own is not None:
            return value_of(own) == "superscript"
        return self.word.package.style(value_of(properties.find(f"{W}rStyle"))).raised

    def _piece(self, child: Element, *, raised: bool) -> None:
        if child.tag == f"{W}fldChar":
            self._field(child.get(f"{W}fldCharType", ""))
        elif any(self._codes):
            self.word.leave(child, say("%(place)s, hidden text", place=self.place))
        elif child.tag == f"{W}t":
            self.text += self._text(child.text or "", raised=raised)
        elif child.tag in LITERAL:
            self.text += LITERAL[child.tag]
        elif child.tag == f"{W}sym":
            self.text += sign_of(child.get(f"{W}char", ""))
        elif child.tag in _REFERENCES:
            self._reference(child)
        else:
            self._drawn(child)

    def _drawn(self, child: Element) -> None:
        """Text boxes, and words that are set above others."""
        if child.tag in {f"{W}drawing", f"{W}pict", f"{W}object", f"{MC}AlternateContent"}:
            shown = chosen(child) if child.tag == f"{MC}AlternateContent" else child
            self.boxes.extend(box for box in shown.iter(f"{W}txbxContent") if is_outermost(box, shown))
        elif child.tag == f"{W}ruby":
            for base in child.iterchildren(f"{W}rubyBase"):
                self.walk(base)
            for above in child.iterchildren(f"{W}rt"):
                self.word.leave(above, self.place)

    def _field(self, kind: str) -> None:
        """Between a field's beginning and its separator stands its code, fields inside it included."""
        if kind == "begin":
            self._codes.append(True)
        elif self._codes and kind == "separate":
            self._codes[-1] = False
        elif self._codes and kind == "end":
            self._codes.pop()

    def _text(self, text: str, *, raised: bool) -> str:
        digits = text.strip()
        if not (raised and digits.isdecimal() and len(digits) <= _MARK_DIGITS):
            return text
        if self._custom:
            self.word.notes[self._custom] = int(digits)
            self._custom = None
        return mark(int(digits))

    def _reference(self, child: Element) -> None:
        """A note's mark: Word's own count, unless the file says that its printed mark follows."""
        key = (_REFERENCES[child.tag], child.get(f"{W}id", ""))
        if child.get(f"{W}customMarkFollows", "0") in {"1", "true", "on"}:
            self._custom = key
        else:
            self.text += self.word.note_mark(*key)

    def _look(self, properties: Element | None) -> None:
        own = None if properties is None else switch(properties.find(f"{W}b"))
        bold = bool(self.style.bold) if own is None else own
        self._bold = bold if self._bold is None else self._bold and bold
        size = "" if properties is None else value_of(properties.find(f"{W}sz"))
        self.size = max(self.size, int(size) if size.isdecimal() else self.style.size or 0)


def _lines(text: str, label: Label | None) -> tuple[str, ...]:
    # A tab after a lone sign is how bullets are typed by hand.
    text = text.replace("\u00ad", "")
    if label is None and len(text) > 2 and text.lstrip()[1:2] == "\t" and text.lstrip()[0] in f"{BULLETS}o§":
        text = f"• {text.lstrip()[2:]}"
    return tuple(line.strip() for line in clean(text).split("\n") if line.strip())
