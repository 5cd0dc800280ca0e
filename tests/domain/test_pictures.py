"""Which files may be a logo."""

from __future__ import annotations

import pytest

from tests.memos.writing.samples import SVG, png
from tracker.domain.pictures import picture_kind, png_size


def test_a_picture_is_known_by_its_bytes() -> None:
    assert [picture_kind(one) for one in (png(), b"\xff\xd8\xff\xe0", SVG)] == ["png", "jpg", "svg"]
    assert png_size(png(40, 20)) == (40, 20)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "PNG, JPEG or SVG"),
        (b"GIF89a", "PNG, JPEG or SVG"),
        (b"%PDF-1.7", "PNG, JPEG or SVG"),
        (png(6000, 1), "5000 pixels"),
        (png(0, 0), "5000 pixels"),
        (b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg width='1'/>", "document type"),
        (b"<svg width='1'>", "well-formed"),
        (b"<svg/>", "how large"),
        (b"<html><svg width='1'/></html>", "how large"),
        (b"<svg width='1'><script>x()</script></svg>", "runs nothing"),
        (b"<svg width='1' onload='x()'/>", "runs nothing"),
        (b"<svg width='1'><foreignObject/></svg>", "runs nothing"),
        (b"<svg width='1'><image href='https://example.com/x.png'/></svg>", "fetches nothing"),
        (
            b"<svg width='1' xmlns:x='http://www.w3.org/1999/xlink'><use x:href='other.svg#a'/></svg>",
            "fetches",
        ),
        (b"<svg width='1'><a href='javascript:x()'/></svg>", "runs nothing"),
        (b"<svg width='1'><style>p{fill:url(https://example.com/x)}</style></svg>", "fetches nothing"),
        (b"<svg width='1'><style>@import 'x.css'</style></svg>", "fetches nothing"),
        (b"<svg width='1'><path style='fill:url( \"//example.com\")'/></svg>", "fetches nothing"),
    ],
)
def test_what_is_no_picture_or_does_more_than_show_itself_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        picture_kind(data)
