"""The tables of an evidence pack: who was asked, who answered, who returned what, which committee treated it.

No text stands in them that was never submitted, and nothing that lets anybody in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.deadlines.models import Deadline
from tracker.domain.reminders import ObligationKind
from tracker.domain.workflow import AWAITING_APPROVAL, SETTLED
from tracker.mail.models import Mail
from tracker.memos.models import Edition
from tracker.plans.models import Administration, Initiative
from tracker.plans.sheets.writing import Cell
from tracker.reminders.models import ReminderItem
from tracker.rounds.models import Contribution, RevisionKind, Round, StatusRevision, StatusUpdate
from tracker.statuses.references import PRINTED_ORDER

# What an owner saved on the way was never handed in.
HANDED_IN = frozenset(RevisionKind) - {RevisionKind.saved}
OF_ROUNDS = (ObligationKind.status_due, ObligationKind.returned, ObligationKind.review)
WITHOUT_TEXT = frozenset({RevisionKind.returned})


@dataclass(frozen=True, slots=True)
class EvidenceTable:
    """A table of the pack: `name` is its file."""

    name: str
    headers: Sequence[str]
    rows: Iterator[list[Cell]]


@dataclass(frozen=True, slots=True)
class Scope:
    """What belongs to a round, and the names of people by id."""

    round: Round
    updates: dict[int, str]
    contributions: dict[int, str]
    names: dict[int, str]

    def name(self, person_id: int | None) -> str:
        return self.names.get(person_id or 0, "")


def scope_of(session: Session, round_: Round) -> Scope:
    """Three queries; `updates` and `contributions` are named by title and administration."""
    updates = (
        select(StatusUpdate.id, StatusUpdate.title, Initiative.title)
        .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
        .where(StatusUpdate.round_id == round_.id)
    )
    contributions = (
        select(Contribution.id, Administration.name)
        .join(Administration, Administration.id == Contribution.administration_id)
        .where(Contribution.round_id == round_.id)
    )
    return Scope(
        round_,
        {row[0]: row[1] or row[2] for row in session.execute(updates)},
        {row[0]: row[1] for row in session.execute(contributions)},
        {row[0]: row[1] for row in session.execute(select(Person.id, Person.name))},
    )


def tables(
    session: Session, scope: Scope, editions: Sequence[tuple[str, Edition]]
) -> Iterator[EvidenceTable]:
    """The tables in the order in which one reads them. `editions` are named by the stem of their files."""
    yield EvidenceTable("asked.csv", _ASKED, _asked(session, scope))
    yield EvidenceTable("answers.csv", _ANSWERS, _answers(session, scope))
    yield EvidenceTable("revisions.csv", _REVISIONS, _revisions(session, scope))
    yield EvidenceTable("contributions.csv", _CONTRIBUTIONS, _contributions(session, scope))
    yield EvidenceTable("editions.csv", _EDITIONS, _editions(session, scope, editions))


_ASKED = ("mail", "kind", "state", "person", "name", "address", "subject", "queued_at", "dated_at",
          "settled_at", "about")  # fmt: skip
_ANSWERS = ("update", "number", "initiative", "administration", "state", "outcome", "due_on",
            "first_opened_at", "submitted_at", "submitted_by", "returned_at", "approved_at", "approved_by",
            "approved_revision", "reason")  # fmt: skip
_REVISIONS = ("revision", "update", "initiative", "number", "kind", "at", "by", "progress", "remark", "text",
              "text_sha256")  # fmt: skip
_CONTRIBUTIONS = ("contribution", "administration", "state", "signed_off_at", "signed_off_by", "treated_on",
                  "item_number", "decision", "decision_note", "treated_at", "treated_by", "consolidated_at",
                  "consolidated_by")  # fmt: skip
_EDITIONS = ("id", "file", "kind", "version", "administration", "created_at", "created_by", "hash",
             "journal_head")  # fmt: skip


def _asked(session: Session, scope: Scope) -> Iterator[list[Cell]]:
    """Every letter about the round's statuses and contributions, in the order in which they were queued."""
    of_round = (
        ReminderItem.plan_id == scope.round.plan_id,
        ReminderItem.obligation_kind.in_(OF_ROUNDS),
        ReminderItem.mail_id.is_not(None),
    )
    items = (
        select(ReminderItem.mail_id, ReminderItem.obligation_id).where(*of_round).order_by(ReminderItem.id)
    )
    about: dict[int, list[int]] = {}
    for mail_id, update_id in session.execute(items):
        if mail_id is not None and update_id in scope.updates:
            about.setdefault(mail_id, []).append(update_id)
    letters = select(
        Mail.id, Mail.kind, Mail.state, Mail.person_id, Mail.address, Mail.subject, Mail.created_at,
        Mail.dated_at, Mail.settled_at, Mail.payload,
    ).where(
        or_(
            Mail.plan_id == scope.round.plan_id, Mail.id.in_(select(ReminderItem.mail_id).where(*of_round))
        ),
        Mail.created_at >= scope.round.opened_at,
    )  # fmt: skip
    for row in session.execute(letters.order_by(Mail.id).execution_options(yield_per=500)):
        named = about.get(row.id) or _named(row.payload, scope)
        if named is None:
            continue
        titles = [scope.updates[one] for one in dict.fromkeys(named)]
        yield [
            row.id, row.kind, row.state.value, row.person_id, scope.name(row.person_id), row.address,
            row.subject, _at(row.created_at), _at(row.dated_at), _at(row.settled_at), "; ".join(titles),
        ]  # fmt: skip


