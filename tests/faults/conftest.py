"""Fixtures of the faults: a plan with people, a mail server that keeps a file, and processes to lose."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.nursery import Nursery, nursery
from tests.faults.scene import Scene, open_scene
from tests.mail.post import Post, open_post, server_at
from tests.support.smtp import Peer


@pytest.fixture(scope="session")
def children(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """Where processes come from that are loaded already."""
    with nursery(tmp_path_factory.mktemp("children")) as found:
        yield found


@pytest.fixture
def scene(database_url: str, smtp_peer: Peer, tmp_path: Path, children: Nursery) -> Iterator[Scene]:
    """A plan without people yet."""
    with open_scene(database_url, tmp_path, smtp_peer, children) as found:
        yield found


@pytest.fixture
def post(database_url: str, smtp_peer: Peer) -> Iterator[Post]:
    """The mail alone, in this process, to a server whose silence is not waited for long."""
    with open_post(database_url, server_at(smtp_peer, timeout=1, body_timeout=1)) as post:
        yield post
