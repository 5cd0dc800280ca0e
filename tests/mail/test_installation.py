"""A database, an address and a machine file belong together; mail is held, and released, by whoever may."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.mail.post import NOW, Post, person
from tracker.audit.queries import history_of
from tracker.mail.installation import (
    adopt,
    hold,
    installation_of,
    read_machine,
    release,
    settle_in,
    why_off,
)
from tracker.mail.models import HoldCause, Installation

pytestmark = pytest.mark.both_databases

HERE = "https://tracker.example.com"
LATER = NOW + timedelta(days=1)


def _off(post: Post, *, base_url: str = HERE, file: Path) -> str | None:
    with post.sessions() as session:
        return why_off(installation_of(session), base_url=base_url, machine=read_machine(file))


def _settle(post: Post, file: Path, base_url: str = HERE) -> None:
    with post.sessions.begin() as session:
        settle_in(session, base_url, file, NOW)


def test_a_database_belongs_to_the_place_where_it_is_started_first(post: Post, tmp_path: Path) -> None:
    file = tmp_path / "data" / "installation"
    assert _off(post, file=file) is None
    _settle(post, file)
    _settle(post, file)
    assert _off(post, file=file) is None
    with post.sessions() as session:
        [row] = session.scalars(select(Installation)).all()
    assert row.machine == read_machine(file)
    assert row.base_url == HERE


def test_a_copy_elsewhere_is_known_by_its_address_and_its_machine_file(post: Post, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    _settle(post, here)
    assert _off(post, file=here, base_url="https://test.example.com") == "other_address"
    assert _off(post, file=there) == "no_machine_file"
    _settle(post, there)
    assert not there.exists()  # settling in happens once
    there.write_text("0123\n")
    assert _off(post, file=there) == "other_machine"


def test_adopting_makes_this_place_the_rightful_one_and_the_other_no_longer(
    post: Post, tmp_path: Path
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    _settle(post, here)
    with post.sessions.begin() as session:
        assert adopt(session, "https://new.example.com", there, None, LATER)
        assert not adopt(session, "https://new.example.com", there, None, LATER)
    assert _off(post, file=there, base_url="https://new.example.com") is None
    assert _off(post, file=here, base_url="https://new.example.com") == "other_machine"
    with post.sessions() as session:
        assert [entry.fact for entry in history_of(session, "installation", 1)] == ["installation_adopted"]


def test_an_installation_began_when_its_first_person_was_entered(post: Post, tmp_path: Path) -> None:
    with post.sessions.begin() as session:
        person(session, "first@example.com", created_at=NOW - timedelta(days=90))
        person(session, "second@example.com")
    _settle(post, tmp_path / "installation")
    with post.sessions() as session:
        row = installation_of(session)
        assert row is not None
        assert row.created_at == NOW - timedelta(days=90)


def test_mail_that_is_held_stays_held_for_its_first_cause_until_it_is_released(post: Post) -> None:
    with post.sessions.begin() as session:
        somebody = person(session, "lead@example.com").id
        assert hold(session, HoldCause.person, "we move house", by=somebody, at=NOW)
        assert not hold(session, HoldCause.volume, "many letters", by=None, at=LATER)
    with post.sessions() as session:
        row = installation_of(session)
        assert row is not None
        assert (row.queue_held, row.held_cause, row.held_reason, row.held_at) == (
            True,
            HoldCause.person,
            "we move house",
            NOW,
        )
    with post.sessions.begin() as session:
        assert release(session, by=somebody, at=LATER)
        assert not release(session, by=somebody, at=LATER)
    with post.sessions() as session:
        entries = history_of(session, "installation", 1)
        assert [(one.fact, one.actor_id) for one in entries] == [
            ("queue_released", somebody),
            ("queue_held", somebody),
        ]
        row = installation_of(session)
        assert row is not None
        assert (row.queue_held, row.held_cause, row.held_reason, row.held_at) == (False, None, "", None)


@pytest.mark.parametrize(
    ("cause", "seen", "allowed"),
    [
        (HoldCause.person, None, None),
        (HoldCause.volume, None, LATER + timedelta(hours=24)),
        (HoldCause.clock_back, LATER, None),
        (HoldCause.clock_ahead, LATER, None),
        (HoldCause.refusals, None, None),
    ],
)
def test_releasing_answers_what_the_guard_asked(
    post: Post, cause: HoldCause, seen: object, allowed: object
) -> None:
    with post.sessions.begin() as session:
        hold(session, cause, "why", by=None, at=NOW)
    with post.sessions.begin() as session:
        row = installation_of(session)
        assert row is not None
        row.refusals = 5
    with post.sessions.begin() as session:
        release(session, by=None, at=LATER)
    with post.sessions() as session:
        row = installation_of(session)
        assert row is not None
        assert (row.clock_seen_at, row.volume_allowed_until, row.refusals) == (seen, allowed, 0)
