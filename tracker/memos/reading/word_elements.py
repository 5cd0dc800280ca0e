"""Walks the elements of a Word file: through what Word shows as if it were not there, past what it hides."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.memos.reading.word_package import Element, W, switch

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
TRANSPARENT = {
    f"{W}{name}"
    for name in ("hyperlink", "smartTag", "ins", "moveTo", "fldSimple", "sdt", "sdtContent", "customXml")
} | {f"{W}bdo", f"{W}dir"}
LITERAL = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
_SYMBOL_FONT_FROM = 0xF000


def block_elements(parent: Element) -> Iterator[Element]:
    """The paragraphs and tables directly below an element, through content controls and tracked moves."""
    for child in parent:
        if child.tag in {f"{W}p", f"{W}tbl"}:
            yield child
        elif child.tag in TRANSPARENT:
            yield from block_elements(child)
        elif child.tag == f"{MC}AlternateContent":
            yield from block_elements(chosen(child))


def table_rows(table: Element) -> Iterator[Element]:
    """The rows of a table, through content controls."""
    for child in table:
        if child.tag == f"{W}tr":
            yield child
        elif child.tag in TRANSPARENT:
            yield from table_rows(child)


def row_cells(row: Element) -> Iterator[Element]:
    """The cells of a row, through content controls."""
    for child in row:
        if child.tag == f"{W}tc":
            yield child
        elif child.tag in TRANSPARENT:
            yield from row_cells(child)


def words_in(element: Element) -> Iterator[str]:
    """The text of an element and of what stands in it; what older programs are shown is passed over."""
    if element.tag in {f"{W}t", f"{W}delText", f"{M}t"}:
        yield element.text or ""
    elif element.tag == f"{W}noBreakHyphen":
        yield "-"
    elif element.tag in LITERAL:
        yield " "
    else:
        for child in chosen(element) if element.tag == f"{MC}AlternateContent" else element:
            yield from words_in(child)
        if element.tag == f"{W}p":
            yield " "


def chosen(alternate: Element) -> Element:
    """The one of several contents that today's Word shows."""
    choice = alternate.find(f"{MC}Choice")
    fallback = alternate.find(f"{MC}Fallback")
    return choice if choice is not None else fallback if fallback is not None else alternate


def is_outermost(box: Element, shown: Element) -> bool:
    for above in box.iterancestors():
        if above is shown:
            return True
        if above.tag in {f"{W}txbxContent", f"{MC}Fallback"}:
            return False
    return True


def is_placeholder(run: Element) -> bool:
    """Whether a content control that nobody has filled shows these words."""
    control = next(run.iterancestors(f"{W}sdt"), None)
    return control is not None and bool(switch(control.find(f"{W}sdtPr/{W}showingPlcHdr")))


def sign_of(code: str) -> str:
    """A sign by its code; those of sign fonts, which have no letter, are bullets."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    return "•" if number >= _SYMBOL_FONT_FROM else chr(number)
