"""Vacant initiatives: told of on the same day, once, and to those who can hand them over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.mail.post import Post, open_post, person, server_at
from tests.reminders.office import TODAY, at
from tests.support.smtp import Peer
from tracker.accounts.models import Person
from tracker.clockwork import Clockwork
from tracker.domain.reminders import Place
from tracker.plans import vacancies
from tracker.plans.models import (
    Administration,
    Initiative,
    Membership,
    MembershipRole,
    Origin,
    Placement,
    Plan,
    Standing,
)

pytestmark = pytest.mark.both_databases

vacancies.register()
LONG_AGO = date(2020, 1, 1)
OFFICE, LEAD = "office@example.com", "lead@example.com"


@dataclass
class House:
    """A plan with a secretariat of two, one of whom is its lead as well, and ticks that pass."""

    post: Post
    owners: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with self.post.sessions.begin() as session:
            plan = Plan(slug="plan", name="Handleplan for ligebehandling", created_at=at(TODAY))
            session.add(plan)
            session.flush()
            administration = Administration(plan_id=plan.id, code="A", name="Kultur", position=1)
            session.add(administration)
            session.flush()
            self.plan_id, self.administration_id = plan.id, administration.id
            office = person(session, OFFICE, name="Dina Quist")
            lead = person(session, LEAD, name="Eva Lund", language="en")
            roles = (
                (office, MembershipRole.secretariat),
                (lead, MembershipRole.secretariat),
                (lead, MembershipRole.lead),
            )
            for member, role in roles:
                session.add(Membership(plan_id=plan.id, person_id=member.id, role=role, created_at=at(TODAY)))
        self.works = Clockwork(
            self.post.engine, self.post.dispatcher(), "test", obligations=lambda _session, _today: iter(())
        )

    def initiative(self, title: str, *, until: date | None = None, owned: bool = True) -> int:
        """An initiative; unless it is not `owned`, with an owner until a day."""
        with self.post.sessions.begin() as session:
            made = Initiative(
                plan_id=self.plan_id,
                administration_id=self.administration_id,
                position=len(self.owners) + 1,
                title=title,
                standing=Standing.active,
                origin=Origin.original,
                created_at=at(TODAY),
            )
            session.add(made)
            session.flush()
            self.owners[made.id] = person(session, f"owner{made.id}@example.com").id
            if owned:
                self._place(session, made.id, self.owners[made.id], LONG_AGO, until)
            return made.id

    def _place(
        self,
        session: Session,
        initiative_id: int,
        person_id: int,
        from_on: date,
        until_on: date | None = None,
    ) -> None:
        session.add(
            Placement(
                plan_id=self.plan_id,
                place=Place.owner,
                initiative_id=initiative_id,
                person_id=person_id,
                from_on=from_on,
                until_on=until_on,
            )
        )

    def hand_over(self, initiative_id: int, *, on: date) -> None:
        with self.post.sessions.begin() as session:
            new = person(session, f"new{initiative_id}@example.com")
            self._place(session, initiative_id, new.id, on)

    def deactivate(self, initiative_id: int) -> None:
        with self.post.sessions.begin() as session:
            session.get_one(Person, self.owners[initiative_id]).active = False

    def told_at(self, initiative_id: int) -> object:
        with self.post.sessions() as session:
            return session.get_one(Initiative, initiative_id).vacancy_told_at


@pytest.fixture
def house(database_url: str, smtp_peer: Peer) -> Iterator[House]:
    with open_post(database_url, server_at(smtp_peer)) as post:
        yield House(post)


def test_everyone_in_the_secretariat_gets_one_letter_with_all_that_is_vacant(
    house: House, smtp_peer: Peer
) -> None:
    first, second, third = (house.initiative(f"Indsats {number}") for number in (1, 2, 3))
    house.works.tick(at(TODAY))
    assert not smtp_peer.accepted
    house.deactivate(first)
    house.deactivate(third)
    house.works.tick(at(TODAY, 14))
    [letter] = smtp_peer.letters_to(OFFICE)
    assert letter.message["Subject"] == "2 indsatser mangler en ansvarlig"
    assert f"https://tracker.example.com/secretariat/plan/initiatives/{first}" in letter.text
    assert "Indsats 3" in letter.text
    assert "Indsats 2" not in letter.text
    [english] = smtp_peer.letters_to(LEAD)
    assert english.message["Subject"] == "2 initiatives have nobody responsible"
    assert house.told_at(first) == at(TODAY, 14)
    assert house.told_at(second) is None


def test_it_is_said_once(house: House, smtp_peer: Peer) -> None:
    house.deactivate(house.initiative("Indsats 1"))
    for day in range(3):
        house.works.tick(at(TODAY + timedelta(days=day)))
    with house.post.sessions.begin() as session:
        assert vacancies.tell_of_vacancies(session, now=at(TODAY + timedelta(days=4))) == 0
    assert len(smtp_peer.letters_to(OFFICE)) == 1


def test_a_place_that_ends_by_its_date_is_told_of_that_morning_and_not_at_night(
    house: House, smtp_peer: Peer
) -> None:
    house.initiative("Indsats 1", until=TODAY)
    house.works.tick(at(TODAY, 23))
    house.works.tick(at(TODAY + timedelta(days=1), 0, 30))
    assert not smtp_peer.accepted
    house.works.tick(at(TODAY + timedelta(days=1), 8, 0))
    assert len(smtp_peer.letters_to(OFFICE)) == 1


def test_what_somebody_holds_again_can_become_vacant_again(house: House, smtp_peer: Peer) -> None:
    initiative = house.initiative("Indsats 1", until=TODAY)
    tomorrow = TODAY + timedelta(days=1)
    house.works.tick(at(tomorrow))
    house.hand_over(initiative, on=tomorrow)
    house.works.tick(at(tomorrow, 9))
    assert house.told_at(initiative) is None
    with house.post.sessions.begin() as session:
        session.execute(update(Person).where(Person.email.startswith("new")).values(active=False))
    house.works.tick(at(tomorrow, 10))
    assert len(smtp_peer.letters_to(OFFICE)) == 2


def test_a_letter_that_waits_takes_the_next_vacancy_with_it(house: House, smtp_peer: Peer) -> None:
    first, second = house.initiative("Indsats 1"), house.initiative("Indsats 2")
    house.deactivate(first)
    with house.post.sessions.begin() as session:
        vacancies.tell_of_vacancies(session, now=at(TODAY))
    house.deactivate(second)
    house.works.tick(at(TODAY, 9))
    [letter] = smtp_peer.letters_to(OFFICE)
    assert letter.message["Subject"] == "2 indsatser mangler en ansvarlig"


def test_an_initiative_that_was_handed_over_meanwhile_is_not_written_of(
    house: House, smtp_peer: Peer
) -> None:
    initiative = house.initiative("Indsats 1", until=TODAY - timedelta(days=1))
    with house.post.sessions.begin() as session:
        assert vacancies.tell_of_vacancies(session, now=at(TODAY)) == 1
    house.hand_over(initiative, on=TODAY)
    house.works.tick(at(TODAY, 9))
    assert not smtp_peer.accepted


def test_what_never_had_an_owner_or_is_carried_out_no_more_is_not_vacant(
    house: House, smtp_peer: Peer
) -> None:
    house.initiative("Ny", owned=False)
    ended = house.initiative("Stoppet")
    house.deactivate(ended)
    with house.post.sessions.begin() as session:
        session.get_one(Initiative, ended).standing = Standing.discontinued
    house.works.tick(at(TODAY))
    assert not smtp_peer.accepted


def test_whoever_is_away_is_spared_while_another_is_there(house: House, smtp_peer: Peer) -> None:
    with house.post.sessions.begin() as session:
        session.execute(update(Person).where(Person.email == OFFICE).values(absent_from=TODAY))
    house.deactivate(house.initiative("Indsats 1"))
    house.works.tick(at(TODAY))
    assert smtp_peer.recipients == [LEAD]


def test_a_plan_without_a_secretariat_is_told_of_when_there_is_one(house: House, smtp_peer: Peer) -> None:
    with house.post.sessions.begin() as session:
        session.execute(update(Person).where(Person.email.in_([OFFICE, LEAD])).values(active=False))
    initiative = house.initiative("Indsats 1", until=TODAY - timedelta(days=1))
    house.works.tick(at(TODAY))
    assert house.told_at(initiative) is None
    with house.post.sessions.begin() as session:
        session.execute(update(Person).where(Person.email == OFFICE).values(active=True))
    house.works.tick(at(TODAY, 9))
    assert smtp_peer.recipients == [OFFICE]
