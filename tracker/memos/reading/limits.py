"""Looks at a file before it is read: what it is by its content, and whether it is safe to open."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Literal

from tracker.memos.reading.result import Unreadable

FileKind = Literal["docx", "pdf", "text"]

MAX_FILE = 50 * 1024 * 1024
MAX_UNPACKED = 300 * 1024 * 1024
MAX_PARTS = 5_000
# A part is judged by its ratio only when it is large: small repetitive parts compress very well.
MAX_RATIO = 250
RATIO_FROM = 4 * 1024 * 1024
MAX_XML_PART = 32 * 1024 * 1024
# A tag takes 130 bytes in memory, however short it is; a memo of a thousand initiatives has 200,000.
MAX_TAGS = 1_000_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_OTHER_BINARY = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"\x7fELF", b"MZ")
_EXTENSIONS: dict[str, FileKind] = {".docx": "docx", ".pdf": "pdf", ".txt": "text"}


def load(path: Path) -> bytes:
    """The bytes of a file that may be read.

    Raises Unreadable when it is missing, no file, empty or larger than `MAX_FILE`.
    """
    if not path.is_file():
        raise Unreadable("There is no file called “%(name)s”.", name=path.name)
    try:
        size = path.stat().st_size
        if size == 0:
            raise Unreadable("The file is empty.")
        if size > MAX_FILE:
            raise Unreadable(
                "The file is too large: %(size)s MB, and at most %(limit)s MB can be read.",
                size=size // (1024 * 1024),
                limit=MAX_FILE // (1024 * 1024),
            )
        return path.read_bytes()
    except OSError as error:
        raise Unreadable("The file “%(name)s” cannot be opened.", name=path.name) from error


def kind_of(data: bytes, *, name: str) -> FileKind:
    """What the bytes are. Raises Unreadable when they are nothing a memo can be read from.

    The content decides; a known extension that says otherwise is an error, since one of the two is wrong.
    """
    kind = _kind_by_content(data)
    extension = Path(name).suffix.lower()
    if extension in {".docm", ".dotm"}:
        raise Unreadable("The Word file can contain macros; save it as an ordinary .docx without macros.")
    expected = _EXTENSIONS.get(extension)
    if expected and expected != kind:
        raise Unreadable(
            "The file is called %(extension)s, but that is not what it holds; it may be damaged or misnamed.",
            extension=extension,
        )
    return kind


def _kind_by_content(data: bytes) -> FileKind:
    if data.startswith(_ZIP):
        check_archive(data)
        return "docx"
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Unreadable("The file is protected by a password; save it without one.")
        raise Unreadable("The file is in the old Word format; save it as .docx.")
    if data.startswith(b"{\\rtf"):
        raise Unreadable("The file is rich text (RTF); save it as .docx.")
    if data.startswith((*_OTHER_BINARY, b"PK")):
        raise Unreadable("The file is neither a Word document (.docx) nor plain text.")
    return "text"


def check_archive(data: bytes) -> None:
    """Raises Unreadable unless the ZIP is a Word document without macros that unpacks to a sane size."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, UnicodeDecodeError) as error:
        raise Unreadable("The Word file is damaged and cannot be opened.") from error
    _check_sizes(parts)
    names = {part.filename.replace("\\", "/").lower() for part in parts}
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Unreadable("The Word file can contain macros; save it as an ordinary .docx without macros.")
    if "[content_types].xml" not in names or not any(name.startswith("word/") for name in names):
        raise Unreadable("The file is not a Word document (.docx).")
    if any(part.flag_bits & 0x1 for part in parts):
        raise Unreadable("The file is protected by a password; save it without one.")


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    bomb = (
        len(parts) > MAX_PARTS
        or sum(part.file_size for part in parts) > MAX_UNPACKED
        or any(
            part.file_size > RATIO_FROM and part.file_size > MAX_RATIO * max(part.compress_size, 1)
            for part in parts
        )
    )
    if bomb:
        raise Unreadable("The file unpacks to far more than its size and is not opened.")


def decode(data: bytes) -> str:
    """Plain text from UTF-8, UTF-16 with its mark, or Windows-1252. Raises Unreadable for anything else."""
    text = _decoded(data)
    controls = sum(1 for character in text if ord(character) < 32 and character not in "\t\n\v\f\r")
    if "\0" in text or controls > len(text) // 200 + 5:
        raise Unreadable("The file is neither a Word document (.docx) nor plain text.")
    if not text.strip():
        raise Unreadable("The file is empty.")
    return text


def _decoded(data: bytes) -> str:
    encodings = ["utf-16"] if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("The file is neither a Word document (.docx) nor plain text.")
