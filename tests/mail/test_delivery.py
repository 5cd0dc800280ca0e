"""What becomes of letters in the outbox, with a real server that behaves well and badly."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.faults.points import POINTS
from tests.mail.post import NOW, Post, open_post, person, server_at
from tests.support import smtp
from tests.support.smtp import Peer
from tracker.accounts.models import Person
from tracker.mail import judging, outbox
from tracker.mail.models import AttemptNote, Dispatcher, Installation, Mail, MailState

pytestmark = pytest.mark.both_databases

OWNER = "owner@example.com"
OTHER = "other@example.com"
NEW = "new@example.com"
SOON = timedelta(minutes=1)


def test_a_letter_is_sent_once(post: Post, smtp_peer: Peer) -> None:
    post.queue(OWNER)
    post.turn()
    post.turn(after=timedelta(hours=1))
    assert smtp_peer.recipients == [OWNER]
    assert post.state(OWNER) is MailState.sent
    assert post.notes(OWNER) == [AttemptNote.data, AttemptNote.result]


def test_the_same_key_is_one_letter(post: Post, smtp_peer: Peer) -> None:
    assert post.queue(OWNER, key="receipt:1")
    assert not post.queue(OWNER, key="receipt:1")
    post.turn()
    assert len(smtp_peer.accepted) == 1


@pytest.mark.parametrize(
    "address", ["a@example.com\r\nBcc: x@example.com", "a@b, c@d", "a", "x" * 250 + "@example.com"]
)
def test_what_is_not_one_address_is_not_queued(post: Post, address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        post.queue(address)


def test_a_letter_that_is_no_longer_wanted_is_cancelled_with_the_reason(post: Post, smtp_peer: Peer) -> None:
    post.queue(OWNER, unwanted="the status is no longer returned")
    post.turn()
    assert post.state(OWNER) is MailState.cancelled
    assert post.mail(OWNER).last_error == "the status is no longer returned"
    assert smtp_peer.connections == 0


def _queue_to_person(post: Post) -> int:
    """A letter to the owner as a person; the person's id."""
    with post.sessions.begin() as session:
        owner = person(session, OWNER)
        given: dict[str, Any] = {"payload": {}, "plan_id": None, "at": NOW}
        outbox.queue(session, kind="test", dedupe_key="1", person_id=owner.id, address=OWNER, **given)
        return owner.id


def _change_person(post: Post, **values: object) -> None:
    with post.sessions.begin() as session:
        session.execute(update(Person).where(Person.email == OWNER).values(**values))


def test_no_letter_goes_to_somebody_who_left(post: Post, smtp_peer: Peer) -> None:
    _queue_to_person(post)
    _change_person(post, active=False)
    post.turn()
    assert post.state(OWNER) is MailState.cancelled
    assert "no longer active" in post.mail(OWNER).last_error
    assert not smtp_peer.accepted


