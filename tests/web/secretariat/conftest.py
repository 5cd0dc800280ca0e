"""The plan that the tests of the secretariat's pages begin with."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask

from tests.support import make
from tracker.plans.models import MembershipRole


@dataclass(frozen=True)
class Office:
    """Ids of a small plan: two administrations, three initiatives, and who has to do with them.

    The third initiative, in TMF, has no owner.
    """

    lead: int
    secretary: int
    owner: int
    coordinator: int
    stranger: int
    initiatives: tuple[int, int, int]
    plan: str = "here"


@pytest.fixture
def office(app: Flask) -> Office:
    """The plan `here`, without a round."""
    with make.written(app) as session:
        plan = make.plan(session, "here", name="Plan for an open town")
        schools = make.administration(session, plan, "BUF", name="Children and Youth")
        streets = make.administration(session, plan, "TMF", name="Technical and Environmental")
        owner, coordinator = make.person(session, "Olga Owner"), make.person(session, "Carl Coordinator")
        made = (
            make.initiative(session, schools, "Courses for teachers", owner=owner),
            make.initiative(session, schools, "A play for every school", owner=owner),
            make.initiative(session, streets, "Signs in parks"),
        )
        make.placed(session, coordinator, administration=schools)
        return Office(
            lead=make.member(session, plan, MembershipRole.lead, "Lea Lead").id,
            secretary=make.member(session, plan, name="Sam Secretary").id,
            owner=owner.id,
            coordinator=coordinator.id,
            stranger=make.person(session, "Sten Stranger").id,
            initiatives=(made[0].id, made[1].id, made[2].id),
        )


@dataclass(frozen=True)
class OpenRound:
    """The plan's round of 2026, open; the ids of its updates in the order of the initiatives."""

    office: Office
    updates: tuple[int, int, int]


@pytest.fixture
def opened(app: Flask, office: Office) -> OpenRound:
    from tracker.plans.models import Initiative, Plan
    from tracker.plans.queries import plan

    with make.written(app) as session:
        found = plan(session, office.plan)
        assert isinstance(found, Plan)
        round_ = make.open_round(session, found)
        ids = [
            make.update_of(session, session.get_one(Initiative, initiative_id), round_).id
            for initiative_id in office.initiatives
        ]
    return OpenRound(office, (ids[0], ids[1], ids[2]))