def _named(payload: dict[str, object], scope: Scope) -> list[int] | None:
    """The statuses that a letter's own ids name; None where it is not about the round."""
    if payload.get("update_id") in scope.updates:
        return [int(str(payload["update_id"]))]
    if payload.get("round_id") == scope.round.id:
        named = payload.get("update_ids")
        return [one for one in named if one in scope.updates] if isinstance(named, list) else []
    return [] if payload.get("contribution_id") in scope.contributions else None


def _answers(session: Session, scope: Scope) -> Iterator[list[Cell]]:
    found = (
        select(StatusUpdate, Administration.name, Deadline.last_on)
        .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
        .join(Administration, Administration.id == Initiative.administration_id)
        .outerjoin(Deadline, Deadline.id == StatusUpdate.deadline_id)
        .where(StatusUpdate.round_id == scope.round.id)
        .order_by(*PRINTED_ORDER)
    )
    for index, (one, administration, due_on) in enumerate(session.execute(found), start=1):
        told = one.state in SETTLED | AWAITING_APPROVAL
        yield [
            one.id, one.number or index, scope.updates[one.id], administration, one.state.value,
            one.outcome.value if told and one.outcome else "", _day(due_on), _at(one.first_opened_at),
            _at(one.submitted_at), scope.name(one.submitted_by_id), _at(one.returned_at),
            _at(one.approved_at), scope.name(one.approved_by_id), one.approved_revision_id,
            one.reason if told else "",
        ]  # fmt: skip


def _revisions(session: Session, scope: Scope) -> Iterator[list[Cell]]:
    found = (
        select(StatusRevision)
        .join(StatusUpdate, StatusUpdate.id == StatusRevision.update_id)
        .where(StatusUpdate.round_id == scope.round.id, StatusRevision.kind.in_(HANDED_IN))
        .order_by(StatusRevision.update_id, StatusRevision.number)
        .execution_options(yield_per=500)
    )
    for one in session.scalars(found):
        yield [
            one.id, one.update_id, scope.updates[one.update_id], one.number, one.kind.value, _at(one.at),
            scope.name(one.by_id), one.progress.value, one.remark,
            "" if one.kind in WITHOUT_TEXT else one.text,
            hashlib.sha256(one.text.encode("utf-8", "surrogatepass")).hexdigest(),
        ]  # fmt: skip


def _contributions(session: Session, scope: Scope) -> Iterator[list[Cell]]:
    found = select(Contribution).where(Contribution.round_id == scope.round.id).order_by(Contribution.id)
    for one in session.scalars(found):
        yield [
            one.id, scope.contributions[one.id], one.state.value, _at(one.signed_off_at),
            scope.name(one.signed_off_by_id), _day(one.treated_on), one.item_number,
            one.decision.value if one.decision else "", one.decision_note, _at(one.treated_at),
            scope.name(one.treated_by_id), _at(one.consolidated_at), scope.name(one.consolidated_by_id),
        ]  # fmt: skip


def _editions(
    session: Session, scope: Scope, editions: Sequence[tuple[str, Edition]]
) -> Iterator[list[Cell]]:
    own = select(Administration.id, Administration.name).where(Administration.plan_id == scope.round.plan_id)
    names: dict[int | None, str] = {row[0]: row[1] for row in session.execute(own)}
    for name, one in editions:
        yield [
            one.id, name, one.kind.value, one.version, names.get(one.administration_id, ""),
            _at(one.created_at),
            scope.name(one.created_by_id), one.hash, one.journal_head,
        ]  # fmt: skip


def _at(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
