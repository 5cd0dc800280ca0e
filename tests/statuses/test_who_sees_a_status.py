"""One status is shown to exactly those to whom the lists show its initiative."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.support import make
from tests.support.year import Year
from tracker.domain.reminders import Place
from tracker.plans.models import Initiative, MembershipRole
from tracker.plans.rights import visible_to
from tracker.rounds.queries import update_for

pytestmark = pytest.mark.both_databases


def test_a_status_and_the_lists_are_shown_to_the_same_people(year: Year) -> None:
    session = year.session
    people = {name: make.person(session, name) for name in ("deputy", "head", "stranger")}
    people |= {"owner": year.owner, "coordinator": year.coordinator, "secretary": year.secretary}
    make.placed(session, people["deputy"], initiative=year.initiative, place=Place.deputy)
    make.placed(session, people["head"], administration=year.administration, place=Place.head)
    people |= {
        role.value: make.member(session, year.plan, role)
        for role in (MembershipRole.lead, MembershipRole.reader)
    }
    shown = {}
    for name, person in people.items():
        rights = year.rights(person)
        listed = session.scalars(select(Initiative.id).where(visible_to(rights))).all()
        shown[name] = update_for(session, rights, year.update.id) is not None
        assert (listed == [year.initiative.id]) is shown[name], name
    assert {name for name, sees in shown.items() if sees} == {
        "owner",
        "deputy",
        "coordinator",
        "secretary",
        "lead",
    }
