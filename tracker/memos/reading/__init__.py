"""Reads a printed memo back into `tracker.domain.memo.Memo`.

One function, `read`; one reader a kind of file, all with the same call: bytes in, `Reading` out. A reader is
imported with the first file of its kind, since a page that reads no memo needs neither XML nor a word list.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tracker.memos.reading.json_form import to_json
from tracker.memos.reading.limits import FileKind, kind_of, load
from tracker.memos.reading.result import Doubt, LeftOut, Reading, Sentence, SourceWords, Unreadable

__all__ = [
    "Doubt",
    "LeftOut",
    "Reading",
    "Sentence",
    "SourceWords",
    "Unreadable",
    "read",
    "read_bytes",
    "to_json",
]


def read(path: Path) -> Reading:
    """Read a memo from a file. Raises Unreadable with one sentence; the file itself is never changed."""
    return read_bytes(load(path), name=path.name)


def read_bytes(data: bytes, *, name: str) -> Reading:
    """The same from bytes in hand, as an upload arrives; `name` is the name the file came with."""
    return _reader_of(kind_of(data, name=name))(data)


def _reader_of(kind: FileKind) -> Callable[[bytes], Reading]:
    if kind == "docx":
        from tracker.memos.reading.docx import read_docx

        return read_docx
    if kind == "pdf":
        from tracker.memos.reading.pdf import read_pdf

        return read_pdf
    from tracker.memos.reading.text_layer import read_text

    return read_text
