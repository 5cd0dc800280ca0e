"""What stands on the page of a memo is the memo: read back, it is equal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from jinja2 import Environment, FileSystemLoader
from lxml import html

from tests.conftest import ROOT
from tests.memos.writing.samples import MEMO, memos
from tracker.domain.memo import Head, Memo, Row, Section, Table
from tracker.domain.text import Block, Footnote, mark
from tracker.memos.reading import read
from tracker.memos.writing import html_fragment

PAGES = Environment(loader=FileSystemLoader(ROOT / "templates"), autoescape=True)
KINDS = {"p": "paragraph", "h3": "heading"}


def line(element: html.HtmlElement) -> str:
    """The text of one line; a link to a note is its mark."""
    text = element.text or ""
    for child in element:
        link = child.find("a[@role='doc-noteref']") if child.tag == "sup" else None
        text += line(child) if link is None else mark(int(link.text_content()))
        text += child.tail or ""
    return text


def blocks(cell: html.HtmlElement) -> Iterator[Block]:
    for one in cell:
        if one.tag == "ul":
            yield from (Block("bullet", line(item)) for item in one)
        elif one.tag == "ol":
            first = int(one.get("start", "1"))
            yield from (Block("number", line(item), number) for number, item in enumerate(one, start=first))
        else:
            yield Block(KINDS[one.tag], line(one))  # type: ignore[arg-type]


def row(element: html.HtmlElement) -> Row:
    number, _, title = line(element.find("th")).partition(". ")
    return Row(int(number), title, tuple(blocks(element.find("td"))))


def section(table: html.HtmlElement) -> Section:
    first, second = (line(one) for one in table.iterfind("thead/tr/th"))
    return Section(
        line(table.find("caption")), tuple(row(one) for one in table.iterfind("tbody/tr")), (first, second)
    )


def read_page(article: html.HtmlElement) -> Memo:
    """The memo that a page shows: the inverse of `html_fragment`, for a memo of one table."""
    labels = {"date": "Dato: ", "case_number": "Sagsnr.: ", "recipients": "Til: "}
    head = {}
    for one in article.findall("div[@class='memo-head']/p"):
        kind = one.get("class").removeprefix("memo-").replace("-", "_")
        head[kind] = line(one).removeprefix(labels.get(kind, ""))
    notes = article.findall(".//ol[@class='memo-notes']/li")
    return Memo(
        title=line(article.find("h1")),
        head=Head(**head),
        intro=tuple(line(one) for one in article.findall("p") if one.get("class") is None),
        tables=(
            Table(
                "".join(line(one) for one in article.findall("p[@class='memo-caption']")),
                tuple(section(one) for one in article.iter("table")),
            ),
        ),
        footnotes=tuple(Footnote(int(one.get("value")), line(one.find("bdi"))) for one in notes),
    )


def read_back(memo: Memo) -> Memo:
    return read_page(html.fromstring(html_fragment(memo, environment=PAGES)))


def test_a_memo_with_everything_in_it_stands_on_its_page() -> None:
    assert read_back(MEMO) == MEMO


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(memos())
def test_any_memo_stands_on_its_page(memo: Memo) -> None:
    assert read_back(memo) == memo


def test_last_years_memo_stands_on_its_page(seed: Path) -> None:
    memo = read(seed / "aarlig-status-2025.docx").memo
    assert read_back(memo) == memo
