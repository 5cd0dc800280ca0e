"""what most rows leave empty is indexed where it is there

Revision: 0007, after 0006.

A letter that is laid down has no Message-ID yet, and few reminders are in a letter or replaced by another.
Each entry in an index of nothing cost as much as one of something.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# index: table, column, which rows
INDEXES = {
    "ix_mail_message_id": ("mail", "message_id", "message_id <> ''"),
    "ix_reminder_item_mail_id": ("reminder_item", "mail_id", "mail_id IS NOT NULL"),
    "ix_reminder_item_superseded_by_id": (
        "reminder_item",
        "superseded_by_id",
        "superseded_by_id IS NOT NULL",
    ),
}


def upgrade() -> None:
    for name, (table, column, which) in INDEXES.items():
        op.drop_index(name, table_name=table)
        rows = sa.text(which)
        op.create_index(name, table, [column], sqlite_where=rows, postgresql_where=rows)


def downgrade() -> None:
    for name, (table, column, _) in INDEXES.items():
        op.drop_index(name, table_name=table)
        op.create_index(name, table, [column])
