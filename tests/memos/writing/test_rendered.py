"""The Word file as LibreOffice prints it, beside our own PDF: the same words, none missing."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from tests.memos.writing.samples import CREATED, MEMO, SVG, many_rows
from tracker.domain.memo import Memo
from tracker.domain.text import MARK
from tracker.memos.writing import DraftNotice, Letterhead, write_docx, write_pdf

LETTERHEAD = Letterhead("Eksempelby Kommune", logo=SVG)
DRAFT = DraftNotice(("2. Samtaler (Skoleforvaltningen)",))
MEMOS = {
    "everything": (MEMO, None),
    "draft": (replace(MEMO, tables=MEMO.tables * 2), DRAFT),
    "many": (many_rows(120), None),
}


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The text of each page of each memo, from Word by LibreOffice, which is started once."""
    folder = tmp_path_factory.mktemp("office")
    for name, (memo, draft) in MEMOS.items():
        data = write_docx(memo, letterhead=LETTERHEAD, created=CREATED, draft=draft, colophon="1. udgave")
        (folder / f"{name}.docx").write_bytes(data)
    files = [folder / f"{name}.docx" for name in MEMOS]
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", folder, *files]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=180)
    assert "Error" not in done.stdout + done.stderr
    return {name: pages(folder / f"{name}.pdf") for name in MEMOS}


def pages(path: Path) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(path).pages]


def texts(memo: Memo) -> Iterator[str]:
    yield memo.title
    yield from memo.intro
    for table in memo.tables:
        yield table.caption
        for section in table.sections:
            yield section.name
            for row in section.rows:
                yield f"{row.number}. {row.title}"
                yield from (block.text for block in row.blocks)
    yield from (note.text for note in memo.footnotes)


def words(memo: Memo) -> Counter[str]:
    return Counter(word for text in texts(memo) for word in MARK.sub(" ", text).split())


def missing(memo: Memo, printed: list[str]) -> Counter[str]:
    """The memo's words that the pages lack; a word may have a footnote's number beside it there."""
    there = Counter(" ".join(printed).split())
    glued = "".join("".join(printed).split())
    lacking = words(memo) - there
    return Counter({word: times for word, times in lacking.items() if glued.count(word) < words(memo)[word]})


@pytest.mark.parametrize("name", MEMOS)
def test_libreoffice_prints_every_word_of_the_memo(printed: dict[str, list[str]], name: str) -> None:
    assert missing(MEMOS[name][0], printed[name]) == Counter()


@pytest.mark.parametrize("name", MEMOS)
def test_word_and_pdf_print_the_same_words(printed: dict[str, list[str]], name: str, tmp_path: Path) -> None:
    memo, draft = MEMOS[name]
    path = tmp_path / "own.pdf"
    path.write_bytes(
        write_pdf(memo, letterhead=LETTERHEAD, created=CREATED, draft=draft, colophon="1. udgave")
    )
    assert missing(memo, pages(path)) == Counter()
    assert abs(len(pages(path)) - len(printed[name])) <= 2


def test_each_page_says_where_it_belongs(printed: dict[str, list[str]]) -> None:
    for name, all_pages in printed.items():
        total = len(all_pages)
        for number, page in enumerate(all_pages, start=1):
            assert f"Side {number} af {total}" in page, name
            assert "1. udgave" in page
            assert ("KLADDE" in page) == (MEMOS[name][1] is not None)
            assert "Status" in page
