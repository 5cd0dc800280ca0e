"""Whatever happens, in any order: hypothesis makes up stories, and a small model says what must hold of them.

STATE_MACHINE_EXAMPLES in the environment is how many stories there are; the storm tells more of them.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.faults import points
from tests.faults.copies import Copying, copying
from tests.faults.model import Copies, Model, Task
from tests.faults.open_round import OpenRound, is_reminder, local, said_in
from tests.support import smtp
from tests.support.smtp import Accepted, Peer, recorded
from tracker import clock
from tracker.accounts.models import Person
from tracker.clockwork import open_obligations
from tracker.domain.reminders import desired, due_at
from tracker.mail import connection
from tracker.mail.connection import SafeConnection
from tracker.mail.installation import installation_of, release
from tracker.mail.models import Mail, MailState
from tracker.reminders.calendars import Calendars
from tracker.reminders.models import ItemState, ReminderItem

pytestmark = pytest.mark.both_databases

EXAMPLES = int(os.environ.get("STATE_MACHINE_EXAMPLES", "8"))
START = date(2026, 11, 2)  # a Monday
OWNERS = ("ane", "bo")
HEIRS = (*OWNERS, "successor")
RETRYING = frozenset({MailState.queued, MailState.uncertain})
UNDER_WAY = frozenset({MailState.sending, MailState.uncertain, MailState.needs_human})
SETTLED = frozenset({ItemState.sent, ItemState.superseded, ItemState.undeliverable, ItemState.waiting})

# What the mail server does at its next opportunity.
SERVER: dict[str, smtp.Misbehaviour] = {
    "cannot be reached": smtp.reply("CONNECT", "421 4.3.2 closed"),
    "says later": smtp.reply("RCPT", "451 4.3.0 later"),
    "says later of the letter": smtp.reply("DATA", "452 4.3.1 full"),
    "refuses": smtp.reply("DATA", "554 5.7.1 not from you"),
    "knows no such person": smtp.reply("RCPT", "550 5.1.1 unknown"),
    "hangs up before the letter": smtp.drop("354"),
    "loses the letter": smtp.drop("DATA"),
    "keeps the letter and hangs up": smtp.drop("ACCEPTED"),
}
LASTING = [*sorted(set(SERVER) - {"knows no such person"}), *["keeps the letter and hangs up"] * 7]


class Killed(BaseException):
    """The process ends here, and does nothing more."""


@dataclass
class Ground:
    """Where stories take place: a migrated database to copy, and a mail server."""

    template: str
    peer: Peer
    folder: Path
    copy: Copying
    numbers: Iterator[int]


class Story(RuleBasedStateMachine):
    def __init__(self, ground: Ground) -> None:
        super().__init__()
        self.ground = ground
        folder = ground.folder
        ground.peer.behave()
        data = f"data-{next(ground.numbers)}"
        self.round = OpenRound(ground.copy(ground.template), ground.peer, folder, 0.3, data)
        self.now = local(START)
        for minute in (0, 30):  # the first tick moves in, the second sees the time
            self.round.tick(local(START, 6, minute))
        due = START + timedelta(days=7)
        self.round.open(*OWNERS, due=due, at=self.now)
        self.model = Model({f"/updates/{id_}": Task(name, due) for name, id_ in self.round.statuses.items()})
        self.names = {f"/updates/{id_}": name for name, id_ in self.round.statuses.items()}
        self.read = len(recorded(self.round.file))
        self.copies, self.known = Copies(), set[str]()
        self.days: dict[tuple[str, date], dict[str, Accepted]] = defaultdict(dict)
        self.backup: tuple[str, Model] | None = None
        self.at_rest, self.is_well = False, True

    def teardown(self) -> None:
        self.round.close()

    # --- what people do -------------------------------------------------------------------------------

    tasks = st.integers(0, len(OWNERS) - 1)
    ahead = st.integers(1, 9)

    def _task(self, number: int) -> tuple[str, str, Task]:
        link = list(self.model.tasks)[number]
        return link, self.names[link], self.model.tasks[link]

    def _day(self, ahead: int = 0) -> date:
        return clock.local_date(self.now) + timedelta(days=ahead)

    @rule(number=tasks, ahead=ahead)
    def move_deadline(self, number: int, ahead: int) -> None:
        link, name, task = self._task(number)
        if task.is_open and task.due != self._day(ahead):
            self.round.move_status(name, self._day(ahead), at=self.now)
            self.model.change(link, due=self._day(ahead))
            self.at_rest = False

    @rule(number=tasks, ahead=ahead)
    def move_deadline_there_and_back(self, number: int, ahead: int) -> None:
        _, name, task = self._task(number)
        if task.is_open and task.due != self._day(ahead):
            self.round.move_status(name, self._day(ahead), at=self.now)
            self.round.move_status(name, task.due, at=self.now)
            self.at_rest = False

    @rule(number=tasks)
    def submit(self, number: int) -> None:
        link, name, task = self._task(number)
        if task.is_open:
            self.round.submit(name, at=self.now)
            self.model.change(link, is_open=False, handed_in=self._day())
            self.at_rest = False

    @rule(number=tasks, ahead=ahead)
    def return_(self, number: int, ahead: int) -> None:
        link, name, task = self._task(number)
        if not task.is_open:
            self.round.return_(name, self._day(ahead), at=self.now)
            self.model.change(link, is_open=True, due=self._day(ahead))
            self.at_rest = False

    @rule(number=tasks, heir=st.sampled_from(HEIRS))
    def replace_owner(self, number: int, heir: str) -> None:
        link, name, task = self._task(number)
        if heir not in self.model.left and heir != task.owner:
            self.round.replace_owner(name, heir, at=self.now)
            self.model.change(link, owner=heir)
            self.at_rest = False

    @rule(name=st.sampled_from(OWNERS))
    def leave(self, name: str) -> None:
        if name not in self.model.left:
            self.round.leave(name, at=self.now)
            self.model.leave(name)
            self.at_rest = False

    # --- what time and machines do --------------------------------------------------------------------

    def _tick(self) -> None:
        if self.round.tick(self.now).held:
            with self.round.change() as session:
                release(session, by=None, at=self.now)
            self.round.tick(self.now)
        self.at_rest = self.is_well

    @rule(minutes=st.sampled_from([1, 12, 70, 300]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self._tick()

    @rule(days=st.sampled_from([1, 1, 1, 2, 4]))
    def another_morning(self, days: int) -> None:
        self.now = local(self._day(days))
        self._tick()

    @rule(does=st.lists(st.sampled_from(sorted(SERVER)), min_size=1, max_size=3), days=st.integers(0, 3))
    def the_server_misbehaves(self, does: list[str], days: int) -> None:
        self.now = local(self._day(days)) if days else self.now + timedelta(minutes=20)
        self.ground.peer.script(*(SERVER[one] for one in does))
        self._tick()
        self._observe()
        self.now += timedelta(minutes=1)  # whoever is concerned by an address that failed gets it now
        self.the_server_is_well_again()
        self._tick()

    @rule(does=st.sampled_from(LASTING), days=st.integers(0, 3))
    def the_server_goes_on_misbehaving(self, does: str, days: int) -> None:
        """For long enough that a letter would go a third time, if it were not for the limit."""
        self.ground.peer.always(SERVER[does])
        self.is_well = False
        self.now = local(self._day(days)) if days else self.now
        for _ in range(3):
            self.now += timedelta(minutes=20)
            self._tick()
        self._observe()
        self._nothing_is_more_than_it_may_be()

    @rule()
    def the_server_is_well_again(self) -> None:
        self.ground.peer.behave()
        self.is_well = True

    @rule(point=st.sampled_from(sorted(points.POINTS)), turn=st.integers(1, 2), days=st.integers(0, 3))
    def the_process_is_killed(self, point: str, turn: int, days: int) -> None:
        self.now = local(self._day(days)) if days else self.now + timedelta(minutes=20)
        with _armed(point, _Death(turn, self._drop)), suppress(Killed):
            self.round.tick(self.now)
        self.round.begin_anew()
        self.at_rest = False

    def _drop(self) -> None:
        self.round.works.dispatcher._line.drop()

    @rule(by=st.sampled_from([timedelta(days=400), timedelta(days=-2), timedelta(hours=-3)]))
    def the_clock_jumps(self, by: timedelta) -> None:
        self._tick()
        self._observe()
        before = len(recorded(self.round.file))
        for minutes in (0, 1):
            assert self.round.tick(self.now + by + timedelta(minutes=minutes)).held
        assert len(recorded(self.round.file)) == before, "a letter left by a wrong time"
        self._tick()

    @rule()
    def somebody_takes_a_backup(self) -> None:
        self.round.works.dispatcher.close(None)
        self.round.engine.dispose()
        self.backup = self.ground.copy(self.round.url), deepcopy(self.model)

    @precondition(lambda self: self.backup is not None)
    @rule()
    def the_backup_is_restored(self) -> None:
        self._observe()
        assert self.backup is not None
        url, model = self.backup
        self.round.restore(self.ground.copy(url))
        self.model = deepcopy(model)
        file = self.round.premises.journal_file
        journal = file.read_text() if file.exists() else ""
        # Of a letter that nobody answered for, the database of before knows nothing: its count begins anew.
        self.known |= {one for one in self.copies.bodies if one in journal}
        self.copies = Copies()
        self.at_rest = False

    # --- what must hold -------------------------------------------------------------------------------

    @invariant()
    def the_promises_are_kept(self) -> None:
        self._observe()
        if self.at_rest:
            self._nothing_is_more_than_it_may_be()
            self._nothing_is_lost()

    def _observe(self) -> None:
        """What came since: to whom it might come, of what was true, and one letter a person and day."""
        self.ground.peer.wait_until_alone()
        letters = recorded(self.round.file)
        for letter in letters[self.read :]:
            name = letter.recipients[0].partition("@")[0]
            said = said_in(letter) if is_reminder(letter) else []
            assert self.model.may_say(name, [(one.link, one.on) for one in said]), (name, said, self.model)
            id_ = str(letter.message["Message-ID"])
            self.copies.bodies[id_].append(letter.content)
            if said:
                day = letter.message["Date"].datetime.astimezone(clock.ZONE).date()
                self.days[name, day][id_] = letter
                further = list(self.days[name, day].values())[1:]
                assert all(_presses(one, day) for one in further), (name, day, len(further))
        self.read = len(letters)

    def _nothing_is_more_than_it_may_be(self) -> None:
        with Session(self.round.engine) as session:
            rows = session.execute(select(Mail.message_id, Mail.uncertain_resends, Mail.state)).all()
        uncertain = Counter({id_: max(again, state in UNDER_WAY) for id_, again, state in rows if id_})
        broken = self.copies.broken(uncertain, self.known)
        assert not broken, [(one, len(self.copies.bodies[one]), uncertain[one]) for one in broken]

    def _nothing_is_lost(self) -> None:
        """Every reminder that is owed and due has come to an end, is being tried, or waits for tomorrow."""
        today = self._day()
        with Session(self.round.engine) as session:
            row = installation_of(session)
            assert row is not None
            if row.queue_held:
                return
            found = select(ReminderItem, Mail.state).outerjoin(Mail, Mail.id == ReminderItem.mail_id)
            ledger = {
                (
                    item.obligation_kind,
                    item.obligation_id,
                    item.step,
                    item.deadline_on,
                    item.person_id,
                ): (item.state, mail)
                for item, mail in session.execute(found)
            }
            calendars = Calendars(session, today)
            for one in open_obligations(session, today):
                for reminder in desired(one, calendar=calendars.of(one.plan_id), until=today):
                    if due_at(reminder.due_on, clock.ZONE) <= self.now:
                        state, mail = ledger[reminder.key]
                        is_kept = (
                            state in SETTLED
                            or (state is ItemState.assigned and mail in RETRYING)
                            or (state is ItemState.planned and self._may_wait(session, reminder.person_id))
                        )
                        assert is_kept, (reminder, state, mail)

    def _may_wait(self, session: Session, person_id: int) -> bool:
        """Whether what is planned waits until tomorrow, or for an address that somebody corrects."""
        if session.get_one(Person, person_id).undeliverable_at is not None:
            return True
        midnight = datetime.combine(self._day(), datetime.min.time(), clock.ZONE)
        found = select(Mail.id).where(Mail.person_id == person_id, Mail.created_at >= midnight)
        return session.scalar(found.limit(1)) is not None


def _presses(letter: Accepted, day: date) -> bool:
    """Whether all that a letter says is of the day before a deadline, or later."""
    return all(one.on < day or (one.days or 0) <= 1 for one in said_in(letter))


class _Death:
    """Kills the process the `turn`-th time it comes by: its connections break, and it does nothing more."""

    def __init__(self, turn: int, drop: Callable[[], None]) -> None:
        self.left, self.drop = turn, drop

    def __call__(self, last: Callable[[], None] = lambda: None) -> None:
        self.left -= 1
        if self.left == 0:
            last()
            self.drop()
            raise Killed


def _in_the_middle(share: float) -> points.Replacing:
    """When this share of the letter and its dot has left, and nothing was read."""

    def replacing(function: Callable[..., Any], die: Any) -> Callable[..., Any]:
        def dying(line: SafeConnection, mime: bytes) -> Any:
            body, host = connection._dotted(mime), line.host
            assert host is not None
            die(lambda: host.sock.sendall(body[: int(len(body) * share)]))
            return function(line, mime)

        return dying

    return replacing


REPLACING = {name: point.replacing for name, point in points.POINTS.items()} | {
    "half of the letter left": _in_the_middle(0.5),
    "the letter left, its answer unread": _in_the_middle(1),
}


@contextmanager
def _armed(name: str, death: _Death) -> Iterator[None]:
    """As `points.arm`, in this process and for a while."""
    owner, attribute = points.POINTS[name].owner, points.POINTS[name].name
    original = getattr(owner, attribute)
    setattr(owner, attribute, REPLACING[name](original, death))
    try:
        yield
    finally:
        setattr(owner, attribute, original)


@pytest.fixture
def ground(
    database_url: str, smtp_peer: Peer, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Ground]:
    with copying(tmp_path, lambda: request.getfixturevalue("postgresql")) as copy:
        yield Ground(database_url, smtp_peer, tmp_path, copy, count())


def test_whatever_happens_the_promises_are_kept(ground: Ground, database_kind: str) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        lambda: Story(ground),
        settings=settings(
            derandomize=True,
            max_examples=EXAMPLES if database_kind == "sqlite" else max(1, EXAMPLES // 4),
            stateful_step_count=20,
            deadline=None,
            phases=[Phase.generate],  # a story of twenty steps can be read as it is
            suppress_health_check=list(HealthCheck),
        ),
    )
