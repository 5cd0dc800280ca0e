"""The published statuses as open data: JSON and CSV of the same rows, and the schema that describes the JSON.

The same rounds always become the same bytes. Whatever is told is in the public editions; what the words mean
stands in docs/open-data.md. A field may be added under the same major version; none goes or changes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from types import MappingProxyType
from typing import Any

from tracker.domain.text import plain
from tracker.domain.workflow import ProgressState
from tracker.memos.publishing.locked import PublishedRound
from tracker.memos.publishing.plans import PublicEdition, PublicPlan
from tracker.memos.publishing.rows import MERGED, PublishedStatus
from tracker.plans.sheets.writing import Cell, Sheet, SheetKind, write_tables

SCHEMA_VERSION = "1.0"
SCHEMA_NAME = "published-statuses-1"
NOT_STATED = ProgressState.not_stated.value
# The data are one file for all languages: their codes are English, the words beside them those of the memo.
LABELS = MappingProxyType(
    {
        "planned": "Planlagt",
        "in_preparation": "Under udarbejdelse",
        "started": "Igangsat",
        "delayed": "Forsinket",
        "completed": "Gennemført",
        "discontinued": "Udgået",
        "awaiting_funding": "Afventer finansiering",
        MERGED: "Lagt sammen med en anden",
        NOT_STATED: "Ikke oplyst",
    }
)
COLUMNS = (
    "status_id",
    "year",
    "number",
    "initiative_id",
    "initiative_url",
    "administration",
    "title",
    "progress",
    "progress_label",
    "text",
    "footnotes",
    "edition_version",
    "edition_sha256",
)
_GOES_ON = "Fortsætter i de næste celler, for en celle rummer højst 32.767 tegn:"


@dataclass(frozen=True)
class Addresses:
    """Where the data and what they are about is found: absolute addresses. `licence` is "" for none."""

    schema: str
    plan: str
    initiative: Callable[[int], str]
    memo: Callable[[int], str]
    licence: str = ""


def as_json(
    public: PublicPlan, rounds: Iterable[tuple[PublicEdition, PublishedRound]], addresses: Addresses
) -> bytes:
    """One JSON object in UTF-8, as `schema` describes it; newest round first, rows in printed order."""
    plan = public.plan
    value = {
        "$schema": addresses.schema,
        "schema_version": SCHEMA_VERSION,
        "plan": {
            "id": plan.slug,
            "name": plan.name,
            "authority": plan.authority,
            "url": addresses.plan,
            "first_year": plan.first_year,
            "last_year": plan.last_year,
        },
        "attribution": plan.authority or plan.name,
        "licence": addresses.licence or None,
        "language": "da",
        "rounds": [_round(public, one, round_, addresses) for one, round_ in rounds],
    }
    return (json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def as_csv(
    public: PublicPlan, rounds: Iterable[tuple[PublicEdition, PublishedRound]], addresses: Addresses
) -> bytes:
    """The same rows under `COLUMNS`: UTF-8 with its mark and semicolons, as a Danish Excel opens it.

    A text that a spreadsheet would compute has an apostrophe before it.
    """
    rows = [
        _cells(public, edition, status, addresses) for edition, round_ in rounds for status in round_.statuses
    ]
    return write_tables([Sheet("statuses", COLUMNS, rows, _GOES_ON)], kind=SheetKind.csv)


def status_id(public: PublicPlan, status: PublishedStatus) -> str:
    """What this status is called for good: plan, year and initiative. Its printed number is no identity."""
    return f"{public.plan.slug}/{status.year}/{status.initiative_id}"


def _round(
    public: PublicPlan, edition: PublicEdition, round_: PublishedRound, addresses: Addresses
) -> dict[str, Any]:
    return {
        "year": round_.year,
        "memo_url": addresses.memo(round_.year),
        "edition": {
            "version": edition.version,
            "sha256": edition.hash,
            "locked_at": f"{edition.locked_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        },
        "title": round_.memo.title,
        "statuses": list(_statuses(public, round_, addresses)),
    }


def _statuses(public: PublicPlan, round_: PublishedRound, addresses: Addresses) -> Iterator[dict[str, Any]]:
    for one in round_.statuses:
        yield {
            "id": status_id(public, one),
            "initiative": {"id": one.initiative_id, "url": addresses.initiative(one.initiative_id)},
            "number": one.number,
            "administration": one.administration,
            "title": one.title,
            "progress": one.standing,
            "progress_label": LABELS[one.standing],
            "text": plain(one.text.blocks),
            "footnotes": [{"number": note.number, "text": note.text} for note in one.text.footnotes],
        }


def _cells(
    public: PublicPlan, edition: PublicEdition, one: PublishedStatus, addresses: Addresses
) -> list[Cell]:
    return [
        status_id(public, one),
        one.year,
        one.number,
        one.initiative_id,
        addresses.initiative(one.initiative_id),
        one.administration,
        one.title,
        one.standing,
        LABELS[one.standing],
        plain(one.text.blocks),
        "\n".join(f"{note.number}. {note.text}" for note in one.text.footnotes),
        edition.version,
        edition.hash,
    ]


def schema(address: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of `as_json`; `address` is its own."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "title": "Published statuses of an action plan",
        "description": "What the public memos of a plan say of its initiatives, one round a year.",
        "type": "object",
        "properties": {
            "$schema": _text("The address of this schema."),
            "schema_version": _text("Fields may be added within 1.x; none goes or changes.")
            | {"pattern": "^1\\."},
            "plan": _object(
                id=_text("Names the plan for good; part of its addresses."),
                name=_text("The plan's name."),
                authority=_text("Whose plan it is."),
                url=_address("The plan's public page."),
                first_year=_year_or_none("The plan's first year."),
                last_year=_year_or_none("The plan's last year."),
            ),
            "attribution": _text("Whom to name as the source."),
            "licence": {
                "type": ["string", "null"],
                "description": "The licence's address; null: none is stated.",
            },
            "language": {"const": "da", "description": "The language of titles and texts."},
            "rounds": _list(_round_schema(), "One for each year, newest first."),
        },
        "required": ["$schema", "schema_version", "plan", "attribution", "licence", "language", "rounds"],
    }


def _round_schema() -> dict[str, Any]:
    return _object(
        year={"type": "integer", "description": "The year that the statuses are of."},
        memo_url=_address("The memo as a page."),
        edition=_object(
            version={
                "type": "integer",
                "minimum": 1,
                "description": "Counts the editions of the year's memo.",
            },
            sha256=_text("Of the memo's canonical JSON.") | {"pattern": "^[0-9a-f]{64}$"},
            locked_at=_text("When the edition was locked, in UTC.") | {"format": "date-time"},
        ),
        title=_text("The memo's title."),
        statuses=_list(_status_schema(), "In printed order."),
    )


def _status_schema() -> dict[str, Any]:
    return _object(
        id=_text("Names this status for good: plan/year/initiative."),
        initiative=_object(
            id={"type": "integer", "description": "Names the initiative for good, over all years."},
            url=_address("The initiative's public page."),
        ),
        number={"type": "integer", "description": "As printed in this memo. No identity: numbers move."},
        administration=_text("As printed."),
        title=_text("As printed."),
        progress={
            "oneOf": [{"const": code, "title": label} for code, label in LABELS.items()],
            "description": "How far the initiative was.",
        },
        progress_label=_text("The same in Danish."),
        text=_text(
            "A line a block: '- ' begins a bullet, '1. ' a numbered item; superscript digits mark footnotes."
        ),
        footnotes=_list(
            _object(number={"type": "integer", "minimum": 1}, text=_text("The note.")), "Notes of this text."
        ),
    )


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(items: dict[str, Any], description: str) -> dict[str, Any]:
    return {"type": "array", "items": items, "description": description}


def _text(description: str) -> dict[str, Any]:
    return {"type": "string", "description": description}


def _address(description: str) -> dict[str, Any]:
    return _text(description) | {"format": "uri"}


def _year_or_none(description: str) -> dict[str, Any]:
    return {"type": ["integer", "null"], "description": description}
