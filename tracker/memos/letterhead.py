"""The sender of a plan's memos: the authority and its office from the plan, the logo from the settings."""

from __future__ import annotations

from tracker.memos.writing import Letterhead
from tracker.plans.models import Plan

_logos: list[bytes] = []  # at most one: the installation's


def use_logo(data: bytes | None) -> None:
    """Print this picture on every memo from now on, or none. Called once, when the application starts."""
    _logos[:] = [] if data is None else [data]


def letterhead_of(plan: Plan) -> Letterhead:
    """What a memo of the plan says of its sender."""
    return Letterhead(
        municipality=plan.authority,
        administration=plan.coordinating_administration,
        office=plan.office,
        logo=_logos[0] if _logos else None,
    )
