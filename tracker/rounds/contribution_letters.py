"""The letter to a coordinator whose administration's contribution the committee has sent back."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.models import Person
from tracker.domain.contributions import ContributionState
from tracker.domain.reminders import Place
from tracker.mail import outbox
from tracker.mail.letters import Letter, LetterContext, LetterKind
from tracker.mail.letters import register as register_kind
from tracker.mail.models import Mail
from tracker.mail.rendering import letter_from
from tracker.plans.models import Administration
from tracker.plans.people import people_of_plan
from tracker.rounds.models import Contribution, Round

KIND = "contribution_sent_back"


def register() -> None:
    register_kind(LetterKind(name=KIND, render=_render, still_wanted=_still_wanted))


def queue_sent_back(session: Session, contribution: Contribution, *, plan_id: int, at: datetime) -> None:
    """Tell the coordinators; without one, nobody: the secretariat has written it down itself."""
    people = people_of_plan(session, plan_id, on=clock.local_date(at))
    held = people.by_administration.get(contribution.administration_id, ())
    coordinators = [person_id for place, person_id in held if place is Place.coordinator]
    for person_id in dict.fromkeys(coordinators):
        outbox.queue(
            session,
            kind=KIND,
            dedupe_key=f"{KIND}:{contribution.id}:{at.astimezone(UTC):%Y%m%dT%H%M%S.%f}:{person_id}",
            person_id=person_id,
            address=session.get_one(Person, person_id).email,
            payload={"contribution_id": contribution.id},
            plan_id=plan_id,
            at=at,
        )


def _render(session: Session, mail: Mail, context: LetterContext) -> Letter:
    """To the coordinator: the committee sent it back. What it asks for stands behind the sign-in."""
    contribution = session.get_one(Contribution, mail.payload["contribution_id"])
    return letter_from(
        KIND,
        context,
        administration=session.get_one(Administration, contribution.administration_id).name,
        year=session.get_one(Round, contribution.round_id).year,
        treated_on=contribution.treated_on,
        link=f"{context.base_url}/administrations/{contribution.administration_id}",
    )


def _still_wanted(session: Session, mail: Mail) -> str | None:
    contribution = session.get_one(Contribution, mail.payload["contribution_id"])
    again = contribution.state is ContributionState.collecting
    return None if again else "the contribution has been signed off again"
