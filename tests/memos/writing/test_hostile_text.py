"""No character that a person can type or paste stops a memo, and none becomes markup."""

from __future__ import annotations

import io
import string
from dataclasses import replace

import docx
import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader

from tests.conftest import ROOT
from tests.memos.writing.samples import CREATED, LETTERHEAD, paragraph
from tracker.domain.memo import Head, Memo, Row, Section, Table
from tracker.domain.text import Block, Footnote
from tracker.memos.writing import DraftNotice, html_fragment, write_docx, write_pdf

PAGES = Environment(loader=FileSystemLoader(ROOT / "templates"), autoescape=True)
DEADLY = [
    "\x00",
    "\x1b",
    "\x08",
    "\ufffe",
    "\uffff",
    "\ud800",
    "\udfff",
    "\x0b",
    "\x0c",
    "\x85",
    "\u2028",
    "\r",
]
MARKUP = [
    "</w:t></w:r><w:p>",
    "<script>alert(1)</script>",
    "]]>",
    "&amp;",
    '#eval("1") $x$ *b* _i_ `c` @r <l>',
    "{{ 7*7 }} {% include 'x' %}",
    '" onload="x',
]


def memo_of(text: str) -> Memo:
    """A memo with the text in every place that takes one."""
    blocks = tuple(
        Block(kind, text, 1 if kind == "number" else None)
        for kind in ("paragraph", "bullet", "number", "heading")
    )
    sections = (Section(text, (Row(1, text, blocks),), (text, text)),)
    return Memo(
        text, Head(text, text, text, text, text), (text,), (Table(text, sections),), (Footnote(1, text),)
    )


def written(text: str) -> tuple[bytes, bytes, str]:
    memo, draft = memo_of(text), DraftNotice((text,))
    letterhead = replace(LETTERHEAD, municipality=text)
    word = write_docx(memo, letterhead=letterhead, created=CREATED, draft=draft, colophon=text)
    pdf = write_pdf(memo, letterhead=letterhead, created=CREATED, draft=draft, colophon=text)
    return word, pdf, html_fragment(memo, environment=PAGES, draft=draft)


@pytest.mark.parametrize("character", DEADLY, ids=lambda one: f"U+{ord(one):04X}")
def test_a_character_that_no_document_holds_does_not_stop_the_memo(character: str) -> None:
    word, pdf, page = written(f"Før{character}efter")
    title = docx.Document(io.BytesIO(word)).core_properties.title or ""
    assert "".join(title.split()) == "Førefter"
    assert "efter" in pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert character not in page or character in string.whitespace


@pytest.mark.parametrize("markup", MARKUP)
def test_markup_stays_the_words_it_is(markup: str) -> None:
    word, pdf, page = written(f"Før {markup} efter")
    cell = docx.Document(io.BytesIO(word)).tables[0].rows[1].cells[0]
    assert cell.text == f"1. Før {markup} efter"
    text = "".join(pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())
    assert "".join(f"Før{markup}efter".split()) in text
    assert markup not in page or "<" not in markup


def test_a_direction_mark_ends_with_the_text_it_stands_in() -> None:
    word, pdf, page = written("Før\u202eefter")
    assert docx.Document(io.BytesIO(word)).tables[0].rows[1].cells[0].text == "1. Før\u202eefter"
    assert "Førefter" in pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert "<bdi>Før\u202eefter</bdi>" in page


@pytest.mark.parametrize(
    "text",
    [
        "Kalaallisut qaqqaq ĸ",
        "Łódź Žižek",
        "Київ",
        "السلام عليكم",
        "🙂",
        "漢字",
        "\ue000",
        "\ufdd0",
        "\U000e0041",
    ],
)
def test_letters_of_the_world_are_printed_or_named(text: str) -> None:
    word, pdf, _ = written(text)
    assert docx.Document(io.BytesIO(word)).core_properties.title == text
    assert pypdf.PdfReader(io.BytesIO(pdf)).pages


def test_what_no_font_has_is_printed_as_its_code() -> None:
    _, pdf, _ = written("Tegnet \ue000 her")
    assert "Tegnet [U+E000] her" in pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


def test_a_word_wider_than_its_column_is_broken_inside() -> None:
    rows = (Row(1, "M" * 200, (paragraph("https://example.com/" + "sti/" * 100),)),)
    memo = Memo("T", tables=(Table("", (Section("A", rows),)),))
    pdf = write_pdf(memo, letterhead=LETTERHEAD, created=CREATED)
    text = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert text.count("M") == 200
    assert max(len(line) for line in text.splitlines()) < 120


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=60))
def test_any_text_at_all_gives_three_documents(text: str) -> None:
    word, pdf, page = written(text)
    assert docx.Document(io.BytesIO(word)).tables
    assert pdf.startswith(b"%PDF-1.7")
    assert page.endswith("</article>")
