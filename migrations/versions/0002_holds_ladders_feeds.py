"""what holds the queue, ladders of a plan, saved forecasts, calendar feeds, undeliverable people

Revision: 0002, after 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (plan_id IS NULL)", name=op.f("ck_calendar_feed_one_subject")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id_person")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_calendar_feed_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_feed_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_calendar_feed_plan_id"), ["plan_id"], unique=False)

    op.create_table(
        "plan_ladder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column(
            "obligation_kind",
            sa.Enum(
                "status_due",
                "returned",
                "review",
                "committee_papers",
                "committee_meeting",
                "campaign_window",
                "application_round",
                "delivery",
                "milestone",
                "other",
                name="obligation_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name=op.f("fk_plan_ladder_changed_by_id_person")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_ladder_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_ladder")),
        sa.UniqueConstraint(
            "plan_id", "obligation_kind", name=op.f("uq_plan_ladder_plan_id_obligation_kind")
        ),
    )
    op.create_table(
        "saved_forecast",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("reminders", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_saved_forecast_made_by_id_person")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_saved_forecast_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_forecast")),
    )
    with op.batch_alter_table("saved_forecast", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_saved_forecast_plan_id_made_at"), ["plan_id", "made_at"], unique=False
        )

    with op.batch_alter_table("initiative", schema=None) as batch_op:
        batch_op.add_column(sa.Column("vacancy_told_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("installation", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "held_cause",
                sa.Enum(
                    "person",
                    "refusals",
                    "clock_back",
                    "clock_ahead",
                    "volume",
                    name="held_cause",
                    native_enum=False,
                    create_constraint=True,
                    length=32,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("held_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("refusals", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("clock_seen_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("volume_allowed_until", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("undeliverable_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("undeliverable_reason", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("undeliverable_reason")
        batch_op.drop_column("undeliverable_at")

    with op.batch_alter_table("installation", schema=None) as batch_op:
        batch_op.drop_column("volume_allowed_until")
        batch_op.drop_column("clock_seen_at")
        batch_op.drop_column("refusals")
        batch_op.drop_column("held_at")
        batch_op.drop_constraint(op.f("ck_installation_held_cause"), type_="check")
        batch_op.drop_column("held_cause")

    with op.batch_alter_table("initiative", schema=None) as batch_op:
        batch_op.drop_column("vacancy_told_at")

    with op.batch_alter_table("saved_forecast", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_forecast_plan_id_made_at"))

    op.drop_table("saved_forecast")
    op.drop_table("plan_ladder")
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_feed_plan_id"))
        batch_op.drop_index(batch_op.f("ix_calendar_feed_person_id"))

    op.drop_table("calendar_feed")
