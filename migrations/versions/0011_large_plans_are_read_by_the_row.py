"""a search takes no text apart anew, and the dates of an owner are found without those of all others

Revision: 0011, after 0010.

Where a plan is large PostgreSQL searches its rounds and not the index of all words, and took every text apart
for every search: their words are now kept. SQLite's search table keeps them already.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# What PostgreSQL would take together as an address, a path or a number with its sign.
SEPARATORS = "./:@_+-"
WORDS = f"to_tsvector('danish', translate(text, '{SEPARATORS}', '{' ' * len(SEPARATORS)}'))"


OWN_DATES = sa.text("state = 'open' AND kind <> 'status_due'")


def upgrade() -> None:
    op.create_index(
        "ix_deadline_own_dates",
        "deadline",
        ["initiative_id", "last_on"],
        sqlite_where=OWN_DATES,
        postgresql_where=OWN_DATES,
    )
    if op.get_bind().dialect.name == "sqlite":
        return
    op.execute("DROP INDEX ix_status_update_search")
    op.execute(
        f"ALTER TABLE status_update ADD COLUMN text_search tsvector GENERATED ALWAYS AS ({WORDS}) STORED"
    )
    op.execute("CREATE INDEX ix_status_update_search ON status_update USING gin (text_search)")


def downgrade() -> None:
    op.drop_index("ix_deadline_own_dates", "deadline")
    if op.get_bind().dialect.name == "sqlite":
        return
    op.execute("DROP INDEX ix_status_update_search")
    op.execute("ALTER TABLE status_update DROP COLUMN text_search")
    op.execute(f"CREATE INDEX ix_status_update_search ON status_update USING gin ({WORDS})")
