"""The dates that a round's texts name, and the deadlines that a person makes of them.

Nothing here commits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from tracker.deadlines.actions import add_deadline
from tracker.deadlines.models import Deadline, DeadlineKind, DeadlineMove, Precision
from tracker.domain.announced import Announced, announced_in, with_year
from tracker.domain.errors import InvalidInput
from tracker.domain.workflow import State
from tracker.plans.models import Administration, Initiative
from tracker.plans.rights import Rights
from tracker.rounds.models import Round, StatusUpdate

_SENT = (State.submitted, State.in_review, State.approved, State.locked)
_PRINTED = (State.approved, State.locked)
KINDS = frozenset(DeadlineKind) - {DeadlineKind.status_due}
FIRST_YEAR, LAST_YEAR = 1990, 2100


@dataclass(frozen=True, slots=True)
class NamedDate:
    """A date in a text of an initiative, from the text about `year`.

    `key` is the same for the same words in the same sentence. `deadline_id` is the deadline that it has
    become.
    """

    key: str
    year: int
    announced: Announced
    deadline_id: int | None


@dataclass(slots=True)
class InitiativeDates:
    """The dates of one initiative: to come or lasting, without a year, accepted, and past."""

    id: int
    title: str
    administration_code: str
    ahead: list[NamedDate] = field(default_factory=list)
    no_year: list[NamedDate] = field(default_factory=list)
    accepted: list[NamedDate] = field(default_factory=list)
    past: list[NamedDate] = field(default_factory=list)

    @property
    def every(self) -> list[NamedDate]:
        return [*self.ahead, *self.no_year, *self.accepted, *self.past]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person makes of a date: the deadline's kind and title, and the year where the text has none."""

    kind: str
    title: str
    year: str = ""


def dates_named(session: Session, rights: Rights, round_: Round, *, today: date) -> list[InitiativeDates]:
    """The dates in a round's sent texts and in the last memo's, by initiative: three queries.

    For the plan's secretariat; initiatives with something ahead come first, then those that lack a year.
    """
    if round_.plan_id not in rights.secretariat_of:
        return []
    deadlines = _deadlines(session, round_.plan_id)
    groups: dict[int, InitiativeDates] = {}
    seen: set[str] = set()
    for initiative_id, title, code, year, text in session.execute(_texts(round_)):
        group = groups.setdefault(initiative_id, InitiativeDates(initiative_id, title, code))
        for announced in announced_in(text, year=year):
            key = _key(initiative_id, announced)
            if key not in seen:
                seen.add(key)
                known = deadlines.of(initiative_id, announced)
                _place(group, NamedDate(key, year, announced, known), today)
    found = [_sorted(group) for group in groups.values() if group.every]
    return sorted(found, key=lambda group: (not group.ahead, not group.no_year))


def accept(
    session: Session,
    rights: Rights,
    round_: Round,
    choices: Mapping[str, Choice],
    *,
    today: date,
    by: int,
    at: datetime,
) -> Sequence[Deadline]:
    """Make deadlines of dates by their keys, with the words that they stand in the text with.

    What is a deadline already is passed over. Raises InvalidInput on `dates` when nothing is chosen or a
    text has changed since, on `kind-<key>`, `title-<key>` and `year-<key>` for what cannot be read.
    """
    if not choices:
        raise InvalidInput("dates", "Tick the dates that are to become deadlines.")
    groups = dates_named(session, rights, round_, today=today)
    known = {one.key: (group.id, one) for group in groups for one in group.every}
    made: list[Deadline] = []
    for key, choice in choices.items():
        if key not in known:
            raise InvalidInput("dates", "A text has changed in the meantime. Look at its dates again.")
        initiative_id, named = known[key]
        if named.deadline_id is None:
            initiative = session.get_one(Initiative, initiative_id)
            made.append(_add(session, named, choice, initiative, by=by, at=at))
    return made


