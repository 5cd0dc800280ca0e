"""What must hold between the records of the demonstration plan, each problem a sentence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from tracker.demonstration.values import Deadline, DemonstrationPlan, Initiative, Person, Place
from tracker.domain.text import marks_in, parse, to_editing
from tracker.domain.workflow import ProgressState

ROLES = frozenset(
    {"lead", "secretariat", "administrator", "reader", "coordinator", "head", "owner", "deputy"}
)
KINDS = frozenset(
    {
        "status_due",
        "committee_meeting",
        "committee_papers",
        "campaign_window",
        "application_round",
        "delivery",
        "milestone",
        "other",
    }
)
DEADLINE_STATES = frozenset({"open", "met", "cancelled"})
LANGUAGES = frozenset({"da", "en"})
INITIATIVES = 42
ADMINISTRATIONS = 7
# The first months that an interval of a precision may begin with, and its length in months.
_UNITS = {
    "month": (frozenset(range(1, 13)), 1),
    "season": (frozenset({3, 6, 9, 12}), 3),
    "half": (frozenset({1, 7}), 6),
    "year": (frozenset({1}), 12),
}
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_EMAIL = re.compile(r"[a-z]+(?:\.[a-z]+)*@example\.com")


def problems_of(plan: DemonstrationPlan) -> tuple[str, ...]:
    """Every problem of a plan, in reading order; none when it is usable."""
    return (
        *_counts(plan),
        *_structure(plan),
        *(problem for person in plan.people for problem in _person(person, plan)),
        *(problem for one in plan.initiatives for problem in _initiative(one, plan)),
        *(problem for one in plan.deadlines for problem in _deadline(one, plan)),
    )


def _counts(plan: DemonstrationPlan) -> Iterator[str]:
    if [one.number for one in plan.initiatives] != list(range(1, INITIATIVES + 1)):
        yield f"initiatives: the numbers must run from 1 to {INITIATIVES}, in order"
    if [one.order for one in plan.administrations] != list(range(1, ADMINISTRATIONS + 1)):
        yield f"administrations: the order must run from 1 to {ADMINISTRATIONS}"
    names: dict[str, Iterable[str]] = {
        "administration codes": (one.code for one in plan.administrations),
        "committee codes": (one.code for one in plan.committees),
        "initiative keys": (one.key for one in plan.initiatives),
        "initiative titles": (one.title for one in plan.initiatives),
        "person keys": (one.key for one in plan.people),
        "emails": (one.email for one in plan.people),
        "deadline keys": (one.key for one in plan.deadlines),
    }
    for what, values in names.items():
        for value, count in Counter(values).items():
            if count > 1:
                yield f"{what}: {value} occurs {count} times"


def _structure(plan: DemonstrationPlan) -> Iterator[str]:
    administrations = {one.code for one in plan.administrations}
    committees = {one.code: one for one in plan.committees}
    if plan.plan.coordinating_administration not in administrations:
        yield "plan: the coordinating administration is unknown"
    if plan.plan.city_council not in committees:
        yield "plan: the city council is unknown"
    for one in plan.administrations:
        if one.committee not in committees or committees[one.committee].administration != one.code:
            yield f"administration {one.code}: its committee does not name it"
        for role in ("coordinator", "head"):
            if len(plan.people_with(role, one.code)) != 1:
                yield f"administration {one.code}: exactly one {role} is needed"
    if len(plan.people_with("lead")) != 1:
        yield "people: exactly one lead is needed"
    for collection in plan.rounds:
        due = collection.status_due_on
        if not collection.opens_on < due <= (collection.locked_on or due):
            yield f"round {collection.year}: the dates are out of order"


def _person(person: Person, plan: DemonstrationPlan) -> Iterator[str]:
    where = f"person {person.key}"
    if not _EMAIL.fullmatch(person.email):
        yield f"{where}: {person.email} is no plain address at example.com"
    if person.language not in LANGUAGES:
        yield f"{where}: the language {person.language} is unknown"
    if not person.roles or not ROLES.issuperset(person.roles):
        yield f"{where}: the roles are missing or unknown"
    if person.administration not in {None, *(one.code for one in plan.administrations)}:
        yield f"{where}: the administration {person.administration} is unknown"
    held = [place for one in plan.initiatives for place in (one.owner, one.deputy) if place]
    if {"owner", "deputy"} & set(person.roles) and person.key not in {place.person for place in held}:
        yield f"{where}: owns nothing and stands in for nobody"


def _initiative(one: Initiative, plan: DemonstrationPlan) -> Iterator[str]:
    where = f"initiative {one.number}"
    committees = {committee.code for committee in plan.committees}
    if not _KEY.fullmatch(one.key):
        yield f"{where}: {one.key} is no key"
    if one.administration not in {administration.code for administration in plan.administrations}:
        yield f"{where}: the administration {one.administration} is unknown"
    if not committees.issuperset({one.committee, one.origin.committee} - {None}):
        yield f"{where}: a committee is unknown"
    origin = (one.origin.decision, one.origin.decided_on, one.origin.committee)
    expected = {"original": (True,) * 3, "added": (False,) * 3}.get(one.origin.kind)
    if tuple(part is None for part in origin) != expected:
        yield f"{where}: what was added, and that alone, names decision, day and committee"
    if one.first_year and one.last_year and one.first_year > one.last_year:
        yield f"{where}: the period ends before it begins"
    if (one.state in {ProgressState.delayed, ProgressState.discontinued}) != (one.reason is not None):
        yield f"{where}: a reason belongs to what is delayed or discontinued"
    yield from _text(one)
    for role, place in (("owner", one.owner), ("deputy", one.deputy)):
        if place:
            yield from _place(place, role, where, plan)


def _text(one: Initiative) -> Iterator[str]:
    parsed = one.parsed
    if not parsed.blocks:
        yield f"initiative {one.number}: the text is empty"
    if to_editing(parsed) != one.text or parse(to_editing(parsed)) != parsed:
        yield f"initiative {one.number}: the text changes when it is read and written"
    notes = [note.number for note in parsed.footnotes]
    if marks_in(parsed.blocks) != notes or notes != list(range(1, len(notes) + 1)):
        yield f"initiative {one.number}: footnotes and their marks do not match"
    listed = [block.number for block in parsed.blocks if block.kind == "number"]
    if listed != list(range(1, len(listed) + 1)):
        yield f"initiative {one.number}: the numbered list does not run from 1"


def _place(place: Place, role: str, where: str, plan: DemonstrationPlan) -> Iterator[str]:
    person = next((one for one in plan.people if one.key == place.person), None)
    if person is None:
        yield f"{where}: the {role} {place.person} is unknown"
        return
    if role not in person.roles:
        yield f"{where}: {place.person} lacks the role {role}"
    if place.last and place.first > place.last:
        yield f"{where}: the {role}'s place ends before it begins"
    if role == "deputy" and place.last is None:
        yield f"{where}: a deputy is named for dates"
    if person.left_on and (place.last is None or place.last > person.left_on):
        yield f"{where}: the {role} holds the place after leaving"


def _deadline(one: Deadline, plan: DemonstrationPlan) -> Iterator[str]:
    where = f"deadline {one.key}"
    if not _KEY.fullmatch(one.key):
        yield f"{where}: the key is not plain"
    if one.kind not in KINDS or one.state not in DEADLINE_STATES:
        yield f"{where}: the kind or the state is unknown"
    if one.initiative not in {None, *(initiative.key for initiative in plan.initiatives)}:
        yield f"{where}: the initiative {one.initiative} is unknown"
    if one.committee not in {None, *(committee.code for committee in plan.committees)}:
        yield f"{where}: the committee {one.committee} is unknown"
    if one.round not in {None, *(collection.year for collection in plan.rounds)}:
        yield f"{where}: the round {one.round} is unknown"
    if one.kind.startswith("committee_") and one.committee is None:
        yield f"{where}: a meeting and its papers name their committee"
    if one.first > one.last:
        yield f"{where}: it ends before it begins"
    elif not _fits(one):
        yield f"{where}: {one.first} to {one.last} is no {one.precision}"
    yield from _papers(one, plan)


def _fits(one: Deadline) -> bool:
    """Whether an interval begins and ends where its precision says; one may span several units."""
    if one.precision in {"day", "part"}:
        return True
    if one.precision not in _UNITS:
        return False
    months, length = _UNITS[one.precision]
    after = one.last + timedelta(days=1)
    span = (after.year - one.first.year) * 12 + after.month - one.first.month
    return one.first.day == after.day == 1 and one.first.month in months and span % length == 0


def _papers(one: Deadline, plan: DemonstrationPlan) -> Iterator[str]:
    if (one.kind == "committee_papers") != (one.meeting is not None):
        yield f"deadline {one.key}: papers, and papers alone, name their meeting"
    elif one.meeting is not None:
        meetings: dict[str, tuple[str | None, date]] = {
            other.key: (other.committee, other.first)
            for other in plan.deadlines
            if other.kind == "committee_meeting"
        }
        committee, day = meetings.get(one.meeting, (None, one.last))
        if committee != one.committee or one.last >= day:
            yield f"deadline {one.key}: its meeting is unknown, another committee's or not after it"
