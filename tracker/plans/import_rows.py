"""The rows of a table of people and places, as what they say: before anything of the plan is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from tracker.accounts.actions import normal_email, normal_name
from tracker.accounts.models import Language
from tracker.domain.danish_dates import parse_date_input
from tracker.domain.errors import InvalidInput, sentence
from tracker.domain.reminders import Place
from tracker.plans.sheets import Table
from tracker.plans.sheets.reading import FIELD, FORMULA

# By column: what its header may be called. The first of each is what an export writes in that language.
HEADERS: dict[str, tuple[str, ...]] = {
    "name": ("navn", "name", "fulde navn"),
    "email": ("e-mail", "email", "mail", "e-mailadresse", "e-mail address", "mailadresse"),
    "language": ("sprog", "language"),
    "administration": ("forvaltning", "administration"),
    "number": ("nr.", "no.", "nr", "no", "nummer", "number"),
    "initiative": ("indsats", "initiative", "titel", "title"),
    "place": ("plads", "place", "rolle", "role", "som", "as"),
    "from_on": ("fra", "from", "første dag", "first day"),
    "until_on": ("til", "until", "til og med", "sidste dag", "last day"),
}
PLACES: dict[str, Place] = {
    "ejer": Place.owner, "indsatsejer": Place.owner, "ansvarlig": Place.owner, "owner": Place.owner,
    "stedfortræder": Place.deputy, "deputy": Place.deputy,
    "koordinator": Place.coordinator, "coordinator": Place.coordinator,
    "direktør": Place.head, "forvaltningens direktør": Place.head, "leder": Place.head,
    "head": Place.head, "head of administration": Place.head,
}  # fmt: skip
LANGUAGES = {
    "": Language.danish, "da": Language.danish, "dansk": Language.danish, "danish": Language.danish,
    "en": Language.english, "engelsk": Language.english, "english": Language.english,
}  # fmt: skip
_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
# What a spreadsheet writes behind a day that it keeps as an instant.
_MIDNIGHT = re.compile(r"(?:T| +(?:kl\. *)?)00[:.]00(?:[:.]00)?$")
_LONGEST_DAY = 40


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a row cannot be imported: a message id with its parameters."""

    message: str
    params: dict[str, object] = field(default_factory=dict)


class BadRowError(Exception):
    """A row says something that cannot be. Carries the Reason."""

    def __init__(self, message: str, /, **params: object) -> None:
        super().__init__(message)
        self.reason = Reason(message, params)


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says. `place` is None for a row that only names a person."""

    row: int
    name: str
    email: str
    language: Language
    administration: str
    number: str
    initiative: str
    place: Place | None
    from_on: date | None
    until_on: date | None


def rows_said(table: Table, *, today: date) -> tuple[list[Said], list[tuple[int, str, str, Reason]]]:
    """Each row as what it says; those that say nothing sensible as (row, name, e-mail, why).

    `today` only decides what two digits of a year mean.

    Raises InvalidInput on `file` when the first row does not name the columns that are needed.
    """
    columns = _columns(table.rows[0][1])
    good: list[Said] = []
    bad: list[tuple[int, str, str, Reason]] = []
    for number, cells in table.rows[1:]:
        row = {name: cells[at] if at < len(cells) else "" for name, at in columns.items()}
        try:
            good.append(_said(number, row, today))
        except BadRowError as error:
            shown = [row.get(name, "").replace(FORMULA, "") for name in ("name", "email")]
            bad.append((number, shown[0], shown[1], error.reason))
    return good, bad


def _columns(headers: Sequence[str]) -> dict[str, int]:
    known = {word: column for column, words in HEADERS.items() for word in words}
    found: dict[str, int] = {}
    for at, header in enumerate(headers):
        column = known.get(header.strip().rstrip(":").casefold())
        if column is not None and column not in found:
            found[column] = at
    if "email" not in found or "name" not in found:
        raise InvalidInput(
            FIELD,
            "The first row must name the columns: Name and E-mail, and those that you use of the others.",
        )
    return found


def _said(number: int, row: dict[str, str], today: date) -> Said:
    if FORMULA in row.values():
        raise BadRowError(sentence("A cell holds a formula. Write its value instead."))
    try:
        email = normal_email(row["email"])
        name = normal_name(row["name"]) if row["name"] else ""
    except InvalidInput as error:
        raise BadRowError(error.message, **error.params) from None
    language = LANGUAGES.get(row.get("language", "").casefold())
    if language is None:
        raise BadRowError(sentence("The language must be da or en."))
    return _assembled(number, name, email, language, row, today)


def _assembled(
    number: int, name: str, email: str, language: Language, row: dict[str, str], today: date
) -> Said:
    said = Said(
        row=number,
        name=name,
        email=email,
        language=language,
        administration=row.get("administration", ""),
        number=row.get("number", "").rstrip("."),
        initiative=row.get("initiative", ""),
        place=_place(row.get("place", "")),
        from_on=_day(row.get("from_on", ""), today),
        until_on=_day(row.get("until_on", ""), today),
    )
    if said.place is None and (said.initiative or said.number or said.from_on or said.until_on):
        raise BadRowError(sentence("Say as what: owner, deputy, coordinator or head."))
    if said.from_on and said.until_on and said.until_on < said.from_on:
        raise BadRowError(sentence("The last day cannot be before the first."))
    return said


def _place(word: str) -> Place | None:
    if not word:
        return None
    place = PLACES.get(word.casefold())
    if place is None:
        raise BadRowError(
            sentence("“%(word)s” is no place: write owner, deputy, coordinator or head."), word=word
        )
    return place


def _day(word: str, today: date) -> date | None:
    if not word:
        return None
    try:
        day = _day_of(_MIDNIGHT.sub("", word), today)
    except (ValueError, InvalidInput):
        raise BadRowError(sentence("“%(word)s” is no date. Write it as in 20.10.2026."), word=word) from None
    if not 1990 <= day.year <= 2100:
        raise BadRowError(sentence("Give a year between 1990 and 2100."))
    return day


def _day_of(word: str, today: date) -> date:
    """One day with its year, as spreadsheets and Danes write it. Raises ValueError or InvalidInput."""
    if found := _DAY.fullmatch(word):
        return date(int(found[3]), int(found[2]), int(found[1]))
    if found := _ISO.fullmatch(word):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if len(word) > _LONGEST_DAY:
        raise ValueError(word)
    day = parse_date_input(word, today=today)
    if day.first is None or day.first != day.last:
        raise ValueError(word)
    return day.first
