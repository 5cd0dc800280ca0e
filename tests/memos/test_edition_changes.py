"""What changed between two editions."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.support import make
from tests.support.rounds import Office
from tracker import clock
from tracker.domain.comparison import Difference, Printed, changed_rows
from tracker.extensions import db
from tracker.memos.edition_changes import FrontPart, changes_between
from tracker.memos.editions import freeze_for_meeting


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    with app.app_context():
        yield Office.of(db.session())


@pytest.fixture
def session(office: Office) -> Session:
    return office.session


def _row(key: str, number: int, section: str = "A", title: str = "", text: str = "Text.") -> Printed:
    return Printed(key, "status", section, number, title or key, text)


def test_each_way_in_which_a_row_may_differ_is_told() -> None:
    old = [_row("same", 1), _row("shifted", 2), _row("gone", 3), _row("moved", 4), _row("said", 5)]
    new = [
        _row("same", 1),
        _row("new", 2),
        _row("shifted", 3),
        _row("moved", 4, section="B", title="Moved and renamed"),
        _row("said", 5, text="Other text."),
    ]
    found = {(one.new or one.old).key: one for one in changed_rows(old, new)}  # type: ignore[union-attr]
    assert {key: one.differences for key, one in found.items()} == {
        "new": (Difference.added,),
        "shifted": (Difference.renumbered,),
        "moved": (Difference.moved, Difference.renamed),
        "said": (Difference.reworded,),
        "gone": (Difference.gone,),
    }
    assert [one.kind for one in found["said"].text_operations] == ["delete", "insert", "equal"]
    assert changed_rows(old, old) == ()


@pytest.mark.both_databases
def test_two_editions_differ_in_what_was_done_between_them(office: Office, session: Session) -> None:
    first, second = make.administration(session, office.plan), make.administration(session, office.plan)
    ours = [make.initiative(session, area, owner=office.owner) for area in (first, first, second)]
    round_ = make.open_round(session, office.plan)
    office.submit(ours[0], round_, "Held once¹.\n¹ In May.")
    given = {"rights": office.rights, "by": office.lead, "at": clock.now()}
    old = freeze_for_meeting(session, office.plan, round_, **given)
    ours[1].title = "Another title"
    ours[2].administration_id, ours[2].position = first.id, 0
    round_.caption = "Tabel 1. En anden."
    session.flush()
    new = freeze_for_meeting(session, office.plan, round_, **given)
    found = changes_between(session, old, new)
    assert {one.new.title: one.differences for one in found.rows if one.new} == {
        ours[0].title: (Difference.renumbered,),
        "Another title": (Difference.renumbered, Difference.renamed),
        ours[2].title: (Difference.moved, Difference.renumbered),
    }
    assert FrontPart.caption in {one.part for one in found.front}
    assert changes_between(session, new, new).rows == ()
    old.memo = {key: value for key, value in old.memo.items() if key != "sources"}
    session.flush()
    by_title = changes_between(session, old, new)
    assert {one.new.title: one.differences for one in by_title.rows if one.new}[ours[2].title] == (
        Difference.moved,
        Difference.renumbered,
    )


@pytest.mark.both_databases
def test_a_committees_edition_is_compared_within_its_own_rows(office: Office, session: Session) -> None:
    first, second = make.administration(session, office.plan), make.administration(session, office.plan)
    ours = [make.initiative(session, area, owner=office.owner) for area in (first, second)]
    round_ = make.open_round(session, office.plan)
    given = {"rights": office.rights, "by": office.lead, "at": clock.now()}
    own = freeze_for_meeting(session, office.plan, round_, administration_id=second.id, **given)
    office.approve(ours[1], round_, "Held.")
    office.approve(ours[0], round_, "Held too.")
    final = office.lock(round_)
    found = changes_between(session, own, final)
    assert found.within == (second.name,)
    assert [(one.differences, one.new.number) for one in found.rows if one.new] == [
        ((Difference.reworded,), 2)
    ]
