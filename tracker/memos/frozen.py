"""The memo as JSON and back, and its hash: what an edition keeps."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tracker.domain.memo import Head, Memo, Row, Section, Table
from tracker.domain.text import Block, Footnote


def to_json(memo: Memo) -> dict[str, Any]:
    """The whole value as JSON types; `from_json` gives an equal memo back."""
    return json.loads(json.dumps(asdict(memo)))  # type: ignore[no-any-return]


def from_json(data: dict[str, Any]) -> Memo:
    return Memo(
        title=data["title"],
        head=Head(**data["head"]),
        intro=tuple(data["intro"]),
        tables=tuple(_table(table) for table in data["tables"]),
        footnotes=tuple(Footnote(**note) for note in data["footnotes"]),
        language=data["language"],
    )


def _table(data: dict[str, Any]) -> Table:
    return Table(
        caption=data["caption"],
        sections=tuple(
            Section(
                name=section["name"],
                rows=tuple(
                    Row(row["number"], row["title"], tuple(Block(**block) for block in row["blocks"]))
                    for row in section["rows"]
                ),
                header=(section["header"][0], section["header"][1]),
            )
            for section in data["sections"]
        ),
        kind=data["kind"],
    )


@dataclass(frozen=True, slots=True)
class Source:
    """What a status row was printed from: an initiative, and a revision where there was one."""

    number: int
    initiative_id: int
    revision_id: int | None


def sources_json(sources: Sequence[Source]) -> dict[str, Any]:
    """The sources beside the memo's own keys; `from_json` passes over them."""
    return {"sources": [asdict(one) for one in sources]}


def sources_of_json(data: dict[str, Any]) -> tuple[Source, ...]:
    """The sources of an edition; none where it is from before they were kept."""
    return tuple(Source(**one) for one in data.get("sources", ()))


def digest_of_sources(sources: Sequence[Source]) -> str:
    """SHA-256 of the sources' canonical JSON, in hexadecimal."""
    return hashlib.sha256(_canonical([asdict(one) for one in sources])).hexdigest()


def digest(memo: Memo) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(_canonical(asdict(memo))).hexdigest()


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
