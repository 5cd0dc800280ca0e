"""Searching in initiatives, texts and people. What is found, counted and ordered is what a person may see.

The order says nothing of what was not found: titles first, then texts with the newest round first. A rank by
how rare a word is would, since drafts that nobody else may see would be counted in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Session, aliased

from tracker.accounts.models import Person
from tracker.domain.words import words_of
from tracker.domain.workflow import State
from tracker.plans.models import Initiative, Membership, Placement, Plan
from tracker.plans.rights import Rights, holds_on, visible_to
from tracker.rounds.models import Round, RoundState, StatusUpdate

A_PAGE = 20
LONGEST_QUERY = 200


class HitKind(StrEnum):
    initiative = "initiative"
    person = "person"
    status = "status"


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found. `title` is the initiative's or the person's; `id` is of the kind's own table.

    `mine` tells what the person may see unpublished from what they find because it is published.
    `initiative_id` is, for a person, the first initiative they hold, and None when they hold none.
    """

    kind: HitKind
    id: int
    plan: str
    plan_slug: str
    plan_id: int
    initiative_id: int | None
    title: str
    mine: bool
    year: int | None
    state: str
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """One page of hits, and how many there are on all pages."""

    hits: list[Hit]
    total: int
    words: tuple[str, ...]


def search(session: Session, rights: Rights, query: str, *, on: date, page: int = 1) -> Found:
    """What of the plans a person has a part in fits every word of the query: one query, or none.

    A word fits where another begins with it. Signs are no words and stand for nothing.
    """
    words = words_of(query[:LONGEST_QUERY])
    if not words or not rights.plans:
        return Found([], 0, words)
    sqlite = session.get_bind().dialect.name == "sqlite"
    match = _Match(words, sqlite=sqlite)
    every = union_all(
        _initiatives(rights, match), _people(rights, match, on), _statuses(rights, match)
    ).subquery()
    found = (
        select(func.count().over().label("total"), every)
        .order_by(every.c.place, every.c.year.desc(), every.c.plan_id, every.c.title, every.c.id)
        .limit(A_PAGE)
        .offset((page - 1) * A_PAGE)
    )
    rows = session.execute(found).all()
    return Found([_hit(row) for row in rows], rows[0].total if rows else 0, words)


def _hit(row: Any) -> Hit:
    _total, _place, kind, *others = row
    return Hit(HitKind(kind), *others)


class _Match:
    """That a column fits the words, in the language of the database."""

    def __init__(self, words: Sequence[str], *, sqlite: bool) -> None:
        self.sqlite = sqlite
        # Words have letters and digits alone, so that nothing in them is a sign of either language.
        self.query = (
            " ".join(f'"{word}"*' for word in words) if sqlite else " & ".join(f"{word}:*" for word in words)
        )

    def __call__(self, table: type[Any], *columns: str, dictionary: str = "danish") -> ColumnElement[bool]:
        name = table.__tablename__
        if self.sqlite:
            ids = sql(f"SELECT rowid FROM {name}_search WHERE {name}_search MATCH :words")
            words: BindParameter[str] = bindparam(
                "words", f"{{{' '.join(columns)}}} : ({self.query})", unique=True
            )
            return table.id.in_(ids.bindparams(words).columns(rowid=Integer))  # type: ignore[no-any-return]
        query = func.to_tsquery(literal_column(f"'{dictionary}'"), self.query)
        if table is StatusUpdate:
            return literal_column("status_update.text_search").op("@@")(query)  # made by a migration
        # As the index has it, to the letter: see the migrations that make it.
        whole = " || ' ' || ".join(f"{name}.{column}" for column in columns)
        vector = f"to_tsvector('{dictionary}', translate({whole}, './:@_+-', '       '))"
        return literal_column(vector).op("@@")(query)


