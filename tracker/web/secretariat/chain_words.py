"""The words for the steps of a chain, and the sentence that names the one that breaks it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from tracker.domain.rounds import Chain, ChainStep, ChainStepKind
from tracker.web.template_helpers import long_date


def step_names(council: str = "") -> dict[str, str]:
    """What happens at a step. `council` is what the plan calls its council, where it says so."""
    papers = _("Papers for %(council)s", council=council) if council else _("Papers of the council")
    meeting = _("Meeting of %(council)s", council=council) if council else _("Meeting of the council")
    return {
        ChainStepKind.opens: _("The round opens"),
        ChainStepKind.owners: _("Owners' deadline"),
        ChainStepKind.committee_papers: _("Papers of the committee"),
        ChainStepKind.committee: _("Meeting of the committee"),
        ChainStepKind.coordinating_papers: _("Papers of the coordinating committee"),
        ChainStepKind.coordinating: _("Meeting of the coordinating committee"),
        ChainStepKind.council_papers: papers,
        ChainStepKind.council: meeting,
    }


@dataclass(frozen=True, slots=True)
class Break:
    """Why chains cannot be kept, and how many break in this way."""

    chains: int
    sentence: Any


def breaks(chains: tuple[Chain, ...], *, writing: int, council: str = "") -> list[Break]:
    """Why chains cannot be kept, each way once with all whom it concerns; `council` as in `step_names`."""
    found: dict[tuple[ChainStep, ChainStep], list[str]] = {}
    for chain in chains:
        step = chain.broken_at
        if step is not None:
            found.setdefault((step, _before(chain, step)), []).append(chain.administration)
    return [
        Break(len(codes), _sentence(", ".join(codes), step, before, writing, council))
        for (step, before), codes in found.items()
    ]


def _before(chain: Chain, step: ChainStep) -> ChainStep:
    return chain.steps[max(chain.steps.index(step) - 1, 0)]


def _sentence(code: str, step: ChainStep, before: ChainStep, writing: int, council: str) -> Any:
    on, earliest = _day(step.on), _day(step.earliest)
    if step.kind is ChainStepKind.owners:
        return _(
            "The owners of %(code)s would have to hand in by %(on)s. With %(days)s working days to write, "
            "%(earliest)s is the first day that can be kept.",
            code=code,
            on=on,
            days=writing,
            earliest=earliest,
        )
    held = before.kind in {ChainStepKind.committee, ChainStepKind.coordinating}
    if step.kind is ChainStepKind.coordinating_papers and held:
        return _(
            "The papers of the coordinating committee would be due on %(on)s, before the committee of "
            "%(code)s has met on %(earliest)s.",
            code=code,
            on=on,
            earliest=earliest,
        )
    if step.kind is ChainStepKind.council_papers and held:
        return _(
            "The papers for %(council)s would be due on %(on)s, before the committee in front of it has met "
            "on %(earliest)s (%(code)s).",
            council=council or _("the council"),
            on=on,
            earliest=earliest,
            code=code,
        )
    return _(
        "%(step)s, %(code)s: %(on)s is too early. %(earliest)s is the first day that can be kept.",
        step=step_names(council)[step.kind],
        code=code,
        on=on,
        earliest=earliest,
    )


def _day(day: date) -> str:
    return str(long_date(day))
