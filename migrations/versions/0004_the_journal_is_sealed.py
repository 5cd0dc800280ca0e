"""entries of the journal are sealed, and neither entries nor seals can be changed or removed

Revision: 0004, after 0003.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

FINAL = {"journal_entry": ("id",), "journal_seal": ("sequence", "entry_id")}
REFUSAL = "the journal is only ever added to"

FUNCTION = f"""
CREATE FUNCTION journal_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation';
END
$$
"""


def upgrade() -> None:
    op.create_table(
        "journal_seal",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_journal_seal"),
        sa.UniqueConstraint("entry_id", name="uq_journal_seal_entry_id"),
    )
    op.create_index("ix_journal_seal_sealed_at", "journal_seal", ["sealed_at"])
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def _guard_sqlite() -> None:
    for table, keys in FINAL.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for verb in ("update", "delete"):
            op.execute(f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} {refuse}")
        # INSERT OR REPLACE removes a row without asking the trigger on DELETE.
        taken = " OR ".join(f"{key} = NEW.{key}" for key in keys)
        exists = f"EXISTS (SELECT 1 FROM {table} WHERE {taken})"
        op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {exists} {refuse}")


def _guard_postgresql() -> None:
    op.execute(FUNCTION)
    for table in FINAL:
        op.execute(
            f"CREATE TRIGGER {table}_final BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION journal_is_final()"
        )
        # Also where a session says that it is a replica, which ordinary triggers believe.
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_final")


def downgrade() -> None:
    for table in FINAL:
        if op.get_bind().dialect.name == "sqlite":
            for verb in ("update", "delete", "replace"):
                op.execute(f"DROP TRIGGER {table}_no_{verb}")
        else:
            op.execute(f"DROP TRIGGER {table}_final ON {table}")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION journal_is_final()")
    op.drop_index("ix_journal_seal_sealed_at", "journal_seal")
    op.drop_table("journal_seal")
