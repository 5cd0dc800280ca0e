"""Personal form links: one address for one person and one round, which opens their own forms.

The token is derived from the link's row and the installation's secret; the table has only its hash. A link
works while its plan allows links, its round is open, the person is active, holds a place of an owner or
deputy in the round, and has something left to submit. Nothing here commits.
"""

from __future__ import annotations

import hmac
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts import tokens
from tracker.accounts.models import Person
from tracker.audit.actions import record
from tracker.domain.reminders import ObligationKind
from tracker.domain.workflow import WRITABLE
from tracker.mail.letters import LetterContext
from tracker.plans.models import Plan
from tracker.plans.rights import Rights, rights_of
from tracker.rounds.models import Round, RoundState, StatusRevision, StatusUpdate
from tracker.statuses.models import FormLink

VIA = "form_link"
_PURPOSE = "form-link"
_FORMS = frozenset({ObligationKind.status_due, ObligationKind.returned})


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whoever came by a link: the person's rights for the forms of the round, and nothing else.

    `finished`: everything has been submitted, so the link opens nothing.
    """

    link: FormLink
    person: Person
    round: Round
    plan: Plan
    rights: Rights
    finished: bool


def bearer_of(session: Session, token: str, *, secret: bytes, on: date) -> Bearer | None:
    """Whom a token stands for on a day. None alike for one that never was, was revoked or has ended."""
    found = session.execute(
        select(FormLink, Person, Round, Plan)
        .join(Person, Person.id == FormLink.person_id)
        .join(Round, Round.id == FormLink.round_id)
        .join(Plan, Plan.id == Round.plan_id)
        .where(
            FormLink.token_hash == tokens.digest(token),
            FormLink.revoked_at.is_(None),
            Person.active,
            Round.state == RoundState.open,
            Plan.form_links,
        )
    ).one_or_none()
    if found is None or not hmac.compare_digest(derived(found[0], secret).encode(), token.encode()):
        return None
    link, person, round_, plan = found
    states = _forms_of(session, rights_of(session, person.id, administrator=False, on=on), round_.id)
    if not states:
        return None
    return Bearer(
        link=link,
        person=person,
        round=round_,
        plan=plan,
        rights=_narrowed(session, person, set(states), plan.id, on=on),
        finished=not any(state in WRITABLE for state in states.values()),
    )


def _forms_of(session: Session, rights: Rights, round_id: int) -> dict[int, Any]:
    """The states of the person's own updates in a round, by initiative."""
    mine = sorted(rights.owns | rights.deputises)
    found = select(StatusUpdate.initiative_id, StatusUpdate.state).where(
        StatusUpdate.round_id == round_id, StatusUpdate.initiative_id.in_(mine)
    )
    return dict(session.execute(found).all()) if mine else {}


def _narrowed(session: Session, person: Person, initiatives: set[int], plan_id: int, *, on: date) -> Rights:
    whole = rights_of(session, person.id, administrator=False, on=on)
    return Rights(
        person_id=person.id,
        owns=whole.owns & initiatives,
        deputises=whole.deputises & initiatives,
        plans=frozenset({plan_id}),
        via=VIA,
    )


def is_own_text(session: Session, update: StatusUpdate, person: Person) -> bool:
    """Whether what stands in a form was written by this person, or nothing does."""
    if not (update.text or update.reason or update.comment):
        return True
    mine = select(StatusRevision.id).where(
        StatusRevision.update_id == update.id,
        StatusRevision.by_id == person.id,
        StatusRevision.text == update.text,
        StatusRevision.reason == update.reason,
    )
    return session.scalar(mine.limit(1)) is not None


def links_in_letter(
    session: Session, person_id: int | None, items: Iterable[Any], context: LetterContext
) -> Mapping[int, str]:
    """The personal address of each reminder that has one, by the reminder's id; links are made as needed.

    Without the installation's secret, as in a preview, there are none. A link that was revoked is not made
    anew by a letter: its reminders lead to the sign-in again.
    """
    wanted: dict[int, list[int]] = defaultdict(list)
    for one in items:
        if one.obligation_kind in _FORMS:
            wanted[one.obligation_id].append(one.id)
    if not wanted or person_id is None or not context.secret:
        return {}
    rows = session.execute(
        select(StatusUpdate.id, StatusUpdate.initiative_id, StatusUpdate.round_id)
        .join(Round, Round.id == StatusUpdate.round_id)
        .join(Plan, Plan.id == Round.plan_id)
        .where(StatusUpdate.id.in_(wanted), Round.state == RoundState.open, Plan.form_links)
    ).all()
    if not rows:
        return {}
    rights = rights_of(session, person_id, administrator=False, on=clock.local_date(context.now))
    mine = rights.owns | rights.deputises
    return {
        item: f"{context.base_url}/f/{token}/updates/{row.id}"
        for round_id in {row.round_id for row in rows if row.initiative_id in mine}
        if (token := _token_for(session, round_id, person_id, context)) is not None
        for row in rows
        if row.round_id == round_id and row.initiative_id in mine
        for item in wanted[row.id]
    }


