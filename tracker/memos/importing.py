"""Bringing an earlier memo into a plan: what is missing is created, nothing that is there is changed.

Reading and importing are apart: a page or the command line shows the reading first, and imports only when
a person says so. Nothing here commits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.errors import DomainError, InvalidInput
from tracker.domain.memo import Memo, Row, Section
from tracker.domain.text import Footnote, StatusText, marks_in, renumber, to_editing
from tracker.memos.editions import freeze
from tracker.memos.models import EditionKind
from tracker.memos.reading import Reading
from tracker.plans import queries as plans
from tracker.plans.actions import add_administration, add_initiative
from tracker.plans.models import Administration, Committee, Initiative, Plan
from tracker.rounds.history import PrintedStatus, record_locked_round
from tracker.rounds.queries import round_of


@dataclass(frozen=True)
class Summary:
    """What an import did. With `already_there` the plan had the round, and nothing was changed."""

    new_administrations: int = 0
    new_initiatives: int = 0
    matched_initiatives: int = 0
    rows: int = 0
    already_there: bool = False


def import_reading(
    session: Session, reading: Reading, *, slug: str, year: int, by: int | None, at: datetime
) -> Summary:
    """Record the memo as the plan's locked round of `year`, with its final edition.

    Raises InvalidInput on `plan` or `year`, DomainError when the memo has no row.
    """
    plan = plans.plan(session, slug)
    if plan is None:
        raise InvalidInput("plan", "There is no plan called %(slug)s.", slug=slug)
    if not 2000 <= year <= 2100:
        raise InvalidInput("year", "Give a year between 2000 and 2100.")
    if not reading.memo.rows:
        raise DomainError("No initiative was found in the memo, so there is nothing to import.")
    if round_of(session, plan.id, year) is not None:
        return Summary(rows=len(reading.memo.rows), already_there=True)
    matcher = _Matcher(session, plan, by=by, at=at)
    statuses = [
        PrintedStatus(
            initiative=matcher.initiative(row, administration),
            number=row.number,
            title=row.title,
            text=editing_text(row, reading.memo),
        )
        for section in reading.memo.sections
        for administration in [matcher.administration(section)]
        for row in section.rows
    ]
    round_ = record_locked_round(
        session,
        plan_id=plan.id,
        year=year,
        statuses=statuses,
        intro="\n".join(reading.memo.intro),
        caption=reading.memo.caption,
        by=by,
        at=at,
    )
    freeze(session, round_, reading.memo, kind=EditionKind.final, by=by, at=at)
    return Summary(
        new_administrations=matcher.new_administrations,
        new_initiatives=matcher.new_initiatives,
        matched_initiatives=len(statuses) - matcher.new_initiatives,
        rows=len(statuses),
    )


def editing_text(row: Row, memo: Memo) -> str:
    """A row's text in the editing form, its footnotes numbered from 1 and written out below it."""
    texts = {note.number: note.text for note in memo.footnotes}
    used = [number for number in marks_in(row.blocks) if number in texts]
    numbers = {number: place for place, number in enumerate(used, start=1)}
    notes = tuple(Footnote(numbers[number], texts[number]) for number in used)
    return to_editing(StatusText(renumber(row.blocks, numbers), notes))


class _Matcher:
    """Finds the plan's administration or initiative for what is printed, and creates what is missing."""

    def __init__(self, session: Session, plan: Plan, *, by: int | None, at: datetime) -> None:
        self.session, self.plan, self.by, self.at = session, plan, by, at
        self.new_administrations = self.new_initiatives = 0
        self.administrations = {_key(one.name): one for one in plans.administrations(session, plan.id)}
        self.codes = {one.code for one in self.administrations.values()}
        by_id = {one.id: one for one in self.administrations.values()}
        for committee in session.scalars(select(Committee).where(Committee.plan_id == plan.id)):
            # A memo at times heads a block with the committee instead of its administration.
            if committee.administration_id in by_id:
                self.administrations.setdefault(_key(committee.name), by_id[committee.administration_id])
        found = session.scalars(
            select(Initiative).where(Initiative.plan_id == plan.id).order_by(Initiative.id)
        )
        self.initiatives: dict[str, list[Initiative]] = {}
        for initiative in found:
            self.initiatives.setdefault(_key(initiative.title), []).append(initiative)

    def administration(self, section: Section) -> Administration:
        known = self.administrations.get(_key(section.name))
        if known is not None:
            return known
        code = next(code for code in _codes(section.name) if code not in self.codes)
        created = add_administration(
            self.session, self.plan, code=code, name=section.name[:200], by=self.by, at=self.at
        )
        self.codes.add(code)
        self.administrations[_key(section.name)] = created
        self.new_administrations += 1
        return created

    def initiative(self, row: Row, administration: Administration) -> Initiative:
        candidates = self.initiatives.get(_key(row.title), [])
        for candidate in candidates:
            if candidate.administration_id == administration.id:
                candidates.remove(candidate)
                return candidate
        self.new_initiatives += 1
        title = row.title or f"Indsats {row.number}"
        return add_initiative(self.session, administration, title=title, by=self.by, at=self.at)


def _key(text: str) -> str:
    """What must be equal for two names to be the same: letters and digits, in any case."""
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def _codes(name: str) -> Iterator[str]:
    """Short codes for an administration: `Børne- og Ungdomsforvaltningen` gives BUF, then BUF2, …"""
    initials = "".join(word[0] for word in re.findall(r"[^\W\d_]+", name) if word[0].isupper())
    code = initials[:8] + ("F" if name.casefold().endswith("forvaltningen") else "") or "F"
    yield code
    yield from (f"{code}{number}" for number in range(2, 1_000))


def report(reading: Reading, summary: Summary | None, *, dry_run: bool) -> str:
    """What was read and what became of it, for the command line."""
    memo = reading.memo
    lines = [
        f"{len(memo.rows)} rows, {len(memo.sections)} sections, {len(memo.footnotes)} footnotes",
        f"{len(reading.doubts)} doubts, {len(reading.left_out)} pieces left out",
    ]
    lines += [f"  {section.name}: {len(section.rows)}" for section in memo.sections]
    lines += [f"  doubt, row {doubt.row or '-'}: {doubt.reason}: {doubt.words}" for doubt in reading.doubts]
    lines += [f"  left out, {piece.place}: {piece.text}" for piece in reading.left_out]
    if summary is not None and summary.already_there:
        lines.append("The plan has this round already; nothing was changed.")
    elif summary is not None:
        lines.append(
            f"{summary.new_administrations} administrations, {summary.new_initiatives} initiatives created, "
            f"{summary.matched_initiatives} matched"
        )
    if dry_run:
        lines.append("Dry run: nothing was saved.")
    return "\n".join(lines)
