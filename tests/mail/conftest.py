"""Fixtures of the mail's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mail.post import Post, open_post, server_at
from tests.support.smtp import Peer
from tracker.mail.installation import Premises


@pytest.fixture
def post(database_url: str, smtp_peer: Peer) -> Iterator[Post]:
    """Mail on a real database, to a real server."""
    with open_post(database_url, server_at(smtp_peer)) as post:
        yield post


@pytest.fixture
def settled(post: Post, tmp_path: Path) -> Post:
    """The same with a data folder: with a machine file, a sent journal and the guards of an installation."""
    post.premises = Premises(tmp_path / "data")
    return post
