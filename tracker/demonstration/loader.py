"""Laying the demonstration plan into an empty database."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.accounts.models import Language, Person
from tracker.accounts.passwords import hash_password
from tracker.deadlines.models import Deadline, DeadlineKind, DeadlineState, Precision
from tracker.deadlines.queries import open_obligations
from tracker.demonstration import content, values
from tracker.demonstration.meanwhile import change_milestones, keep_forecast, send_away
from tracker.domain.danish_order import sort_key
from tracker.domain.reminders import Place
from tracker.memos.editions import freeze_final
from tracker.plans.models import (
    Administration,
    Committee,
    Initiative,
    Membership,
    MembershipRole,
    Origin,
    Placement,
    Plan,
    Standing,
)
from tracker.reminders.actions import replan
from tracker.rounds.models import Round
from tracker.statuses.history import PrintedStatus, record_locked_round

PASSWORD = "Demonstration-42"
_ROLES = {role.value: role for role in MembershipRole}


def load_demonstration(session: Session, *, at: datetime) -> Plan:
    """Add the demonstration plan with its people and last year's locked round, unless it is there.

    Dates still to come move by whole weeks, so that they are still to come whenever it is loaded.
    Everybody's password is PASSWORD.
    """
    demonstration = content.load()
    there = session.scalar(select(Plan).where(Plan.slug == demonstration.plan.slug))
    return there or _Loader(session, demonstration, at).load()


class _Loader:
    def __init__(self, session: Session, demonstration: values.DemonstrationPlan, at: datetime) -> None:
        self.session = session
        self.content = demonstration
        self.at = at
        weeks = max(0, (clock.local_date(at) - demonstration.today).days // 7)
        self.later = timedelta(weeks=weeks)
        self.people: dict[str, Person] = {}
        self.administrations: dict[str, Administration] = {}
        self.committees: dict[str, Committee] = {}
        self.initiatives: dict[str, Initiative] = {}

    def load(self) -> Plan:
        self.plan = self._plan()
        self._people()
        self._administrations()
        self._initiatives()
        self._placements()
        rounds = self._rounds()
        self._deadlines(rounds)
        today = clock.local_date(self.at)
        replan(self.session, open_obligations(self.session, today=today, plan_id=self.plan.id), now=self.at)
        self._meanwhile()
        return self.plan

    def _meanwhile(self) -> None:
        lead = self.people[self.content.people_with("lead")[0].key]
        change_milestones(self.session, self.plan, by=lead, at=self.at)
        keep_forecast(self.session, self.plan, by=lead, at=self.at)
        covered = next(
            one for one in self.content.initiatives if one.deputy and one.owner and not one.owner.last
        )
        assert covered.owner is not None
        send_away(self.session, self.people[covered.owner.person], by=lead, at=self.at)

    def _moved(self, day: date) -> date:
        return day + self.later if day >= self.content.today else day

    def _plan(self) -> Plan:
        head = self.content.plan
        plan = Plan(
            slug=head.slug,
            name=head.name,
            authority=head.authority,
            office=head.office,
            coordinating_administration=self.content.administration(head.coordinating_administration).name,
            council=self.content.committee(head.city_council).name,
            first_year=head.first_year,
            last_year=head.last_year,
            created_at=self.at,
        )
        self.session.add(plan)
        self.session.flush()
        return plan

    def _people(self) -> None:
        password_hash = hash_password(PASSWORD)
        for person in self.content.people:
            left = person.left_on is not None
            self.people[person.key] = Person(
                name=person.name,
                name_sort=sort_key(person.name),
                email=person.email,
                language=Language(person.language),
                password_hash=password_hash,
                is_administrator="administrator" in person.roles,
                active=not left,
                created_at=self.at,
                deactivated_at=_midnight(person.left_on) if person.left_on else None,
            )
        self.session.add_all(self.people.values())
        self.session.flush()
        self.session.add_all(
            Membership(
                plan_id=self.plan.id,
                person_id=self.people[person.key].id,
                role=_ROLES[role],
                created_at=self.at,
            )
            for person in self.content.people
            for role in person.roles
            if role in _ROLES
        )

    def _administrations(self) -> None:
        for administration in self.content.administrations:
            self.administrations[administration.code] = Administration(
                plan_id=self.plan.id,
                code=administration.code,
                name=administration.name,
                position=administration.order,
            )
        self.session.add_all(self.administrations.values())
        self.session.flush()
        for committee in self.content.committees:
            of = self.administrations[committee.administration].id if committee.administration else None
            self.committees[committee.code] = Committee(
                plan_id=self.plan.id, code=committee.code, name=committee.name, administration_id=of
            )
        self.session.add_all(self.committees.values())
        self.session.flush()

    def _initiatives(self) -> None:
        for one in self.content.initiatives:
            self.initiatives[one.key] = Initiative(
                plan_id=self.plan.id,
                administration_id=self.administrations[one.administration].id,
                position=one.number,
                title=one.title,
                standing=Standing.active,
                origin=Origin(one.origin.kind),
                origin_decision=one.origin.decision or "",
                origin_on=one.origin.decided_on,
                funder=one.funder or "",
                deciding_committee_id=self.committees[one.committee].id if one.committee else None,
                first_year=one.first_year,
                last_year=one.last_year,
                created_at=self.at,
            )
        self.session.add_all(self.initiatives.values())
        self.session.flush()

    def _placements(self) -> None:
        start = date(self.content.plan.first_year, 1, 1)
        held: list[Placement] = []
        for one in self.content.initiatives:
            for place, holder in ((Place.owner, one.owner), (Place.deputy, one.deputy)):
                if holder is not None:
                    held.append(
                        Placement(
                            plan_id=self.plan.id,
                            place=place,
                            initiative_id=self.initiatives[one.key].id,
                            person_id=self.people[holder.person].id,
                            from_on=holder.first,
                            until_on=self._moved(holder.last) if holder.last else None,
                        )
                    )
        held.extend(
            Placement(
                plan_id=self.plan.id,
                place=place,
                administration_id=self.administrations[person.administration].id,
                person_id=self.people[person.key].id,
                from_on=start,
            )
            for person in self.content.people
            for place in (Place.coordinator, Place.head)
            if place.value in person.roles and person.administration
        )
        self.session.add_all(held)
        self.session.flush()

    def _rounds(self) -> dict[int, Round]:
        rounds: dict[int, Round] = {}
        for year in (one for one in self.content.rounds if one.locked_on):
            assert year.locked_on is not None
            statuses = [
                PrintedStatus(
                    initiative=self.initiatives[one.key],
                    number=one.number,
                    title=one.title,
                    text=one.text,
                    progress=one.state,
                    reason=one.reason or "",
                )
                for one in self.content.initiatives
            ]
            locked_at = _midnight(year.locked_on)
            rounds[year.year] = record_locked_round(
                self.session,
                plan_id=self.plan.id,
                year=year.year,
                statuses=statuses,
                by=None,
                at=locked_at,
            )
            freeze_final(self.session, self.plan, rounds[year.year], by=None, at=locked_at)
        return rounds

    def _deadlines(self, rounds: dict[int, Round]) -> None:
        for one in self.content.deadlines:
            if one.kind == DeadlineKind.status_due.value:
                continue  # a round makes these itself when it is opened
            round_ = rounds.get(one.round) if one.round else None
            initiative = self.initiatives[one.initiative] if one.initiative else None
            state = DeadlineState(one.state)
            self.session.add(
                Deadline(
                    plan_id=self.plan.id,
                    initiative_id=initiative.id if initiative else None,
                    committee_id=self.committees[one.committee].id if one.committee else None,
                    round_id=round_.id if round_ else None,
                    kind=DeadlineKind(one.kind),
                    title=one.title,
                    first_on=self._moved(one.first),
                    last_on=self._moved(one.last),
                    precision=Precision(one.precision),
                    open_end=one.open_end,
                    words=one.words if not self.later else "",
                    state=state,
                    created_at=self.at,
                    settled_at=None if state is DeadlineState.open else self.at,
                )
            )
        self.session.flush()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)
