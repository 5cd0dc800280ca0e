"""The demonstration plan: whole, consistent, invented where it must be, and in our own words."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tracker.demonstration.content import FOLDER, ContentError, DemonstrationPlan, Initiative, load
from tracker.domain.text import parse, to_editing
from tracker.domain.workflow import ProgressState

SHARED_WORDS = 7
# Names are the same in any telling: each stands for one word when two texts are compared.
PROPER_NAMES = (
    "Handleplan mod racisme, etnisk diskrimination og hadforbrydelser",
    "Beskæftigelses- og Integrationsudvalget",
    "Beskæftigelses- og Integrationsforvaltningen",
    "Sundheds- og Omsorgsudvalget",
    "Kultur- og Fritidsudvalget",
    "Kultur- og Fritidsforvaltningen",
    "Center for Diabetes og Hjertesygdomme",
    "Center for Børn og Unges Sundhed",
    "Charter for et Natteliv Uden Diskrimination",
    "Foreningen Lige Adgang",
    "Institut for Menneskerettigheder",
)


@pytest.fixture(scope="module")
def content() -> DemonstrationPlan:
    return load()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the files that a test may spoil."""
    for path in FOLDER.glob("*.json"):
        shutil.copy(path, tmp_path)
    return tmp_path


def change(folder: Path, name: str, at: int, **values: Any) -> None:
    path = folder / f"{name}.json"
    records = json.loads(path.read_text(encoding="utf-8"))
    records[at].update(values)
    path.write_text(json.dumps(records), encoding="utf-8")


def test_there_are_42_initiatives_of_seven_administrations(content: DemonstrationPlan) -> None:
    assert [one.number for one in content.initiatives] == list(range(1, 43))
    codes = [one.code for one in content.administrations]
    assert codes == ["BIF", "BUF", "KFF", "SUF", "TMF", "ØKF", "SOF"]
    per_code = [sum(one.administration == code for one in content.initiatives) for code in codes]
    assert per_code == [29, 1, 3, 2, 1, 4, 2]


def test_the_blocks_of_the_memo_follow_the_order_of_the_administrations(content: DemonstrationPlan) -> None:
    order = {one.code: one.order for one in content.administrations}
    places = [order[one.administration] for one in content.initiatives]
    assert places == sorted(places)


def test_each_administration_has_its_committee_and_the_city_council_stands_alone(
    content: DemonstrationPlan,
) -> None:
    assert [one.committee for one in content.administrations] == [
        "BIU", "BUU", "KFU", "SOU", "TMU", "ØU", "SUD",
    ]  # fmt: skip
    assert content.committee("BR").administration is None


def test_three_initiatives_were_added_by_the_committee_on_31_march_2025(content: DemonstrationPlan) -> None:
    added = [one for one in content.initiatives if one.origin.kind == "added"]
    assert [one.number for one in added] == [27, 28, 29]
    assert {(one.origin.committee, one.origin.decided_on) for one in added} == {("BIU", date(2025, 3, 31))}


def test_somebody_holds_every_role(content: DemonstrationPlan) -> None:
    count = {
        role: len(content.people_with(role)) for role in ("lead", "secretariat", "administrator", "reader")
    }
    assert count == {"lead": 1, "secretariat": 2, "administrator": 1, "reader": 1}
    assert len(content.people_with("coordinator")) == len(content.people_with("head")) == 7
    assert len(content.people_with("owner")) == 23
    assert len(content.people_with("deputy")) == 4
    assert [one.language for one in content.people].count("en") == 2


def test_nobody_can_be_written_to_outside_example_com(content: DemonstrationPlan) -> None:
    assert all(re.fullmatch(r"[a-z.]+@example\.com", one.email) for one in content.people)


def test_one_initiative_never_had_an_owner_and_one_owner_has_left(content: DemonstrationPlan) -> None:
    today = content.today
    vacant = [one.number for one in content.initiatives if not (one.owner and one.owner.held_on(today))]
    assert vacant == [9, 26]
    assert content.initiative("inuit-og-groenlaendere").owner is None
    left = content.initiative("brobyggende-partnerskab")
    assert left.owner
    assert left.deputy
    assert content.person(left.owner.person).left_on == date(2026, 9, 30)
    assert left.deputy.held_on(content.today)


def test_some_own_several_initiatives(content: DemonstrationPlan) -> None:
    owners = [one.owner.person for one in content.initiatives if one.owner]
    assert sum(owners.count(person) > 1 for person in set(owners)) >= 8


def test_the_text_of_each_initiative_survives_reading_and_writing(content: DemonstrationPlan) -> None:
    for one in content.initiatives:
        assert to_editing(one.parsed) == one.text, one.number
        assert parse(to_editing(one.parsed)) == one.parsed, one.number


