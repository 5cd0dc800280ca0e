"""The rungs of a ladder: how many days before or after what, and who is reminded then.

A ladder belongs to a plan and a kind of obligation. What a rung is called follows from its anchor and days
alone: a rung that is left as it was keeps its name, and so what was sent for it is not sent again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from tracker.domain.errors import InvalidInput

MOST_DAYS = 365
MOST_STEPS = 12
LONGEST_INTERVAL = 60


class Place(StrEnum):
    """From where a person has to do with an obligation. The head of an administration only receives."""

    owner = "owner"
    deputy = "deputy"
    coordinator = "coordinator"
    head = "head"
    secretariat = "secretariat"


class ObligationKind(StrEnum):
    status_due = "status_due"
    returned = "returned"
    review = "review"
    committee_papers = "committee_papers"
    committee_meeting = "committee_meeting"
    campaign_window = "campaign_window"
    application_round = "application_round"
    delivery = "delivery"
    milestone = "milestone"
    other = "other"


WINDOWS = frozenset({ObligationKind.campaign_window, ObligationKind.application_round})


class Anchor(StrEnum):
    """From which day of an obligation a step is counted, and in which direction."""

    opens = "opens"
    before_first = "before_first"
    before_last = "before_last"
    after_last = "after_last"


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of a ladder: `days` from the anchor, to everyone in `places`.

    With `every`, the step repeats after the deadline each `every` working days, as `code`-3, `code`-6, …:
    the number is that of the working days since the deadline. A larger `urgency` is the one that is sent
    when several are due. Make one with `rung`, which derives code and urgency.
    """

    code: str
    places: tuple[Place, ...]
    anchor: Anchor
    days: int
    working_days: bool = False
    every: int | None = None
    urgency: int = 0


Ladder = Mapping[ObligationKind, tuple[Step, ...]]


def rung(
    kind: ObligationKind,
    places: Iterable[Place],
    anchor: Anchor,
    days: int,
    *,
    working_days: bool = False,
    every: int | None = None,
) -> Step:
    """A step of a ladder for `kind`, called by its anchor and days. What repeats counts working days."""
    working_days = working_days or every is not None
    among = frozenset(places)
    return Step(
        code=_code(kind, anchor, days, working_days=working_days, repeats=every is not None),
        places=tuple(place for place in Place if place in among),
        anchor=anchor,
        days=days,
        working_days=working_days,
        every=every,
        urgency=_urgency(anchor, days),
    )


def _code(kind: ObligationKind, anchor: Anchor, days: int, *, working_days: bool, repeats: bool) -> str:
    if repeats:
        return "overdue"
    if anchor is Anchor.opens and not days:
        return "open"
    if anchor is Anchor.after_last and working_days and kind is ObligationKind.review:
        return f"waiting-{days}"
    word = {
        Anchor.opens: "open",
        Anchor.before_first: "start",
        Anchor.before_last: "end" if kind in WINDOWS else "t",
        Anchor.after_last: "after",
    }[anchor]
    return f"{word}-{days}{'w' if working_days else ''}"


def _urgency(anchor: Anchor, days: int) -> int:
    """The nearer to the deadline the more urgent; 50 from the day before on."""
    if anchor is Anchor.opens:
        return 10
    if anchor is Anchor.after_last:
        return 60
    if anchor is Anchor.before_first:
        return 30 if days <= 14 else 20
    return next((urgency for most, urgency in ((1, 50), (7, 40), (14, 30)) if days <= most), 20)


def rungs_called(steps: Iterable[Step], code: str) -> tuple[Step, ...]:
    """The rungs from which a reminder of this name comes: several when they repeat on the same days."""
    word, _, number = code.rpartition("-")
    return tuple(
        step
        for step in steps
        if step.code == code
        or (
            step.every
            and step.code == word
            and number.isdecimal()
            and (int(number) - step.days) % step.every == 0
        )
    )


