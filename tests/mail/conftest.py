"""Fixtures of the mail's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.mail.post import Post, open_post, server_at
from tests.support.smtp import Peer


@pytest.fixture
def post(database_url: str, smtp_peer: Peer) -> Iterator[Post]:
    """Mail on a real database, to a real server."""
    with open_post(database_url, server_at(smtp_peer)) as post:
        yield post
