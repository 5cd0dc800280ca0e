"""A file that cannot be read says why in one sentence."""

from __future__ import annotations

import io
import resource
import zipfile
from pathlib import Path

import pytest
from docx import Document

from tests.memos.reading.word_files import add_table, new, repacked, saved
from tracker.memos.reading import Unreadable, limits, read, read_bytes


def reason(data: bytes, name: str = "memo.docx") -> str:
    with pytest.raises(Unreadable) as refused:
        read_bytes(data, name=name)
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert not set(sentence) & set("\n%")
    return sentence


def word_file() -> bytes:
    document = new()
    add_table(document, [["Indsats", "Status"], ["1. A", "Et."]])
    return saved(document)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"no file called “memo\.docx”"):
        read(tmp_path / "memo.docx")


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no file called"):
        read(tmp_path)


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "memo.docx").touch()
    with pytest.raises(Unreadable, match="empty"):
        read(tmp_path / "memo.docx")


def test_a_text_of_blanks() -> None:
    assert "empty" in reason(b" \n\n \n", "memo.txt")


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "memo.docx"
    with path.open("wb") as file:
        file.truncate(limits.MAX_FILE + 1)
    with pytest.raises(Unreadable, match="too large: 50 MB"):
        read(path)


def test_a_word_file_without_a_table() -> None:
    document = new(intro=["Der er ingen tabel her."])
    assert "no table" in reason(saved(document))


def test_a_word_file_whose_only_table_holds_no_initiatives() -> None:
    document = new()
    add_table(document, [["Dato", "3. marts 2026"], ["Sted", "Rådhuset"]])
    assert "no table" in reason(saved(document))


def test_a_word_file_under_another_name() -> None:
    assert "not what it holds" in reason(word_file(), "memo.txt")
    assert "not what it holds" in reason(word_file(), "memo.pdf")


def test_text_called_a_word_file() -> None:
    assert "not what it holds" in reason(b"1. Mentorer\nDer er 12 mentorer.\n")


def test_the_old_word_format() -> None:
    assert "old Word format" in reason(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "memo.doc")


def test_a_word_file_with_a_password() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le")
    assert "password" in reason(data)


def test_an_archive_with_a_password() -> None:
    data = bytearray(word_file())
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 1)
    assert "password" in reason(bytes(data))


def test_macros_in_the_name_or_in_the_file() -> None:
    assert "macros" in reason(word_file(), "memo.docm")
    assert "macros" in reason(repacked(word_file(), {"word/vbaProject.bin": "x"}))
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Override PartName="/word/document.xml" '
        'ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
    )
    assert "macros" in reason(repacked(word_file(), {"[Content_Types].xml": types}))


def test_an_archive_that_unpacks_to_far_more_than_its_size() -> None:
    bomb = repacked(word_file(), {"word/media/image.bin": "0" * (8 * 1024 * 1024)})
    assert "unpacks" in reason(bomb)


def test_an_archive_of_countless_parts() -> None:
    parts = {f"word/media/{number}": "x" for number in range(limits.MAX_PARTS + 1)}
    assert "unpacks" in reason(repacked(word_file(), parts))


def test_a_document_type_definition() -> None:
    entities = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    inside = (
        f'<?xml version="1.0"?>{entities}<w:document xmlns:w="{NAMESPACE}"><w:body>&b;</w:body></w:document>'
    )
    assert "document type" in reason(repacked(word_file(), {"word/document.xml": inside}))
    assert "document type" in reason(repacked(word_file(), {"word/styles.xml": f"{entities}<x/>"}))


NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def test_broken_xml_and_broken_archives() -> None:
    assert "damaged" in reason(repacked(word_file(), {"word/document.xml": "<w:document"}))
    assert "damaged" in reason(word_file()[:-400])
    deep = f'<w:document xmlns:w="{NAMESPACE}">{"<w:body>" * 5000}{"</w:body>" * 5000}</w:document>'
    assert "damaged" in reason(repacked(word_file(), {"word/document.xml": deep}))


def test_another_archive_is_no_word_document() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert "not a Word document" in reason(out.getvalue(), "memo.xlsx")


def test_a_damaged_pdf_and_a_pdf_with_a_password() -> None:
    assert "damaged" in reason(b"%PDF-1.7\n%%EOF", "memo.pdf")
    assert "password" in reason(b"%PDF-1.7\ntrailer << /Encrypt 5 0 R >>\n%%EOF", "memo.pdf")


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        bytes(range(256)) * 40,
        b"{\\rtf1 hej}",
        b"PK\x05\x06" + bytes(18),
    ],
)
def test_pictures_noise_and_other_formats(data: bytes) -> None:
    reason(data, "memo")


def test_text_without_initiatives() -> None:
    assert "no numbered initiatives" in reason("Kære alle.\n\nTak for mødet.\n".encode(), "memo.txt")


def test_a_file_that_tries_to_leave_its_folder_writes_nothing(tmp_path: Path) -> None:
    data = repacked(word_file(), {"../../outside.txt": "x"})
    path = tmp_path / "memo.docx"
    path.write_bytes(data)
    read(path)
    assert [found.name for found in tmp_path.iterdir()] == ["memo.docx"]


def test_a_large_part_is_refused_before_it_is_parsed() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    noise = (
        "".join(chr(33 + (number * number) % 80) for number in range(100_000))
        .replace("<", "")
        .replace("&", "")
    )
    body = f'<w:document xmlns:w="{NAMESPACE}">{noise * (limits.MAX_XML_PART // len(noise) + 1)}</w:document>'
    assert reason(repacked(word_file(), {"word/document.xml": body}))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


@pytest.mark.parametrize(
    "parts", [{"word/styles.xml": 1_000_001}, {f"word/header{n}.xml": 70_000 for n in range(15)}]
)
def test_parts_of_countless_tags_are_refused_before_they_are_parsed(parts: dict[str, int]) -> None:
    """Six megabytes on the disk can be a gigabyte in memory."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    bodies = {
        name: f'<w:x xmlns:w="{NAMESPACE}">' + "".join(f"<a{one % 97}/>" for one in range(tags)) + "</w:x>"
        for name, tags in parts.items()
    }
    assert "far more than its size" in reason(repacked(word_file(), bodies))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


def test_a_blank_document_is_no_memo() -> None:
    out = io.BytesIO()
    Document().save(out)
    assert "no table" in reason(out.getvalue())
