"""Why one reminder went otherwise than foreseen: a rule for each way, from what happened since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from tracker.domain.reminders import UNCOVERED, ObligationKind
from tracker.mail.models import MailState
from tracker.reminders.happened import Fact, Happened, Item
from tracker.reminders.models import ItemState, Reason
from tracker.reminders.saved import Entry


class Cause(StrEnum):
    """Why something went otherwise than foreseen. `unexplained` is for what no rule here knows."""

    settled = "settled"
    cancelled = "cancelled"
    deadline_moved = "deadline_moved"
    person_changed = "person_changed"
    absence = "absence"
    pause = "pause"
    rules_changed = "rules_changed"
    added_later = "added_later"
    more_urgent = "more_urgent"
    recently_reminded = "recently_reminded"
    deadline_passed = "deadline_passed"
    undeliverable = "undeliverable"
    letter_failed = "letter_failed"
    needs_decision = "needs_decision"
    queue_held = "queue_held"
    server_refused = "server_refused"
    another_day = "another_day"
    unexplained = "unexplained"


# Why, and what there is to add: the new deadline (an ISO date) or what the mail server said.
Verdict = tuple[Cause, str]

_STATUS = frozenset({ObligationKind.status_due, ObligationKind.returned, ObligationKind.review})


# --- foreseen, and otherwise ----------------------------------------------------------------------


def why_otherwise(entry: Entry, item: Item | None, happened: Happened, today: date) -> Verdict:
    """Why a reminder did not go on the day for which it was foreseen; `item` is its row, if it has one."""
    if item is None:
        return _never_laid_down(entry, happened, today)
    if item.state is ItemState.sent:
        return _on_another_day(entry, item, happened)
    if item.state is ItemState.cancelled:
        return _cancelled(entry, item, happened)
    if item.state is ItemState.superseded:
        return _SUPERSEDED.get(item.reason, Cause.unexplained), ""
    if item.state is ItemState.planned:
        return _not_gone_yet(entry, item.due_on, happened, today), ""
    return _of_letter(item, happened)


def _of_letter(item: Item, happened: Happened) -> Verdict:
    """It is in a letter, and the letter has not gone, or has not arrived."""
    said = item.said or item.reason
    if item.state is ItemState.waiting:
        return Cause.needs_decision, said
    if item.state is ItemState.undeliverable:
        return (Cause.letter_failed if item.mail_state is MailState.failed else Cause.undeliverable), said
    return (Cause.queue_held, "") if happened.held else (Cause.server_refused, item.said)


_SUPERSEDED = {
    Reason.more_urgent.value: Cause.more_urgent,
    Reason.overtaken.value: Cause.more_urgent,
    Reason.recently_reminded.value: Cause.recently_reminded,
    Reason.deadline_passed.value: Cause.deadline_passed,
}
_CANCELLED = {
    Reason.place_left.value: Cause.person_changed,
    Reason.absence.value: Cause.absence,
    Reason.rules_changed.value: Cause.rules_changed,
}


def _cancelled(entry: Entry, item: Item, happened: Happened) -> Verdict:
    if item.reason == Reason.settled:
        return _settled(entry, happened), ""
    if item.reason == Reason.deadline_moved:
        return Cause.deadline_moved, _present_deadline(entry, happened)
    return _CANCELLED.get(item.reason, Cause.unexplained), ""


def _settled(entry: Entry, happened: Happened) -> Cause:
    cancelled = happened.some("deadline", entry.obligation_id, "deadline_cancelled")
    waived = happened.some("status_update", entry.obligation_id, "waived")
    is_status = entry.kind in _STATUS
    return Cause.cancelled if (waived if is_status else cancelled) else Cause.settled


def _present_deadline(entry: Entry, happened: Happened) -> str:
    found = happened.open.get((entry.kind, entry.obligation_id))
    return found.last.isoformat() if found is not None and found.last != entry.deadline_on else ""


def _never_laid_down(entry: Entry, happened: Happened, today: date) -> Verdict:
    """The ledger has no row of it: what was to become one changed before it was planned."""
    task = happened.open.get((entry.kind, entry.obligation_id))
    if task is None:
        return _settled(entry, happened), ""
    if task.last != entry.deadline_on:
        return Cause.deadline_moved, task.last.isoformat()
    if entry.person_id not in {holder for _, holder in task.people}:
        return Cause.person_changed, ""
    if entry.key not in happened.wanted:
        return Cause.rules_changed, ""
    return _not_gone_yet(entry, entry.due_on, happened, today), ""


def _not_gone_yet(entry: Entry, due_on: date, happened: Happened, today: date) -> Cause:
    """It is owed, its day has passed, and it has not gone."""
    person = happened.people.get(entry.person_id)
    if person is None or not person.active:
        return Cause.person_changed
    if person.came_back:
        return Cause.undeliverable
    if due_on > entry.day:
        return Cause.rules_changed
    if person.is_absent(today) or person.is_absent(entry.day):
        return Cause.absence
    if happened.paused_until is not None and happened.paused_until >= entry.day:
        return Cause.pause
    return Cause.queue_held if happened.held else Cause.another_day


def _on_another_day(entry: Entry, item: Item, happened: Happened) -> Verdict:
    sent_on = item.settled_on or entry.day
    if item.decided:
        return Cause.needs_decision, ""
    if item.due_on != entry.due_on:
        return Cause.rules_changed, ""
    first, last = sorted((entry.day, sent_on))
    held_back = _held_back(entry.person_id, happened, first, last)
    if sent_on < entry.day or item.written_on is None or item.written_on > entry.day:
        return held_back or Cause.another_day, ""
    if _within(happened.any_of("installation", "releas"), first, last):
        return Cause.queue_held, ""
    if item.attempts > 1 or item.said:
        return Cause.server_refused, item.said
    return Cause.another_day, ""


def _held_back(person_id: int, happened: Happened, first: date, last: date) -> Cause | None:
    """Whether an absence or a pause, or the end of one, lay between two days."""
    person = happened.people.get(person_id)
    if person is not None and person.is_absent(first):
        return Cause.absence
    if happened.paused_until is not None and first <= happened.paused_until < last:
        return Cause.pause
    if _within(happened.some("person", person_id, "absen"), happened.made_on, last):
        return Cause.absence
    if _within(happened.any_of("plan", "reminders_"), happened.made_on, last):
        return Cause.pause
    return None


def _within(facts: Sequence[Fact], first: date, last: date) -> bool:
    return any(first <= one.on <= last for one in facts)


# --- sent, and not foreseen -----------------------------------------------------------------------


def why_unforeseen(item: Item, foreseen: Sequence[Entry], happened: Happened) -> Verdict:
    """Why a reminder was sent that nobody foresaw; `foreseen` are the entries of its task, for anybody."""
    if item.decided:
        return Cause.needs_decision, ""
    if item.key[2] == UNCOVERED:
        return Cause.absence, ""
    if not foreseen:
        return _of_unforeseen_task(item, happened), ""
    if all(entry.deadline_on != item.key[3] for entry in foreseen):
        return Cause.deadline_moved, item.key[3].isoformat()
    return _of_foreseen_task(item, foreseen, happened), ""


def _of_unforeseen_task(item: Item, happened: Happened) -> Cause:
    """The forecast said nothing of the task at all."""
    kind, id_, _, deadline_on, person_id = item.key
    moved = (
        happened.any_of("deadline", "deadline_moved")
        if kind in _STATUS
        else happened.some("deadline", id_, "deadline_moved")
    )
    if any(one.details.get("new") == deadline_on.isoformat() for one in moved):
        return Cause.deadline_moved
    task = happened.open.get((kind, id_))
    if task is not None and task.opened_on is not None and task.opened_on >= happened.made_on:
        return Cause.added_later
    sent_on = item.settled_on or item.due_on
    held_back = _held_back(person_id, happened, item.due_on, sent_on)
    return held_back or _if_rules_changed(happened) or Cause.added_later


def _of_foreseen_task(item: Item, foreseen: Sequence[Entry], happened: Happened) -> Cause:
    """The task was foreseen with this deadline, but not this step for this person."""
    _, _, step, deadline_on, person_id = item.key
    sent_on = item.settled_on or item.due_on
    own = [entry for entry in foreseen if entry.person_id == person_id and entry.deadline_on == deadline_on]
    others = {entry.person_id for entry in foreseen if entry.person_id != person_id and entry.step == step}
    if not own:
        away = [happened.people[id_].is_absent(sent_on) for id_ in others if id_ in happened.people]
        facts = [one for id_ in others for one in happened.some("person", id_, "absen")]
        return Cause.absence if any(away) or facts else Cause.person_changed
    delayed = [entry for entry in own if entry.due_on < entry.day and entry.day > sent_on]
    if delayed:
        held_back = _held_back(person_id, happened, happened.made_on, delayed[0].day)
        return held_back or Cause.absence
    if _if_rules_changed(happened):
        return Cause.rules_changed
    stands_in = any(happened.people[id_].is_absent(sent_on) for id_ in others if id_ in happened.people)
    return Cause.absence if stands_in else Cause.rules_changed


def _if_rules_changed(happened: Happened) -> Cause | None:
    changed = happened.any_of("plan", "ladder") or happened.any_of("plan", "plan_edited")
    return Cause.rules_changed if changed else None
