"""The parts of a Word file that hold text, parsed without trusting them.

XML 1.0 and ISO/IEC 29500 (WordprocessingML). No document type, no entities, no network, bounded size.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, TypeAlias

from lxml import etree

from tracker.memos.reading.limits import MAX_TAGS, MAX_XML_PART
from tracker.memos.reading.result import Unreadable
from tracker.memos.reading.word_numbering import Numbering

Element: TypeAlias = Any  # an element of lxml, which has no types

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_HEADING_LEVELS = 9


@dataclass(frozen=True)
class Style:
    """What a paragraph style says that matters for reading, inherited from the styles it is based on."""

    name: str = ""
    based_on: str = ""
    bold: bool | None = None
    raised: bool = False
    size: int | None = None
    outline: int | None = None
    number_id: str | None = None
    level: int = 0
    hidden: bool | None = None
    identity: str = ""


@dataclass(frozen=True)
class Package:
    """The parsed parts. `furniture` holds page headers and footers by the name of their part."""

    body: Element
    styles: dict[str, Style]
    numbering: Numbering
    footnotes: dict[str, Element]
    endnotes: dict[str, Element]
    comments: tuple[Element, ...] = ()
    furniture: dict[str, Element] = field(default_factory=dict)

    def style(self, style_id: str) -> Style:
        return self.styles.get(style_id, Style())


_READ = frozenset(
    {
        "[Content_Types].xml",
        "word/document.xml",
        "word/styles.xml",
        "word/numbering.xml",
        "word/footnotes.xml",
        "word/endnotes.xml",
        "word/comments.xml",
    }
)


def open_package(data: bytes) -> Package:
    """Parse a Word file's text. Raises Unreadable if a part is damaged, too large or has a document type."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _package(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError) as error:
        raise Unreadable("The Word file is damaged and cannot be opened.") from error
    except (RuntimeError, ValueError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise Unreadable("The Word file is damaged and cannot be opened.") from error


def _package(archive: zipfile.ZipFile) -> Package:
    names = {part.filename for part in archive.infolist()}
    if "word/document.xml" not in names:
        raise Unreadable("The file is not a Word document (.docx).")
    _check_tags(archive, sorted(name for name in names if name in _READ or _is_furniture(name)))
    types = _parse(archive, "[Content_Types].xml")
    if any("macroenabled" in override.get("ContentType", "").lower() for override in types):
        raise Unreadable("The Word file can contain macros; save it as an ordinary .docx without macros.")
    body = _parse(archive, "word/document.xml").find(f"{W}body")
    if body is None:
        raise Unreadable("The Word file is damaged and cannot be opened.")

    def part(name: str) -> Element | None:
        return settled(_parse(archive, name)) if name in names else None

    styles = _styles(part("word/styles.xml"))
    comments = part("word/comments.xml")
    return Package(
        body=settled(body),
        comments=() if comments is None else tuple(comments.iterchildren(f"{W}comment")),
        styles=styles,
        numbering=Numbering.read(part("word/numbering.xml")),
        footnotes=_notes(part("word/footnotes.xml"), "footnote"),
        endnotes=_notes(part("word/endnotes.xml"), "endnote"),
        furniture={name: settled(_parse(archive, name)) for name in sorted(names) if _is_furniture(name)},
    )


def _check_tags(archive: zipfile.ZipFile, names: list[str]) -> None:
    """Refuse what is small on the disk and vast in memory, before anything is parsed."""
    left = MAX_TAGS
    for name in names:
        if archive.getinfo(name).file_size > MAX_XML_PART:
            raise Unreadable("The Word file holds more text than can be read.")
        left -= archive.read(name).count(b"<")
        if left < 0:
            raise Unreadable("The file unpacks to far more than its size and is not opened.")


def _is_furniture(name: str) -> bool:
    return name.startswith(("word/header", "word/footer")) and name.endswith(".xml")


def _parse(archive: zipfile.ZipFile, name: str) -> Element:
    data = archive.read(name)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data.replace(_STRICT, _TRANSITIONAL), parser)
    except etree.XMLSyntaxError as error:
        if b"<!DOCTYPE" in data[:4096]:
            raise Unreadable("The Word file holds a document type definition and is not opened.") from error
        raise Unreadable("The Word file is damaged and cannot be opened.") from error
    if root.getroottree().docinfo.doctype:
        raise Unreadable("The Word file holds a document type definition and is not opened.")
    return root


