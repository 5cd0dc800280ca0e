"""What stops all mail: a copy elsewhere, refusals in a row, a clock that jumped, very many letters."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.mail.post import NOW, Post, back_up, restore
from tests.support import smtp
from tests.support.smtp import Peer
from tracker.audit.models import JournalEntry
from tracker.clockwork import Clockwork
from tracker.mail import decisions
from tracker.mail.installation import Premises, adopt, installation_of, release
from tracker.mail.models import HoldCause, Installation, Mail, MailState
from tracker.reminders import letters

pytestmark = pytest.mark.both_databases

OWNER = "owner@example.com"
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
REFUSED = "554 5.7.1 not from you"


def row(post: Post) -> Installation:
    with post.sessions() as session:
        found = installation_of(session)
        assert found is not None
        return found


def let_go(post: Post, *, after: timedelta) -> None:
    with post.sessions.begin() as session:
        assert release(session, by=None, at=NOW + after)


def states(post: Post) -> Counter[MailState]:
    with post.sessions() as session:
        return Counter(session.scalars(select(Mail.state)))


def facts(post: Post, kind: str = "installation") -> list[str]:
    with post.sessions() as session:
        found = select(JournalEntry.fact).where(JournalEntry.object_kind == kind).order_by(JournalEntry.id)
        return list(session.scalars(found))


# --- a copy ---------------------------------------------------------------------------------------


def test_a_copy_started_elsewhere_sends_nothing_until_it_is_adopted(
    settled: Post, smtp_peer: Peer, tmp_path: Path
) -> None:
    assert settled.turn().off is None
    settled.queue(OWNER)
    settled.dispatchers.pop().close(NOW)
    settled.premises = there = Premises(tmp_path / "elsewhere")
    assert settled.turn().off == "no_machine_file"
    assert settled.turn(after=HOUR).off == "no_machine_file"
    assert not smtp_peer.accepted
    with settled.sessions.begin() as session:
        adopt(session, "https://tracker.example.com", there.machine_file, None, NOW)
    assert settled.turn(after=HOUR).off is None
    assert smtp_peer.recipients == [OWNER]


def test_the_first_stays_silent_once_the_copy_was_adopted(
    settled: Post, smtp_peer: Peer, tmp_path: Path
) -> None:
    settled.turn()
    with settled.sessions.begin() as session:
        adopt(session, "https://tracker.example.com", tmp_path / "there", None, NOW)
    settled.queue(OWNER)
    assert settled.turn(after=HOUR).off == "other_machine"
    assert not smtp_peer.accepted


def test_a_demonstration_moves_without_being_asked(settled: Post, smtp_peer: Peer, tmp_path: Path) -> None:
    settled.turn()
    settled.dispatchers.pop().close(NOW)
    settled.premises = Premises(tmp_path / "elsewhere", demonstration=True)
    settled.queue(OWNER)
    assert settled.turn().off is None
    assert smtp_peer.recipients == [OWNER]


# --- refusals ---------------------------------------------------------------------------------------


def test_a_server_that_refuses_everything_holds_the_mail_after_five_with_one_alarm(
    settled: Post, smtp_peer: Peer, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(12):
        settled.queue(f"owner{number}@example.com")
    smtp_peer.always(smtp.reply("DATA", REFUSED))
    with caplog.at_level(logging.ERROR):
        assert settled.turn().held
        assert settled.turn(after=HOUR).held
    assert states(settled) == {MailState.failed: 5, MailState.queued: 7}
    assert (row(settled).held_cause, row(settled).refusals) == (HoldCause.refusals, 5)
    assert [record.getMessage() for record in caplog.records] == [
        "all mail is held: the mail server refused 5 letters in a row"
    ]
    assert facts(settled) == ["queue_held"]


def test_letters_that_were_refused_in_a_row_go_once_more_when_the_mail_is_released(
    settled: Post, smtp_peer: Peer
) -> None:
    owners = {f"owner{number}@example.com" for number in range(8)}
    for address in sorted(owners):
        settled.queue(address)
    smtp_peer.always(smtp.reply("RCPT", REFUSED))
    settled.turn()
    smtp_peer.behave()
    let_go(settled, after=DAY)
    assert states(settled) == {MailState.queued: 8}
    settled.turn(after=DAY + 2 * MINUTE)
    assert Counter(smtp_peer.recipients) == dict.fromkeys(owners, 1)
    assert row(settled).refusals == 0


def test_an_invitation_that_was_refused_still_has_its_link_when_it_goes(
    settled: Post, smtp_peer: Peer
) -> None:
    for number in range(5):
        settled.queue(f"owner{number}@example.com", kind="test-secret", words=f"/invitation/{number}")
    smtp_peer.always(smtp.reply("MAIL", REFUSED))
    settled.turn()
    smtp_peer.behave()
    let_go(settled, after=HOUR)
    settled.turn(after=HOUR + 2 * MINUTE)
    assert sorted(letter.text.split()[-1] for letter in smtp_peer.accepted) == [
        f"/invitation/{number}" for number in range(5)
    ]
    assert settled.mail("owner0@example.com").payload == {}


def test_a_letter_that_is_accepted_between_begins_the_count_anew(settled: Post, smtp_peer: Peer) -> None:
    smtp_peer.script(*[smtp.reply("DATA", REFUSED)] * 4)
    for number in range(5):
        settled.queue(f"a{number}@example.com")
    assert not settled.turn().held
    assert row(settled).refusals == 0
    smtp_peer.script(*[smtp.reply("DATA", REFUSED)] * 4)
    for number in range(5):
        settled.queue(f"b{number}@example.com")
    assert not settled.turn(after=HOUR).held
    assert len(smtp_peer.accepted) == 2


def test_the_count_is_one_over_all_dispatchers(settled: Post, smtp_peer: Peer) -> None:
    smtp_peer.always(smtp.reply("DATA", REFUSED))
    held = []
    for number in range(5):
        settled.queue(f"owner{number}@example.com")
        one = settled.dispatcher(f"process {number}")
        held.append(one.turn(NOW + number * MINUTE).held)
        one.close(NOW)
    assert held == [False] * 4 + [True]


def test_addresses_that_do_not_exist_are_no_refusals(settled: Post, smtp_peer: Peer) -> None:
    smtp_peer.always(smtp.reply("RCPT", "550 5.1.1 no such person"))
    for number in range(8):
        settled.queue(f"owner{number}@example.com")
    assert not settled.turn().held
    assert states(settled) == {MailState.undeliverable: 8}


# --- a hold in the middle of a turn -------------------------------------------------------------------


def test_a_hold_stops_the_very_next_letter(settled: Post, smtp_peer: Peer) -> None:
    """A letter that is being offered then is put back, and its attempt is not counted."""
    settled.turn()
    settled.queue(OWNER)
    dispatcher = settled.dispatchers[0]
    offer = dispatcher._line.offer

    def hold_meanwhile(sender: str, recipient: str) -> None:
        offer(sender, recipient)
        with settled.sessions.begin() as session:
            found = session.scalars(select(Installation)).one()
            found.queue_held = True

    dispatcher._line.offer = hold_meanwhile  # type: ignore[method-assign]
    assert settled.turn(after=MINUTE).held
    assert not smtp_peer.accepted
    assert (settled.state(OWNER), settled.mail(OWNER).attempts) == (MailState.queued, 0)
    dispatcher._line.offer = offer  # type: ignore[method-assign]
    let_go(settled, after=HOUR)
    settled.turn(after=HOUR)
    assert smtp_peer.recipients == [OWNER]


# --- very many letters --------------------------------------------------------------------------------


def test_visitors_who_ask_for_letters_cannot_have_all_mail_held(settled: Post, smtp_peer: Peer) -> None:
    for number in range(60):
        settled.queue(f"owner{number}@example.com", kind="test-secret")
    assert settled.turn().sent == 60
    assert not row(settled).queue_held


def test_more_letters_than_ever_ask_once(settled: Post, smtp_peer: Peer) -> None:
    for number in range(51):
        settled.queue(f"owner{number}@example.com")
    assert settled.turn().held
    assert not smtp_peer.accepted
    assert row(settled).held_cause is HoldCause.volume
    assert row(settled).held_reason == "51 letters fall due at once; the busiest hour until now had 0"
    let_go(settled, after=HOUR)
    assert settled.turn(after=HOUR).sent == 51
    for number in range(153):  # as three times before, on another day
        settled.queue(f"again{number}@example.com", at=NOW + 20 * DAY)
    assert settled.turn(after=20 * DAY).sent == 153


def test_fifty_letters_never_ask(settled: Post, smtp_peer: Peer) -> None:
    for number in range(50):
        settled.queue(f"owner{number}@example.com")
    assert settled.turn().sent == 50


def test_what_waited_for_a_server_that_was_down_does_not_ask(settled: Post, smtp_peer: Peer) -> None:
    for number in range(80):
        settled.queue(f"owner{number}@example.com", at=NOW + number * HOUR)
    assert settled.turn(after=80 * HOUR).sent == 80


# --- the clock --------------------------------------------------------------------------------------


def _works(post: Post) -> Clockwork:
    letters.register()
    return Clockwork(post.engine, post.dispatcher(), "test", obligations=lambda _session, _today: iter(()))


@pytest.mark.parametrize(
    ("jump", "cause"),
    [
        (-2 * HOUR, HoldCause.clock_back),
        (-365 * DAY, HoldCause.clock_back),
        (41 * DAY, HoldCause.clock_ahead),
        (365 * DAY, HoldCause.clock_ahead),
    ],
)
def test_a_clock_that_jumps_holds_all_mail_and_plans_nothing(
    settled: Post, smtp_peer: Peer, jump: timedelta, cause: HoldCause
) -> None:
    works = _works(settled)
    works.tick(NOW)
    works.tick(NOW + 10 * MINUTE)
    settled.queue(OWNER, at=NOW + 10 * MINUTE)
    swept = Counter[str]()

    def sweeping(_session: object, _today: object):  # type: ignore[no-untyped-def]
        swept["swept"] += 1
        return iter(())

    works.obligations = sweeping
    for minutes in (0, 90):
        assert works.tick(NOW + 10 * MINUTE + jump + minutes * MINUTE).held
    assert row(settled).held_cause is cause
    assert not swept
    assert not smtp_peer.accepted
    let_go(settled, after=20 * MINUTE)  # the clock is right again, and somebody has looked
    works.tick(NOW + 21 * MINUTE)
    assert smtp_peer.recipients == [OWNER]


@pytest.mark.parametrize("jump", [-50 * MINUTE, 39 * DAY])
def test_a_clock_that_is_set_right_or_a_long_rest_holds_nothing(settled: Post, jump: timedelta) -> None:
    works = _works(settled)
    works.tick(NOW)
    works.tick(NOW + MINUTE)
    assert not works.tick(NOW + MINUTE + jump).held


def test_a_demonstration_may_move_its_clock(settled: Post, smtp_peer: Peer, tmp_path: Path) -> None:
    settled.premises = Premises(tmp_path / "demo", demonstration=True)
    works = _works(settled)
    works.tick(NOW)
    works.tick(NOW + MINUTE)
    settled.queue(OWNER, at=NOW + 400 * DAY)
    assert not works.tick(NOW + 400 * DAY).held
    assert smtp_peer.recipients == [OWNER]


# --- restored while held ------------------------------------------------------------------------------


def test_a_restored_database_is_still_known_as_this_installation(settled: Post, smtp_peer: Peer) -> None:
    settled.turn()
    backup = back_up(settled.engine)
    settled.dispatchers.pop().close(NOW)
    restore(settled.engine, backup)
    assert settled.turn(after=DAY).off is None


def test_a_letter_sent_again_by_a_person_leaves_a_trace(settled: Post, smtp_peer: Peer) -> None:
    smtp_peer.script(smtp.reply("DATA", REFUSED))
    settled.queue(OWNER)
    settled.turn()
    with settled.sessions.begin() as session:
        mail = session.scalars(select(Mail)).one()
        decisions.send_again(session, mail, by=None, at=NOW + HOUR)
    settled.turn(after=2 * HOUR)
    assert smtp_peer.recipients == [OWNER]
    assert facts(settled, "mail") == ["letter_sent_again", "letter_sent"]
