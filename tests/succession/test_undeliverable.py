"""A letter does not reach an owner: whoever can do something about it knows the same moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from tests.mail.post import NOW
from tests.mail.test_bounces import about
from tests.support import make, smtp
from tests.support.smtp import Accepted, Peer
from tracker import clock, jobs
from tracker.accounts.models import Language, Person
from tracker.audit.models import JournalEntry
from tracker.domain.reminders import Place
from tracker.extensions import db
from tracker.mail.models import Mail, MailState
from tracker.mail.returned import Outcome, take
from tracker.plans.models import Membership, MembershipRole
from tracker.reminders.models import ItemState, ReminderItem
from tracker.succession.lost_letters import KIND

pytestmark = pytest.mark.both_databases


@dataclass
class House:
    """An initiative with its people, whose status is due in a week, and a mail server."""

    app: Flask
    peer: Peer
    time: time_machine.Coordinates
    owner: int
    deputy: int
    office: int

    def tick(self, *, after: timedelta = timedelta(minutes=1)) -> list[Accepted]:
        """What leaves in a tick, a while later."""
        before = len(self.peer.accepted)
        self.time.shift(after)
        jobs.tick(self.app)
        return self.peer.accepted[before:]

    def reports(self) -> list[Accepted]:
        """The letters of the next tick that tell of lost ones; a deputy may get the reminders as well."""
        return [
            letter
            for letter in self.tick()
            if "frem" in str(letter.message["Subject"]) or "arrive" in str(letter.message["Subject"])
        ]

    def bounce(self, recipient: str, name: str = "postfix", *, kind: str = "reminders") -> Outcome:
        """The newest letter of a kind to this address comes back."""
        with make.written(self.app) as session:
            found = select(Mail).where(Mail.address == recipient, Mail.kind == kind, Mail.message_id != "")
            mail = session.scalars(found.order_by(Mail.id.desc()).limit(1)).one()
            return take(session, about(mail, name), at=clock.now()).outcome

    def person(self, id_: int) -> Person:
        with self.app.app_context():
            return db.session.get_one(Person, id_)

    def states(self, person_id: int) -> list[ItemState]:
        with self.app.app_context():
            found = select(ReminderItem.state).where(
                ReminderItem.person_id == person_id, ReminderItem.mail_id.is_not(None)
            )
            return list(db.session.scalars(found))


@pytest.fixture
def house(app: Flask, smtp_peer: Peer) -> Iterator[House]:
    with time_machine.travel(NOW) as time:
        with make.written(app) as session:
            plan = make.plan(session, "equality", name="Handleplan for ligebehandling")
            administration = make.administration(session, plan)
            owner = make.person(session, "Ane Møller", email="ane@example.com", language=Language.danish)
            deputy = make.person(session, "Bo Ladegaard", email="bo@example.com", language=Language.danish)
            initiative = make.initiative(session, administration, "Mentorer til unge", owner=owner)
            make.placed(session, deputy, initiative=initiative, place=Place.deputy)
            office = make.member(session, plan, name="Dina Quist")
            office.language = Language.danish
            make.open_round(session, plan, due_on=clock.today() + timedelta(days=7))
            ids = owner.id, deputy.id, office.id
        yield House(app, smtp_peer, time, *ids)


def text_to(letters: list[Accepted], address: str) -> str:
    (letter,) = [letter for letter in letters if address in letter.recipients]
    return letter.text


def test_a_bounce_tells_the_deputy_and_the_secretariat_what_was_lost(house: House) -> None:
    (letter,) = house.tick()
    assert letter.recipients == ("ane@example.com",)
    assert house.states(house.owner) == [ItemState.sent]

    assert house.bounce("ane@example.com") is Outcome.undeliverable
    assert house.states(house.owner) == [ItemState.undeliverable]
    owner = house.person(house.owner)
    assert owner.undeliverable_at is not None
    assert owner.undeliverable_reason.startswith("550 5.1.1 <ane@example.com>: Recipient address rejected")

    letters = house.reports()
    office = house.person(house.office).email
    assert sorted(letter.recipients[0] for letter in letters) == sorted(["bo@example.com", office])
    base_url = house.app.extensions["settings"].base_url
    for address in ("bo@example.com", office):
        text = text_to(letters, address)
        for words in (
            "Et brev til Ane Møller kom ikke frem.",
            "Adresse: ane@example.com",
            "550 5.1.1 <ane@example.com>: Recipient address rejected: User unknown",
            "Påmindelse om én opgave i handleplanen",
            "Ingen breve når Ane Møller",
            "Status på indsatsen: Mentorer til unge",
            "Frist mandag den 12. oktober 2026",
            f"{base_url}/updates/",
        ):
            assert words in text, words
    assert f"{base_url}/secretariat/equality/people/{house.owner}/address" in text_to(letters, office)
    assert "/secretariat/" not in text_to(letters, "bo@example.com")
    assert "fordi du er stedfortræder" in text_to(letters, "bo@example.com")


def test_what_is_owed_from_now_on_goes_to_the_deputy_at_once(house: House) -> None:
    house.tick()
    planned = select(ReminderItem.step).where(
        ReminderItem.person_id == house.deputy, ReminderItem.state == ItemState.planned
    )
    with house.app.app_context():
        before = set(db.session.scalars(planned))
    house.bounce("ane@example.com")
    with house.app.app_context():
        after = set(db.session.scalars(planned))
    assert before < after


def test_it_stands_in_the_journal_without_the_address(house: House) -> None:
    house.tick()
    house.bounce("ane@example.com")
    with house.app.app_context():
        found = select(JournalEntry).where(JournalEntry.fact == "letter_undeliverable")
        (entry,) = db.session.scalars(found)
    assert (entry.object_kind, entry.object_id) == ("person", house.owner)
    assert entry.details["address_is_wrong"] is True
    assert "ane@" not in str(entry.details)


def test_a_server_that_knows_no_such_mailbox_at_once_is_told_of_as_well(house: House) -> None:
    house.peer.script(smtp.reply("RCPT", "550 5.1.1 no such user here"))
    letters = house.reports()
    letters = letters or house.reports()
    office = house.person(house.office).email
    assert sorted(letter.recipients[0] for letter in letters) == sorted(["bo@example.com", office])
    assert "550 5.1.1 no such user here" in text_to(letters, office)
    assert house.states(house.owner) == [ItemState.undeliverable]
    assert house.person(house.owner).undeliverable_at is not None


def test_a_full_mailbox_loses_the_letter_and_not_the_address(house: House) -> None:
    house.tick()
    house.bounce("ane@example.com", "exchange-on-premises")
    assert house.person(house.owner).undeliverable_at is None
    assert house.states(house.owner) == [ItemState.undeliverable]
    assert "det næste brev kan godt komme frem" in text_to(house.reports(), "bo@example.com")


def test_a_delay_tells_nobody(house: House) -> None:
    house.tick()
    assert house.bounce("ane@example.com", "delayed") is Outcome.noted
    assert house.states(house.owner) == [ItemState.sent]
    assert house.reports() == []


def test_the_same_bounce_twice_tells_once(house: House) -> None:
    house.tick()
    house.bounce("ane@example.com")
    assert house.bounce("ane@example.com") is Outcome.known
    assert len(house.reports()) == 2
    assert house.bounce("ane@example.com") is Outcome.known
    assert house.reports() == []


def test_a_report_that_comes_back_itself_is_told_to_nobody(house: House) -> None:
    house.tick()
    house.bounce("ane@example.com")
    house.tick()
    assert house.bounce("bo@example.com", kind=KIND) is Outcome.undeliverable
    assert house.person(house.deputy).undeliverable_at is not None
    assert house.bounce(house.person(house.office).email, kind=KIND) is Outcome.undeliverable
    assert house.reports() == []


def test_many_lost_letters_are_one_report(house: House) -> None:
    with make.written(house.app) as session:
        plan = make.plan(session, name="En anden plan")
        administration = make.administration(session, plan)
        make.person(session, "Admin", email="admin@example.com", administrator=True)
        office = session.get_one(Person, house.office)
        for number in range(5):
            owner = make.person(session, f"Ejer {number}", email=f"ejer{number}@example.com")
            make.initiative(session, administration, f"Indsats {number}", owner=owner)
        session.add(
            Membership(
                plan_id=plan.id, person_id=office.id, role=MembershipRole.secretariat, created_at=clock.now()
            )
        )
        make.open_round(session, plan, due_on=clock.today() + timedelta(days=7))
    house.tick()
    for number in range(5):
        house.bounce(f"ejer{number}@example.com")
    letters = house.reports()
    assert [letter.recipients[0] for letter in letters] == [house.person(house.office).email]
    assert letters[0].message["Subject"] == "5 breve kom ikke frem"
    for number in range(5):
        assert f"Et brev til Ejer {number} kom ikke frem." in letters[0].text


def test_where_nobody_else_can_do_anything_an_administrator_is_told(house: House) -> None:
    with make.written(house.app) as session:
        make.person(session, "Asta Admin", email="asta@example.com", administrator=True)
        for id_ in (house.deputy, house.office):
            session.get_one(Person, id_).active = False
    house.tick()
    house.bounce("ane@example.com")
    (letter,) = house.reports()
    assert letter.recipients == ("asta@example.com",)
    assert f"/admin/people/{house.owner}" in letter.text
    assert "Mentorer til unge" not in letter.text


def test_a_deputy_reads_only_of_what_they_are_the_deputy_of(house: House) -> None:
    with make.written(house.app) as session:
        plan = make.plan(session, name="En anden plan")
        owner = session.get_one(Person, house.owner)
        make.initiative(session, make.administration(session, plan), "En fremmed indsats", owner=owner)
        make.open_round(session, plan, due_on=clock.today() + timedelta(days=7))
    (letter,) = house.tick()
    assert "En fremmed indsats" in letter.text
    house.bounce("ane@example.com")
    text = text_to(house.reports(), "bo@example.com")
    assert "Mentorer til unge" in text
    assert "En fremmed indsats" not in text


def test_the_report_reads_in_english_too(house: House) -> None:
    with make.written(house.app) as session:
        session.get_one(Person, house.office).language = Language.english
    house.tick()
    house.bounce("ane@example.com")
    text = text_to(house.reports(), house.person(house.office).email)
    assert "A letter to Ane Møller did not arrive." in text
    assert "The address does not exist. No letter reaches Ane Møller until it is corrected." in text


def test_a_letter_that_is_no_longer_lost_is_not_reported(house: House) -> None:
    house.tick()
    house.bounce("ane@example.com")
    with make.written(house.app) as session:
        session.scalars(select(Mail).where(Mail.address == "ane@example.com")).one().state = MailState.sent
    assert house.reports() == []
    with house.app.app_context():
        states = db.session.scalars(select(Mail.state).where(Mail.kind == KIND)).all()
    assert set(states) == {MailState.cancelled}
