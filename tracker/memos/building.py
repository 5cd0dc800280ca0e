"""From a round to the memo as a value: in the order of the plan, with continuous numbers and footnotes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.memo import Head, Memo, Row, Section, Table
from tracker.domain.text import Block, Footnote, StatusText, marks_in, parse, renumber
from tracker.domain.workflow import AWAITING_APPROVAL, Outcome, State
from tracker.memos import wording
from tracker.memos.notes import free_numbers, superscripts
from tracker.plans.models import Administration, Initiative, Plan
from tracker.rounds.models import Round, StatusUpdate

PRINTED_AS_IS = frozenset({State.approved, State.locked, State.waived})


@dataclass(frozen=True)
class Missing:
    """A row that lacks approval, as the front of a draft lists it."""

    number: int
    title: str
    administration: str
    state: State


@dataclass(frozen=True)
class Draft:
    """The memo as the round stands, and what it lacks. Nothing missing means that it may be locked."""

    memo: Memo
    missing: tuple[Missing, ...]


def memo_of_round(
    session: Session, plan: Plan, round_: Round, *, on: date, administration_id: int | None = None
) -> Draft:
    """The memo of a round, dated `on`, or of one administration's rows with the numbers of the whole."""
    rows = numbered(session, round_)
    chosen = [one for one in rows if administration_id in {None, one.administration.id}]
    return _draft(plan, round_, chosen, on=on)


@dataclass(frozen=True)
class Numbered:
    """An update under the number it is printed with."""

    number: int
    update: StatusUpdate
    initiative: Initiative
    administration: Administration

    @property
    def title(self) -> str:
        """As it was printed; while the round is open, as it stands."""
        printed = self.update.title if self.update.number is not None else ""
        return printed or self.initiative.title


def numbered(session: Session, round_: Round) -> list[Numbered]:
    """The round's updates in printed order: fixed numbers where it is locked, else counted from 1."""
    found = (
        select(StatusUpdate, Initiative, Administration)
        .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
        .join(Administration, Administration.id == Initiative.administration_id)
        .where(StatusUpdate.round_id == round_.id)
        .order_by(
            StatusUpdate.number.is_(None), StatusUpdate.number, Administration.position, Initiative.position
        )
    )
    return [
        Numbered(update.number or index, update, initiative, administration)
        for index, (update, initiative, administration) in enumerate(session.execute(found), start=1)
    ]


def _draft(plan: Plan, round_: Round, rows: list[Numbered], *, on: date) -> Draft:
    texts = [parse(_printed(one.update)) for one in rows]
    printed = _with_notes(rows, texts)
    sections = tuple(
        Section(name=name, rows=tuple(row for _, row in group))
        for name, group in groupby(printed.rows, key=lambda pair: pair[0].administration.name)
    )
    caption = round_.caption or wording.caption(
        round_.year, plan.first_year, [section.name for section in sections]
    )
    intro = tuple(line for line in round_.intro.split("\n") if line.strip()) or wording.intro(
        plan.name, plan.council, round_.year
    )
    memo = Memo(
        title=wording.title(plan.name, round_.year),
        head=Head(
            office=plan.office,
            administration=plan.coordinating_administration,
            date=wording.day(on),
            recipients=plan.council,
        ),
        intro=intro,
        tables=(Table(caption=caption, sections=sections),),
        footnotes=printed.footnotes,
    )
    return Draft(memo, tuple(_missing(rows)))


@dataclass(frozen=True)
class _Printed:
    rows: tuple[tuple[Numbered, Row], ...]
    footnotes: tuple[Footnote, ...]


def _with_notes(rows: list[Numbered], texts: list[StatusText]) -> _Printed:
    """The rows with their own footnotes numbered through the memo, in the order of the references."""
    free = free_numbers({number for text in texts for number in superscripts(text.blocks, text.footnotes)})
    footnotes: list[Footnote] = []
    printed = []
    for one, text in zip(rows, texts, strict=True):
        notes = {note.number: note.text for note in reversed(text.footnotes)}
        order = dict.fromkeys([*(n for n in marks_in(text.blocks) if n in notes), *sorted(notes)])
        numbers = {number: next(free) for number in order}
        footnotes += [Footnote(numbers[number], notes[number]) for number in order]
        blocks = renumber(text.blocks, numbers) or (Block("paragraph", wording.NOT_WRITTEN),)
        printed.append((one, Row(one.number, one.title, blocks)))
    return _Printed(tuple(printed), tuple(footnotes))


def _printed(update: StatusUpdate) -> str:
    """What is printed of an update, in the editing form. A text that was not submitted never is."""
    if update.state is State.waived:
        return wording.waived(update.outcome, update.reason)
    if update.state not in PRINTED_AS_IS | AWAITING_APPROVAL:
        return wording.NOT_WRITTEN
    if update.outcome is Outcome.nothing_new:
        return f"{wording.nothing_new(update.reason)}\n{update.text}"
    return update.text


def _missing(rows: Iterable[Numbered]) -> Iterable[Missing]:
    for one in rows:
        if one.update.state not in PRINTED_AS_IS:
            yield Missing(one.number, one.title, one.administration.code, one.update.state)