def checked_steps(kind: ObligationKind, steps: Iterable[Step]) -> tuple[Step, ...]:
    """The steps of a ladder in their order of time, with the codes and urgencies that follow from them.

    Raises InvalidInput on `steps`, or on a part of one such as `steps-0-days`. No steps remind nobody.
    """
    given = tuple(steps)
    if len(given) > MOST_STEPS:
        raise InvalidInput("steps", "A ladder can have at most %(count)s reminders.", count=MOST_STEPS)
    found: dict[tuple[str, int], Step] = {}
    for number, step in enumerate(given):
        _check(step, f"steps-{number}")
        tidy = rung(
            kind, step.places, step.anchor, step.days, working_days=step.working_days, every=step.every
        )
        if found.setdefault((tidy.code, tidy.days), tidy) is not tidy:
            raise InvalidInput(f"steps-{number}-days", "There is already a reminder on this day.")
    order = list(Anchor)
    return tuple(
        sorted(
            found.values(),
            key=lambda step: (
                order.index(step.anchor),
                step.days if step.anchor in {Anchor.opens, Anchor.after_last} else -step.days,
                step.every or 0,
            ),
        )
    )


def _check(step: Step, field: str) -> None:
    if not 0 <= step.days <= MOST_DAYS:
        raise InvalidInput(f"{field}-days", "Give a number of days from 0 to %(count)s.", count=MOST_DAYS)
    if not step.places:
        raise InvalidInput(f"{field}-places", "Choose at least one who is reminded.")
    if step.anchor is Anchor.after_last and step.days == 0:
        raise InvalidInput(f"{field}-days", "A reminder after the deadline comes at least one day after it.")
    if step.every is None:
        return
    if step.anchor is not Anchor.after_last:
        raise InvalidInput(f"{field}-every", "Only a reminder after the deadline can be repeated.")
    if not 1 <= step.every <= LONGEST_INTERVAL:
        raise InvalidInput(
            f"{field}-every", "Give a number of working days from 1 to %(count)s.", count=LONGEST_INTERVAL
        )


def changed_ladder(ladder: Ladder, kind: ObligationKind, steps: Iterable[Step]) -> Ladder:
    """The ladder with other steps for one kind. Raises InvalidInput as `checked_steps` does."""
    return MappingProxyType({**ladder, kind: checked_steps(kind, steps)})


_OWNER = (Place.owner,)
_OFFICE = (Place.secretariat,)
_ADMINISTRATION = (Place.coordinator, Place.secretariat)

_Rung = tuple[tuple[Place, ...], Anchor, int, bool, int | None]


def _before(days: int, places: tuple[Place, ...] = _OWNER) -> _Rung:
    return places, Anchor.before_last, days, False, None


def _after(working_days: int, places: tuple[Place, ...], every: int | None = None) -> _Rung:
    return places, Anchor.after_last, working_days, True, every


_CLOSING_IN: tuple[_Rung, ...] = (
    _before(28),
    _before(14),
    _before(7),
    _before(1, (Place.owner, Place.deputy)),
    _after(3, (Place.owner, Place.deputy, Place.coordinator), every=3),
    _after(6, (Place.head,), every=3),
)
_WINDOW: tuple[_Rung, ...] = (
    (_OWNER, Anchor.before_first, 28, False, None),
    (_OWNER, Anchor.before_first, 7, False, None),
    _before(3),
    (_OWNER, Anchor.after_last, 1, False, None),
)
_DELIVERY: tuple[_Rung, ...] = (_before(14), _before(1), _after(5, _OWNER, every=5))
_USUAL: dict[ObligationKind, tuple[_Rung, ...]] = {
    ObligationKind.status_due: ((_OWNER, Anchor.opens, 0, False, None), *_CLOSING_IN),
    ObligationKind.returned: _CLOSING_IN,
    ObligationKind.review: (_after(3, _OFFICE), _after(6, _OFFICE)),
    ObligationKind.committee_papers: tuple(_before(days, _ADMINISTRATION) for days in (14, 5, 1)),
    ObligationKind.committee_meeting: tuple(_before(days, _OFFICE) for days in (14, 1)),
    ObligationKind.campaign_window: _WINDOW,
    ObligationKind.application_round: _WINDOW,
    ObligationKind.delivery: _DELIVERY,
    ObligationKind.milestone: _DELIVERY,
    ObligationKind.other: (_before(14), _before(1)),
}

DEFAULT_LADDER: Ladder = MappingProxyType(
    {
        kind: tuple(
            rung(kind, places, anchor, days, working_days=working_days, every=every)
            for places, anchor, days, working_days, every in rungs
        )
        for kind, rungs in _USUAL.items()
    }
)