@pytest.mark.parametrize("point", ["post taken", "claimed", "recipient named", "server says go on"])
def test_an_address_that_is_corrected_before_the_window_opens_gets_the_letter(
    post: Post, smtp_peer: Peer, point: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nobody else gets it, nor is it forgotten."""
    _queue_to_person(post)
    at, done = POINTS[point], list[str]()

    def correct() -> None:
        if not done:
            done.append(point)
            _change_person(post, email=NEW)

    monkeypatch.setattr(at.owner, at.name, at.replacing(getattr(at.owner, at.name), correct))
    post.turn()
    assert done
    assert smtp_peer.recipients == [NEW]
    assert smtp_peer.accepted[0].message["To"].addresses[0].addr_spec == NEW
    assert (post.state(NEW), post.mail(NEW).attempts) == (MailState.sent, 1)


def test_an_address_that_is_being_corrected_while_the_window_opens_is_waited_for(
    post: Post, smtp_peer: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of the person is asked while somebody is changing it: the letter goes where it is right."""
    _queue_to_person(post)
    changed, looked = threading.Event(), threading.Event()
    waited = list[bool]()

    def correct() -> None:
        with post.sessions.begin() as session:
            session.execute(update(Person).where(Person.email == OWNER).values(email=NEW))
            changed.set()
            waited.append(not looked.wait(0.5))

    somebody = threading.Thread(target=correct)
    at, look = POINTS["server says go on"], judging.look

    def begin() -> None:
        if somebody.ident is None:
            somebody.start()
            assert changed.wait(10)

    def looking(*words: Any, **named: Any) -> Any:
        found = look(*words, **named)
        looked.set()
        return found

    monkeypatch.setattr(at.owner, at.name, at.replacing(getattr(at.owner, at.name), begin))
    monkeypatch.setattr(judging, "look", looking)
    post.turn()
    somebody.join(10)
    assert waited == [True]
    assert smtp_peer.recipients == [NEW]


def test_a_letter_that_waited_too_long_is_not_sent(post: Post, smtp_peer: Peer) -> None:
    post.queue(OWNER)
    post.turn(after=timedelta(days=5))
    assert post.state(OWNER) is MailState.cancelled
    assert not smtp_peer.accepted


def test_one_letter_that_cannot_be_written_does_not_stop_the_others(post: Post, smtp_peer: Peer) -> None:
    post.queue(OWNER, broken=True)
    post.queue("evil@example.com", subject="a\r\nBcc: x@example.com")
    post.queue(OTHER)
    post.turn()
    assert post.state(OWNER) is MailState.failed
    assert "something that is gone" in post.mail(OWNER).last_error
    assert post.state("evil@example.com") is MailState.failed
    assert smtp_peer.recipients == [OTHER]


@pytest.mark.parametrize("kind", ["test-enclosed", "test-contents"])
def test_a_kind_that_fails_over_a_letter_fails_that_letter_alone(
    post: Post, smtp_peer: Peer, kind: str
) -> None:
    post.queue("first@example.com")
    post.queue(OWNER, kind=kind)
    post.queue(OTHER)
    turn = post.turn()
    assert not turn.failed
    mail = post.mail(OWNER)
    assert (mail.state, mail.mime, mail.owner) == (MailState.failed, None, None)
    assert "LookupError: what it stands for is gone" in mail.last_error
    assert post.notes(OWNER) == []
    assert smtp_peer.recipients == ["first@example.com", OTHER]


def test_a_kind_that_fails_over_a_letter_that_may_have_arrived_asks_a_person(
    post: Post, smtp_peer: Peer
) -> None:
    smtp_peer.script(smtp.hang("ACCEPTED"))
    post.queue(OWNER)
    post.turn()
    with post.sessions.begin() as session:
        session.execute(update(Mail).values(kind="test-enclosed"))
    post.turn(after=timedelta(minutes=15))
    assert post.state(OWNER) is MailState.needs_human
    assert len(smtp_peer.accepted) == 1


def test_a_letter_of_a_kind_nobody_knows_fails_alone(post: Post, smtp_peer: Peer) -> None:
    post.queue(OWNER, kind="forgotten")
    post.queue(OTHER)
    post.turn()
    assert post.state(OWNER) is MailState.failed
    assert smtp_peer.recipients == [OTHER]


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_server_that_says_not_now_is_tried_again_later_and_later(
    post: Post, smtp_peer: Peer, step: smtp.Step
) -> None:
    smtp_peer.always(smtp.reply(step, "451 4.3.0 try again later"))
    post.queue(OWNER)
    waited = timedelta()
    for minutes in (1, 5, 15, 60, 120, 240, 240):
        post.turn(after=waited)
        assert post.state(OWNER) is MailState.queued
        assert post.mail(OWNER).next_at == NOW + waited + timedelta(minutes=minutes)
        waited += timedelta(minutes=minutes)
    smtp_peer.behave()
    post.turn(after=waited)
    assert smtp_peer.recipients == [OWNER]


def test_a_letter_is_given_up_when_it_would_be_tried_after_it_expires(post: Post, smtp_peer: Peer) -> None:
    smtp_peer.always(smtp.reply("RCPT", "451 4.3.0 try again later"))
    post.queue(OWNER)
    post.turn(after=timedelta(days=4) - timedelta(seconds=1))
    assert post.state(OWNER) is MailState.failed
    assert "given up" in post.mail(OWNER).last_error


@pytest.mark.parametrize(
    "answer", ["550 5.1.1 no such person", "550 no such person", "550 5.2.1 mailbox closed"]
)
def test_an_address_that_does_not_exist_is_undeliverable_at_once(
    post: Post, smtp_peer: Peer, answer: str
) -> None:
    smtp_peer.script(smtp.reply("RCPT", answer))
    post.queue(OWNER)
    post.queue(OTHER)
    post.turn()
    assert post.state(OWNER) is MailState.undeliverable
    assert smtp_peer.recipients == [OTHER]


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
def test_a_refusal_for_policy_fails_the_letter(post: Post, smtp_peer: Peer, step: smtp.Step) -> None:
    smtp_peer.script(smtp.reply(step, "554 5.7.1 not from you"))
    post.queue(OWNER)
    post.turn()
    assert post.state(OWNER) is MailState.failed
    assert "5.7.1" in post.mail(OWNER).last_error


@pytest.mark.parametrize("act", [smtp.hang, smtp.drop])
@pytest.mark.parametrize("step", ["CONNECT", "MAIL", "RCPT"])
def test_a_break_before_the_body_costs_nothing_but_time(
    post: Post, smtp_peer: Peer, step: smtp.Step, act: object
) -> None:
    smtp_peer.script(act(step))  # type: ignore[operator]
    post.queue(OWNER)
    post.turn()
    assert post.state(OWNER) is MailState.queued
    post.turn(after=SOON)
    assert smtp_peer.recipients == [OWNER]


def test_a_server_that_is_down_costs_one_letter_an_attempt_and_the_others_nothing(
    database_url: str,
) -> None:
    with open_post(database_url, server_at(None)) as post:
        for number in range(5):
            post.queue(f"owner{number}@example.com")
        turn = post.turn()
        assert (turn.tried, turn.sent) == (1, 0)
        with post.sessions() as session:
            states = session.execute(select(Mail.state, Mail.attempts, Mail.owner).order_by(Mail.attempts))
            assert [tuple(row) for row in states] == [
                (MailState.queued, attempts, None) for attempts in (0, 0, 0, 0, 1)
            ]


def test_silence_after_the_body_means_once_more_and_the_same_bytes(post: Post, smtp_peer: Peer) -> None:
    smtp_peer.script(smtp.hang("ACCEPTED"))
    post.queue(OWNER, words="frist")
    post.turn()
    assert post.state(OWNER) is MailState.uncertain
    post.turn(after=timedelta(minutes=5))
    assert len(smtp_peer.accepted) == 1
    post.turn(after=timedelta(minutes=15))
    first, second = smtp_peer.accepted
    assert first.content == second.content
    assert post.state(OWNER) is MailState.sent
    assert post.mail(OWNER).uncertain_resends == 1


def test_silence_after_the_body_twice_is_for_a_person_to_decide(post: Post, smtp_peer: Peer) -> None:
    smtp_peer.always(smtp.drop("ACCEPTED"))
    post.queue(OWNER)
    for minutes in (0, 15, 30, 300):
        post.turn(after=timedelta(minutes=minutes))
    assert post.state(OWNER) is MailState.needs_human
    assert len(smtp_peer.accepted) == 2


def test_a_letter_that_was_refused_is_written_anew(post: Post, smtp_peer: Peer) -> None:
    smtp_peer.script(smtp.reply("DATA", "451 4.3.0 later"))
    post.queue(OWNER, words="om 5 arbejdsdage")
    post.turn()
    with post.sessions.begin() as session:
        session.execute(update(Mail).values(payload={"words": "om 4 arbejdsdage"}))
    post.turn(after=SOON)
    assert "om 4 arbejdsdage" in smtp_peer.accepted[0].text


def test_a_letter_with_a_secret_leaves_no_copy_behind(post: Post, smtp_peer: Peer) -> None:
    post.queue(OWNER, kind="test-secret", words="https://tracker.example.com/invitation/abc")
    post.turn()
    assert "invitation/abc" in smtp_peer.accepted[0].text
    mail = post.mail(OWNER)
    assert (mail.state, mail.mime, mail.payload) == (MailState.sent, None, {})


def test_a_connection_is_renewed_every_fifty_letters(post: Post, smtp_peer: Peer) -> None:
    for number in range(60):
        post.queue(f"owner{number}@example.com")
    post.turn()
    assert len(set(smtp_peer.recipients)) == 60
    assert smtp_peer.connections == 2


def test_a_held_queue_sends_nothing(post: Post, smtp_peer: Peer) -> None:
    with post.sessions.begin() as session:
        session.add(Installation(base_url="", machine="", created_at=NOW, queue_held=True))
    post.queue(OWNER)
    assert post.turn().held
    assert not smtp_peer.accepted


def test_after_an_error_of_its_own_a_dispatcher_begins_anew_under_a_new_id(
    settled: Post, smtp_peer: Peer
) -> None:
    assert settled.premises is not None
    settled.queue(OWNER)
    settled.premises.folder.write_text("a file where the data folder should be")
    assert settled.turn().failed
    settled.premises.folder.unlink()
    assert settled.turn().sent == 1
    assert smtp_peer.recipients == [OWNER]
    with settled.sessions() as session:
        assert len(session.scalars(select(Dispatcher.id)).all()) == 2


# --- two dispatchers -------------------------------------------------------------------------------


def _claimed_by(post: Post, owner: int, *, with_note: bool) -> None:
    from tracker.mail import claiming, rows

    with post.sessions.begin() as session:
        [mail] = claiming.claim(session, owner=owner, now=NOW, limit=1)
        if with_note:
            rows.write(session, mail, mime=b"Subject: x\r\n\r\nx\r\n", message_id="<x@example.com>")
            rows.note(session, mail, AttemptNote.data, "", at=NOW)


def _dead_dispatcher(post: Post) -> int:
    with post.sessions.begin() as session:
        dead = Dispatcher(process="gone", started_at=NOW)
        session.add(dead)
        session.flush()
        return dead.id


def test_what_a_dead_dispatcher_held_before_the_body_is_sent_by_the_next(post: Post, smtp_peer: Peer) -> None:
    post.queue(OWNER)
    _claimed_by(post, _dead_dispatcher(post), with_note=False)
    post.turn()
    assert smtp_peer.recipients == [OWNER]


def test_what_a_dead_dispatcher_may_have_handed_over_is_uncertain(post: Post, smtp_peer: Peer) -> None:
    post.queue(OWNER)
    _claimed_by(post, _dead_dispatcher(post), with_note=True)
    post.turn()
    assert post.state(OWNER) is MailState.uncertain
    assert not smtp_peer.accepted
    post.turn(after=timedelta(minutes=10))
    assert smtp_peer.recipients == [OWNER]


def test_a_living_dispatcher_keeps_what_it_holds(post: Post, smtp_peer: Peer, database_kind: str) -> None:
    first, second = post.dispatcher("first"), post.dispatcher("second")
    first.turn(NOW)
    post.queue(OWNER)
    with post.sessions() as session:
        first_id = session.scalars(select(Dispatcher.id).order_by(Dispatcher.id.desc())).first()
    assert first_id is not None
    _claimed_by(post, first_id, with_note=False)
    turn = second.turn(NOW)
    assert turn.standby is (database_kind == "sqlite")
    assert post.state(OWNER) is MailState.sending
    first.close(NOW)
    second.turn(NOW)
    assert smtp_peer.recipients == [OWNER]


def test_ids_of_dispatchers_are_never_used_again(post: Post) -> None:
    for _ in range(3):
        dispatcher = post.dispatcher()
        dispatcher.turn(NOW)
        dispatcher.close(NOW)
    with post.sessions() as session:
        ids = session.scalars(select(Dispatcher.id).order_by(Dispatcher.id)).all()
    assert len(set(ids)) == 3