def test_the_texts_are_of_varied_kind(content: DemonstrationPlan) -> None:
    def those_with(kind: str) -> set[int]:
        return {one.number for one in content.initiatives if any(b.kind == kind for b in one.parsed.blocks)}

    one_line = {one.number for one in content.initiatives if len(one.status) == 1 and len(one.text) < 200}
    notes = {one.number for one in content.initiatives if one.parsed.footnotes}
    long = {one.number: len(one.text) for one in content.initiatives if len(one.text) > 2000}
    assert {9, 24, 25, 32} <= one_line
    assert those_with("bullet") >= {4, 8, 10, 12, 28, 35, 37, 39, 41}
    assert those_with("number") >= {21, 31, 33, 34, 35}
    assert those_with("heading") >= {12, 31, 35}
    assert notes == {34, 35, 38}
    assert 2700 < long[34] < 3300
    assert long[35] > 4000
    shaped = those_with("bullet") | those_with("number") | those_with("heading") | notes
    assert len(shaped | one_line) >= 16


def test_the_texts_are_typed_as_danish_is(content: DemonstrationPlan) -> None:
    for one in content.initiatives:
        text = f"{one.title}\n{one.text}"
        assert not re.search(r"  | [,.;:]|\.\.|,,| $|\"|\( | \)", text, re.MULTILINE), one.number
        assert not one.title.endswith("."), one.number
        assert text.count("”") % 2 == 0, one.number
        assert all(line[-1] in ".:" for line in one.status if ends_a_sentence(line)), one.number


def ends_a_sentence(line: str) -> bool:
    """Sub-headings and the items of a list that begin with a small letter carry no full stop."""
    words = re.sub(r"^(?:- |\d+\. |[¹²³] )", "", line)
    return not line.startswith("## ") and words[0].isupper() and len(words) > 60


def test_the_state_of_last_year_is_that_of_the_plan(content: DemonstrationPlan) -> None:
    numbers = {
        state: [one.number for one in content.initiatives if one.state is state] for state in ProgressState
    }
    assert numbers[ProgressState.delayed] == [26]
    assert numbers[ProgressState.in_preparation] == [40]
    assert numbers[ProgressState.planned] == [41]
    assert numbers[ProgressState.not_stated] == [9, 18, 32]
    assert len(numbers[ProgressState.completed]) == 16
    assert len(numbers[ProgressState.started]) == 20


def test_deadlines_of_every_kind_are_open(content: DemonstrationPlan) -> None:
    assert {one.kind for one in content.deadlines if one.state == "open"} == {
        "status_due", "committee_meeting", "committee_papers", "campaign_window", "application_round",
        "delivery", "milestone", "other",
    }  # fmt: skip
    assert {one.precision for one in content.deadlines} == {"day", "month", "part", "season", "half", "year"}
    assert {one.state for one in content.deadlines} == {"open", "met", "cancelled"}


def test_what_was_met_is_past_and_few_promises_are_overdue(content: DemonstrationPlan) -> None:
    assert all(one.first < content.today for one in content.deadlines if one.state == "met")
    overdue = {one.key for one in content.deadlines if one.state == "open" and one.last < content.today}
    assert overdue == {"foreninger-erfaringer", "e-laering-aabner"}


def test_the_chain_of_the_round_can_be_kept(content: DemonstrationPlan) -> None:
    last_year, coming = content.rounds
    assert last_year.locked_on is not None
    assert coming.locked_on is None
    assert 35 <= (coming.status_due_on - content.today).days <= 45
    chain = {
        one.key: one for one in content.deadlines if one.round == coming.year and one.first > content.today
    }
    due = next(one for one in chain.values() if one.kind == "status_due")
    assert due.last == coming.status_due_on
    papers = [one for one in chain.values() if one.kind == "committee_papers"]
    assert {one.committee for one in papers} == {one.code for one in content.committees}
    assert all(due.last < one.last < chain[one.meeting or ""].first for one in papers)
    assert chain["biu-status-2026"].first > max(
        chain[key].first for key in chain if key.endswith("-status-2026") and key[:3] not in {"biu", "br-"}
    )
    assert chain["biu-status-2026"].first < chain["br-status-2026"].first


def test_meetings_to_come_are_on_tuesdays_to_thursdays(content: DemonstrationPlan) -> None:
    meetings = [
        one for one in content.deadlines if one.kind == "committee_meeting" and one.first > content.today
    ]
    assert len(meetings) == 11
    assert all(one.first == one.last and one.first.weekday() in {1, 2, 3} for one in meetings)


def test_the_campaign_and_the_application_round_stand_as_the_secretariat_planned_them(
    content: DemonstrationPlan,
) -> None:
    dates = {one.key: (one.first, one.last) for one in content.deadlines}
    assert dates["busskaerme-2026"] == (date(2026, 12, 1), date(2026, 12, 21))
    assert dates["aktivitetspulje-2027"] == (date(2026, 12, 18), date(2027, 2, 16))
    assert dates["trivsel-2028"] == (date(2028, 1, 1), date(2028, 12, 31))


