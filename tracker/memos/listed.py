"""What the memo lists after the statuses, where the round prints it: what lacks money, what is proposed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.memo import TableKind
from tracker.domain.text import StatusText, parse
from tracker.memos import wording
from tracker.plans.models import Administration, Initiative, Standing
from tracker.rounds.models import Round


@dataclass(frozen=True)
class Part:
    """A row of a table before its footnotes are numbered, under the name of its section."""

    section: str
    number: int
    title: str
    text: StatusText


Listed = tuple[TableKind, str, list[Part]]
"""The kind of a table, its caption, and its rows in printed order."""

_KINDS: dict[Standing, TableKind] = {Standing.unfunded: "unfunded", Standing.proposed: "new"}


def listed(session: Session, round_: Round, *, administration_id: int | None = None) -> list[Listed]:
    """The two lists as the plan stands now, numbered from 1 each, without those that are empty: one query."""
    found = (
        select(Initiative, Administration.name)
        .join(Administration, Administration.id == Initiative.administration_id)
        .where(Initiative.plan_id == round_.plan_id, Initiative.standing.in_(list(_KINDS)))
        .order_by(Administration.position, Initiative.position)
    )
    if administration_id is not None:
        found = found.where(Initiative.administration_id == administration_id)
    rows = session.execute(found).all()
    lists: list[Listed] = []
    for standing, kind in _KINDS.items():
        own = [(initiative, name) for initiative, name in rows if initiative.standing is standing]
        parts = [
            Part(name, number, initiative.title, parse(_said_of(initiative)))
            for number, (initiative, name) in enumerate(own, start=1)
        ]
        if parts:
            lists.append((kind, wording.list_caption(kind, 2 + len(lists)), parts))
    return lists


def _said_of(initiative: Initiative) -> str:
    lines = [initiative.description.strip() or wording.NOT_DESCRIBED]
    if initiative.funder.strip():
        lines.append(wording.funder(initiative.funder.strip()))
    return "\n".join(lines)
