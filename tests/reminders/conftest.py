"""Fixtures of the reminders' tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.mail.post import open_post, server_at
from tests.reminders.office import Office
from tests.support.smtp import Peer


@pytest.fixture
def office(database_url: str, smtp_peer: Peer) -> Iterator[Office]:
    """A plan with an owner, a deputy, a coordinator and a secretariat, and mail to a real server."""
    with open_post(database_url, server_at(smtp_peer)) as post:
        yield Office(post)
