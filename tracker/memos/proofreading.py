"""The findings of the proofreading on a whole round, looked through before it is printed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.domain.errors import sentence
from tracker.domain.proofreading import Check, Finding, Proof, Row, proofread_memo
from tracker.domain.workflow import AWAITING_APPROVAL, State
from tracker.memos import wording
from tracker.memos.building import Numbered, computed_caption, computed_intro, numbered
from tracker.memos.cross_references import Line, RowReference, followed
from tracker.plans.models import Plan
from tracker.plans.queries import administrations, committees
from tracker.rounds.models import Round, StatusUpdate
from tracker.statuses.contradictions import Pair, contradictions
from tracker.statuses.proofreading import Looked, decisions, looked_at

# What is printed of a row: a text that its owner is still writing is nobody's business yet.
PRINTED = frozenset({State.approved, State.locked}) | AWAITING_APPROVAL

FOLLOWS = sentence(
    "“%(words)s” is printed as “%(printed)s”, because the rows have moved. Is that what is meant?"
)
LEADS_NOWHERE = sentence("“%(words)s” leads to an initiative that is not in the memo: no. %(number)s.")


@dataclass(frozen=True, slots=True)
class RowFindings:
    """A row of the round with its findings; those that somebody lets stand are the last ones."""

    update_id: int
    number: int
    title: str
    code: str
    administration: str
    open: tuple[Looked, ...]
    overruled: tuple[Looked, ...]


@dataclass(frozen=True, slots=True)
class Last:
    """What an initiative's status was in the round before."""

    update_id: int
    text: str


@dataclass(frozen=True, slots=True)
class Share:
    """How many findings an administration's rows have."""

    code: str
    name: str
    rows: int
    open: int
    overruled: int


@dataclass(frozen=True, slots=True)
class RoundFindings:
    """Each row that something was found on, in printed order. `read` is how many texts were looked at."""

    rows: tuple[RowFindings, ...]
    shares: tuple[Share, ...]
    read: int

    @property
    def open(self) -> int:
        return sum(share.open for share in self.shares)

    @property
    def overruled(self) -> int:
        return sum(share.overruled for share in self.shares)


def findings_of_round(session: Session, plan: Plan, round_: Round, *, on: date) -> RoundFindings:
    """What is found on the texts that the round would print on a day: at most eight queries."""
    rows = numbered(session, round_)
    printed = [one for one in rows if one.update.state in PRINTED]
    texts = {one.update.id: one.update.text for one in printed}
    lines = [
        Line(one.update.id, one.number, one.title, one.initiative.id, texts.get(one.update.id, ""))
        for one in rows
    ]
    _, references = followed(session, lines)
    last = _last_updates(session, round_)
    proof = _proof(session, plan, round_, rows, texts, last)
    found = defaultdict(list)
    numbers = {one.number: one for one in rows}
    every = (
        *_looked_through(proof, year=round_.year, on=on),
        *_of_references(references),
        *contradictions(session, _pairs(printed, last)),
    )
    for finding in every:
        found[numbers[finding.row].update.id].append(finding)
    decided = decisions(session, list(found)) if found else {}
    looked = {update_id: looked_at(update_id, every, decided) for update_id, every in found.items()}
    return RoundFindings(
        tuple(_row(one, looked[one.update.id]) for one in rows if one.update.id in looked),
        tuple(_shares(rows, looked)),
        len(printed),
    )


# The last memos that were looked through: a page that is loaded again asks the database alone.
@lru_cache(maxsize=4)
def _looked_through(proof: Proof, *, year: int, on: date) -> tuple[Finding, ...]:
    return proofread_memo(proof, year=year, on=on)


def _proof(
    session: Session,
    plan: Plan,
    round_: Round,
    rows: Sequence[Numbered],
    texts: Mapping[int, str],
    last: Mapping[int, Last],
) -> Proof:
    names = list(dict.fromkeys(one.administration.name for one in rows))
    caption = round_.caption or computed_caption(plan, round_, names)
    intro = (
        (round_.intro,)
        if round_.intro
        else computed_intro(plan, round_, rows=len(rows), administrations=len(names))
    )
    codes = [house.code for house in administrations(session, plan.id)]
    codes += [committee.code for committee in committees(session, plan.id)]
    return Proof(
        tuple(
            Row(
                one.number,
                texts.get(one.update.id, ""),
                last_text=last[one.initiative.id].text if one.initiative.id in last else "",
                title=one.title,
                section=one.administration.name,
            )
            for one in rows
        ),
        caption,
        (wording.title(plan.name, round_.year), plan.office, plan.coordinating_administration, *intro),
        codes=frozenset(code.upper() for code in codes),
        follows=True,
    )


def _pairs(printed: Sequence[Numbered], last: Mapping[int, Last]) -> Iterator[Pair]:
    """The statuses whose figures are compared."""
    for one in printed:
        before = last.get(one.initiative.id)
        yield Pair(one.number, one.update.id, before.update_id if before else None)


def _last_updates(session: Session, round_: Round) -> dict[int, Last]:
    """The status of each initiative in the newest earlier round that it took part in."""
    earlier = (
        select(StatusUpdate.initiative_id, func.max(Round.year).label("year"))
        .join(Round, Round.id == StatusUpdate.round_id)
        .where(Round.plan_id == round_.plan_id, Round.year < round_.year)
        .group_by(StatusUpdate.initiative_id)
        .subquery()
    )
    found = (
        select(StatusUpdate.initiative_id, StatusUpdate.id, StatusUpdate.text)
        .join(Round, Round.id == StatusUpdate.round_id)
        .join(
            earlier,
            (earlier.c.initiative_id == StatusUpdate.initiative_id) & (earlier.c.year == Round.year),
        )
        .where(Round.plan_id == round_.plan_id)
    )
    return {one.initiative_id: Last(one.id, one.text) for one in session.execute(found)}


def _of_references(references: Sequence[RowReference]) -> Iterator[Finding]:
    """Numbers that lead to no row of the memo, and those that are printed as others than were written."""
    for one in references:
        words = one.reference.written
        if one.reference.lost:
            params = {"words": words, "number": one.reference.lost[0]}
            yield Finding(Check.unknown_reference, one.number, words, LEADS_NOWHERE, params)
        elif one.has_moved:
            params = {"words": words, "printed": one.reference.printed}
            yield Finding(Check.moved_reference, one.number, words, FOLLOWS, params)


def _row(one: Numbered, looked: Sequence[Looked]) -> RowFindings:
    return RowFindings(
        one.update.id,
        one.number,
        one.title,
        one.administration.code,
        one.administration.name,
        tuple(each for each in looked if each.overruled is None),
        tuple(each for each in looked if each.overruled is not None),
    )


def _shares(rows: Sequence[Numbered], looked: Mapping[int, Sequence[Looked]]) -> Iterator[Share]:
    """Every administration of the round, in its order."""
    totals, found, settled = Counter[str](), Counter[str](), Counter[str]()
    names: dict[str, str] = {}
    for one in rows:
        code = one.administration.code
        names.setdefault(code, one.administration.name)
        totals[code] += 1
        for each in looked.get(one.update.id, ()):
            (found if each.overruled is None else settled)[code] += 1
    for code, name in names.items():
        yield Share(code, name, totals[code], found[code], settled[code])
