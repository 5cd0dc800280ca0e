"""What is found on a status, and how the secretariat lets a finding stand and takes it up again."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from tests.support.year import FILLED, Year
from tracker import clock
from tracker.accounts.models import Person
from tracker.audit.queries import history_of
from tracker.domain.errors import InvalidInput, MoveRefused, NoRight
from tracker.domain.proofreading import Check
from tracker.rounds.models import RoundState
from tracker.statuses.models import OverruledFinding
from tracker.statuses.proofreading import LONGEST_REASON, Looked, findings_of, overrule, take_up
from tracker.statuses.writing import Content

pytestmark = pytest.mark.both_databases
TEXT = "Der blev holdt et møde den 3. marts. Rapporten er klar den 5. maj."


@pytest.fixture
def written(year: Year) -> Year:
    year.save(Content(text=TEXT, progress=FILLED.progress, outcome=FILLED.outcome))
    return year


def _found(year: Year) -> list[Looked]:
    return findings_of(year.session, year.update, None, on=date(2026, 1, 1))


def _overrule(
    year: Year, words: str, reason: str = "Dagen er den samme hvert år.", *, by: Person | None = None
) -> OverruledFinding:
    by = by or year.secretary
    return overrule(
        year.session,
        year.update,
        check=Check.date_without_year,
        words=words,
        reason=reason,
        rights=year.rights(by),
        by=by,
        at=clock.now(),
    )


def _take_up(year: Year, decision_id: int, *, by: Person | None = None) -> None:
    by = by or year.secretary
    take_up(year.session, year.update, decision_id, rights=year.rights(by), by=by, at=clock.now())


def _facts(year: Year) -> list[tuple[str, object]]:
    every = history_of(year.session, "status_update", year.update.id)
    return [(one.fact, one.details.get("reason")) for one in every if one.fact.startswith("finding")]


def test_a_finding_that_is_let_stand_is_shown_with_who_when_and_why(written: Year) -> None:
    assert [(one.finding.words, one.overruled) for one in _found(written)] == [
        ("3. marts", None),
        ("5. maj", None),
    ]
    _overrule(written, "3. marts")
    first, second = _found(written)
    assert second.overruled is None
    assert first.overruled is not None
    assert first.overruled.by == written.secretary.name
    assert first.overruled.reason == "Dagen er den samme hvert år."
    assert first.overruled.at <= clock.now()
    assert _facts(written) == [("finding_overruled", "Dagen er den samme hvert år.")]


def test_the_decision_holds_for_its_words_alone(written: Year) -> None:
    _overrule(written, "3. marts")
    written.save(Content(text=TEXT.replace("3. marts", "4. marts"), progress=FILLED.progress))
    assert [one.overruled for one in _found(written)] == [None, None]
    written.save(Content(text="Dagen er igen den 3. marts.", progress=FILLED.progress))
    (found,) = _found(written)
    assert found.overruled is not None


def test_twice_is_once_and_it_can_be_taken_up_again(written: Year) -> None:
    decision = _overrule(written, "3. marts")
    assert _overrule(written, "3.  marts", "En anden grund.").id == decision.id
    assert len(_facts(written)) == 1
    _take_up(written, decision.id)
    _take_up(written, decision.id)
    assert [one.overruled for one in _found(written)] == [None, None]
    assert {fact for fact, _ in _facts(written)} == {"finding_overruled", "finding_taken_up"}
    assert len(_facts(written)) == 2


@pytest.mark.parametrize("reason", ["", " \n", "a" * (LONGEST_REASON + 1)])
def test_a_reason_is_needed_and_has_its_length(written: Year, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        _overrule(written, "3. marts", reason)
    assert refused.value.field == "reason"
    assert written.session.scalars(select(OverruledFinding)).all() == []


def test_only_the_secretariat_decides_and_only_while_the_round_is_open(written: Year) -> None:
    for person in (written.owner, written.coordinator):
        with pytest.raises(NoRight):
            _overrule(written, "3. marts", by=person)
    decision = _overrule(written, "3. marts")
    with pytest.raises(NoRight):
        _take_up(written, decision.id, by=written.owner)
    written.round.state = RoundState.locked
    with pytest.raises(MoveRefused):
        _take_up(written, decision.id)
    with pytest.raises(MoveRefused):
        _overrule(written, "5. maj")
