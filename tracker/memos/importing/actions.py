"""Bringing an earlier memo into a plan: what is missing is created, nothing that is there is changed.

Reading and importing are apart: a page or the command line shows the reading first, and imports only when
a person says so. How far an initiative has come is never derived from its text. Nothing here commits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.domain.errors import DomainError, InvalidInput
from tracker.domain.memo import Memo, Row
from tracker.domain.text import to_editing
from tracker.memos.editions import freeze
from tracker.memos.importing.matching import Match, RowMatch, SectionMatch, key, match
from tracker.memos.models import EditionKind
from tracker.memos.notes import own_text
from tracker.memos.reading import Reading
from tracker.plans import queries as plans
from tracker.plans.actions import add_administration, add_initiative
from tracker.plans.models import Administration, Plan
from tracker.rounds.models import Round
from tracker.rounds.queries import round_of
from tracker.statuses.history import PrintedStatus, record_locked_round


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
    """Record the memo as it was read as the plan's locked round of `year`, with its final edition.

    Raises InvalidInput on `plan` or `year`, DomainError when the memo has no row.
    """
    plan, memo = plans.plan(session, slug), reading.memo
    if plan is None:
        raise InvalidInput("plan", "There is no plan called %(slug)s.", slug=slug)
    check_year(year)
    check_rows(memo)
    if has_round(session, plan, year):
        return Summary(rows=len(memo.rows), already_there=True)
    matched = match(session, plan, memo)
    record_round(session, plan, memo, matched, year=year, by=by, at=at)
    return summary_of(matched)


def has_round(session: Session, plan: Plan, year: int) -> bool:
    """Whether the plan has the round of a year. Of two imports at once, the second waits for the first."""
    session.refresh(plan, with_for_update=True)
    return round_of(session, plan.id, year) is not None


def record_round(
    session: Session, plan: Plan, memo: Memo, matched: Match, *, year: int, by: int | None, at: datetime
) -> tuple[Round, list[PrintedStatus]]:
    """Make the locked round of a matched memo, with what the plan lacks; the statuses in printed order."""
    statuses = _Importer(session, plan, memo, by=by, at=at).statuses(matched)
    round_ = record_locked_round(
        session,
        plan_id=plan.id,
        year=year,
        statuses=statuses,
        intro="\n".join(memo.intro),
        caption=memo.caption,
        by=by,
        at=at,
    )
    freeze(session, round_, memo, kind=EditionKind.final, by=by, at=at)
    return round_, statuses


def summary_of(matched: Match) -> Summary:
    return Summary(
        new_administrations=len(matched.new_administrations),
        new_initiatives=matched.new,
        matched_initiatives=matched.known,
        rows=len(matched.rows),
    )


def check_rows(memo: Memo) -> None:
    """Raises DomainError for a memo without a row."""
    if not memo.rows:
        raise DomainError("No initiative was found in the memo, so there is nothing to import.")


def check_year(year: int) -> None:
    """Raises InvalidInput on `year` for one that no round can have."""
    if not 2000 <= year <= 2100:
        raise InvalidInput("year", "Give a year between 2000 and 2100.")


def editing_text(row: Row, memo: Memo) -> str:
    """A row's text in the editing form, its footnotes numbered from 1 and written out below it."""
    return to_editing(own_text(row, memo))


class _Importer:
    """Creates what a match lacks, and gives the printed statuses with their initiatives."""

    def __init__(self, session: Session, plan: Plan, memo: Memo, *, by: int | None, at: datetime) -> None:
        self.session, self.plan, self.memo, self.by, self.at = session, plan, memo, by, at
        self.created: dict[str, Administration] = {}
        self.codes = {one.code for one in plans.administrations(session, plan.id)}

    def statuses(self, matched: Match) -> list[PrintedStatus]:
        return [
            self._status(row, administration)
            for section in matched.sections
            for administration in [section.administration or self._administration(section)]
            for row in section.rows
        ]

    def _administration(self, section: SectionMatch) -> Administration:
        known = self.created.get(key(section.name))
        if known is not None:
            return known
        code = next(code for code in _codes(section.name) if code not in self.codes)
        created = add_administration(
            self.session, self.plan, code=code, name=section.name, by=self.by, at=self.at
        )
        self.codes.add(code)
        self.created[key(section.name)] = created
        return created

    def _status(self, found: RowMatch, administration: Administration) -> PrintedStatus:
        initiative = found.initiative or add_initiative(
            self.session, administration, title=found.title, by=self.by, at=self.at
        )
        return PrintedStatus(
            initiative=initiative,
            number=found.row.number,
            title=found.row.title,
            text=editing_text(found.row, self.memo),
        )


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
        would_be = "would be created" if dry_run else "created"
        lines.append(
            f"{summary.new_administrations} administrations and {summary.new_initiatives} initiatives "
            f"{would_be}, {summary.matched_initiatives} initiatives matched"
        )
    if dry_run:
        lines.append("Dry run: nothing was saved.")
    return "\n".join(lines)
