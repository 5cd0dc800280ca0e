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


def intro(
    plan_name: str, council: str, year: int, *, rows: int, administrations: int, approved: bool = True
) -> tuple[str, ...]:
    """What the memo is, for whom and where to look: computed, and replaced by what a person writes."""
    by_whom = "skrevet af indsatsens ejer og godkendt af sekretariatet."
    if not approved:
        by_whom = "skrevet af indsatsens ejer. Sekretariatet godkender den, før notatet bliver endeligt."
    recipient = council or "det politiske niveau"
    initiatives = "1 indsats" if rows == 1 else f"{rows} indsatser"
    areas = "1 forvaltning" if administrations == 1 else f"{administrations} forvaltninger"
    return (
        (
            f"Handleplanens fremdrift gøres op hvert år. Notatet forelægger {recipient} status for {year} "
            f"på indsatserne i {plan_name}. Det omfatter {initiatives} under {areas}."
        ),
        (f"Hver indsats står under den forvaltning, der har ansvaret for den. Status er {by_whom}"),
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


_LACKING = "Følgende er ikke godkendt endnu:"


def lacks_approval(lines: Sequence[str]) -> tuple[str, ...]:
    """What an edition keeps after its introduction of what was not approved then; nothing when all was."""
    return (_LACKING, *lines) if lines else ()


def without_lacking(intro: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The introduction of an edition alone, and the rows that `lacks_approval` put after it."""
    if _LACKING not in intro:
        return tuple(intro), ()
    # The last of them: a person may have written the same words above.
    at = len(intro) - 1 - list(reversed(intro)).index(_LACKING)
    return tuple(intro[:at]), tuple(intro[at + 1 :])


def for_committee(
    recipient: str, administration: str, version: int, on: date
) -> tuple[str, str, tuple[str, ...]]:
    """The mark of an administration's edition for its committee, its subject, and what it holds."""
    mark = "Udgave til udvalgsbehandling"
    holds = (
        _not_final(version, on),
        f"Den viser indsatserne under {administration}, som de stod den dag.",
        "Numrene er dem, som indsatserne har i det samlede notat.",
    )
    return mark, f"Udgave til {recipient}" if recipient else mark, holds


def consolidated(recipient: str, version: int, on: date) -> tuple[str, str, tuple[str, ...]]:
    """The mark of the edition of all administrations for a meeting, its subject, and what it holds."""
    mark = "Samlet udgave til behandling"
    holds = (
        _not_final(version, on),
        "Den viser alle forvaltningers indsatser, som de stod den dag.",
    )
    return mark, f"Samlet udgave til {recipient}" if recipient else mark, holds


def _not_final(version: int, on: date) -> str:
    return f"{version}. udgave, {day(on)}. Udgaven er ikke det endelige notat."


def made_at(moment: datetime) -> str:
    """The foot of a draft. `moment` is local time."""
    return f"Kladde dannet {day(moment.date())} kl. {moment:%H.%M}"


def edition(version: int, on: date, digest: str, journal_head: str) -> str:
    """The foot of a locked edition, which names what it and the journal behind it can be checked against.

    `journal_head` is `row:hash`, or empty for an edition from before the journal was sealed.
    """
    row, _, sealed = journal_head.partition(":")
    journal = f" · Journal {row}, {sealed[:16]}" if sealed and row != "0" else ""
    return f"{version}. udgave, {day(on)} · Kontrolsum {digest[:16]}{journal}"
