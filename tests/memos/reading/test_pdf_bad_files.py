"""A PDF that cannot be read, or was made to do harm, is refused in one sentence, within limits."""

from __future__ import annotations

import io
import time
import zlib

import pypdf
import pytest

from tests.memos.reading.pdf_files import Shape, sample, typeset
from tests.memos.writing.samples import png
from tracker.memos.reading import Unreadable, pdf_source, read_bytes


def reason(data: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        read_bytes(data, name="memo.pdf")
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert not set(sentence) & set("\n%")
    return sentence


@pytest.fixture(scope="module")
def good() -> bytes:
    return typeset(sample(rows=4), Shape())


def pdf(content: bytes, *, pages: int = 1, extra: str = "", resources: str = "") -> bytes:
    """A PDF by hand: `pages` pages that all show one content stream."""
    kids = " ".join(f"{10 + page} 0 R" for page in range(pages))
    packed = zlib.compress(content, 1)
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        3: f"<< /Length {len(packed)} /Filter /FlateDecode {extra} >> stream\n".encode()
        + packed
        + b"\nendstream",
        4: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    }
    page = (
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R "
        f"/Resources << /Font << /F1 4 0 R >> {resources} >> >>"
    )
    objects |= {10 + number: page.encode() for number in range(pages)}
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    places = {}
    for number, body in objects.items():
        places[number] = out.tell()
        out.write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
    table = out.tell()
    out.write(b"xref\n")
    for number, place in places.items():
        out.write(f"{number} 1\n{place:010d} 00000 n \n".encode())
    out.write(f"trailer << /Size {max(places) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF".encode())
    return out.getvalue()


LETTER = b"BT /F1 10 Tf 50 700 Td (Ord) Tj ET\n"


def test_a_pdf_with_a_password(good: bytes) -> None:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(good))
    writer.encrypt("hemmelig", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    assert "password" in reason(out.getvalue())


def test_a_pdf_cut_short(good: bytes) -> None:
    assert reason(good[: len(good) // 3])


def test_a_pdf_of_noise() -> None:
    assert "damaged" in reason(b"%PDF-1.7\n" + bytes(range(256)) * 40)


def test_a_page_without_text() -> None:
    assert "no text" in reason(pdf(b"0 0 m 100 100 l S"))


def test_a_scan_without_text() -> None:
    import typst

    source = b"#set page(margin: 0pt)\n#image(bytes(json(bytes(sys.inputs.png))), width: 100%, height: 100%)"
    scan = typst.compile(source, sys_inputs={"png": str(list(png()))})
    assert isinstance(scan, bytes)
    assert "pictures of pages" in reason(scan)


def test_a_letter_is_no_memo() -> None:
    assert "no table of initiatives" in reason(pdf(LETTER))


@pytest.mark.parametrize(
    "content",
    [b"q " * 50_000_000, LETTER * 150_000, b"10 10 m 20 20 l S\n" * 200_000, b"/X Do " * 3],
    ids=["a bomb of 100 MB", "half a million letters", "200,000 strokes", "a form that draws itself"],
)
def test_a_page_made_to_take_for_ever_is_given_up(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_source, "SECONDS", 1)
    monkeypatch.setattr(pdf_source, "SECONDS_A_MEGABYTE", 0)
    form = "/XObject << /X 3 0 R >>" if b"Do" in content else ""
    extra = f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << {form} >>" if form else ""
    begun = time.monotonic()
    assert reason(pdf(content, extra=extra, resources=form))
    assert time.monotonic() - begun < 60


def test_more_pages_than_a_memo_has() -> None:
    assert "pages and is not read" in reason(pdf(LETTER, pages=3_001))
