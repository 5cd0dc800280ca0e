"""From what is due to letters: one a person and local day, whatever plans and rounds it comes from."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from tracker import clock
from tracker.domain.reminders import DUE_TIME, RECENTLY, Reminder, condense, recently_reminded
from tracker.mail import outbox
from tracker.mail.models import Mail, MailState
from tracker.reminders.assembling_at_once import assemble_at_once
from tracker.reminders.calendars import assembles_alone
from tracker.reminders.due import (
    COLUMNS,
    EVERYBODY,
    PERSONS_A_TRANSACTION,
    Item,
    Recipient,
    item_of,
    last_of_many,
    open_items,
    overtaken,
    people_with_something_due,
    same_step,
)
from tracker.reminders.models import ItemState, Reason, ReminderItem
from tracker.reminders.resting import Resting, resting

KIND = "reminders"
URGENT = 50  # the day before, and everything after the deadline
# A letter is written when it leaves, so waiting for a mail server that is down does not make it stale.
LETTER_EXPIRES_AFTER = timedelta(days=30)

log = logging.getLogger(__name__)


def assemble(session: Session, *, now: datetime, after: int = 0) -> int | None:
    """Lay letters down for those who have something due; their items become `assigned`.

    At once for the simple cases among up to 50,000 people, one by one for up to 500 of the others. Works in
    order of their id, from the one after `after`: returns the last one seen, to go on from in the next
    transaction, or None when there are no more. Before 08:00 local time nobody is written to, and while
    another process assembles nothing is done.
    """
    local = now.astimezone(clock.ZONE)
    if local.time() < DUE_TIME or not assembles_alone(session):
        return None
    if (upto := last_of_many(session, now, after)) is None:
        return None
    rests = resting(session, local.date())
    if rests is None:
        assemble_at_once(session, now=now, kind=KIND, waits=LETTER_EXPIRES_AFTER, after=after, upto=upto)
    last = assemble_one_by_one(session, now=now, after=after, upto=upto, rests=rests)
    return last or (upto if upto < EVERYBODY else None)


def assemble_one_by_one(
    session: Session,
    *,
    now: datetime,
    after: int = 0,
    upto: int = EVERYBODY,
    rests: Resting | None = None,
) -> int | None:
    """The same for up to 500 people of whatever case: the last of them, or None when there are no more.

    What `rests` waits for a working day.
    """
    today = clock.local_date(now)
    people = people_with_something_due(session, now, today, after, upto)
    if not people:
        return None
    work = _Work(session, now, today, rests)
    work.read([person.id for person in people])
    for person in people:
        work.decide(person)
    work.write()
    return people[-1].id if len(people) == PERSONS_A_TRANSACTION else None


@dataclass(slots=True)
class _Letters:
    """A person's letters of reminders: the one that can still take items, and those of today."""

    waiting: int | None = None
    waiting_plan: int | None = None
    last_sequence: int = -1
    left_today: bool = False


