"""What a server's answer means for a letter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tracker.mail.replies import Reply, Stage, Verdict, next_attempt, verdict

NOW = datetime(2026, 10, 5, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stage", "code", "text", "expected"),
    [
        (Stage.connect, None, "timed out", Verdict.later),
        (Stage.connect, 554, "no service", Verdict.later),
        (Stage.sender, 421, "closing", Verdict.later),
        (Stage.recipient, 450, "4.2.0 greylisted", Verdict.later),
        (Stage.recipient, 550, "5.1.1 no such user", Verdict.undeliverable),
        (Stage.recipient, 550, "no such user", Verdict.undeliverable),
        (Stage.recipient, 550, "5.2.1 disabled", Verdict.undeliverable),
        (Stage.recipient, 550, "5.7.1 policy", Verdict.refused),
        (Stage.recipient, 550, "5.1.7 bad sender's mailbox address syntax", Verdict.refused),
        (Stage.recipient, 550, "5.1.8 bad sender's system address", Verdict.refused),
        (Stage.recipient, 552, "5.2.2 full", Verdict.refused),
        (Stage.data, 554, "5.1.1 odd place", Verdict.refused),
        (Stage.data, None, "garbage", Verdict.later),
        (Stage.body, 451, "later", Verdict.later),
        (Stage.body, 554, "5.6.0 no", Verdict.refused),
        (Stage.body, None, "timed out", Verdict.uncertain),
        (Stage.body, 354, "what?", Verdict.uncertain),
    ],
)
def test_an_answer_has_one_meaning(stage: Stage, code: int | None, text: str, expected: Verdict) -> None:
    assert verdict(Reply(stage, code, text)) is expected


def test_waiting_grows_to_four_hours_and_stays_there() -> None:
    waits = [next_attempt(attempts, now=NOW) - NOW for attempts in range(1, 9)]
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240, 240, 240)]
