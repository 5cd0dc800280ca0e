"""The judge of these tests finds what it is there to find."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.faults.oracle import judge
from tests.mail.post import NOW, ready_engine
from tracker.mail import outbox
from tracker.mail.models import Mail

ONE, TWO = "one@example.com", "two@example.com"


def _verdict(tmp_path: Path, url: str, accepted: list[tuple[str, bytes]], *, again: int = 0) -> str:
    record = tmp_path / "accepted.jsonl"
    record.write_text(
        "".join(
            json.dumps({"sender": "", "recipients": [to], "content": base64.b64encode(words).decode()}) + "\n"
            for to, words in accepted
        )
    )
    engine = ready_engine(url)
    with Session(engine) as session, session.begin():
        for address in (ONE, TWO):
            outbox.queue(
                session,
                kind="test",
                dedupe_key=address,
                person_id=None,
                address=address,
                payload={},
                plan_id=None,
                at=NOW,
            )
        session.execute(update(Mail).where(Mail.address == ONE).values(uncertain_resends=again))
    verdict = judge(record, engine, expected=[ONE, TWO])
    engine.dispose()
    return f"{verdict} {'kept' if verdict.is_kept else 'broken'}"


@pytest.mark.parametrize(
    ("accepted", "again", "said"),
    [
        ([(ONE, b"a"), (TWO, b"b")], 0, "lost 0 doubled 0 outside-window 0 tripled 0 uncertain 0 kept"),
        ([(ONE, b"a")], 0, "lost 1 doubled 0 outside-window 0 tripled 0 uncertain 0 broken"),
        (
            [(ONE, b"a"), (ONE, b"a"), (TWO, b"b")],
            0,
            "lost 0 doubled 1 outside-window 1 tripled 0 uncertain 0 broken",
        ),
        (
            [(ONE, b"a"), (ONE, b"a"), (TWO, b"b")],
            1,
            "lost 0 doubled 1 outside-window 0 tripled 0 uncertain 1 kept",
        ),
        (
            [(ONE, b"a"), (ONE, b"x"), (TWO, b"b")],
            1,
            "lost 0 doubled 1 outside-window 1 tripled 0 uncertain 1 broken",
        ),
        (
            [(ONE, b"a"), (ONE, b"a"), (ONE, b"a"), (TWO, b"b")],
            2,
            "lost 0 doubled 0 outside-window 0 tripled 1 uncertain 1 broken",
        ),
        (
            [(ONE, b"a"), (TWO, b"b"), ("nobody@example.com", b"c")],
            0,
            "lost 0 doubled 0 outside-window 1 tripled 0 uncertain 0 broken",
        ),
    ],
)
def test_what_the_file_says_is_judged(
    tmp_path: Path, database_url: str, accepted: list[tuple[str, bytes]], again: int, said: str
) -> None:
    assert _verdict(tmp_path, database_url, accepted, again=again) == said