@dataclass
class _Work:
    """One transaction's worth: read everything, decide person by person, write everything."""

    session: Session
    now: datetime
    today: date
    rests: Resting | None
    items: dict[int, list[Item]] = field(default_factory=lambda: defaultdict(list))
    recent: dict[int, list[tuple[Reminder, date, int]]] = field(default_factory=lambda: defaultdict(list))
    overtaken: dict[int, int] = field(default_factory=dict)
    letters: dict[int, _Letters] = field(default_factory=lambda: defaultdict(_Letters))
    new: list[dict[str, Any]] = field(default_factory=list)
    enclosed: dict[str | int, list[int]] = field(default_factory=lambda: defaultdict(list))
    superseded: list[tuple[int, int | None, Reason]] = field(default_factory=list)
    given_up: list[int] = field(default_factory=list)
    of_several_plans: list[int] = field(default_factory=list)

    def read(self, person_ids: Sequence[int]) -> None:
        _read_letters(self, person_ids)
        for item in open_items(self.session, self.now, self.today, person_ids):
            waiting = self.letters[item.reminder.person_id].waiting
            if self._may_go(item) or (waiting is not None and item.mail_id == waiting):
                self.items[item.reminder.person_id].append(item)
        sent = select(*COLUMNS, ReminderItem.settled_at).where(
            ReminderItem.person_id.in_(person_ids),
            ReminderItem.state == ItemState.sent,
            ReminderItem.settled_at >= self.now - RECENTLY - timedelta(days=1),
        )
        for *values, settled_at in self.session.execute(sent):
            item = item_of(values)
            when = clock.local_date(settled_at)
            self.recent[item.reminder.person_id].append((item.reminder, when, item.id))
        self.overtaken = dict(overtaken(self.session, self.now, person_ids))

    def _may_go(self, item: Item) -> bool:
        rests = self.rests is not None and self.rests.waits(item.reminder.person_id, item.plan_id)
        return item.state is ItemState.planned and not rests

    def decide(self, person: Recipient) -> None:
        """Which of a person's items go into which letter, and which are replaced."""
        by_reminder = {item.reminder: item for item in self._not_overtaken(person)}
        outcome = condense(by_reminder, today=self.today)
        for reminder in outcome.lapsed:
            self.superseded.append((by_reminder[reminder].id, None, Reason.deadline_passed))
        letters = self.letters[person.id]
        only_urgent = letters.waiting is None and letters.left_today
        going: list[Item] = []
        decided: set[Reminder] = set()
        for reminder in outcome.send:
            item = by_reminder[reminder]
            if self._was_said_recently(item):
                decided.add(reminder)
            elif not only_urgent or reminder.urgency >= URGENT:
                decided.add(reminder)
                going.append(item)
        for reminder, winner in outcome.superseded:
            if winner in decided:
                loser = by_reminder[reminder].id
                self.superseded.append((loser, by_reminder[winner].id, Reason.more_urgent))
        if going:
            self._enclose(person, letters, going)

    def _not_overtaken(self, person: Recipient) -> Iterator[Item]:
        """Without what was called for only after a later step of the same had been sent."""
        for item in self.items[person.id]:
            if (later := self.overtaken.get(item.id)) is None or item.state is not ItemState.planned:
                yield item
            else:
                self.superseded.append((item.id, later, Reason.overtaken))

    def _was_said_recently(self, item: Item) -> bool:
        """Whether the item is owed only because a date moved after this very step was sent."""
        sent = self.recent[item.reminder.person_id]
        pairs = [(reminder, when) for reminder, when, _ in sent]
        if item.state is not ItemState.planned or not recently_reminded(
            item.reminder, sent=pairs, today=self.today
        ):
            return False
        self.superseded.append((item.id, same_step(item.reminder, sent), Reason.recently_reminded))
        return True

    def _enclose(self, person: Recipient, letters: _Letters, going: list[Item]) -> None:
        joining = [item.id for item in going if item.state is ItemState.planned]
        if letters.waiting is not None:
            self.enclosed[letters.waiting].extend(joining)
            if any(item.plan_id != letters.waiting_plan for item in going):
                self.of_several_plans.append(letters.waiting)
            return
        sequence = letters.last_sequence + 1
        plans = {item.plan_id for item in going}
        try:
            row = outbox.row_for(
                kind=KIND,
                dedupe_key=f"{KIND}:{person.id}:{self.today:%Y-%m-%d}:{sequence}",
                person_id=person.id,
                address=person.email,
                payload={"day": self.today.isoformat(), "sequence": sequence},
                plan_id=plans.pop() if len(plans) == 1 else None,
                at=self.now,
                expires_at=self.now + LETTER_EXPIRES_AFTER,
            )
        except ValueError:
            log.warning("person %s has no address that letters can go to", person.id)
            self.given_up.extend(joining)
            return
        self.new.append(row)
        self.enclosed[row["dedupe_key"]].extend(joining)

    def write(self) -> None:
        ids = outbox.queue_all(self.session, self.new)
        joined = self._still_waiting([key for key in self.enclosed if isinstance(key, int)])
        self._share([mail_id for mail_id in self.of_several_plans if mail_id in joined])
        assigned = [
            {"item": item_id, "mail": mail_id}
            for key, item_ids in self.enclosed.items()
            if (mail_id := ids.get(key) if isinstance(key, str) else joined.get(key)) is not None
            for item_id in item_ids
        ]
        self._change(assigned, state=ItemState.assigned, mail_id=bindparam("mail"))
        self._change(
            [{"item": id_, "winner": winner, "why": why.value} for id_, winner, why in self.superseded],
            state=ItemState.superseded,
            superseded_by_id=bindparam("winner"),
            reason=bindparam("why"),
            settled_at=self.now,
        )
        self._change(
            [{"item": id_} for id_ in self.given_up],
            state=ItemState.undeliverable,
            reason=Reason.bad_address.value,
            settled_at=self.now,
        )

    def _still_waiting(self, mail_ids: list[int]) -> dict[int, int]:
        """Those letters that no dispatcher has taken meanwhile; none can until this transaction ends."""
        waiting = select(Mail.id).where(Mail.id.in_(mail_ids), Mail.state == MailState.queued)
        found = self.session.scalars(waiting.with_for_update(skip_locked=True))
        return {mail_id: mail_id for mail_id in found}

    def _share(self, mail_ids: list[int]) -> None:
        """What now speaks of several plans is no longer for the secretariat of one to read."""
        if mail_ids:
            self.session.execute(
                update(Mail).where(Mail.id.in_(mail_ids)).values(plan_id=None),
                execution_options={"synchronize_session": False},
            )

    def _change(self, items: list[dict[str, Any]], **values: Any) -> None:
        """Change open items; those that were cancelled meanwhile, or may have left, stay as they are."""
        if not items:
            return
        table = ReminderItem.__table__
        statement = (
            update(table)  # type: ignore[arg-type] # it is a Table
            .where(
                table.c.id == bindparam("item"),
                or_(table.c.state == ItemState.planned, table.c.state == ItemState.assigned),
                table.c.enclosed_at.is_(None),
            )
            .values(**values)
        )
        self.session.connection().execute(statement, items)


def _read_letters(work: _Work, person_ids: Sequence[int]) -> None:
    midnight = datetime.combine(work.today, time(), tzinfo=clock.ZONE)
    columns = (Mail.id, Mail.person_id, Mail.state, Mail.payload, Mail.mime.is_(None), Mail.plan_id)
    found = select(*columns).where(
        Mail.kind == KIND,
        Mail.person_id.in_(person_ids),
        or_(Mail.created_at >= midnight, Mail.state == MailState.queued),
    )
    for id_, person_id, state, payload, unwritten, plan_id in work.session.execute(found.order_by(Mail.id)):
        letters = work.letters[person_id]
        waits = state is MailState.queued and unwritten
        if waits:
            letters.waiting, letters.waiting_plan = id_, plan_id
        if payload.get("day") == work.today.isoformat():
            letters.last_sequence = max(letters.last_sequence, payload["sequence"])
            letters.left_today |= not waits and state is not MailState.cancelled
