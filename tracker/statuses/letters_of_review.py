"""The letters of reading a status: mended or corrected, more time asked for and answered, signed off no more.

What was written stands behind the sign-in: a letter says that something happened, and where to see it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker import clock
from tracker.accounts.models import Person
from tracker.domain.contributions import ContributionState
from tracker.domain.reminders import Place
from tracker.domain.workflow import WRITABLE
from tracker.mail import outbox
from tracker.mail.letters import Letter, LetterContext, LetterKind
from tracker.mail.letters import register as register_kind
from tracker.mail.models import Mail
from tracker.mail.rendering import letter_from
from tracker.plans.models import Initiative
from tracker.plans.people import PlanPeople, people_of_plan
from tracker.rounds.models import Contribution, StatusUpdate
from tracker.statuses.models import Correction, MoreTimeRequest

_WRITERS = frozenset({Place.owner, Place.deputy})


def register() -> None:
    for kind in (
        LetterKind(name="mended", render=_render_changed),
        LetterKind(name="corrected", render=_render_changed),
        LetterKind(name="more_time_asked", render=_render_request, still_wanted=_still_asked),
        LetterKind(name="more_time_answered", render=_render_request),
        LetterKind(name="contribution_reopened", render=_render, still_wanted=_still_unsigned),
        LetterKind(name="correction_proposed", render=_render, still_wanted=_still_proposed),
    ):
        register_kind(kind)


def queue_mended(session: Session, update: StatusUpdate, *, revision: int, by: Person, at: datetime) -> None:
    """Tell owner, active deputy and whoever submitted that the secretariat has changed something."""
    readers = [*_writers(session, update, at=at), update.submitted_by_id]
    _queue(session, "mended", update, readers, besides=by, at=at, revision=revision)


def queue_corrected(
    session: Session, update: StatusUpdate, *, revision: int, by: Person, at: datetime
) -> None:
    """Tell owner and active deputy that the printed text was corrected."""
    readers = _writers(session, update, at=at)
    _queue(session, "corrected", update, readers, besides=by, at=at, revision=revision)


def queue_more_time_asked(
    session: Session, update: StatusUpdate, request: MoreTimeRequest, *, by: Person, at: datetime
) -> None:
    """Tell the secretariat that somebody asks for more time."""
    office = [person_id for _, person_id in _people(session, update, at=at).secretariat]
    _queue(session, "more_time_asked", update, office, besides=by, at=at, request_id=request.id)


def queue_more_time_answered(
    session: Session, update: StatusUpdate, request: MoreTimeRequest, *, by: Person, at: datetime
) -> None:
    """Tell whoever asked, and the owner, what the secretariat answered."""
    held = _people(session, update, at=at).by_initiative.get(update.initiative_id, ())
    owners = [person_id for place, person_id in held if place is Place.owner]
    readers = [request.asked_by_id, *owners]
    _queue(session, "more_time_answered", update, readers, besides=None, at=at, request_id=request.id)


def queue_contribution_reopened(
    session: Session, update: StatusUpdate, contribution: Contribution, *, by: Person, at: datetime
) -> None:
    """Tell the administration's coordinators that their contribution is to be signed off anew."""
    held = _people(session, update, at=at).by_administration.get(contribution.administration_id, ())
    coordinators = [person_id for place, person_id in held if place is Place.coordinator]
    named = {"contribution_id": contribution.id}
    _queue(session, "contribution_reopened", update, coordinators, besides=by, at=at, **named)


def queue_correction_proposed(
    session: Session, update: StatusUpdate, correction: Correction, *, by: Person, at: datetime
) -> None:
    """Tell the others of the secretariat that a correction waits for one of them."""
    office = [person_id for _, person_id in _people(session, update, at=at).secretariat]
    _queue(session, "correction_proposed", update, office, besides=by, at=at, correction_id=correction.id)


