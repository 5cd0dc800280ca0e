"""What letters are about: the reminders in them, or the status that they tell of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.plans.models import Initiative
from tracker.reminders.models import ItemState, ReminderItem
from tracker.rounds.models import StatusUpdate


@dataclass(frozen=True, slots=True)
class Content:
    """One thing that a letter is about.

    `step` is empty for a letter that is no reminder; `state` and `reason` are those of the reminder.
    """

    title: str
    kind: str = ""
    step: str = ""
    state: ItemState | None = None
    reason: str = ""
    initiative_id: int | None = None


def contents_of(
    session: Session, letters: Iterable[tuple[int, Mapping[str, Any]]], *, plan_id: int
) -> dict[int, list[Content]]:
    """By the id of the letter, what it is about in this plan; `letters` are ids with their payloads.

    At most two queries. A letter that was cancelled has given its reminders back, and is about nothing.
    """
    given = dict(letters)
    found: dict[int, list[Content]] = defaultdict(list)
    updates = {mail_id: ids for mail_id, payload in given.items() if (ids := _updates_in(payload))}
    reminding = sorted(given.keys() - updates.keys())
    if updates:
        titles = _titles(session, {one for ids in updates.values() for one in ids}, plan_id)
        for mail_id, update_id in ((mail_id, one) for mail_id, ids in updates.items() for one in ids):
            if update_id in titles:
                initiative_id, title = titles[update_id]
                found[mail_id].append(Content(title, initiative_id=initiative_id))
    if reminding:
        items = (
            select(ReminderItem)
            .where(ReminderItem.mail_id.in_(reminding), ReminderItem.plan_id == plan_id)
            .order_by(ReminderItem.deadline_on, ReminderItem.title, ReminderItem.id)
        )
        for item in session.scalars(items):
            assert item.mail_id is not None
            found[item.mail_id].append(
                Content(item.title, item.obligation_kind.value, item.step, item.state, item.reason)
            )
    return dict(found)


def _updates_in(payload: Mapping[str, Any]) -> list[int]:
    """The statuses that a letter tells of: one, or those that somebody is asked for once more."""
    one, several = payload.get("update_id"), payload.get("update_ids")
    return [one] if one else list(several or ())


def _titles(session: Session, update_ids: set[int], plan_id: int) -> dict[int, tuple[int, str]]:
    found = (
        select(StatusUpdate.id, Initiative.id, Initiative.title)
        .join(Initiative, Initiative.id == StatusUpdate.initiative_id)
        .where(StatusUpdate.id.in_(sorted(update_ids)), Initiative.plan_id == plan_id)
    )
    return {update_id: (initiative_id, title) for update_id, initiative_id, title in session.execute(found)}
