"""What a letter is, and what a kind of letter promises the dispatcher.

`mail` knows no reminder and no invitation: each feature registers its kinds here, and the dispatcher calls
them inside its own transactions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.mail.models import Mail


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file beside the letter; `media_type` is like `text/calendar`."""

    filename: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What the reader sees: the same words as text and as HTML."""

    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom a reader can write to about a letter."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class LetterContext:
    """What a letter may depend on beside its own row.

    `base_url` is the configured address of the service, without a slash at the end; `secret` the
    installation's key, for links that are derived and not stored; `language` is `da` or `en`;
    `name` the recipient's, which may be empty; `contact` somebody who answers, where there is one.
    """

    base_url: str
    language: str
    name: str
    now: datetime
    secret: bytes = field(default=b"", repr=False)
    contact: Contact | None = None


def wanted(_session: Session, _mail: Mail) -> str | None:
    """The `still_wanted` of letters that are wanted whatever happens meanwhile."""
    return None


def nothing_more(_session: Session, _mail: Mail, _at: datetime) -> None:
    """The hook of letters that stand for nothing beside themselves."""


def no_contents(_session: Session, _mail: Mail) -> list[str]:
    """The `contents` of letters that are told apart by their dedupe key alone."""
    return []


def nothing_to_replay(_session: Session, _keys: Sequence[str], _at: datetime) -> None:
    """The `replay` of letters without contents."""


@dataclass(frozen=True, slots=True)
class LetterKind:
    """One kind of letter. All its functions run inside the dispatcher's transactions and never commit.

    `render` makes the letter from the row, as things stand now. `still_wanted` gives the reason why it is
    no longer wanted, or None. `enclosed` is told that the letter is about to be handed over. `settled` is
    told that the row has come to rest in `mail.state` (sent, failed, cancelled, undeliverable or
    needs_human), or that it is `queued` again after the server refused it for now: then nothing of it left;
    or that a person has taken it back, `queued` or `uncertain`, after it had come to rest.

    `contents` names what is in the letter by keys that a restored database understands, without blanks;
    they go into the journal of what was sent. `replay` is told the keys of letters that were sent and of
    which the database, restored from before, knows nothing.

    A `sensitive` letter carries a secret: its MIME is blanked when it comes to rest, and its payload too
    unless it failed, when it may be written anew.
    """

    name: str
    render: Callable[[Session, Mail, LetterContext], Letter]
    still_wanted: Callable[[Session, Mail], str | None] = wanted
    settled: Callable[[Session, Mail, datetime], None] = nothing_more
    enclosed: Callable[[Session, Mail, datetime], None] = nothing_more
    sensitive: bool = False
    contents: Callable[[Session, Mail], list[str]] = no_contents
    replay: Callable[[Session, Sequence[str], datetime], None] = nothing_to_replay


class UnknownLetterError(Exception):
    """A row names a kind of letter that nobody registered."""


# Who answers for the letters of a plan, by its id.
Contacts = Callable[[Session, int], Contact | None]

_kinds: dict[str, LetterKind] = {}
_contacts: list[Contacts] = []


def register(kind: LetterKind) -> LetterKind:
    """Make a kind known, once. Raises ValueError when another kind has its name."""
    known = _kinds.setdefault(kind.name, kind)
    if known is not kind and known != kind:
        raise ValueError(f"two kinds of letter are called {kind.name}")
    return known


def kind_named(name: str) -> LetterKind:
    """The registered kind. Raises UnknownLetterError."""
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownLetterError(f"no kind of letter is called {name}") from None


def sensitive_kinds() -> list[str]:
    """The names of the kinds whose letters carry a secret."""
    return [kind.name for kind in _kinds.values() if kind.sensitive]


def register_contacts(contacts: Contacts) -> None:
    """Make known who is asked whom a letter of a plan names as its contact."""
    _contacts[:] = [contacts]


def contact_for(session: Session, plan_id: int | None, address: str) -> Contact | None:
    """Whom a letter to `address` names; nobody to themselves, and nobody where it is of no one plan."""
    found = _contacts[0](session, plan_id) if _contacts and plan_id is not None else None
    return found if found is not None and found.email != address else None
