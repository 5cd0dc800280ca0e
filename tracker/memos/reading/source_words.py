"""The words of a memo's file, taken out without reading it as a memo: what a reading is measured against.

Deliberately simple and apart from the readers: the text runs of a Word file, the words of a PDF's pages, the
words of a text. A word here is anything between blanks that holds a letter or a digit.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from tracker.memos.reading.limits import decode, kind_of

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_TRANSITIONAL = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BLANKS = {f"{_W}{name}" for name in ("p", "tab", "br", "cr", "tc")}
_GONE = (f"{_W}del", f"{_W}moveFrom")
_PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml", "word/comments.xml")


def source_words(data: bytes, *, name: str) -> tuple[str, ...]:
    """Every word of the file in its own order, as written. Raises Unreadable for what is no memo file."""
    kind = kind_of(data, name=name)
    texts = _word_texts(data) if kind == "docx" else _pdf_texts(data) if kind == "pdf" else [decode(data)]
    return tuple(word for text in texts for word in text.split() if _is_word(word))


def _is_word(text: str) -> bool:
    # A lone "o" is what Word's hollow bullet becomes in a text layer.
    return any(character.isalnum() for character in text) and text != "o"


def _word_texts(data: bytes) -> Iterator[str]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for part in sorted(archive.namelist()):
            if part in _PARTS or (part.startswith(("word/header", "word/footer")) and part.endswith(".xml")):
                source = archive.read(part).replace(_STRICT, _TRANSITIONAL)
                yield "".join(_runs(etree.fromstring(source, parser)))


def _runs(element: etree._Element) -> Iterator[str]:
    """The text of an element and of all below it; what older programs are shown instead is passed over."""
    gone: list[str] = []
    for event, found in etree.iterwalk(element, events=("start", "end")):
        if event == "start" and found.tag in {f"{_W}t", f"{_W}delText", _MATHS}:
            fallback = next(found.iterancestors(_FALLBACK), None)
            text = "" if fallback is not None else found.text or ""
            if next(found.iterancestors(*_GONE), None) is None:
                yield text
            else:
                gone.append(text)
        elif event == "end" and found.tag in _GONE:
            gone.append(" ")
        elif event == "start" and found.tag == f"{_W}noBreakHyphen":
            yield "-"
        elif found.tag in _BLANKS:
            yield " "
    # What a change took away stands inside no word of what is left.
    yield " "
    yield from gone


def _pdf_texts(data: bytes) -> Iterator[str]:
    import pdfplumber

    with pdfplumber.open(BytesIO(data)) as document:
        for page in document.pages:
            yield " ".join(word["text"] for word in page.extract_words())
            page.close()
