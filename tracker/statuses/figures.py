"""The figures of a status: how exact, of what, for which period, and whether they may be compared.

Nothing here commits. Whoever may save a status may write its figures, as long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.domain.errors import InvalidInput
from tracker.domain.numbers import read_danish
from tracker.domain.text import clean
from tracker.plans.rights import Rights
from tracker.rounds.models import StatusUpdate
from tracker.statuses.models import Figure, Qualifier
from tracker.statuses.promises import may_save
from tracker.statuses.writing import journal

MOST = 20
LONGEST_LABEL, LONGEST_UNIT, LONGEST_NOTE = 200, 60, 500


@dataclass(frozen=True, slots=True)
class Given:
    """A figure as it was typed: `value` as it is written in Danish."""

    label: str
    value: str
    qualifier: Qualifier = Qualifier.exactly
    unit: str = ""
    period_first: date | None = None
    period_last: date | None = None
    is_target: bool = False
    comparable: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """This year's figure and last year's of the same label; one of them may be missing."""

    this: Figure | None
    last: Figure | None

    @property
    def comparable(self) -> bool:
        """Whether the two may stand side by side without a word of warning."""
        if self.this is None or self.last is None:
            return False
        return self.this.comparable and (self.this.unit, self.this.is_target) == (
            self.last.unit,
            self.last.is_target,
        )


def figures_of(session: Session, update_id: int) -> Sequence[Figure]:
    """The figures of an update, in the order in which they were added. The caller has read the update."""
    found = select(Figure).where(Figure.update_id == update_id).order_by(Figure.position, Figure.id)
    return session.scalars(found).all()


def compared(session: Session, update_id: int, previous_id: int | None) -> list[Compared]:
    """An update's figures beside those of the former one, then those that only the former one has: one query.

    Figures belong together when their labels say the same, in whatever letters.
    """
    ids = [update_id] if previous_id is None else [update_id, previous_id]
    found = select(Figure).where(Figure.update_id.in_(ids)).order_by(Figure.position, Figure.id)
    every = session.scalars(found).all()
    last = {_same(one.label): one for one in every if one.update_id != update_id}
    pairs = [Compared(one, last.pop(_same(one.label), None)) for one in every if one.update_id == update_id]
    return pairs + [Compared(None, one) for one in last.values()]


def _same(label: str) -> str:
    return " ".join(label.casefold().split())


def write_figure(
    session: Session,
    update: StatusUpdate,
    given: Given,
    *,
    figure_id: int | None = None,
    rights: Rights,
    by: Person,
    at: datetime,
) -> Figure:
    """Add a figure, or change the one with this id. Raises InvalidInput on the field that cannot stand."""
    may_save(update, rights=rights, by=by)
    label, unit, note = (clean(one).strip() for one in (given.label, given.unit, given.note))
    if not label:
        raise InvalidInput("label", "Write what the figure counts.")
    for name, said, longest in (
        ("label", label, LONGEST_LABEL),
        ("unit", unit, LONGEST_UNIT),
        ("note", note, LONGEST_NOTE),
    ):
        if len(said) > longest:
            raise InvalidInput(name, "This can have at most %(count)s characters.", count=longest)
    if given.period_first and given.period_last and given.period_first > given.period_last:
        raise InvalidInput("period_last", "The period ends before it begins.")
    figure = _to_write(session, update, figure_id)
    figure.label, figure.unit, figure.note = label, unit, note
    figure.value, figure.qualifier = read_danish(given.value), given.qualifier
    figure.period_first, figure.period_last = given.period_first, given.period_last
    figure.is_target, figure.comparable = given.is_target, given.comparable
    session.add(figure)
    session.flush()
    journal(session, "figure_written", update, by=by.id, at=at, figure=figure.id)
    return figure


def _to_write(session: Session, update: StatusUpdate, figure_id: int | None) -> Figure:
    if figure_id is not None:
        return figure_in(session, update.id, figure_id)
    last, count = session.execute(
        select(func.max(Figure.position), func.count()).where(Figure.update_id == update.id)
    ).one()
    if count >= MOST:
        raise InvalidInput("label", "A status can have at most %(count)s figures.", count=MOST)
    return Figure(update_id=update.id, position=(last or 0) + 1)


def figure_in(session: Session, update_id: int, figure_id: int) -> Figure:
    """A figure of an update. Raises InvalidInput when it is gone."""
    found = session.get(Figure, figure_id)
    if found is None or found.update_id != update_id:
        raise InvalidInput("label", "This figure is no longer there.")
    return found


def remove_figure(
    session: Session, update: StatusUpdate, figure_id: int, *, rights: Rights, by: Person, at: datetime
) -> None:
    """Take a figure away. Raises InvalidInput when it is gone, and what stops saving."""
    may_save(update, rights=rights, by=by)
    session.delete(figure_in(session, update.id, figure_id))
    session.flush()
    journal(session, "figure_removed", update, by=by.id, at=at, figure=figure_id)
