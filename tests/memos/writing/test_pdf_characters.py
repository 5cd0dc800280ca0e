"""What stands in a memo stands in its PDF, also what nobody sees: read from the page, it is the same text."""

from __future__ import annotations

import pytest

from tests.memos.writing.samples import CREATED, LETTERHEAD, paragraph
from tracker.domain.memo import Memo, Row, Section, Table
from tracker.domain.text import clean
from tracker.memos.reading import read_bytes
from tracker.memos.writing import write_pdf

KEPT = {
    "zero-width space": "nul\u200bbredde \u200bher",
    "word joiner": "ord\u2060led \u2060 alene",
    "joiners without letters": "a \u200d\u200c b",
    "two accents on one letter": "x\u0327\u0301 og x og ax\u0327\u0301b",
    "accents of their own": clean("A\u030ang e\u0308 i\u0323\u0302"),
    "a family of one sign": "her 👩\u200d👩\u200d👧🏽 er 🙂",
    "a flag": "🇬🇱 🇩🇰🇸🇪",
    "ideographs": "𝒜漢字漢 ord",
    "signs of other programs": "=1+1 @SUM(A1) ]]> {{7*7}} </w:p>",
    "raised digits without a note": "10²³ og m²",
    "a word wider than its line": "https://example.com/" + "".join(f"sti-{at}-ende/" for at in range(12)),
}
# U+FEFF has no place in a file for PDF/UA; the others would turn the order of reading over.
LEFT_OUT = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """What is read back of each line, by its kind or by the sign that is left out of it."""
    lines = [*KEPT.values(), *(f"før{sign}efter" for sign in LEFT_OUT)]
    rows = tuple(
        Row(
            number,
            "Om ord, tegn og linjer i alt",
            (paragraph(f"Ord {line} slut."), paragraph("Det var alt.")),
        )
        for number, line in enumerate(lines, start=1)
    )
    sections = (Section("Skoleforvaltningen", rows),)
    memo = Memo("Status på planen for tegn", tables=(Table("Tabel 1. Tegn.", sections),))
    pdf = write_pdf(memo, letterhead=LETTERHEAD, created=CREATED)
    read = read_bytes(pdf, name="memo.pdf").memo
    assert [len(row.blocks) for row in read.rows] == [2] * len(lines)
    found = [row.blocks[0].text.removeprefix("Ord ").removesuffix(" slut.") for row in read.rows]
    return dict(zip([*KEPT, *LEFT_OUT], found, strict=True))


@pytest.mark.parametrize("kind", KEPT)
def test_what_is_printed_is_read_back(texts: dict[str, str], kind: str) -> None:
    assert texts[kind] == KEPT[kind]


def test_only_directions_and_the_mark_of_byte_order_are_left_out(texts: dict[str, str]) -> None:
    assert {texts[sign] for sign in LEFT_OUT} == {"førefter"}
