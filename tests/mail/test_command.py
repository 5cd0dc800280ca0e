"""`flask tracker mail`: what an operator asks and says at the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import config
from tests.faults.service import environment
from tests.mail.post import NOW, Post, open_post, server_at
from tests.support.smtp import Peer
from tracker import cli
from tracker.mail.installation import installation_of, settle_in

Say = Callable[..., Result]
HERE = "https://tracker.example.com"


@pytest.fixture
def post(database_url: str, smtp_peer: Peer) -> Iterator[Post]:
    with open_post(database_url, server_at(smtp_peer)) as post:
        yield post


@pytest.fixture
def say(settings: config.Settings, monkeypatch: pytest.MonkeyPatch) -> Say:
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)

    def said(*words: str, answer: str | None = None) -> Result:
        done = CliRunner().invoke(cli.tracker, ["mail", *words], input=answer)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.output
        return done

    return said


def _elsewhere(post: Post, tmp_path: Path) -> None:
    with post.sessions.begin() as session:
        settle_in(session, HERE, tmp_path / "elsewhere", NOW)


@pytest.mark.both_databases
def test_mail_is_held_with_its_reason_and_released(post: Post, say: Say) -> None:
    assert "leaves when it is due" in say("status").output
    assert "is held" in say("hold", "we move house").output
    assert "was held already" in say("hold", "again").output
    status = say("status").output
    assert "we move house" in status
    assert "leaves when" not in status
    assert "leaves again" in say("release").output
    assert "was not held" in say("release").output


@pytest.mark.both_databases
def test_a_copy_says_so_and_is_adopted_only_by_somebody_who_agrees(
    post: Post, say: Say, tmp_path: Path
) -> None:
    _elsewhere(post, tmp_path)
    assert "another address" in say("status").output
    assert say("adopt", answer="n\n").exit_code == 1
    assert "another address" in say("status").output
    done = say("adopt", answer="y\n")
    assert "people get every letter from both" in done.output
    assert "leaves when it is due" in say("status").output
    assert "belonged here already" in say("adopt", "--yes").output
    with post.sessions() as session:
        row = installation_of(session)
        assert row is not None
        assert row.base_url != HERE
