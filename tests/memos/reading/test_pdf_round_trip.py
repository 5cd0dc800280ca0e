"""A memo that this product prints as PDF is read back from the page as the same memo."""

from __future__ import annotations

import dataclasses
import os
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.memos.writing.samples import CREATED, LETTERHEAD, MEMO, paragraph
from tracker.domain.memo import Head, Memo, Row, Section, Table
from tracker.domain.text import Block, Footnote, mark
from tracker.memos.reading import read_bytes
from tracker.memos.writing import DraftNotice, write_pdf

_VOCABULARY = (
    "og i på der er til for med den et en indsatsen arbejdet skoler elever kommunen borgere foreninger "
    "uddannelse samarbejdet trivselsundersøgelsen medborgerskab kompetenceudvikling fællesskaber år "
    "2026 2025-26 12 pct. 250.000 kr. ca. Nørrebro Åben Ældre LGBT+-personer QR-koder og/eller "
    "”brobyggere” (se nr. 3) DinTro-MinTro e-læring m² 40 1.200 fx bl.a. mv."
)
_WORDS = st.sampled_from(_VOCABULARY.split())


def _sentence(draw: st.DrawFn, *, least: int = 4, most: int = 30) -> str:
    words = draw(st.lists(_WORDS, min_size=least, max_size=most))
    return f"Der {' '.join(words)} slut."


@st.composite
def _blocks(draw: st.DrawFn) -> tuple[Block, ...]:
    """Blocks that begin and end with a paragraph; a sub-heading always has text below it."""
    blocks = [paragraph(_sentence(draw))]
    for kind in draw(st.lists(st.sampled_from(["paragraph", "bullet", "number", "heading"]), max_size=5)):
        if kind == "number":
            blocks += [
                Block("number", _sentence(draw), number) for number in range(1, draw(st.integers(2, 4)))
            ]
        elif kind == "heading":
            blocks.append(Block("heading", "Om " + " ".join(draw(st.lists(_WORDS, max_size=4))) + " i alt"))
        else:
            blocks.append(Block("bullet" if kind == "bullet" else "paragraph", _sentence(draw)))
        blocks.append(paragraph(_sentence(draw, most=60)))
    return tuple(blocks)


@st.composite
def memos(draw: st.DrawFn) -> Memo:
    """A memo as an office could write it, with long rows, lists, sub-headings and footnotes."""
    number = notes = 0
    sections = []
    for name in ["Skoleforvaltningen", "Fritids- og Kulturforvaltningen", "Ældreudvalget"][
        : draw(st.integers(1, 3))
    ]:
        rows = []
        for _ in range(draw(st.integers(1, 5))):
            number += 1
            blocks = draw(_blocks())
            if draw(st.booleans()):
                notes += 1
                blocks = (paragraph(f"{blocks[0].text}{mark(notes)}"), *blocks[1:])
            rows.append(Row(number, _sentence(draw, most=20), blocks))
        sections.append(
            Section(name, tuple(rows), draw(st.sampled_from([("Indsats", "Status"), ("Tiltag", "Status")])))
        )
    return Memo(
        title="Status på planen for trygge fællesskaber 2026",
        head=Head("Kontor for Trivsel", "Skoleforvaltningen", "3. marts 2027", "2027-0042", "Byrådet"),
        intro=tuple(_sentence(draw, least=9) for _ in range(draw(st.integers(0, 3)))),
        tables=(Table("Tabel 1. " + _sentence(draw), tuple(sections)),),
        footnotes=tuple(Footnote(one, _sentence(draw)) for one in range(1, notes + 1)),
    )


def collapsed(value: Any) -> Any:
    """The same with every run of white space as one blank."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, tuple):
        return tuple(collapsed(one) for one in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: collapsed(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return dataclasses.replace(value, **fields)
    return value


@settings(
    max_examples=int(os.environ.get("PDF_EXAMPLES", "6")),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(memos())
def test_any_memo_is_read_back_as_it_was_written(memo: Memo) -> None:
    pdf = write_pdf(memo, letterhead=LETTERHEAD, created=CREATED, colophon="Sagsnr. 2027-0042")
    assert collapsed(read_bytes(pdf, name="memo.pdf").memo) == collapsed(memo)


def test_a_draft_is_read_back_and_its_notice_left_out() -> None:
    notice = DraftNotice(("2. Samtaler (Skoleforvaltningen)", "3. Åbne haller"))
    pdf = write_pdf(MEMO, letterhead=LETTERHEAD, created=CREATED, draft=notice)
    reading = read_bytes(pdf, name="memo.pdf")
    assert collapsed(reading.memo) == collapsed(MEMO)
    left = [piece.text for piece in reading.left_out]
    assert [text.lstrip("- ") for text in left if "Samtaler" in text] == ["2. Samtaler (Skoleforvaltningen)"]
    assert "KLADDE" in left