def _queue(
    session: Session,
    kind: str,
    update: StatusUpdate,
    readers: Iterable[int | None],
    *,
    besides: Person | None,
    at: datetime,
    **named: int,
) -> None:
    """One letter to each who is still there; whoever did it is not told of it.

    The key has the instant: in a restored database another row may get the number of one that was told of.
    """
    about = next(iter(named.values()))
    for person_id in dict.fromkeys(readers):
        if person_id is None or (besides is not None and person_id == besides.id):
            continue
        person = session.get_one(Person, person_id)
        if not person.active:
            continue
        outbox.queue(
            session,
            kind=kind,
            dedupe_key=f"{kind}:{about}:{at.astimezone(UTC):%Y%m%dT%H%M%S.%f}:{person_id}",
            person_id=person_id,
            address=person.email,
            payload={"update_id": update.id, **named},
            plan_id=update.round.plan_id,
            at=at,
            expires_at=at + outbox.NOTICE_EXPIRES_AFTER,
        )


def _people(session: Session, update: StatusUpdate, *, at: datetime) -> PlanPeople:
    return people_of_plan(
        session, update.round.plan_id, on=clock.local_date(at), initiative_ids=[update.initiative_id]
    )


def _writers(session: Session, update: StatusUpdate, *, at: datetime) -> list[int]:
    held = _people(session, update, at=at).by_initiative.get(update.initiative_id, ())
    return [person_id for place, person_id in held if place in _WRITERS]


def _update(session: Session, mail: Mail) -> StatusUpdate:
    found = (
        select(StatusUpdate)
        .options(
            joinedload(StatusUpdate.initiative).joinedload(Initiative.administration),
            joinedload(StatusUpdate.round),
        )
        .where(StatusUpdate.id == mail.payload["update_id"])
    )
    return session.scalars(found).one()


def _values(session: Session, mail: Mail, context: LetterContext) -> dict[str, Any]:
    update = _update(session, mail)
    return {
        "title": update.initiative.title,
        "administration": update.initiative.administration.name,
        "year": update.round.year,
        "link": f"{context.base_url}/updates/{update.id}",
    }


def _render(session: Session, mail: Mail, context: LetterContext) -> Letter:
    return letter_from(mail.kind, context, **_values(session, mail, context))


def _render_changed(session: Session, mail: Mail, context: LetterContext) -> Letter:
    """To whoever wrote it: the way to a page that shows word by word what was changed."""
    values = _values(session, mail, context)
    link = f"{context.base_url}/my/updates/{mail.payload['update_id']}/changes"
    return letter_from(mail.kind, context, **{**values, "link": link})


def _render_request(session: Session, mail: Mail, context: LetterContext) -> Letter:
    """About a request for more time: the day wished for, and the day that was given, if any."""
    request = session.get_one(MoreTimeRequest, mail.payload["request_id"])
    values = _values(session, mail, context)
    if mail.kind == "more_time_answered":
        values["link"] = f"{context.base_url}/my/updates/{request.update_id}/more-time"
    return letter_from(
        mail.kind,
        context,
        **values,
        wished_on=request.wished_on,
        granted_on=request.granted_on,
    )


def _still_asked(session: Session, mail: Mail) -> str | None:
    request = session.get_one(MoreTimeRequest, mail.payload["request_id"])
    if request.answered_at is not None:
        return "the request has been answered"
    waits = _update(session, mail).state in WRITABLE
    return None if waits else "the status has been submitted meanwhile"


def _still_unsigned(session: Session, mail: Mail) -> str | None:
    contribution = session.get_one(Contribution, mail.payload["contribution_id"])
    collecting = contribution.state is ContributionState.collecting
    return None if collecting else "the contribution has been signed off again"


def _still_proposed(session: Session, mail: Mail) -> str | None:
    correction = session.get_one(Correction, mail.payload["correction_id"])
    return None if correction.answered_at is None else "the correction has been answered"
