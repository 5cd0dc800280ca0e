"""From a round to the memo as a value: in the order of the plan, with continuous numbers and footnotes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.memo import Head, Memo, Row, Section, Table
from tracker.domain.text import Block, Footnote, marks_in, parse, renumber
from tracker.domain.workflow import AWAITING_APPROVAL, Outcome, State
from tracker.memos import wording
from tracker.memos.cross_references import Line, RowReference, followed
from tracker.memos.listed import Listed, Part, listed
from tracker.memos.notes import free_numbers, superscripts
from tracker.plans.models import Administration, Initiative, Plan
from tracker.rounds.models import Round, StatusUpdate
from tracker.statuses.references import PRINTED_ORDER

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
    """The memo as the round stands, and what it lacks. Nothing missing means that it may be locked.

    `references` are the places where a text names other rows, as written and as printed.
    """

    memo: Memo
    missing: tuple[Missing, ...]
    references: tuple[RowReference, ...] = ()


def memo_of_round(
    session: Session,
    plan: Plan,
    round_: Round,
    *,
    on: date,
    administration_id: int | None = None,
    recipients: str | None = None,
) -> Draft:
    """The memo of a round, dated `on`, or of one administration's rows with the numbers of the whole.

    It is for the plan's council unless `recipients` names others.
    """
    every = numbered(session, round_)
    lines = [
        Line(one.update.id, one.number, one.title, one.initiative.id, _printed(one.update)) for one in every
    ]
    texts, references = followed(session, lines)
    chosen = [one for one in every if administration_id in {None, one.administration.id}]
    parts = [
        Part(one.administration.name, one.number, one.title, parse(texts[one.update.id])) for one in chosen
    ]
    lists = listed(session, round_, administration_id=administration_id) if round_.prints_lists else []
    printed_ids = {one.update.id for one in chosen}
    missing = tuple(_missing(chosen))
    to = plan.council if recipients is None else recipients
    return Draft(
        _memo(plan, round_, [("status", "", parts), *lists], on=on, to=to, approved=not missing),
        missing,
        tuple(one for one in references if one.update_id in printed_ids),
    )


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
        .order_by(*PRINTED_ORDER)
    )
    return [
        Numbered(update.number or index, update, initiative, administration)
        for index, (update, initiative, administration) in enumerate(session.execute(found), start=1)
    ]


def computed_caption(plan: Plan, round_: Round, names: Sequence[str]) -> str:
    """The caption that the memo has while nobody has written another, for administrations in its order."""
    return wording.caption(round_.year, plan.first_year, names)


def computed_intro(plan: Plan, round_: Round, *, rows: int, administrations: int) -> tuple[str, ...]:
    """The introduction that the memo has while nobody has written another."""
    return wording.intro(plan.name, plan.council, round_.year, rows=rows, administrations=administrations)


def _memo(plan: Plan, round_: Round, lists: Sequence[Listed], *, on: date, to: str, approved: bool) -> Memo:
    tables, footnotes = _with_notes(lists)
    status = tables[0]
    names = [section.name for section in status.sections]
    count = sum(len(section.rows) for section in status.sections)
    caption = round_.caption or computed_caption(plan, round_, names)
    written = tuple(line.strip() for line in round_.intro.split("\n") if line.strip())
    return Memo(
        title=wording.title(plan.name, round_.year),
        head=Head(
            office=plan.office,
            administration=plan.coordinating_administration,
            date=wording.day(on),
            case_number=round_.case_number,
            recipients=to,
        ),
        intro=written
        or wording.intro(
            plan.name, to, round_.year, rows=count, administrations=len(names), approved=approved
        ),
        tables=(replace(status, caption=caption), *tables[1:]),
        footnotes=footnotes,
    )


def _with_notes(lists: Sequence[Listed]) -> tuple[list[Table], tuple[Footnote, ...]]:
    """The tables, with their rows' own footnotes numbered through the memo in the order of the references."""
    texts = [part.text for _, _, parts in lists for part in parts]
    free = free_numbers({number for text in texts for number in superscripts(text.blocks, text.footnotes)})
    footnotes: list[Footnote] = []

    def row_of(part: Part) -> Row:
        notes = {note.number: note.text for note in reversed(part.text.footnotes)}
        order = dict.fromkeys([*(n for n in marks_in(part.text.blocks) if n in notes), *sorted(notes)])
        numbers = {number: next(free) for number in order}
        footnotes.extend(Footnote(numbers[number], notes[number]) for number in order)
        blocks = renumber(part.text.blocks, numbers) or (Block("paragraph", wording.NOT_WRITTEN),)
        return Row(part.number, part.title, blocks)

    tables = [
        Table(
            caption=caption,
            sections=tuple(
                Section(name, tuple(row_of(part) for part in group), wording.HEADERS[kind])
                for name, group in groupby(parts, key=lambda part: part.section)
            ),
            kind=kind,
        )
        for kind, caption, parts in lists
    ]
    return tables, tuple(footnotes)


def is_printed(state: State) -> bool:
    """Whether what was written is printed, approved or not; else a line says that it is missing."""
    return state in PRINTED_AS_IS | AWAITING_APPROVAL


def _printed(update: StatusUpdate) -> str:
    """What is printed of an update, in the editing form. A text that was not submitted never is."""
    if update.state is State.waived:
        return wording.waived(update.outcome, update.reason)
    if not is_printed(update.state):
        return wording.NOT_WRITTEN
    if update.outcome is Outcome.nothing_new:
        return f"{wording.nothing_new(update.reason)}\n{update.text}"
    return update.text


def _missing(rows: Iterable[Numbered]) -> Iterable[Missing]:
    for one in rows:
        if one.update.state not in PRINTED_AS_IS:
            yield Missing(one.number, one.title, one.administration.code, one.update.state)
