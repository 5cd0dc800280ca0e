"""The letters of a round: a receipt to the owner, a notice to the secretariat, a returned status."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker import clock
from tracker.accounts.models import Person
from tracker.accounts.queries import addresses
from tracker.domain.reminders import Place
from tracker.domain.workflow import State
from tracker.mail import outbox
from tracker.mail.letters import Letter, LetterContext, LetterKind
from tracker.mail.letters import register as register_kind
from tracker.mail.models import Mail
from tracker.mail.rendering import letter_from
from tracker.plans.people import PlanPeople, people_of_plan
from tracker.rounds.models import StatusRevision, StatusUpdate
from tracker.statuses.revisions import Fixed


def register() -> None:
    register_kind(LetterKind(name="receipt", render=_render_receipt))
    register_kind(LetterKind(name="submitted", render=_render_submitted, still_wanted=_still_submitted))
    register_kind(LetterKind(name="returned", render=_render_returned, still_wanted=_still_returned))


def queue_submitted(
    session: Session, update: StatusUpdate, revision: Fixed, people: PlanPeople, *, by: Person, at: datetime
) -> None:
    """A receipt to whoever submitted and to the owner, and a notice to each member of the secretariat."""
    held = people.by_initiative.get(update.initiative_id, ())
    owners = [person_id for place, person_id in held if place is Place.owner]
    letters = [("receipt", person_id) for person_id in dict.fromkeys([by.id, *owners])]
    letters += [("submitted", person_id) for _, person_id in people.secretariat if person_id != by.id]
    known = {by.id: by.email}
    known |= addresses(session, {person_id for _, person_id in letters} - known.keys())
    _queue(session, letters, known, update, revision, at=at)


def queue_returned(session: Session, update: StatusUpdate, revision: Fixed, *, at: datetime) -> None:
    """Tell the owner, and an active deputy, that the status came back and why."""
    people = people_of_plan(
        session,
        update.round.plan_id,
        on=clock.local_date(at),
        initiative_ids=[update.initiative_id],
    )
    writers = [
        person_id
        for place, person_id in people.by_initiative.get(update.initiative_id, ())
        if place in {Place.owner, Place.deputy}
    ]
    letters = [("returned", person_id) for person_id in dict.fromkeys(writers)]
    _queue(session, letters, addresses(session, writers), update, revision, at=at)


def _queue(
    session: Session,
    letters: Iterable[tuple[str, int]],
    known: dict[int, str],
    update: StatusUpdate,
    revision: Fixed,
    *,
    at: datetime,
) -> None:
    """A letter of each kind to each person, whose addresses are `known`."""
    # With the instant: in a restored database another version may get the number of one that was told of.
    written = f"{revision.number}:{revision.at.astimezone(UTC):%Y%m%dT%H%M%S.%f}"
    rows = [
        outbox.row_for(
            kind=kind,
            dedupe_key=f"{kind}:{update.id}:{written}:{person_id}",
            person_id=person_id,
            address=known[person_id],
            payload={"update_id": update.id, "revision": revision.number},
            plan_id=update.round.plan_id,
            at=at,
        )
        for kind, person_id in letters
    ]
    outbox.queue_all(session, rows)


def _update(session: Session, mail: Mail) -> StatusUpdate:
    found = (
        select(StatusUpdate)
        .options(
            joinedload(StatusUpdate.initiative),
            joinedload(StatusUpdate.round),
            joinedload(StatusUpdate.deadline),
        )
        .where(StatusUpdate.id == mail.payload["update_id"])
    )
    return session.scalars(found).one()


def _letter(session: Session, mail: Mail, context: LetterContext) -> Letter:
    """The text of a status and the remark stand behind the sign-in, never in a letter."""
    update = _update(session, mail)
    return letter_from(
        mail.kind,
        context,
        title=update.initiative.title,
        year=update.round.year,
        due_on=update.deadline.last_on if update.deadline else None,
        submitted_at=_fixed_at(session, mail),
        link=f"{context.base_url}/updates/{update.id}",
    )


def _fixed_at(session: Session, mail: Mail) -> datetime | None:
    """When the letter's revision was fixed: it stays so when the status is withdrawn meanwhile."""
    return session.scalar(
        select(StatusRevision.at).where(
            StatusRevision.update_id == mail.payload["update_id"],
            StatusRevision.number == mail.payload["revision"],
        )
    )


def _render_receipt(session: Session, mail: Mail, context: LetterContext) -> Letter:
    """To the owner: we have received it, and when."""
    return _letter(session, mail, context)


def _render_submitted(session: Session, mail: Mail, context: LetterContext) -> Letter:
    """To the secretariat: a status waits to be read."""
    return _letter(session, mail, context)


def _render_returned(session: Session, mail: Mail, context: LetterContext) -> Letter:
    """To the owner: please change something, by this date. The remark stands behind the sign-in."""
    return _letter(session, mail, context)


def _still_submitted(session: Session, mail: Mail) -> str | None:
    waits = _update(session, mail).state in {State.submitted, State.in_review}
    return None if waits else "the status no longer waits to be read"


def _still_returned(session: Session, mail: Mail) -> str | None:
    return None if _update(session, mail).state is State.returned else "the status is no longer returned"
