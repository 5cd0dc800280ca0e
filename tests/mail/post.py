"""A post office for tests: tables in a real database, a real server to send to, a dispatcher to move."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, create_engine, delete, insert, select
from sqlalchemy.orm import Session, sessionmaker

import tracker.models  # noqa: F401 - the tables
from tests.support.journal import unguarded
from tests.support.ports import free_port
from tests.support.smtp import Peer
from tracker.accounts.models import Person
from tracker.database import Base, prepare_sqlite
from tracker.mail import letters, outbox
from tracker.mail.connection import MailServer, Security
from tracker.mail.delivery import Dispatcher
from tracker.mail.installation import Premises
from tracker.mail.letters import Letter, LetterContext, LetterKind
from tracker.mail.models import AttemptNote, Mail, MailAttempt, MailState
from tracker.mail.window import Service

NOW = datetime(2026, 10, 5, 6, 30, tzinfo=UTC)  # a Monday, 08:30 in Copenhagen
SERVICE = Service("https://tracker.example.com", "plan@example.com", "Sekretariatet", b"s" * 32)


def ready_engine(url: str) -> Engine:
    """An engine on a migrated database, as the application has it."""
    engine = create_engine(url)
    prepare_sqlite(engine)
    return engine


def server_at(peer: Peer | None, **settings: Any) -> MailServer:
    """The peer as a mail server with short patience; without a peer, a port where nobody listens."""
    given: dict[str, Any] = {
        "security": Security.none,
        "timeout": 4,
        "connect_timeout": 4,
        "body_timeout": 4,
        **settings,
    }
    return MailServer("127.0.0.1", peer.port if peer else free_port(), **given)


def _render(_session: Session, mail: Mail, context: LetterContext) -> Letter:
    if mail.payload.get("broken"):
        raise LookupError("the template names something that is gone")
    words = mail.payload.get("words", "")
    return Letter(
        mail.payload.get("subject", "Nyt fra handleplanen"),
        f"Kære {context.name}\n\n{words}\n",
        f"<p>Kære {context.name}</p>",
    )


def _still_wanted(_session: Session, mail: Mail) -> str | None:
    reason: str | None = mail.payload.get("unwanted")
    return reason


PLAIN = letters.register(LetterKind("test", render=_render, still_wanted=_still_wanted))


def _failing(*_: Any) -> Any:
    raise LookupError("what it stands for is gone")


letters.register(LetterKind("test-enclosed", render=_render, enclosed=_failing))
letters.register(LetterKind("test-contents", render=_render, contents=_failing))
SECRET = letters.register(LetterKind("test-secret", render=_render, sensitive=True))


def person(session: Session, email: str, **values: Any) -> Person:
    """Somebody with this address, added."""
    name = values.pop("name", email.partition("@")[0].title())
    given = {"language": "da", "created_at": NOW, "active": True, "is_administrator": False, **values}
    somebody = Person(name=name, name_sort=name.lower(), email=email, **given)
    session.add(somebody)
    session.flush()
    return somebody


@dataclass
class Post:
    """What a test holds of the mail: the tables and a dispatcher."""

    engine: Engine
    server: MailServer
    premises: Premises | None = None
    sessions: sessionmaker[Session] = field(init=False)
    dispatchers: list[Dispatcher] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sessions = sessionmaker(self.engine, expire_on_commit=False)

    def queue(
        self, address: str, *, kind: str = "test", key: str = "", at: datetime = NOW, **payload: Any
    ) -> bool:
        """Lay a letter to this address down, as an action would."""
        with self.sessions.begin() as session:
            return outbox.queue(
                session,
                kind=kind,
                dedupe_key=key or f"{kind}:{address}",
                person_id=None,
                address=address,
                payload=payload,
                plan_id=None,
                at=at,
            )

    def dispatcher(self, process: str = "test") -> Dispatcher:
        found = Dispatcher(self.engine, self.server, SERVICE, process=process, premises=self.premises)
        self.dispatchers.append(found)
        return found

    def turn(self, *, after: timedelta = timedelta()) -> Any:
        """One turn of one dispatcher, which stays the same through the test."""
        dispatcher = self.dispatchers[0] if self.dispatchers else self.dispatcher()
        return dispatcher.turn(NOW + after)

    def mail(self, address: str) -> Mail:
        with self.sessions() as session:
            return session.scalars(select(Mail).where(Mail.address == address)).one()

    def state(self, address: str) -> MailState:
        return self.mail(address).state

    def notes(self, address: str) -> list[AttemptNote]:
        with self.sessions() as session:
            found = select(MailAttempt.note).join(Mail, Mail.id == MailAttempt.mail_id)
            return list(session.scalars(found.where(Mail.address == address).order_by(MailAttempt.id)))


@dataclass(frozen=True)
class Backup:
    """Every row of a database, as it was."""

    rows: dict[str, list[dict[str, Any]]]


def back_up(engine: Engine) -> Backup:
    """Take a backup, as an operator does in the night."""
    with engine.connect() as connection:
        tables = Base.metadata.sorted_tables
        rows = {one.name: [dict(row) for row in connection.execute(select(one)).mappings()] for one in tables}
        return Backup(rows)


def restore(engine: Engine, backup: Backup) -> None:
    """Put a backup in the database's place."""
    with engine.begin() as connection, unguarded(connection):
        for one in reversed(Base.metadata.sorted_tables):
            connection.execute(delete(one))
        for one in Base.metadata.sorted_tables:
            if backup.rows[one.name]:
                connection.execute(insert(one), backup.rows[one.name])


@contextmanager
def open_post(url: str, server: MailServer) -> Iterator[Post]:
    """A post on a migrated database without a row; everything it opened is closed at the end."""
    engine = ready_engine(url)
    post = Post(engine, server)
    try:
        yield post
    finally:
        for dispatcher in post.dispatchers:
            dispatcher.close(None)
        engine.dispose()
