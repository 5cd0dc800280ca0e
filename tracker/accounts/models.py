"""People and how they sign in. What a person may do in a plan stands in `tracker.plans`."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.database import Base, choice


class Language(StrEnum):
    danish = "da"
    english = "en"


class TokenPurpose(StrEnum):
    invitation = "invitation"
    password_reset = "password_reset"
    sign_in = "sign_in"


class SignInMeans(StrEnum):
    """What a throttled attempt was made with."""

    password = "password"
    letter = "letter"


class Person(Base):
    """Somebody who is named in a plan. `email` is stored in lower case and is unique."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    name_sort: Mapped[str] = mapped_column(String(200), index=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    language: Mapped[Language] = mapped_column(choice(Language, "language"), default=Language.danish)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    is_administrator: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    absent_from: Mapped[date | None]
    absent_until: Mapped[date | None]
    undeliverable_at: Mapped[datetime | None]
    undeliverable_reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    deactivated_at: Mapped[datetime | None]


class SignInSession(Base):
    """A signed-in browser. The cookie holds the token, the table only its hash.

    `browser` is what it says of itself, in few words (`accounts.browsers`).
    """

    __tablename__ = "sign_in_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    browser: Mapped[str] = mapped_column(String(60), default="")

    person: Mapped[Person] = relationship(lazy="raise")


class AccountToken(Base):
    """A one-use token sent by letter: an invitation, a new password or a sign-in. Only its hash is kept.

    A sign-in also keeps the hash of what the asking browser holds, and works in no other.
    """

    __tablename__ = "account_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    purpose: Mapped[TokenPurpose] = mapped_column(choice(TokenPurpose, "purpose"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    browser_hash: Mapped[str | None] = mapped_column(String(64))


class PersonIdentity(Base):
    """Whom a person is at an identity provider: the provider's address and its name for the person."""

    __tablename__ = "person_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]


class SignInFailure(Base):
    """One failed sign-in or one letter asked for, counted by account and by address within a window."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (
        Index(None, "account", "at"),
        Index(None, "address", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    means: Mapped[SignInMeans] = mapped_column(choice(SignInMeans, "means"), default=SignInMeans.password)
    account: Mapped[str] = mapped_column(String(254))
    address: Mapped[str] = mapped_column(String(45))
    at: Mapped[datetime]
