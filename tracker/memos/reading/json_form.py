"""A reading as one JSON object. The schema is in docs/memo-json.md."""

from __future__ import annotations

from dataclasses import asdict

from tracker.domain.memo import Memo, Section
from tracker.memos.reading.result import Reading

JsonObject = dict[str, object]


def to_json(reading: Reading) -> JsonObject:
    """The reading with plain values only: strings, numbers, None, lists and dicts."""
    memo = reading.memo
    return {
        "title": memo.title,
        "head": asdict(memo.head),
        "intro": list(memo.intro),
        "caption": memo.caption,
        "sections": [_section(section) for section in memo.sections],
        "other_tables": _other_tables(memo),
        "footnotes": [{"number": note.number, "text": note.text} for note in memo.footnotes],
        "left_out": [{"text": piece.text, "place": str(piece.place)} for piece in reading.left_out],
        "doubts": [
            {"row": doubt.row, "words": doubt.words, "reason": str(doubt.reason)} for doubt in reading.doubts
        ],
    }


def _section(section: Section) -> JsonObject:
    return {
        "name": section.name,
        "header": list(section.header),
        "rows": [{"number": row.number, "title": row.title, "text": row.text} for row in section.rows],
    }


def _other_tables(memo: Memo) -> list[JsonObject]:
    return [
        {
            "kind": table.kind,
            "caption": table.caption,
            "sections": [_section(section) for section in table.sections],
        }
        for table in memo.tables
        if table.kind != "status"
    ]