def _texts(round_: Round) -> Select[int, str, str, int, str]:
    """The newest texts first: this round's that have been sent, and those of the memo before it."""
    before = (
        select(func.max(Round.year)).where(Round.plan_id == round_.plan_id, Round.year < round_.year)
    ).scalar_subquery()
    return (
        select(Initiative.id, Initiative.title, Administration.code, Round.year, StatusUpdate.text)
        .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
        .join(Administration, Administration.id == Initiative.administration_id)
        .join(Round, Round.id == StatusUpdate.round_id)
        .where(
            Round.plan_id == round_.plan_id,
            or_(
                and_(Round.id == round_.id, StatusUpdate.state.in_(_SENT)),
                and_(Round.year == before, StatusUpdate.state.in_(_PRINTED)),
            ),
        )
        .order_by(Administration.position, Initiative.id, Round.year.desc())
    )


@dataclass(frozen=True, slots=True)
class _Deadlines:
    """The deadlines of a plan's initiatives, by the words and by the days that they first had."""

    by_words: Mapping[tuple[int, str], int]
    by_days: Mapping[tuple[int, date, date], int]

    def of(self, initiative_id: int, announced: Announced) -> int | None:
        """The deadline that a date has become, wherever it was moved to since; met or cancelled too."""
        found = self.by_words.get((initiative_id, _kept(announced.words)))
        if found is None and announced.first and announced.last:
            found = self.by_days.get((initiative_id, announced.first, announced.last))
        return found


def _deadlines(session: Session, plan_id: int) -> _Deadlines:
    of_initiative = (Deadline.plan_id == plan_id, Deadline.initiative_id.is_not(None))
    said = select(Deadline.initiative_id, Deadline.words, Deadline.id).where(
        *of_initiative, Deadline.words != ""
    )
    moved = (
        select(Deadline.initiative_id, DeadlineMove.old_first_on, DeadlineMove.old_last_on, Deadline.id)
        .join(DeadlineMove, DeadlineMove.deadline_id == Deadline.id)
        .where(*of_initiative, Deadline.kind != DeadlineKind.status_due)
    )
    return _Deadlines(
        {(of, _kept(words)): id_ for of, words, id_ in session.execute(said) if of},
        {(of, first, last): id_ for of, first, last, id_ in session.execute(moved) if of},
    )


def _kept(words: str) -> str:
    """Words as a deadline keeps them, to compare."""
    return " ".join(words.split())[:300].casefold()


def _key(initiative_id: int, announced: Announced) -> str:
    said = f"{initiative_id}\n{announced.sentence}\n{announced.span}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _place(group: InitiativeDates, named: NamedDate, today: date) -> None:
    if named.deadline_id is not None:
        group.accepted.append(named)
    elif named.announced.first is None:
        group.no_year.append(named)
    elif named.announced.is_ahead(today):
        group.ahead.append(named)
    else:
        group.past.append(named)


def _sorted(group: InitiativeDates) -> InitiativeDates:
    """With what ends first on top; what is past, newest first."""
    ends = {one.key: one.announced.last or date.max for one in group.every}
    group.ahead.sort(key=lambda one: ends[one.key])
    group.past.sort(key=lambda one: ends[one.key], reverse=True)
    return group


def _add(
    session: Session, named: NamedDate, choice: Choice, initiative: Initiative, *, by: int, at: datetime
) -> Deadline:
    announced = _dated(named, choice)
    if choice.kind not in KINDS:
        raise InvalidInput(f"kind-{named.key}", "Choose a kind.")
    assert announced.first is not None
    try:
        return add_deadline(
            session,
            plan_id=initiative.plan_id,
            kind=DeadlineKind(choice.kind),
            title=choice.title,
            first_on=announced.first,
            last_on=announced.last or announced.first,
            precision=Precision(announced.precision),
            words=announced.words,
            open_end=announced.open_end,
            initiative=initiative,
            by=by,
            at=at,
        )
    except InvalidInput as refused:
        part = "title" if refused.field == "title" else "kind"
        raise InvalidInput(f"{part}-{named.key}", refused.message, **refused.params) from None


def _dated(named: NamedDate, choice: Choice) -> Announced:
    """The date with its year: the text's, or where that has none the one that was given."""
    if named.announced.first is not None:
        return named.announced
    typed = choice.year.strip()
    if not (typed.isascii() and typed.isdigit() and FIRST_YEAR <= int(typed) <= LAST_YEAR):
        raise InvalidInput(f"year-{named.key}", "Write the year that is meant, such as 2026.")
    try:
        return with_year(named.announced, int(typed))
    except InvalidInput as refused:
        raise InvalidInput(f"year-{named.key}", refused.message) from None
