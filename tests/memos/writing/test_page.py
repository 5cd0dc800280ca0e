"""The memo as a piece of a page."""

from __future__ import annotations

import re
from dataclasses import replace

from jinja2 import Environment, FileSystemLoader
from lxml import html

from tests.conftest import ROOT
from tests.memos.writing.samples import MEMO, SVG, paragraph, png
from tracker.domain.memo import Memo, Row, Section, Table
from tracker.domain.text import Block, Footnote
from tracker.memos.writing import DraftNotice, Letterhead, html_fragment, memo_view

PAGES = Environment(loader=FileSystemLoader(ROOT / "templates"), autoescape=True)


def page(
    memo: Memo = MEMO, *, draft: DraftNotice | None = None, prefix: str = "memo", level: int = 1
) -> html.HtmlElement:
    return html.fromstring(html_fragment(memo, environment=PAGES, draft=draft, prefix=prefix, level=level))


def test_headings_run_from_the_title_to_the_sub_headings_of_a_status() -> None:
    headings = [(one.tag, one.text_content()) for one in page().iter("h1", "h2", "h3")]
    assert headings == [
        ("h1", MEMO.title),
        ("h2", "Skoleforvaltningen"),
        ("h3", "Hvad der er sket"),
        ("h3", "Hvad der følger"),
        ("h2", "Fritidsforvaltningen"),
        ("h2", "Noter"),
    ]
    assert page(level=2).find(".//h1") is None


def test_each_section_is_a_table_with_caption_and_headers() -> None:
    tables = page().findall(".//table")
    assert [table.find("caption").text_content() for table in tables] == [
        "Skoleforvaltningen",
        "Fritidsforvaltningen",
    ]
    assert [one.get("scope") for one in tables[0].iter("th")] == ["col", "col", "row", "row"]
    assert tables[1].find(".//tbody/tr/th").text_content() == "3. Åbne haller"


def test_a_memo_of_several_administrations_begins_with_a_link_to_each() -> None:
    contents = page().find(".//nav")
    assert [link.text_content() for link in contents.iter("a")] == [
        "Skoleforvaltningen",
        "Fritidsforvaltningen",
    ]


def test_footnotes_link_there_and_back() -> None:
    article = page()
    targets = {one.get("id") for one in article.iter() if one.get("id")}
    links = [one.get("href") for one in article.iter("a") if "section" not in str(one.get("href"))]
    assert links == ["#memo-note-1", "#memo-note-2", "#memo-reference-1", "#memo-reference-2"]
    assert all(link[1:] in targets for link in links)


def test_the_number_of_another_row_leads_to_it() -> None:
    said = paragraph("Se nr. 2-3 og lov nr. 3, jf. nr. 9.")
    rows = (Row(1, "Se nr. 2", (said,)), Row(2, "To", ()), Row(3, "Tre", ()))
    tables = (Table("Tabel 1.", (Section("A", rows),)), Table("Tabel 2.", (Section("A", rows[1:]),), "new"))
    article = page(Memo("T", tables=tables))
    links = [(one.get("href"), one.text) for one in article.iter("a") if "row" in one.get("href")]
    assert links == [("#memo-row-2", "2"), ("#memo-row-3", "3")]
    rows_of = [one for one in article.iter("tr") if one.get("id")]
    assert [(one.get("id"), one.find("th").text_content()) for one in rows_of] == [
        ("memo-row-1", "1. Se nr. 2"),
        ("memo-row-2", "2. To"),
        ("memo-row-3", "3. Tre"),
    ]


def test_two_memos_on_one_page_share_no_id() -> None:
    first, second = (
        {one.get("id") for one in page(prefix=prefix).iter() if one.get("id")} for prefix in ("a", "b")
    )
    assert not first & second


def test_lists_begin_at_their_printed_number() -> None:
    blocks = (Block("bullet", "Punkt"), Block("number", "Fjerde", 4), Block("number", "Femte", 5))
    article = page(Memo("T", tables=(Table("", (Section("A", (Row(1, "T", blocks),)),)),)))
    assert len(article.findall(".//td/ul/li")) == 1
    assert article.find(".//td/ol").get("start") == "4"
    assert len(article.findall(".//td/ol/li")) == 2


def test_a_draft_lists_what_lacks_approval() -> None:
    notice = page(draft=DraftNotice(("3. Åbne haller",))).find(".//*[@role='note']").text_content()
    assert "KLADDE" in notice
    assert "3. Åbne haller" in notice
    assert page().find(".//*[@role='note']") is None


def test_nothing_brings_style_of_its_own() -> None:
    text = html_fragment(MEMO, environment=PAGES, draft=DraftNotice())
    assert not re.search(r"style=|<style|<script| on\w+=", text)


def test_a_note_without_reference_and_one_mentioned_twice_are_both_whole() -> None:
    rows = (Row(1, "T", (paragraph("Her¹ og her¹."),)),)
    notes = (Footnote(1, "Første."), Footnote(4, "Løs."))
    article = page(Memo("T", tables=(Table("", (Section("A", rows),)),), footnotes=notes))
    ids = [one.get("id") for one in article.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    assert [one.get("value") for one in article.findall(".//ol[@class='memo-notes']/li")] == ["1", "4"]


def test_the_view_follows_the_language_of_the_memo() -> None:
    assert memo_view(replace(MEMO, language="en")).words.footnotes == "Notes"
    assert page(replace(MEMO, language="en")).get("lang") == "en"


def test_the_letterhead_has_a_logo_that_is_described_and_needs_no_address_of_its_own() -> None:
    for logo, kind in ((png(), "image/png"), (SVG, "image/svg+xml")):
        sender = Letterhead("Eksempelby <Kommune>", office="Kontor for Trivsel", logo=logo)
        top = html.fromstring(html_fragment(MEMO, environment=PAGES, letterhead=sender))[0]
        assert top.find("img").get("alt") == "Logo for Eksempelby <Kommune>"
        assert top.find("img").get("src").startswith(f"data:{kind};base64,")
        assert top.text_content().strip() == "Eksempelby <Kommune>"
    assert page().find(".//img") is None
