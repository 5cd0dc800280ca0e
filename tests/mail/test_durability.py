"""A database that does not keep what it commits, or shares its sessions out, is told before mail is sent."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, func, select, text

from tests.mail.pooler import sharing_pooler
from tests.mail.post import NOW, Post, ready_engine
from tracker.mail.durability import NotDurableError, check
from tracker.mail.ownership import take_post


@pytest.mark.both_databases
def test_the_databases_as_we_set_them_up_may_send(post: Post, database_kind: str) -> None:
    warnings = check(post.engine)
    # The server of the tests need not outlive a power cut, and says so.
    assert any("fsync off" in one for one in warnings) is (database_kind == "postgresql")


@pytest.mark.parametrize("pragma", ["journal_mode=DELETE", "synchronous=NORMAL", "foreign_keys=OFF"])
def test_sqlite_without_its_promises_is_refused(tmp_path: Path, pragma: str) -> None:
    engine = ready_engine(f"sqlite:///{tmp_path / 'tracker.db'}")
    check(engine)
    event.listen(engine, "connect", lambda connection, _record: connection.execute(f"PRAGMA {pragma}"))
    engine.dispose()
    with pytest.raises(NotDurableError, match=pragma.partition("=")[0]):
        check(engine)
    engine.dispose()


@pytest.mark.postgresql
def test_a_dispatcher_keeps_what_it_committed_whatever_the_server_does(post: Post) -> None:
    with post.engine.connect() as connection:
        shown = connection.scalar(select(func.current_setting("synchronous_commit")))
        assert shown == "off"  # as the server of the tests runs
    place = take_post(post.engine, process="test", now=NOW)
    assert place is not None
    with place.transaction() as session:
        assert session.scalar(select(func.current_setting("synchronous_commit"))) == "on"
    place.leave()


@pytest.mark.both_databases
def test_only_what_can_be_found_out_again_is_committed_without_waiting_for_the_disk(
    post: Post, database_kind: str
) -> None:
    question, waits, goes_on = (
        (text("PRAGMA synchronous"), 2, 1)
        if database_kind == "sqlite"
        else (select(func.current_setting("synchronous_commit")), "on", "off")
    )
    place = take_post(post.engine, process="test", now=NOW)
    assert place is not None
    for lasting, expected in ((True, waits), (False, goes_on), (True, waits)):
        with place.transaction(lasting=lasting) as session:
            assert session.scalar(question) == expected
    with pytest.raises(LookupError), place.transaction(lasting=False):
        raise LookupError
    with place.transaction() as session:
        assert session.scalar(question) == waits
    place.rest()
    place.leave()


@pytest.mark.postgresql
def test_a_pooler_that_shares_sessions_is_refused(database_url: str) -> None:
    with sharing_pooler(database_url, servers=2) as address:
        engine = create_engine(address, connect_args={"prepare_threshold": None})
        with pytest.raises(NotDurableError, match="pooler"):
            check(engine)
        engine.dispose()


@pytest.mark.postgresql
def test_a_pooler_that_keeps_sessions_is_not(database_url: str) -> None:
    with sharing_pooler(database_url, servers=2, keeps_sessions=True) as address:
        engine = create_engine(address, connect_args={"prepare_threshold": None})
        check(engine)
        engine.dispose()
