"""A memo as a Word document: an Open Packaging zip of few parts, the body streamed into it.

The fixed parts (styles, settings) are files in `parts/`. The same input gives the same bytes: the dates
in the properties come from `created`, those in the zip are fixed, and nothing depends on the clock.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from tracker.domain.memo import Memo
from tracker.memos.writing import docx_frame as frame
from tracker.memos.writing.docx_body import BULLETS, Body
from tracker.memos.writing.frame import FrontNotice, Letterhead, Notice, in_utc, said_of, words_of
from tracker.memos.writing.pieces import printable

_PARTS = Path(__file__).parent / "parts"
_LEVEL = 3  # of nine: half the time of the usual sixth for a file that is a tenth larger
_CHUNK = 1 << 16  # characters handed to the compressor at once
_NO_TEXT_NOTE = '<w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr><w:r>{}</w:r></w:p>'


def write_docx(
    memo: Memo,
    *,
    letterhead: Letterhead,
    created: datetime,
    draft: FrontNotice | None = None,
    colophon: str = "",
) -> bytes:
    """The memo as the bytes of a .docx file, A4, ready to print and to be read aloud.

    `created` (with a time zone) goes into the document's properties. With a `draft`'s notice every page says
    KLADDE, with an edition's which one it is; the front lists what lacks approval. `colophon` stands at the
    foot of each page.
    Characters that XML cannot hold are left out; everything else is kept literally. Takes time and
    memory in proportion to the text.
    """
    words = words_of(memo.language)
    notice = said_of(draft, words)
    body = Body(memo, words=words, notice=notice)
    moment = in_utc(created).strftime("%Y-%m-%dT%H:%M:%SZ")
    logo = frame.logo_of(letterhead, words)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as package:
        put = _Package(package).put
        put("[Content_Types].xml", [frame.content_types(logo)])
        put("_rels/.rels", [_fixed("rels.xml")])
        put("docProps/core.xml", [_core(memo, letterhead.author(memo.head), moment, notice)])
        put("docProps/app.xml", [_fixed("app.xml")])
        put("word/_rels/document.xml.rels", [_fixed("document-rels.xml")])
        put("word/styles.xml", [_fixed("styles.xml").replace("$language", words.locale)])
        put("word/settings.xml", [_fixed("settings.xml").replace("$language", words.locale)])
        put("word/document.xml", _document(body))
        put("word/footnotes.xml", _footnotes(body))
        put("word/numbering.xml", _numbering(body.lists))
        put("word/header1.xml", [frame.first_header(letterhead, memo, logo=logo, notice=notice)])
        put("word/header2.xml", [frame.later_header(memo, notice=notice)])
        put("word/footer1.xml", [frame.footer(words, colophon)])
        if logo:
            put("word/_rels/header1.xml.rels", [frame.header_relations(logo)])
            for name, data in logo.files.items():
                put(f"word/{name}", [data])
    return file.getvalue()


class _Package:
    """A zip written chunk by chunk. Its members carry the earliest date that a zip can hold, not today's."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self._zip = package

    def put(self, name: str, chunks: Iterable[str | bytes]) -> None:
        with self._zip.open(name, "w") as target:
            for chunk in _gathered(chunks):
                target.write(chunk)


def _gathered(chunks: Iterable[str | bytes]) -> Iterator[bytes]:
    """The chunks as bytes, small ones joined: the compressor is slow on many small pieces."""
    held: list[str] = []
    size = 0
    for chunk in chunks:
        if isinstance(chunk, bytes):
            yield chunk
            continue
        held.append(chunk)
        size += len(chunk)
        if size >= _CHUNK:
            yield "".join(held).encode()
            held, size = [], 0
    yield "".join(held).encode()


def _document(body: Body) -> Iterator[str]:
    yield f"{frame.XML}<w:document {frame.NAMESPACES}><w:body>"
    yield from body.parts()
    yield f"{_fixed('section.xml')}</w:body></w:document>"


def _footnotes(body: Body) -> Iterator[str]:
    yield f"{frame.XML}<w:footnotes {frame.NAMESPACES}>"
    for number, kind in ((-1, "separator"), (0, "continuationSeparator")):
        line = _NO_TEXT_NOTE.format(f"<w:{kind}/>")
        yield f'<w:footnote w:type="{kind}" w:id="{number}">{line}</w:footnote>'
    yield from body.footnotes()
    yield "</w:footnotes>"


def _numbering(starts: list[int]) -> Iterator[str]:
    """The lists: one for all bullets, and one for each numbered list, so that each has its own start."""
    yield f"{frame.XML}<w:numbering {frame.NAMESPACES}>"
    yield _fixed("lists.xml")
    yield f'<w:num w:numId="{BULLETS}"><w:abstractNumId w:val="0"/></w:num>'
    for number, start in enumerate(starts, start=BULLETS + 1):
        yield (
            f'<w:num w:numId="{number}"><w:abstractNumId w:val="1"/>'
            f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride></w:num>'
        )
    yield "</w:numbering>"


def _core(memo: Memo, author: str, moment: str, notice: Notice | None) -> str:
    """The core properties (ISO/IEC 29500-2, clause 8)."""
    words = words_of(memo.language)
    title, creator = escape(printable(memo.title)), escape(printable(author))
    mark = escape(printable(notice.mark)) if notice is not None else ""
    status = f"<cp:contentStatus>{mark}</cp:contentStatus>" if mark else ""
    return (
        f"{frame.XML}<cp:coreProperties {frame.CORE_NAMESPACES}><dc:title>{title}</dc:title>"
        f"<dc:creator>{creator}</dc:creator><cp:lastModifiedBy>{creator}</cp:lastModifiedBy>"
        f"<dc:language>{words.locale}</dc:language>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{moment}</dcterms:modified>{status}</cp:coreProperties>'
    )


@cache
def _fixed(name: str) -> str:
    return (_PARTS / name).read_text("utf-8").strip()
