"""what waits, is being sent or asks for a decision is found at once, and a letter by its Message-ID

Revision: 0003, after 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

PARTIAL = (
    ("ix_mail_waiting", "state IN ('queued', 'uncertain')", ["next_at", "id"]),
    ("ix_mail_sending", "state = 'sending'", ["owner"]),
    ("ix_mail_stranded", "state IN ('failed', 'cancelled', 'needs_human', 'undeliverable')", ["state"]),
)
OPEN = sa.text("state IN ('queued', 'sending', 'uncertain')")


def upgrade() -> None:
    op.drop_index("ix_mail_open", "mail")
    op.drop_index("ix_mail_owner", "mail")
    for name, which, columns in PARTIAL:
        where = sa.text(which)
        op.create_index(name, "mail", columns, sqlite_where=where, postgresql_where=where)
    op.create_index("ix_mail_message_id", "mail", ["message_id"])


def downgrade() -> None:
    op.drop_index("ix_mail_message_id", "mail")
    for name, _, _ in reversed(PARTIAL):
        op.drop_index(name, "mail")
    op.create_index("ix_mail_owner", "mail", ["owner"])
    op.create_index("ix_mail_open", "mail", ["next_at"], sqlite_where=OPEN, postgresql_where=OPEN)