def words_of(text: str) -> list[str]:
    """The words in small letters, names as one word, footnote marks and list signs left out."""
    text = text.casefold()
    for place, name in enumerate(PROPER_NAMES):
        text = text.replace(name.casefold(), f" navn{place} ")
    return re.findall(r"[^\W_]+", re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹]", " ", text))


def runs_of(text: str) -> set[tuple[str, ...]]:
    words = words_of(text)
    return {tuple(words[at : at + SHARED_WORDS]) for at in range(len(words) - SHARED_WORDS + 1)}


def our_texts(one: Initiative) -> str:
    return "\n".join(filter(None, (one.title, one.text, one.reason, one.funder, one.origin.decision)))


def test_no_seven_words_in_a_row_are_those_of_the_real_memo(content: DemonstrationPlan, seed: Path) -> None:
    memo = json.loads((seed / "aarlig-status-2025.rows.json").read_text(encoding="utf-8"))
    theirs = [memo["memo"]["title"], memo["memo"]["table_caption"], *memo["memo"]["intro"]]
    for row in memo["initiatives"]:
        theirs += [row["title"], row["status"], *(note["text"] for note in row["footnotes"])]
    runs = set[tuple[str, ...]]().union(*map(runs_of, theirs))
    assert len(runs) > 3000
    ours = [our_texts(one) for one in content.initiatives] + [one.title for one in content.deadlines]
    assert {" ".join(run) for text in ours for run in runs_of(text) & runs} == set()


def test_a_missing_file_is_named(copy: Path) -> None:
    (copy / "people.json").unlink()
    with pytest.raises(ContentError, match=r"people\.json: the file is missing"):
        load(copy)


def test_a_file_that_is_no_json_names_its_line(copy: Path) -> None:
    (copy / "people.json").write_text("[\n{,}\n]", encoding="utf-8")
    with pytest.raises(ContentError, match=r"people\.json: line 2 is no JSON"):
        load(copy)


def test_a_field_too_many_is_named(copy: Path) -> None:
    change(copy, "people", 0, telephone="12345678")
    with pytest.raises(ContentError, match=r"people mette\.holm: missing or unknown fields: telephone"):
        load(copy)


@pytest.mark.parametrize(
    ("name", "at", "values", "problem"),
    [
        ("people", 0, {"email": "mette.holm@kk.example.org"}, "no plain address at example.com"),
        ("people", 0, {"roles": ["queen"]}, "the roles are missing or unknown"),
        ("people", 0, {"administration": "XYZ"}, "the administration XYZ is unknown"),
        ("initiatives", 0, {"number": 2}, "the numbers must run from 1 to 42"),
        ("initiatives", 0, {"committee": "XYZ"}, "initiative 1: a committee is unknown"),
        (
            "initiatives",
            0,
            {"state": "forsinket"},
            "initiatives virksomhedsforloeb state: 'forsinket' is no state",
        ),
        ("initiatives", 0, {"state": "delayed"}, "a reason belongs to what is delayed"),
        ("initiatives", 0, {"first_year": 2027}, "the period ends before it begins"),
        ("initiatives", 0, {"status": ["Se noten¹."]}, "footnotes and their marks do not match"),
        ("initiatives", 0, {"status": ["Et  ord. "]}, "the text changes when it is read and written"),
        ("initiatives", 0, {"status": ["2. to"]}, "the numbered list does not run from 1"),
        (
            "initiatives",
            0,
            {"owner": {"person": "nobody", "first": "2025-01-06", "last": None}},
            "the owner nobody is unknown",
        ),
        (
            "initiatives",
            25,
            {"owner": {"person": "vibeke.storm", "first": "2025-01-06", "last": None}},
            "initiative 26: the owner holds the place after leaving",
        ),
        ("deadlines", 0, {"initiative": "nowhere"}, "the initiative nowhere is unknown"),
        ("deadlines", 0, {"kind": "party"}, "the kind or the state is unknown"),
        ("deadlines", 0, {"first": "2025-11-31"}, "deadlines status-2025 first: '2025-11-31' is no date"),
        ("deadlines", 0, {"first": "2025-11-15"}, "it ends before it begins"),
        ("deadlines", 0, {"precision": "year"}, "2025-11-14 to 2025-11-14 is no year"),
        ("deadlines", 0, {"meeting": "br-status-2026"}, "papers, and papers alone, name their meeting"),
    ],
)
def test_what_does_not_fit_is_named(
    copy: Path, name: str, at: int, values: dict[str, Any], problem: str
) -> None:
    change(copy, name, at, **values)
    with pytest.raises(ContentError) as raised:
        load(copy)
    assert problem in str(raised.value)


def test_the_rounds_follow_each_other(content: DemonstrationPlan) -> None:
    for before, after in pairwise(content.rounds):
        assert after.year == before.year + 1
        assert before.locked_on
        assert before.locked_on < after.opens_on
