"""A round that is open: people who owe statuses, a service that ticks in this process, and what befalls it.

Everything happens through the verbs of the application; what came of it is read from the mail server's file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, joinedload

from tests.mail.post import NOW, SERVICE, person, ready_engine, server_at
from tests.support.smtp import Accepted, Peer, recorded
from tracker import clock
from tracker.accounts.models import Person
from tracker.clockwork import Clockwork
from tracker.deadlines import actions as deadlines
from tracker.deadlines.models import Deadline, DeadlineKind, Precision
from tracker.domain.reminders import Place
from tracker.domain.workflow import Outcome, ProgressState
from tracker.letters import register_letters
from tracker.mail.delivery import Dispatcher, Turn
from tracker.mail.installation import Premises
from tracker.mail.models import Mail
from tracker.plans import actions as plans
from tracker.plans.models import Administration, Initiative, Membership, MembershipRole
from tracker.plans.placing import place_person
from tracker.plans.rights import Rights, rights_of
from tracker.reminders.assembler import KIND
from tracker.reminders.models import ItemState, ReminderItem
from tracker.rounds import due_dates, opening
from tracker.rounds.models import StatusUpdate
from tracker.statuses import review, waiving, writing
from tracker.succession import placing as succession

LONG_AGO = date(2020, 1, 1)
MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober",
    "november", "december",
)  # fmt: skip
_DATE = re.compile(r"den (\d+)\. (\w+) (\d{4})(?:, (?:om|for) (\d+) arbejdsdag)?")
_LINK = re.compile(r"/(updates|initiatives|deadlines)/(\d+)")

register_letters()


@dataclass(frozen=True)
class Said:
    """One task as a letter names it: where its link leads, its date, and how many working days it counts."""

    link: str
    on: date
    days: int | None


def said_in(letter: Accepted) -> list[Said]:
    """The tasks in a letter of reminders, as its reader sees them."""
    found = []
    for entry in letter.text.split("* ")[1:]:
        words = " ".join(entry.split())
        day, month, year, days = _match(_DATE, words).groups()
        on = date(int(year), MONTHS.index(month) + 1, int(day))
        found.append(Said(_match(_LINK, words)[0], on, int(days) if days else None))
    return found


def _match(pattern: re.Pattern[str], words: str) -> re.Match[str]:
    found = pattern.search(words)
    assert found is not None, words
    return found


def is_reminder(letter: Accepted) -> bool:
    return str(letter.message["Subject"]).startswith("Påmindelse")


@dataclass
class OpenRound:
    """A plan with its secretariat, and one process of the service.

    `statuses` are the updates by the name of their owner at the start.
    """

    url: str
    peer: Peer
    folder: Path
    patience: float = 0.5
    data: str = "data"
    people: dict[str, int] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    engine: Engine = field(init=False)
    works: Clockwork = field(init=False)

    def __post_init__(self) -> None:
        self.engine = ready_engine(self.url)
        self.works = self._process()

    @property
    def premises(self) -> Premises:
        return Premises(self.folder / self.data)

    def _process(self) -> Clockwork:
        server = server_at(
            self.peer, timeout=self.patience, connect_timeout=self.patience, body_timeout=self.patience
        )
        dispatcher = Dispatcher(self.engine, server, SERVICE, process="test", premises=self.premises)
        return Clockwork(self.engine, dispatcher, "test")

    def close(self) -> None:
        self.works.dispatcher.close(None)
        self.engine.dispose()

    def begin_anew(self) -> None:
        """A new process takes the place of the one that there was, which said no word in leaving."""
        self.works.dispatcher._line.drop()
        self.works.dispatcher.close(None)
        self.works = self._process()

    def restore(self, url: str) -> None:
        """A copy takes the place of the database: the same service, the same data folder."""
        self.close()
        self.url, self.engine = url, ready_engine(url)
        self.works = self._process()

    # --- what is there --------------------------------------------------------------------------------

    def open(self, *owners: str, due: date, at: datetime = NOW) -> None:
        """A plan whose round opens: each of the owners owes the status of one initiative."""
        with self.change() as session:
            plan = plans.create_plan(
                session, slug="plan", name="Handleplan", authority="Byen", by=None, at=at
            )
            office = plans.add_administration(session, plan, code="A", name="Forvaltningen", by=None, at=at)
            for name in (*owners, "deputy", "office", "successor"):
                self.people[name] = person(session, f"{name}@example.com").id
            session.add(
                Membership(
                    plan_id=plan.id,
                    person_id=self.people["office"],
                    role=MembershipRole.lead,
                    created_at=at,
                )
            )
            for name in owners:
                initiative = self._initiative(session, office, name, at)
                self._place(session, initiative, "deputy", Place.deputy, at)
            opening.open_round(session, plan, year=due.year, due_on=due, by=None, at=at)
            updates = select(Initiative.title, StatusUpdate.id).join(
                StatusUpdate, StatusUpdate.initiative_id == Initiative.id
            )
            self.statuses = dict(session.execute(updates).all())

    def _initiative(self, session: Session, office: Administration, name: str, at: datetime) -> Initiative:
        made = plans.add_initiative(session, office, title=name, by=None, at=at)
        self._place(session, made, name, Place.owner, at)
        return made

    def _place(self, session: Session, of: Initiative, name: str, place: Place, at: datetime) -> None:
        place_person(
            session,
            session.get_one(Person, self.people[name]),
            place=place,
            plan_id=of.plan_id,
            initiative=of,
            from_on=LONG_AGO,
            by=None,
            at=at,
        )

    def milestone(self, of: str, on: date, *, at: datetime = NOW) -> int:
        """A milestone of somebody's initiative; its id."""
        with self.change() as session:
            initiative = self.update_in(session, of).initiative
            return deadlines.add_deadline(
                session,
                plan_id=initiative.plan_id,
                kind=DeadlineKind.milestone,
                title=f"Milepæl {on}",
                first_on=on,
                last_on=on,
                initiative=initiative,
                by=None,
                at=at,
            ).id

    @contextmanager
    def change(self) -> Iterator[Session]:
        """A transaction of a page or command, committed at the end."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def update_in(self, session: Session, name: str) -> StatusUpdate:
        found = (
            select(StatusUpdate)
            .options(
                joinedload(StatusUpdate.initiative).joinedload(Initiative.administration),
                joinedload(StatusUpdate.round),
                joinedload(StatusUpdate.deadline),
            )
            .where(StatusUpdate.id == self.statuses[name])
        )
        return session.scalars(found).one()

    def _acting(self, session: Session, name: str, at: datetime) -> tuple[Person, Rights]:
        somebody = session.get_one(Person, self.people[name])
        return somebody, rights_of(session, somebody.id, administrator=False, on=clock.local_date(at))

    # --- what people do -------------------------------------------------------------------------------

    def move_status(self, name: str, to: date, *, at: datetime) -> None:
        with self.change() as session:
            update = self.update_in(session, name)
            assert update.deadline is not None
            due_dates.move_status_deadline(
                session,
                update,
                due_on=to,
                reason="Mødet er flyttet.",
                version=update.deadline.version,
                by=self.people["office"],
                at=at,
            )

    def submit(self, name: str, *, at: datetime) -> None:
        """The deputy hands the status in, whoever owns it by now."""
        with self.change() as session:
            update, (deputy, rights) = self.update_in(session, name), self._acting(session, "deputy", at)
            content = writing.Content(
                text="Kurset er holdt.", progress=ProgressState.started, outcome=Outcome.reported
            )
            writing.submit(session, update, content, version=update.version, rights=rights, by=deputy, at=at)

    def return_(self, name: str, to: date, *, at: datetime) -> None:
        with self.change() as session:
            update, (office, rights) = self.update_in(session, name), self._acting(session, "office", at)
            review.return_(
                session,
                update,
                remark="Skriv mere.",
                due_on=to,
                version=update.version,
                rights=rights,
                by=office,
                at=at,
            )

    def waive(self, name: str, *, at: datetime) -> None:
        with self.change() as session:
            update, (office, rights) = self.update_in(session, name), self._acting(session, "office", at)
            waiving.waive(
                session,
                update,
                outcome=Outcome.discontinued,
                reason="Det er slut.",
                version=update.version,
                rights=rights,
                by=office,
                at=at,
            )

    def replace_owner(self, name: str, by: str, *, at: datetime) -> None:
        with self.change() as session:
            initiative = self.update_in(session, name).initiative
            successor = session.get_one(Person, self.people[by])
            succession.assign(session, initiative, successor, from_on=clock.local_date(at), by=None, at=at)

    def leave(self, name: str, *, at: datetime) -> None:
        with self.change() as session:
            succession.leave(session, session.get_one(Person, self.people[name]), by=None, at=at)

    def move_milestone(self, id_: int, to: date, *, at: datetime) -> None:
        with self.change() as session:
            deadline = session.get_one(Deadline, id_)
            deadlines.move_deadline(
                session,
                deadline,
                first_on=to,
                last_on=to,
                precision=Precision.day,
                reason="Udbuddet trækker ud.",
                version=deadline.version,
                by=self.people["office"],
                at=at,
            )

    def cancel_milestone(self, id_: int, *, at: datetime) -> None:
        with self.change() as session:
            deadline = session.get_one(Deadline, id_)
            deadlines.cancel_deadline(
                session, deadline, reason="Det bortfalder.", by=self.people["office"], at=at
            )

    # --- what time brings -----------------------------------------------------------------------------

    def tick(self, at: datetime) -> Turn:
        return self.works.tick(at.astimezone(UTC))

    def mornings(self, first: date, last: date) -> None:
        """Half past eight of each day, first and last included."""
        for ahead in range((last - first).days + 1):
            self.tick(local(first + timedelta(days=ahead)))

    # --- what came of it ------------------------------------------------------------------------------

    @property
    def file(self) -> Path:
        return self.folder / "accepted.jsonl"

    def reminders_to(self, name: str) -> list[Accepted]:
        """The letters of reminders that somebody got, by the mail server's own file."""
        return [one for one in self.reminders() if one.recipients == (f"{name}@example.com",)]

    def reminders(self) -> list[Accepted]:
        self.peer.wait_until_alone()
        return [letter for letter in recorded(self.file) if is_reminder(letter)]

    def items(self, name: str, **values: object) -> list[ReminderItem]:
        """A person's rows of the ledger in the order in which they fall due."""
        with Session(self.engine) as session:
            found = select(ReminderItem).where(ReminderItem.person_id == self.people[name])
            return list(session.scalars(found.filter_by(**values).order_by(ReminderItem.due_on)))

    def open_items(self, at: datetime) -> list[ReminderItem]:
        """What was due by then and has come to no end."""
        with Session(self.engine) as session:
            found = select(ReminderItem).where(
                ReminderItem.state.in_((ItemState.planned, ItemState.assigned)), ReminderItem.due_at <= at
            )
            return list(session.scalars(found))

    def mails(self, name: str) -> list[Mail]:
        with Session(self.engine) as session:
            found = select(Mail).where(Mail.person_id == self.people[name], Mail.kind == KIND)
            return list(session.scalars(found.order_by(Mail.id)))


def local(day: date, hour: int = 8, minute: int = 30) -> datetime:
    """That time in Copenhagen."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.ZONE)


@contextmanager
def open_rounds(url: str, peer: Peer, folder: Path) -> Iterator[OpenRound]:
    """A plan to come, in a migrated database; the peer's file is `accepted.jsonl` in `folder`."""
    found = OpenRound(url, peer, folder)
    try:
        yield found
    finally:
        found.close()