def _fields(
    place: int,
    kind: HitKind,
    id_: Any,
    initiative_id: Any,
    title: Any,
    mine: Any,
    *,
    year: Any = None,
    state: Any = None,
    text: Any = None,
) -> Select[Any]:
    return select(
        literal(place).label("place"),
        literal(kind.value).label("kind"),
        id_.label("id"),
        Plan.name.label("plan"),
        Plan.slug.label("plan_slug"),
        Plan.id.label("plan_id"),
        initiative_id.label("initiative_id"),
        title.label("title"),
        mine.label("mine"),
        (cast(null(), Integer) if year is None else year).label("year"),
        (literal("") if state is None else state).label("state"),
        (literal("") if text is None else text).label("text"),
    )


# Beside the title: what an initiative is about, which decision added it and who pays for it.
_SAID = (Initiative.description, Initiative.origin_decision, Initiative.funder)


def _initiatives(rights: Rights, match: _Match) -> Select[Any]:
    """One's own by all that is said of them; others by the title, if they were published under it."""
    update, round_ = aliased(StatusUpdate), aliased(Round)
    published = (
        select(update.id)
        .join(round_, round_.id == update.round_id)
        .where(
            update.initiative_id == Initiative.id,
            update.title == Initiative.title,
            update.state == State.locked,
            round_.state == RoundState.locked,
        )
        .correlate(Initiative)
        .exists()
    )
    mine = visible_to(rights)
    return (
        _fields(
            0,
            HitKind.initiative,
            Initiative.id,
            Initiative.id,
            Initiative.title,
            mine,
            text=case((mine, _SAID[0] + "\n" + _SAID[1] + "\n" + _SAID[2]), else_=""),
        )
        .join(Plan, Plan.id == Initiative.plan_id)
        .where(
            match(Initiative, "title", *(one.name for one in _SAID)),
            Initiative.plan_id.in_(sorted(rights.plans)),
            or_(mine, and_(match(Initiative, "title"), published)),
        )
    )


def _statuses(rights: Rights, match: _Match) -> Select[Any]:
    """By their text: one's own as they stand, and those of locked rounds."""
    mine = visible_to(rights)
    published = and_(StatusUpdate.state == State.locked, Round.state == RoundState.locked)
    return (
        _fields(
            2,
            HitKind.status,
            StatusUpdate.id,
            Initiative.id,
            StatusUpdate.title,
            mine,
            year=Round.year,
            state=type_coerce(StatusUpdate.state, String),
            text=StatusUpdate.text,
        )
        .select_from(StatusUpdate)
        .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
        .join(Round, Round.id == StatusUpdate.round_id)
        .join(Plan, Plan.id == Round.plan_id)
        .where(match(StatusUpdate, "text"), Round.plan_id.in_(sorted(rights.plans)), or_(mine, published))
    )


def _people(rights: Rights, match: _Match, on: date) -> Select[Any]:
    """By their name: who holds a place that one may see, and for the secretariat its whole plan's people."""
    plans, administrations = sorted(rights.secretariat_of), sorted(rights.coordinates)
    held = (
        select(Placement.person_id, Placement.plan_id, Placement.initiative_id)
        .outerjoin(Initiative, Initiative.id == Placement.initiative_id)
        .where(
            holds_on(on),
            # Every place below is in one of these; with them PostgreSQL looks through no others.
            Placement.plan_id.in_(sorted(rights.plans)),
            or_(
                Placement.plan_id.in_(plans),
                Placement.administration_id.in_(administrations),
                and_(Placement.initiative_id.is_not(None), visible_to(rights)),
            ),
        )
    )
    members = select(Membership.person_id, Membership.plan_id, cast(null(), Integer)).where(
        Membership.plan_id.in_(plans)
    )
    places = held.union_all(members).subquery()
    return (
        _fields(
            1,
            HitKind.person,
            Person.id,
            func.min(places.c.initiative_id),
            Person.name,
            Plan.id.in_(plans),
        )
        .select_from(places)
        .join(Person, Person.id == places.c.person_id)
        .join(Plan, Plan.id == places.c.plan_id)
        .where(match(Person, "name", dictionary="simple"))
        .group_by(Person.id, Person.name, Plan.id, Plan.name, Plan.slug)
    )
