"""what the memo needs: findings that are let stand, choices of an import, its head, lists and publishing day

Revision: 0009, after 0008.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "overruled_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("update_id", sa.Integer(), nullable=False),
        sa.Column("check_name", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("words_hash", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("overruled_by_id", sa.Integer(), nullable=False),
        sa.Column("overruled_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["overruled_by_id"], ["person.id"], name=op.f("fk_overruled_finding_overruled_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["update_id"], ["status_update.id"], name=op.f("fk_overruled_finding_update_id_status_update")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overruled_finding")),
        sa.UniqueConstraint(
            "update_id",
            "check_name",
            "words_hash",
            name=op.f("uq_overruled_finding_update_id_check_name_words_hash"),
        ),
    )
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.add_column(sa.Column("case_number", sa.String(length=60), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("prints_lists", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("publish_on", sa.Date(), nullable=True))
    with op.batch_alter_table("memo_upload", schema=None) as batch_op:
        batch_op.add_column(sa.Column("choices", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    with op.batch_alter_table("memo_upload", schema=None) as batch_op:
        batch_op.drop_column("version")
        batch_op.drop_column("choices")
    with op.batch_alter_table("round", schema=None) as batch_op:
        batch_op.drop_column("publish_on")
        batch_op.drop_column("prints_lists")
        batch_op.drop_column("case_number")
    op.drop_table("overruled_finding")
