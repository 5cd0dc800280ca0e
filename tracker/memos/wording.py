"""The sentences that the memo itself says. The memo is written in Danish, the plan's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType

from tracker.domain.memo import TableKind
from tracker.domain.workflow import Outcome, State

NOT_WRITTEN = "Status er endnu ikke modtaget."
NOT_DESCRIBED = "Indsatsen er ikke beskrevet."
NO_ADMINISTRATION = "Uden forvaltning"
HEADERS: Mapping[TableKind, tuple[str, str]] = MappingProxyType(
    {
        "status": ("Indsats", "Status"),
        "unfunded": ("Indsats", "Beskrivelse"),
        "new": ("Indsats", "Beskrivelse"),
    }
)
_LISTS: Mapping[TableKind, str] = {
    "unfunded": "Planlagte indsatser, der mangler finansiering",
    "new": "Forslag til nye indsatser",
}
_MONTHS = (
    *("januar", "februar", "marts", "april", "maj", "juni"),
    *("juli", "august", "september", "oktober", "november", "december"),
)
STATES: Mapping[State, str] = MappingProxyType(
    {
        State.not_started: "ikke påbegyndt",
        State.draft: "under udarbejdelse",
        State.submitted: "modtaget, ikke godkendt",
        State.in_review: "under gennemlæsning",
        State.returned: "sendt tilbage til rettelse",
        State.approved: "godkendt",
        State.locked: "låst",
        State.waived: "indhentes ikke",
    }
)

_WAIVED = {
    Outcome.merged: "Indsatsen er lagt sammen med en anden indsats.",
    Outcome.discontinued: "Indsatsen er udgået.",
    Outcome.awaiting_funding: "Indsatsen afventer finansiering.",
}


def title(plan_name: str, year: int) -> str:
    return f"Årlig status {year} for {plan_name}"


def intro(plan_name: str, council: str, year: int, *, rows: int, administrations: int) -> tuple[str, ...]:
    """What the memo is, for whom and where to look: computed, and replaced by what a person writes."""
    recipient = council or "det politiske niveau"
    initiatives = "1 indsats" if rows == 1 else f"{rows} indsatser"
    areas = "1 forvaltning" if administrations == 1 else f"{administrations} forvaltninger"
    return (
        (
            f"Handleplanens fremdrift gøres op hvert år. Notatet forelægger {recipient} status for {year} "
            f"på indsatserne i {plan_name}. Det omfatter {initiatives} under {areas}."
        ),
        (
            "Hver indsats står under den forvaltning, der har ansvaret for den. Status er skrevet af "
            "indsatsens ejer og godkendt af sekretariatet."
        ),
    )


def caption(year: int, first_year: int | None, administrations: Sequence[str]) -> str:
    """The table's caption: the years it covers and every administration that has a row in it."""
    period = f"{first_year}-{year % 100:02d}" if first_year and first_year < year else str(year)
    return f"Tabel 1. Status på handleplanens indsatser i perioden {period} under {joined(administrations)}."


def list_caption(kind: TableKind, number: int) -> str:
    """The caption of a list after the statuses."""
    return f"Tabel {number}. {_LISTS[kind]}."


def funder(words: str) -> str:
    return f"Finansiering: {words}"


def joined(names: Sequence[str]) -> str:
    """`a, b og c`."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} og {names[-1]}"


def nothing_new(reason: str) -> str:
    return f"Der er ikke nyt siden sidste status. {reason}".strip()


def waived(outcome: Outcome | None, reason: str) -> str:
    sentence = _WAIVED.get(outcome, "Der er ikke indhentet status.") if outcome else NOT_WRITTEN
    return f"{sentence} {reason}".strip()


def untitled(number: int) -> str:
    """What a row without a title is called."""
    return f"Indsats {number}"


def day(on: date) -> str:
    """`5. december 2026`."""
    return f"{on.day}. {_MONTHS[on.month - 1]} {on.year}"


def lacking(number: int, title: str, administration: str, state: State) -> str:
    """A row that lacks approval, as the front of a draft lists it."""
    return f"{number}. {title} ({administration}): {STATES[state]}"


def lacks_approval(lines: Sequence[str]) -> tuple[str, ...]:
    """What the front of an edition says that is made before everything is approved; nothing when all is."""
    return ("Følgende er ikke godkendt endnu:", *lines) if lines else ()


def made_at(moment: datetime) -> str:
    """The foot of a draft. `moment` is local time."""
    return f"Kladde dannet {day(moment.date())} kl. {moment:%H.%M}"


def edition(version: int, on: date, digest: str, journal_head: str) -> str:
    """The foot of a locked edition, which names what it and the journal behind it can be checked against.

    `journal_head` is `row:hash`, or empty for an edition from before the journal was sealed.
    """
    row, _, sealed = journal_head.partition(":")
    journal = f" · Journal {row}, {sealed[:16]}" if sealed else ""
    return f"{version}. udgave, {day(on)} · Kontrolsum {digest[:16]}{journal}"
