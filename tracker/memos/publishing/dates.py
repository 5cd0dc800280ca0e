"""The dates of a plan that everybody may know: campaigns, application rounds and meetings of committees.

Of an initiative's date nothing is told but its kind, its days and the title under which a public round
printed the initiative; one of which nothing is public has no public date. Of the meetings of a round
only who meets is told. What an official called any other date is told; what it was read from and why it was
moved never is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.deadlines.calendar_files import MOVED_AT, is_shown, revision_of
from tracker.deadlines.models import Deadline, DeadlineKind, DeadlineState, Precision
from tracker.domain.reminders import ObligationKind
from tracker.memos.publishing.history import printed_titles
from tracker.memos.publishing.plans import PublicPlan
from tracker.plans.models import Administration, Committee
from tracker.reminders.calendar_files import Entry, EntryState

KINDS = (DeadlineKind.campaign_window, DeadlineKind.application_round, DeadlineKind.committee_meeting)


@dataclass(frozen=True, slots=True)
class PublicDate:
    """A day or an interval, both ends inclusive; `exact` unless it only says between which days.

    `who` is the committee or administration that it belongs to, or "".
    """

    id: int
    kind: DeadlineKind
    title: str
    who: str
    initiative_id: int | None
    first_on: date
    last_on: date
    exact: bool
    version: int


def public_dates(session: Session, public: PublicPlan) -> list[PublicDate]:
    """The public dates of a plan that were not cancelled, by their first day: two queries."""
    titles = printed_titles(session, public)
    found = (
        select(Deadline, Committee.name, Administration.name)
        .outerjoin(Committee, Committee.id == Deadline.committee_id)
        .outerjoin(Administration, Administration.id == Deadline.administration_id)
        .where(
            Deadline.plan_id == public.plan.id,
            Deadline.kind.in_(KINDS),
            Deadline.state != DeadlineState.cancelled,
        )
        .order_by(Deadline.first_on, Deadline.last_on, Deadline.id)
    )
    return [
        PublicDate(
            id=one.id,
            kind=one.kind,
            title=_title(one, titles, committee or administration or public.plan.council),
            who=committee or administration or "",
            initiative_id=one.initiative_id,
            first_on=one.first_on,
            last_on=one.last_on,
            exact=one.precision is Precision.day,
            version=one.version,
        )
        for one, committee, administration in session.execute(found)
        if one.initiative_id is None or one.initiative_id in titles
    ]


def calendar_entries(session: Session, public: PublicPlan, *, path: str, now: datetime) -> list[Entry]:
    """The same for a calendar, with what was cancelled lately, for calendars must learn it: two queries.

    `path` is of the page that shows the dates.
    """
    titles = printed_titles(session, public)
    found = (
        select(Deadline, Committee.name, Administration.name, MOVED_AT)
        .outerjoin(Committee, Committee.id == Deadline.committee_id)
        .outerjoin(Administration, Administration.id == Deadline.administration_id)
        .where(Deadline.plan_id == public.plan.id, Deadline.kind.in_(KINDS), is_shown(now))
        .order_by(Deadline.last_on, Deadline.id)
    )
    return [
        Entry(
            kind=ObligationKind(one.kind.value),
            id=one.id,
            title=_title(one, titles, committee or administration or public.plan.council),
            plan=public.plan.name,
            path=path,
            state=_STATES[one.state],
            **(revision_of(one, moved_at) | {"words": ""}),
        )
        for one, committee, administration, moved_at in session.execute(found)
        if one.initiative_id is None or one.initiative_id in titles
    ]


def years_of(dates: Sequence[PublicDate]) -> list[int]:
    """The calendar years that the dates touch, in order."""
    return sorted({year for one in dates for year in range(one.first_on.year, one.last_on.year + 1)})


def _title(one: Deadline, titles: dict[int, str], who: str) -> str:
    if one.initiative_id is not None:
        return titles[one.initiative_id]
    return who if one.round_id is not None else one.title


_STATES = {
    DeadlineState.open: EntryState.open,
    DeadlineState.met: EntryState.done,
    DeadlineState.cancelled: EntryState.cancelled,
}