def _token_for(session: Session, round_id: int, person_id: int, context: LetterContext) -> str | None:
    link = _newest(session, round_id, person_id) or make(
        session, round_id, person_id, secret=context.secret, by=None, at=context.now
    )
    return derived(link, context.secret) if link.revoked_at is None else None


def make(
    session: Session, round_id: int, person_id: int, *, secret: bytes, by: int | None, at: datetime
) -> FormLink:
    """A link for a person and round, in the place of a revoked one; the one that works stays."""
    link = FormLink(
        round_id=round_id,
        person_id=person_id,
        token_hash=tokens.digest(tokens.new_token()),  # the row's id is needed for its own
        created_at=at,
    )
    try:
        with session.begin_nested():
            session.add(link)
    except IntegrityError:
        working = _newest(session, round_id, person_id)
        assert working is not None
        return working
    link.token_hash = tokens.digest(derived(link, secret))
    session.flush()
    _journal(session, "form_link_made", link, by=by, at=at)
    return link


def revoke(session: Session, link: FormLink, *, by: int | None, at: datetime) -> None:
    """The address opens nothing any more. Where it was revoked before, nothing happens."""
    session.refresh(link, with_for_update=True)
    if link.revoked_at is None:
        link.revoked_at = at
        session.flush()
        _journal(session, "form_link_revoked", link, by=by, at=at)


def derived(link: FormLink, secret: bytes) -> str:
    """The token. Of more than the id: after a restored backup an id may be given a second time."""
    made = int(link.created_at.timestamp())
    return tokens.derive(secret, _PURPOSE, f"{link.id}:{link.round_id}:{link.person_id}:{made}")


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A link as the pages show it. Without its token: only the person's own letters have that."""

    link: FormLink
    name: str
    year: int
    plan: str


def links_of_plan(session: Session, plan_id: int) -> list[LinkLine]:
    """The newest link of each person in the plan's open rounds, by name."""
    return _lines(session, Round.plan_id == plan_id, Round.state == RoundState.open)


def links_of_person(session: Session, person_id: int) -> list[LinkLine]:
    """The person's own links that work as far as round and plan are concerned."""
    return _lines(
        session,
        FormLink.person_id == person_id,
        FormLink.revoked_at.is_(None),
        Round.state == RoundState.open,
        Plan.form_links,
    )


def _lines(session: Session, *which: Any) -> list[LinkLine]:
    newest = select(func.max(FormLink.id)).group_by(FormLink.round_id, FormLink.person_id)
    found = (
        select(FormLink, Person.name, Round.year, Plan.name)
        .join(Person, Person.id == FormLink.person_id)
        .join(Round, Round.id == FormLink.round_id)
        .join(Plan, Plan.id == Round.plan_id)
        .where(FormLink.id.in_(newest), *which)
        .order_by(Person.name_sort, FormLink.id)
    )
    return [LinkLine(*row) for row in session.execute(found)]


def link_of(session: Session, link_id: int, *which: Any) -> FormLink | None:
    """One link, when the conditions hold for it and its round."""
    return session.scalar(
        select(FormLink).join(Round, Round.id == FormLink.round_id).where(FormLink.id == link_id, *which)
    )


def switch(session: Session, plan: Plan, *, on: bool, by: int, at: datetime) -> None:
    """Whether reminders of the plan carry personal links. Where they do not, older ones open nothing."""
    if plan.form_links is on:
        return
    plan.form_links = on
    session.flush()
    record(session, "form_links_switched", "plan", plan.id, by=by, at=at, plan_id=plan.id, on=on)


def _newest(session: Session, round_id: int, person_id: int) -> FormLink | None:
    return session.scalar(
        select(FormLink)
        .where(FormLink.round_id == round_id, FormLink.person_id == person_id)
        .order_by(FormLink.id.desc())
        .limit(1)
    )


def _journal(session: Session, fact: str, link: FormLink, *, by: int | None, at: datetime) -> None:
    plan_id = session.scalar(select(Round.plan_id).where(Round.id == link.round_id))
    record(
        session,
        fact,
        "form_link",
        link.id,
        by=by,
        at=at,
        plan_id=plan_id,
        round_id=link.round_id,
        person_id=link.person_id,
    )
