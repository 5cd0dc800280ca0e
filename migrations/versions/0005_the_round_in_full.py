"""the round in full: committees, more time, corrections, figures, promises, form links, reads of drafts

Revision: 0005, after 0004.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


WIDER = {
    # constraint: (table, column, values before, values added)
    "ck_account_token_purpose": ("account_token", "purpose", "invitation password_reset", "sign_in"),
    "ck_contribution_state": ("contribution", "state", "collecting signed_off", "treated consolidated"),
    "ck_initiative_standing": (
        "initiative",
        "standing",
        "active unfunded merged discontinued",
        "proposed",
    ),
    "ck_status_revision_kind": (
        "status_revision",
        "kind",
        "imported saved submitted returned approved",
        "mended corrected",
    ),
}


def allow(*, added: bool) -> None:
    """Replace each CHECK by one over the values before, and those added where they are wanted."""
    for name, (table, column, before, new) in WIDER.items():
        values = f"{before} {new}".split() if added else before.split()
        listed = ", ".join(f"'{value}'" for value in values)
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(op.f(name), type_="check")
            batch_op.create_check_constraint(op.f(name), f"{column} IN ({listed})")


FOR_BEFORE = (
    "DELETE FROM account_token WHERE purpose = 'sign_in'",
    "UPDATE contribution SET state = 'signed_off' WHERE state IN ('treated', 'consolidated')",
    "UPDATE initiative SET standing = 'unfunded' WHERE standing = 'proposed'",
    "UPDATE status_revision SET kind = 'submitted' WHERE kind = 'mended'",
    "UPDATE status_revision SET kind = 'approved' WHERE kind = 'corrected'",
    "DELETE FROM kept_draft WHERE cause = 'autosaved'",
)


def upgrade() -> None:
    op.create_table(
        "access_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("fact", sa.String(length=32), nullable=False),
        sa.Column("object_kind", sa.String(length=32), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=False),
        sa.Column("means", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
    )
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_access_log_object_kind_object_id_at"),
            ["object_kind", "object_id", "at"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_access_log_person_id_at"), ["person_id", "at"], unique=False)

    op.create_table(
        "person_identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_identity_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_person_identity_issuer_subject")),
    )
    with op.batch_alter_table("person_identity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_identity_person_id"), ["person_id"], unique=False)

    op.create_table(
        "form_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_form_link_person_id_person")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_form_link_round_id_round")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_form_link_token_hash")),
    )
    with op.batch_alter_table("form_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_form_link_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_form_link_live",
            ["round_id", "person_id"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.create_table(
        "change_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("initiative_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_change_proposal_answered_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["initiative_id"], ["initiative.id"], name=op.f("fk_change_proposal_initiative_id_initiative")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_change_proposal_owner_id_person")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_change_proposal_proposed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_proposal")),
    )
    with op.batch_alter_table("change_proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_change_proposal_initiative_id"), ["initiative_id"], unique=False)

    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("update_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "progress",
            sa.Enum(
                "planned",
                "in_preparation",
                "started",
                "delayed",
                "completed",
                "discontinued",
                "awaiting_funding",
                "not_stated",
                name="progress",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_correction_answered_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_correction_proposed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["update_id"], ["status_update.id"], name=op.f("fk_correction_update_id_status_update")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_correction_update_id"), ["update_id"], unique=False)
        batch_op.create_index(
            "uq_correction_waiting",
            ["update_id"],
            unique=True,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )

    op.create_table(
        "figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("update_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column(
            "qualifier",
            sa.Enum(
                "exactly",
                "about",
                "up_to",
                "nearly",
                "over",
                "at_least",
                name="qualifier",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("period_first", sa.Date(), nullable=True),
        sa.Column("period_last", sa.Date(), nullable=True),
        sa.Column("is_target", sa.Boolean(), nullable=False),
        sa.Column("comparable", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "period_first IS NULL OR period_last IS NULL OR period_first <= period_last",
            name=op.f("ck_figure_period_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["update_id"], ["status_update.id"], name=op.f("fk_figure_update_id_status_update")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure")),
    )
    with op.batch_alter_table("figure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_figure_update_id"), ["update_id"], unique=False)

    op.create_table(
        "more_time_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("update_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wished_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("granted_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_more_time_request_answered_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_more_time_request_asked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["update_id"], ["status_update.id"], name=op.f("fk_more_time_request_update_id_status_update")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_more_time_request")),
    )
    with op.batch_alter_table("more_time_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_more_time_request_update_id"), ["update_id"], unique=False)
        batch_op.create_index(
            "uq_more_time_request_waiting",
            ["update_id"],
            unique=True,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )

    op.create_table(
        "promise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("update_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("asked_in_id", sa.Integer(), nullable=True),
        sa.Column(
            "answer",
            sa.Enum(
                "kept",
                "under_way",
                "dropped",
                name="answer",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("answer_note", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "first_on IS NULL OR last_on IS NULL OR first_on <= last_on",
            name=op.f("ck_promise_dates_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_promise_answered_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["asked_in_id"], ["status_update.id"], name=op.f("fk_promise_asked_in_id_status_update")
        ),
        sa.ForeignKeyConstraint(
            ["update_id"], ["status_update.id"], name=op.f("fk_promise_update_id_status_update")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
    )
    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_promise_asked_in_id"), ["asked_in_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_promise_update_id"), ["update_id"], unique=False)

    with op.batch_alter_table("account_token", schema=None) as batch_op:
        batch_op.add_column(sa.Column("browser_hash", sa.String(length=64), nullable=True))

    with op.batch_alter_table("contribution", schema=None) as batch_op:
        batch_op.add_column(sa.Column("treated_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("item_number", sa.String(length=60), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column(
                "decision",
                sa.Enum(
                    "noted",
                    "approved",
                    "sent_back",
                    name="decision",
                    native_enum=False,
                    create_constraint=True,
                    length=32,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("decision_note", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("treated_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("treated_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("consolidated_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("consolidated_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_contribution_treated_by_id_person"), "person", ["treated_by_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_contribution_consolidated_by_id_person"), "person", ["consolidated_by_id"], ["id"]
        )

    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("journal_head", sa.String(length=80), nullable=False, server_default="")
        )

    with op.batch_alter_table("initiative", schema=None) as batch_op:
        batch_op.add_column(sa.Column("description", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("proposed_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_initiative_proposed_by_id_person"), "person", ["proposed_by_id"], ["id"]
        )

    with op.batch_alter_table("kept_draft", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "cause",
                sa.Enum(
                    "conflict",
                    "autosaved",
                    name="cause",
                    native_enum=False,
                    create_constraint=True,
                    length=32,
                ),
                nullable=False,
                server_default="conflict",
            )
        )
        batch_op.add_column(sa.Column("others", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.drop_constraint(batch_op.f("uq_kept_draft_update_id_person_id"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_kept_draft_update_id_person_id_cause"), ["update_id", "person_id", "cause"]
        )

    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.add_column(sa.Column("form_links", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.add_column(sa.Column("writing_days", sa.Integer(), nullable=False, server_default="15"))
        batch_op.add_column(sa.Column("handling_days", sa.Integer(), nullable=False, server_default="10"))
        batch_op.add_column(
            sa.Column("committee_papers_days", sa.Integer(), nullable=False, server_default="10")
        )
        batch_op.add_column(
            sa.Column("coordinating_papers_days", sa.Integer(), nullable=False, server_default="10")
        )
        batch_op.add_column(
            sa.Column("council_papers_days", sa.Integer(), nullable=False, server_default="10")
        )

    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "means",
                sa.Enum(
                    "password", "letter", name="means", native_enum=False, create_constraint=True, length=32
                ),
                nullable=False,
                server_default="password",
            )
        )

    allow(added=True)


def downgrade() -> None:
    for statement in FOR_BEFORE:
        op.execute(statement)
    allow(added=False)
    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_sign_in_failure_means"), type_="check")
        batch_op.drop_column("means")

    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_column("council_papers_days")
        batch_op.drop_column("coordinating_papers_days")
        batch_op.drop_column("committee_papers_days")
        batch_op.drop_column("handling_days")
        batch_op.drop_column("writing_days")

    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.drop_column("form_links")

    with op.batch_alter_table("kept_draft", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_kept_draft_update_id_person_id_cause"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_kept_draft_update_id_person_id"), ["update_id", "person_id"]
        )
        batch_op.drop_column("others")
        batch_op.drop_constraint(op.f("ck_kept_draft_cause"), type_="check")
        batch_op.drop_column("cause")

    with op.batch_alter_table("initiative", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_initiative_proposed_by_id_person"), type_="foreignkey")
        batch_op.drop_column("proposed_by_id")
        batch_op.drop_column("description")

    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.drop_column("journal_head")

    with op.batch_alter_table("contribution", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_contribution_consolidated_by_id_person"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_contribution_treated_by_id_person"), type_="foreignkey")
        batch_op.drop_column("consolidated_by_id")
        batch_op.drop_column("consolidated_at")
        batch_op.drop_column("treated_by_id")
        batch_op.drop_column("treated_at")
        batch_op.drop_column("decision_note")
        batch_op.drop_constraint(op.f("ck_contribution_decision"), type_="check")
        batch_op.drop_column("decision")
        batch_op.drop_column("item_number")
        batch_op.drop_column("treated_on")

    with op.batch_alter_table("account_token", schema=None) as batch_op:
        batch_op.drop_column("browser_hash")

    with op.batch_alter_table("promise", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_promise_update_id"))
        batch_op.drop_index(batch_op.f("ix_promise_asked_in_id"))

    op.drop_table("promise")
    with op.batch_alter_table("more_time_request", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_more_time_request_waiting",
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_more_time_request_update_id"))

    op.drop_table("more_time_request")
    with op.batch_alter_table("figure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_figure_update_id"))

    op.drop_table("figure")
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_correction_waiting",
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_correction_update_id"))

    op.drop_table("correction")
    with op.batch_alter_table("change_proposal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_change_proposal_initiative_id"))

    op.drop_table("change_proposal")
    with op.batch_alter_table("form_link", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_form_link_live",
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_form_link_person_id"))

    op.drop_table("form_link")
    with op.batch_alter_table("person_identity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_identity_person_id"))

    op.drop_table("person_identity")
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_log_person_id_at"))
        batch_op.drop_index(batch_op.f("ix_access_log_object_kind_object_id_at"))

    op.drop_table("access_log")
