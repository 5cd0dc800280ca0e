"""The plan, who carries it out, and who holds which place in it for which dates."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.accounts.models import Person
from tracker.database import Base, choice
from tracker.domain.reminders import Place


class Standing(StrEnum):
    """Whether an initiative takes part in the rounds."""

    active = "active"
    unfunded = "unfunded"
    proposed = "proposed"
    merged = "merged"
    discontinued = "discontinued"


class Origin(StrEnum):
    original = "original"
    added = "added"


class MembershipRole(StrEnum):
    lead = "lead"
    secretariat = "secretariat"
    reader = "reader"


class Plan(Base):
    """An action plan. `authority` and `office` are printed at the head of the memo.

    `closed_days` are the codes of the optional holidays on which the offices are closed, with commas.
    `form_links`: reminders carry an address that opens the owner's forms without an account.
    """

    __tablename__ = "plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    authority: Mapped[str] = mapped_column(String(200), default="")
    office: Mapped[str] = mapped_column(String(200), default="")
    coordinating_administration: Mapped[str] = mapped_column(String(200), default="")
    council: Mapped[str] = mapped_column(String(200), default="")
    first_year: Mapped[int | None]
    last_year: Mapped[int | None]
    closed_days: Mapped[str] = mapped_column(String(200), default="christmas_eve,new_years_eve")
    reminders_paused_until: Mapped[date | None]
    form_links: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class Administration(Base):
    """One of the plan's administrations, in the order of the memo."""

    __tablename__ = "administration"
    __table_args__ = (UniqueConstraint("plan_id", "code"), UniqueConstraint("plan_id", "name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    code: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]


class Committee(Base):
    """A political committee; `administration_id` is the administration it is the standing committee of."""

    __tablename__ = "committee"
    __table_args__ = (UniqueConstraint("plan_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    administration_id: Mapped[int | None] = mapped_column(ForeignKey("administration.id"), index=True)
    code: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(200))


class Initiative(Base):
    """What somebody is to carry out. Its identity is `id`; the printed number belongs to an edition.

    `position` orders the initiatives within their administration. `vacancy_told_at` is when the secretariat
    was told that nobody holds it, and empty while somebody does. `description` says what an unfunded or
    proposed one is about, which has no status yet.
    """

    __tablename__ = "initiative"
    __table_args__ = (Index(None, "plan_id", "administration_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    administration_id: Mapped[int] = mapped_column(ForeignKey("administration.id"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    standing: Mapped[Standing] = mapped_column(choice(Standing, "standing"), default=Standing.active)
    origin: Mapped[Origin] = mapped_column(choice(Origin, "origin"), default=Origin.original)
    origin_decision: Mapped[str] = mapped_column(Text, default="")
    origin_on: Mapped[date | None]
    funder: Mapped[str] = mapped_column(String(300), default="")
    deciding_committee_id: Mapped[int | None] = mapped_column(ForeignKey("committee.id"), index=True)
    first_year: Mapped[int | None]
    last_year: Mapped[int | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("initiative.id"), index=True)
    description: Mapped[str] = mapped_column(Text, default="")
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    vacancy_told_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    administration: Mapped[Administration] = relationship(lazy="raise")
    deciding_committee: Mapped[Committee | None] = relationship(lazy="raise")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own protocol


class Placement(Base):
    """A person holds a place for dates (both inclusive, an open end while it lasts).

    Owner and deputy belong to an initiative, coordinator and head to an administration.
    """

    __tablename__ = "placement"
    __table_args__ = (
        CheckConstraint("(initiative_id IS NULL) <> (administration_id IS NULL)", name="one_object"),
        CheckConstraint("until_on IS NULL OR until_on >= from_on", name="dates_in_order"),
        CheckConstraint(
            "place IN ('owner', 'deputy') = (initiative_id IS NOT NULL)", name="object_fits_place"
        ),
        Index(
            "uq_placement_open_owner",
            "initiative_id",
            unique=True,
            sqlite_where=text("place = 'owner' AND until_on IS NULL"),
            postgresql_where=text("place = 'owner' AND until_on IS NULL"),
        ),
        Index(None, "initiative_id", "place"),
        Index(None, "administration_id", "place"),
        Index(None, "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    place: Mapped[Place] = mapped_column(choice(Place, "place"))
    initiative_id: Mapped[int | None] = mapped_column(ForeignKey("initiative.id"))
    administration_id: Mapped[int | None] = mapped_column(ForeignKey("administration.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    from_on: Mapped[date]
    until_on: Mapped[date | None]

    person: Mapped[Person] = relationship(lazy="raise")


class Membership(Base):
    """A role in the whole plan. A lead is also secretariat."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("plan_id", "person_id", "role"), Index(None, "person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[MembershipRole] = mapped_column(choice(MembershipRole, "role"))
    created_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise")


class ChangeProposal(Base):
    """A change of an initiative that its owner or coordinator asks the secretariat for.

    Empty fields are not to change.
    """

    __tablename__ = "change_proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id"), index=True)
    title: Mapped[str] = mapped_column(Text, default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    accepted: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(Text, default="")


class PeopleUpload(Base):
    """A table of people and places that somebody is looking through. It waits for its uploader alone."""

    __tablename__ = "people_upload"
    __table_args__ = (UniqueConstraint("plan_id", "uploaded_by_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    file_name: Mapped[str] = mapped_column(String(255))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime]
