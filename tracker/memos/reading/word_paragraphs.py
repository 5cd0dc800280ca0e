"""Paragraphs of a Word file: their text with footnote marks, their label, and how they look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tracker.domain.text import BULLETS, Block, Footnote, block_of, clean, mark
from tracker.memos.reading.result import LeftOut, Sentence, say
from tracker.memos.reading.word_numbering import Label
from tracker.memos.reading.word_package import Element, Package, Style, W, switch, value_of

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TRANSPARENT = {
    f"{W}{name}"
    for name in ("hyperlink", "smartTag", "ins", "moveTo", "fldSimple", "sdt", "sdtContent", "customXml")
} | {f"{W}bdo", f"{W}dir"}
_GONE = {f"{W}del", f"{W}moveFrom"}
_LITERAL = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_REFERENCES = {f"{W}footnoteReference": "footnote", f"{W}endnoteReference": "endnote"}
_HEADING_LENGTH = 120
_MARK_DIGITS = 3
_SYMBOL_FONT_FROM = 0xF000


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
        return [found for cell in _cells(element) for found in self.paragraphs(cell)]

    def footnotes(self) -> tuple[Footnote, ...]:
        """The notes that were referred to so far, numbered as they came."""
        found = []
        for (kind, identity), number in self.notes.items():
            source = self.package.footnotes if kind == "footnote" else self.package.endnotes
            element = source.get(identity)
            inner = WordText(self.package)
            texts = [] if element is None else [paragraph.text for paragraph in inner.paragraphs(element)]
            text = " ".join(text for text in texts if text)
            found.append(Footnote(number, text.removeprefix(mark(number)).strip()))
        return tuple(found)

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

    @property
    def bold(self) -> bool:
        return bool(self._bold)

    def walk(self, element: Element) -> None:
        for child in element:
            if child.tag == f"{W}r":
                self._run(child)
            elif child.tag in _TRANSPARENT:
                self.walk(child)
            elif child.tag in _GONE:
                self._leave(child, say("%(place)s, deleted text", place=str(self.place)))

    def _run(self, run: Element) -> None:
        properties = run.find(f"{W}rPr")
        if properties is not None and switch(properties.find(f"{W}vanish")):
            self._leave(run, say("%(place)s, hidden text", place=str(self.place)))
            return
        raised = self._is_raised(properties)
        before = len(self.text)
        for child in run:
            self._piece(child, raised=raised)
        if self.text[before:].strip():
            self._look(properties)

    def _is_raised(self, properties: Element | None) -> bool:
        if properties is None:
            return False
        own = properties.find(f"{W}vertAlign")
        if own is not None:
            return value_of(own) == "superscript"
        return self.word.package.style(value_of(properties.find(f"{W}rStyle"))).raised

    def _piece(self, child: Element, *, raised: bool) -> None:
        if child.tag == f"{W}t":
            self.text += self._text(child.text or "", raised=raised)
        elif child.tag in _LITERAL:
            self.text += _LITERAL[child.tag]
        elif child.tag == f"{W}sym":
            code = int(child.get(f"{W}char", "0") or "0", 16)
            self.text += "•" if code >= _SYMBOL_FONT_FROM else chr(code)
        elif child.tag in _REFERENCES:
            self._reference(child)
        elif child.tag in {f"{W}drawing", f"{W}pict", f"{W}object", f"{_MC}AlternateContent"}:
            shown = child.find(f"{_MC}Choice")
            self.boxes.extend((child if shown is None else shown).iter(f"{W}txbxContent"))

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

    def _leave(self, element: Element, place: Sentence) -> None:
        texts = [piece.text or "" for piece in element.iter(f"{W}t", f"{W}delText")]
        text = " ".join("".join(texts).split())
        if text:
            self.word.left_out.append(LeftOut(text, place))


def block_elements(parent: Element) -> Iterator[Element]:
    """The paragraphs and tables directly below an element, through content controls and tracked moves."""
    for child in parent:
        if child.tag in {f"{W}p", f"{W}tbl"}:
            yield child
        elif child.tag in _TRANSPARENT:
            yield from block_elements(child)


def table_rows(table: Element) -> Iterator[Element]:
    """The rows of a table, through content controls."""
    for child in table:
        if child.tag == f"{W}tr":
            yield child
        elif child.tag in _TRANSPARENT:
            yield from table_rows(child)


def row_cells(row: Element) -> Iterator[Element]:
    """The cells of a row, through content controls."""
    for child in row:
        if child.tag == f"{W}tc":
            yield child
        elif child.tag in _TRANSPARENT:
            yield from row_cells(child)


def _cells(table: Element) -> Iterator[Element]:
    for row in table_rows(table):
        yield from row_cells(row)


def _lines(text: str, label: Label | None) -> tuple[str, ...]:
    # A tab after a lone sign is how bullets are typed by hand.
    text = text.replace("\u00ad", "")
    if label is None and len(text) > 2 and text.lstrip()[1:2] == "\t" and text.lstrip()[0] in f"{BULLETS}o§":
        text = f"• {text.lstrip()[2:]}"
    return tuple(line.strip() for line in clean(text).split("\n") if line.strip())
