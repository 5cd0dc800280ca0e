"""What kind of picture some bytes are, and whether it is one that does nothing but show itself."""

from __future__ import annotations

import re
from typing import Literal
from xml.etree import ElementTree

PictureKind = Literal["png", "jpg", "svg"]

_MOST_PIXELS = 5_000  # of a side
_ACTIVE = {
    "script",
    "foreignObject",
    "iframe",
    "handler",
    "set",
    "animate",
    "animateMotion",
    "animateTransform",
}
_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!#|data:image/(?:png|jpeg);)|@import", re.IGNORECASE)
_OWN = re.compile(r"#|data:image/(?:png|jpeg);base64,", re.IGNORECASE)


def picture_kind(data: bytes) -> PictureKind:
    """The kind, by the bytes themselves.

    Raises ValueError with a reason for anything but a PNG, JPEG or SVG, for a side of more than 5,000
    pixels, and for an SVG that runs something or fetches something from elsewhere.
    """
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        if not all(1 <= side <= _MOST_PIXELS for side in png_size(data)):
            raise ValueError(f"must be a picture of at most {_MOST_PIXELS} pixels a side")
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if b"<svg" in data[:4096]:
        _refuse_active(data)
        return "svg"
    raise ValueError("must be a PNG, JPEG or SVG picture")


def png_size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels, from the first chunk of a PNG file."""
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def _refuse_active(data: bytes) -> None:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ValueError("must be an SVG without a document type")
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 - no document type, so no entities
    except ElementTree.ParseError:
        raise ValueError("must be an SVG that is well-formed") from None
    if _local(root.tag) != "svg" or not ({"viewBox", "width"} & set(root.attrib)):
        raise ValueError("must be an SVG that says how large it is")
    for element in root.iter():
        if not isinstance(element.tag, str):
            raise ValueError("must be an SVG without instructions")  # processing instructions
        if _local(element.tag) in _ACTIVE or _OUTSIDE.search(element.text or ""):
            raise ValueError("must be an SVG that runs nothing and fetches nothing")
        for name, value in element.attrib.items():
            if _is_active(_local(name), value.strip()):
                raise ValueError("must be an SVG that runs nothing and fetches nothing")


def _is_active(name: str, value: str) -> bool:
    if name.lower().startswith("on") or _OUTSIDE.search(value):
        return True
    return name == "href" and not _OWN.match(value)


def _local(name: str) -> str:
    return name.rpartition("}")[2]