def settled(root: Element) -> Element:
    """The same tree with paragraphs joined whose end is tracked as deleted; the later one's form holds."""
    for tag in ("del", "moveFrom"):
        for found in list(root.iter(f"{W}{tag}")):
            mark = found.getparent()
            if mark is None or mark.tag != f"{W}rPr" or mark.getparent().tag != f"{W}pPr":
                continue
            paragraph = mark.getparent().getparent()
            after = paragraph.getnext()
            if after is None or after.tag != f"{W}p":
                continue
            at = 1 if len(after) and after[0].tag == f"{W}pPr" else 0
            after[at:at] = [child for child in paragraph if child.tag != f"{W}pPr"]
            paragraph.getparent().remove(paragraph)
    return root


def _notes(root: Element | None, tag: str) -> dict[str, Element]:
    """The notes by id, without Word's own separators."""
    if root is None:
        return {}
    return {
        note.get(f"{W}id", ""): note
        for note in root.iterchildren(f"{W}{tag}")
        if note.get(f"{W}type", "normal") == "normal"
    }


def _styles(root: Element | None) -> dict[str, Style]:
    if root is None:
        return {}
    own = {style.get(f"{W}styleId", ""): _own_style(style) for style in root.iterchildren(f"{W}style")}
    return {style_id: _inherited(style, own) for style_id, style in own.items()}


def _own_style(style: Element) -> Style:
    number = style.find(f"{W}pPr/{W}numPr/{W}numId")
    level = value_of(style.find(f"{W}pPr/{W}numPr/{W}ilvl"))
    size = value_of(style.find(f"{W}rPr/{W}sz"))
    outline = value_of(style.find(f"{W}pPr/{W}outlineLvl"))
    return Style(
        name=value_of(style.find(f"{W}name")).lower(),
        based_on=value_of(style.find(f"{W}basedOn")),
        bold=switch(style.find(f"{W}rPr/{W}b")),
        raised=value_of(style.find(f"{W}rPr/{W}vertAlign")) == "superscript",
        size=int(size) if size.isdecimal() else None,
        outline=int(outline) if outline.isdecimal() and int(outline) < _HEADING_LEVELS else None,
        number_id=value_of(number) or None,
        level=int(level) if level.isdecimal() else 0,
        hidden=switch(style.find(f"{W}rPr/{W}vanish")),
        identity=style.get(f"{W}styleId", ""),
    )


def _inherited(style: Style, own: dict[str, Style]) -> Style:
    seen: set[str] = set()
    above = style.based_on
    while above and above in own and above not in seen:
        seen.add(above)
        base = own[above]
        style = Style(
            name=style.name,
            based_on=style.based_on,
            bold=base.bold if style.bold is None else style.bold,
            raised=style.raised or base.raised,
            size=style.size or base.size,
            outline=base.outline if style.outline is None else style.outline,
            number_id=style.number_id or base.number_id,
            level=style.level or base.level,
            hidden=base.hidden if style.hidden is None else style.hidden,
            identity=style.identity,
        )
        above = base.based_on
    return style


def value_of(element: Element | None) -> str:
    """The `w:val` of an element, or an empty string."""
    return "" if element is None else element.get(f"{W}val", "")


def switch(element: Element | None) -> bool | None:
    """A WordprocessingML on/off property: None when it is not there (ISO/IEC 29500-1, 17.17.4)."""
    return None if element is None else element.get(f"{W}val", "true") not in {"0", "false", "off"}
