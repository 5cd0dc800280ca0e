"""Tables to save: initiatives that one may see, people of a plan, what is published. For every audience."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask import Response
from flask_babel import gettext as _

from tracker.domain.reminders import Place
from tracker.domain.text import to_editing
from tracker.initiatives.exporting import InitiativeRow
from tracker.memos.publishing.locked import PublishedRound
from tracker.plans.exporting import PlaceRow
from tracker.plans.import_rows import HEADERS
from tracker.plans.models import Standing
from tracker.plans.sheets import SheetKind, write_tables
from tracker.plans.sheets.writing import Cell, Sheet
from tracker.web.viewer import language

TABLE_KINDS = "<any(csv, xlsx):table_kind>"
_MEDIA_TYPES = {
    SheetKind.csv: "text/csv; charset=utf-8",
    SheetKind.xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# As an import reads them.
_PLACES = {
    "da": {
        Place.owner: "ejer",
        Place.deputy: "stedfortræder",
        Place.coordinator: "koordinator",
        Place.head: "direktør",
    },
    "en": {
        Place.owner: "owner",
        Place.deputy: "deputy",
        Place.coordinator: "coordinator",
        Place.head: "head",
    },
}


def table_file(sheets: list[Sheet], *, name: str, table_kind: str) -> Response:
    """The tables as a file under its own name; nobody on the way keeps it."""
    kind = SheetKind(table_kind)
    response = Response(write_tables(sheets, kind=kind), content_type=_MEDIA_TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def initiatives_sheet(rows: Iterable[InitiativeRow], *, with_plan: bool = False) -> Sheet:
    """The initiatives; `with_plan` where they may be of several plans."""
    headers = [
        *([_("Plan")] if with_plan else [_("No.")]),
        _("Administration"),
        _("Initiative"),
        _("Part in the rounds"),
        _("First year"),
        _("Last year"),
        _("Owner"),
        _("Deputy"),
        _("Round"),
        _("Status"),
        _("How far"),
        _("Due"),
    ]
    states, progresses, standings = _states(), _progresses(), _standings()
    table: list[list[Cell]] = [
        [
            row.plan if with_plan else row.number,
            row.administration,
            row.title,
            standings[row.standing],
            row.first_year,
            row.last_year,
            "; ".join(row.owners),
            "; ".join(row.deputies),
            row.year,
            states.get(row.state or "", ""),
            progresses.get(row.progress or "", ""),
            _day(row.due_on),
        ]
        for row in rows
    ]
    return Sheet(_("Initiatives"), headers, table, _goes_on())


def places_sheet(rows: Iterable[PlaceRow]) -> Sheet:
    """The people and their places, with the columns that an import asks for."""
    spoken = language()
    at = 0 if spoken == "da" else 1
    headers = [names[at].capitalize() for names in HEADERS.values()]
    table: list[list[Cell]] = [
        [
            row.name,
            row.email,
            row.language.value,
            row.administration,
            row.number,
            row.title,
            _PLACES[spoken][row.place],
            _day(row.from_on),
            _day(row.until_on),
        ]
        for row in rows
    ]
    return Sheet(_("People"), headers, table, _goes_on())


def published_sheet(rounds: Iterable[PublishedRound]) -> Sheet:
    """What the locked memos say, newest round first."""
    headers = [_("Round"), _("No."), _("Administration"), _("Initiative"), _("How far"), _("Status")]
    progresses = _progresses() | {"merged": _("Merged into another")}
    table: list[list[Cell]] = [
        [
            one.year,
            one.number,
            part.name,
            one.title,
            progresses.get(one.standing, ""),
            to_editing(one.text),
        ]
        for round_ in rounds
        for part in round_.parts
        for one in part.statuses
    ]
    return Sheet(_("Published"), headers, table, _goes_on())


def _goes_on() -> str:
    return str(_("Goes on in the next cells, for a cell holds at most 32,767 characters:"))


def _day(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


def _states() -> dict[str, str]:
    return {
        "not_started": _("Not started"),
        "draft": _("Draft"),
        "submitted": _("Submitted"),
        "in_review": _("In review"),
        "returned": _("Returned"),
        "approved": _("Approved"),
        "locked": _("Locked"),
        "waived": _("Waived"),
    }


def _progresses() -> dict[str, str]:
    return {
        "planned": _("Planned"),
        "in_preparation": _("In preparation"),
        "started": _("Started"),
        "delayed": _("Delayed"),
        "completed": _("Completed"),
        "discontinued": _("Discontinued"),
        "awaiting_funding": _("Awaiting funding"),
        "not_stated": _("Not stated"),
    }


def _standings() -> dict[Standing, str]:
    return {
        Standing.active: _("Takes part in the rounds"),
        Standing.unfunded: _("Awaits funding"),
        Standing.proposed: _("Proposed"),
        Standing.merged: _("Merged into another"),
        Standing.discontinued: _("Discontinued"),
    }
