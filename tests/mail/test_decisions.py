"""What a person decides about a letter: send it again, or count it as sent."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.mail.post import NOW, Post, back_up, person, restore
from tests.reminders.office import TODAY, Office, at
from tests.support import smtp
from tests.support.smtp import Peer
from tracker.accounts.models import Person
from tracker.domain.errors import MoveRefused
from tracker.mail import decisions, outbox
from tracker.mail.installation import Premises
from tracker.mail.models import AttemptNote, Heartbeat, Mail, MailState
from tracker.reminders.models import ItemState, ReminderItem

pytestmark = pytest.mark.both_databases

OWNER = "owner@example.com"
HOUR = timedelta(hours=1)
SOON = timedelta(minutes=2)


def _decide(post: Post, decision: object, *, after: timedelta = HOUR, address: str = OWNER) -> None:
    with post.sessions.begin() as session:
        mail = session.scalars(select(Mail).where(Mail.address == address)).one()
        decision(session, mail, by=None, at=NOW + after)  # type: ignore[operator]


def _uncertain_twice(post: Post, peer: Peer) -> None:
    peer.always(smtp.drop("ACCEPTED"))
    post.queue(OWNER)
    post.turn()
    post.turn(after=timedelta(minutes=15))
    peer.behave()
    assert post.state(OWNER) is MailState.needs_human


def test_a_letter_that_failed_is_written_anew_and_sent(post: Post, smtp_peer: Peer) -> None:
    smtp_peer.script(smtp.reply("DATA", "554 5.7.1 not from you"))
    post.queue(OWNER, words="om 5 arbejdsdage")
    post.turn()
    with post.sessions.begin() as session:
        session.execute(update(Mail).values(payload={"words": "om 4 arbejdsdage"}))
    _decide(post, decisions.send_again, after=timedelta(days=10))
    post.turn(after=timedelta(days=10) + SOON)
    assert "om 4 arbejdsdage" in smtp_peer.accepted[0].text
    assert post.state(OWNER) is MailState.sent
    assert AttemptNote.human in post.notes(OWNER)


def test_a_letter_that_may_have_arrived_goes_once_more_as_the_identical_bytes(
    post: Post, smtp_peer: Peer
) -> None:
    _uncertain_twice(post, smtp_peer)
    _decide(post, decisions.send_again)
    post.turn(after=HOUR + SOON)
    post.turn(after=2 * HOUR)
    assert len(smtp_peer.accepted) == 3
    assert len({letter.content for letter in smtp_peer.accepted}) == 1
    assert post.state(OWNER) is MailState.sent


def test_one_that_is_uncertain_again_comes_back_to_the_person(post: Post, smtp_peer: Peer) -> None:
    _uncertain_twice(post, smtp_peer)
    _decide(post, decisions.send_again)
    smtp_peer.always(smtp.drop("ACCEPTED"))
    post.turn(after=HOUR + SOON)
    assert post.state(OWNER) is MailState.needs_human


def _uncertain_to_person(post: Post, peer: Peer) -> None:
    peer.always(smtp.drop("ACCEPTED"))
    with post.sessions.begin() as session:
        given: dict[str, Any] = {"payload": {}, "plan_id": None, "at": NOW}
        owner = person(session, OWNER)
        outbox.queue(session, kind="test", dedupe_key="1", person_id=owner.id, address=OWNER, **given)
    post.turn()
    post.turn(after=timedelta(minutes=15))
    peer.behave()
    assert post.state(OWNER) is MailState.needs_human


def test_a_letter_whose_readers_address_was_corrected_meanwhile_goes_there(
    post: Post, smtp_peer: Peer
) -> None:
    _uncertain_to_person(post, smtp_peer)
    with post.sessions.begin() as session:
        session.execute(update(Person).values(email="new@example.com"))
    _decide(post, decisions.send_again)
    post.turn(after=HOUR + SOON)
    assert smtp_peer.recipients == [OWNER, OWNER, "new@example.com"]
    assert post.state("new@example.com") is MailState.sent


def test_a_letter_to_somebody_who_has_left_is_not_sent_again(post: Post, smtp_peer: Peer) -> None:
    _uncertain_to_person(post, smtp_peer)
    with post.sessions.begin() as session:
        session.execute(update(Person).values(active=False))
    with pytest.raises(MoveRefused, match="has left"):
        _decide(post, decisions.send_again)
    _decide(post, decisions.count_as_sent)
    assert post.state(OWNER) is MailState.sent


def test_a_letter_counted_as_sent_does_not_go(post: Post, smtp_peer: Peer) -> None:
    _uncertain_twice(post, smtp_peer)
    _decide(post, decisions.count_as_sent)
    post.turn(after=2 * HOUR)
    assert len(smtp_peer.accepted) == 2
    assert post.state(OWNER) is MailState.sent


@pytest.mark.parametrize("decision", [decisions.send_again, decisions.count_as_sent])
def test_a_letter_that_is_on_its_way_or_was_sent_is_not_for_a_person_to_decide(
    post: Post, smtp_peer: Peer, decision: object
) -> None:
    post.queue(OWNER)
    with pytest.raises(MoveRefused):
        _decide(post, decision)
    post.turn()
    with pytest.raises(MoveRefused):
        _decide(post, decision)
    assert smtp_peer.recipients == [OWNER]


def test_a_letter_that_failed_was_not_sent_whatever_is_wished(post: Post, smtp_peer: Peer) -> None:
    post.queue(OWNER, broken=True)
    post.turn()
    with pytest.raises(MoveRefused):
        _decide(post, decisions.count_as_sent)


def test_a_link_that_was_not_kept_cannot_go_again(post: Post, smtp_peer: Peer) -> None:
    smtp_peer.always(smtp.drop("ACCEPTED"))
    post.queue(OWNER, kind="test-secret", words="/invitation/abc")
    post.turn()
    post.turn(after=timedelta(minutes=15))
    with pytest.raises(MoveRefused, match="Make a new one"):
        _decide(post, decisions.send_again)


def test_what_a_failed_letter_with_a_link_is_written_from_is_blanked_once_it_expires(
    post: Post, smtp_peer: Peer
) -> None:
    smtp_peer.always(smtp.reply("DATA", "554 5.7.1 not from you"))
    post.queue(OWNER, kind="test-secret", words="/invitation/abc")
    post.queue("other@example.com", words="no secret")
    post.turn()
    for days, kept in ((3, True), (5, False)):
        with post.sessions.begin() as session:
            outbox.forget_old_secrets(session, NOW + timedelta(days=days))
        assert bool(post.mail(OWNER).payload) is kept
    assert post.mail("other@example.com").payload
    with pytest.raises(MoveRefused, match="Make a new one"):
        _decide(post, decisions.send_again)


def test_everything_is_planned_anew_before_a_letter_goes_again(post: Post, smtp_peer: Peer) -> None:
    with post.sessions.begin() as session:
        session.add(Heartbeat(process="one", ticked_at=NOW, swept_at=NOW))
    smtp_peer.script(smtp.reply("DATA", "554 5.7.1 not from you"))
    post.queue(OWNER)
    post.turn()
    _decide(post, decisions.send_again)
    with post.sessions() as session:
        assert session.scalars(select(Heartbeat.swept_at)).all() == [None]


# --- reminders follow their letter -------------------------------------------------------------------


@pytest.fixture
def office(post: Post, tmp_path: Path) -> Office:
    post.premises = Premises(tmp_path / "data")
    return Office(post)


def _due_today(office: Office) -> None:
    office.owed = [office.status(due=_in_working_days(5))]
    office.morning(TODAY)


def _in_working_days(number: int) -> date:
    return TODAY + timedelta(days=number + 2)  # a Monday's T-7 of next Monday


def test_reminders_in_a_letter_sent_again_are_assigned_and_then_sent(office: Office, smtp_peer: Peer) -> None:
    smtp_peer.always(smtp.reply("DATA", "554 5.7.1 not from you"))
    _due_today(office)
    failed = _items_in(office, ItemState.undeliverable)
    assert failed
    smtp_peer.behave()
    _decide(office.post, decisions.send_again)
    assert _items_in(office, ItemState.assigned) == failed
    office.works.tick(NOW + HOUR + SOON)
    assert smtp_peer.recipients == [OWNER]
    assert _items_in(office, ItemState.sent) == failed


def test_a_reminder_that_is_no_longer_owed_does_not_go_again(office: Office, smtp_peer: Peer) -> None:
    smtp_peer.always(smtp.reply("DATA", "554 5.7.1 not from you"))
    _due_today(office)
    smtp_peer.behave()
    office.owed = []  # handed in
    _decide(office.post, decisions.send_again)
    office.works.tick(NOW + HOUR + SOON)
    assert not smtp_peer.accepted
    assert office.post.state(OWNER) is MailState.cancelled


def test_reminders_in_a_letter_counted_as_sent_are_sent(office: Office, smtp_peer: Peer) -> None:
    smtp_peer.always(smtp.drop("ACCEPTED"))
    _due_today(office)
    office.works.tick(NOW + timedelta(minutes=15))
    waiting = _items_in(office, ItemState.waiting)
    assert waiting
    _decide(office.post, decisions.count_as_sent)
    assert _items_in(office, ItemState.sent) == waiting


@pytest.mark.parametrize("days_later", [0, 1])
def test_a_restored_database_reminds_nobody_twice_on_whichever_day_it_starts(
    office: Office, smtp_peer: Peer, days_later: int
) -> None:
    """The letter of another day has another key; the journal names the reminders that were in it."""
    office.owed = [office.status(due=_in_working_days(5))]
    office.replan(*office.owed)
    office.works.dispatcher.turn(at(TODAY, 7))
    backup = back_up(office.post.engine)
    office.morning(TODAY)
    sent = list(smtp_peer.recipients)
    assert sent == [OWNER]
    office.works.close(NOW)
    restore(office.post.engine, backup)
    works = office.works.__class__(
        office.post.engine,
        office.post.dispatcher(),
        "after",
        obligations=lambda _session, _today: iter(office.owed),
    )
    works.tick(at(TODAY + timedelta(days=days_later), 10))
    works.tick(at(TODAY + timedelta(days=days_later), 10, 30))
    assert smtp_peer.recipients == sent
    assert _items_in(office, ItemState.sent)


def _items_in(office: Office, state: ItemState) -> set[str]:
    with office.post.sessions() as session:
        mine = ReminderItem.person_id == office.owner, ReminderItem.state == state
        return set(session.scalars(select(ReminderItem.step).where(*mine)))
