"""titles, texts and people are found by their words

Revision: 0006, after 0005.

SQLite has a search table beside each table, which reads its words from there and is kept in step by triggers.
Rebuilding one of the three tables (batch mode) drops its triggers: such a migration calls `index` again.
PostgreSQL has an index over the words themselves.
"""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# table: (column, dictionary of PostgreSQL); names of people are no words of a language.
SEARCHED = {
    "initiative": ("title", "danish"),
    "status_update": ("text", "danish"),
    "person": ("name", "simple"),
}
# What PostgreSQL would take together as an address, a path or a number with its sign.
SEPARATORS = "./:@_+-"


def upgrade() -> None:
    for table, (column, dictionary) in SEARCHED.items():
        if op.get_bind().dialect.name == "sqlite":
            index(table, column)
        else:
            blanks = " " * len(SEPARATORS)
            words = f"to_tsvector('{dictionary}', translate({column}, '{SEPARATORS}', '{blanks}'))"
            op.execute(f"CREATE INDEX ix_{table}_search ON {table} USING gin ({words})")


def index(table: str, column: str) -> None:
    """Make the search table of a table, its triggers, and what it holds."""
    search = f"{table}_search"
    op.execute(
        f"CREATE VIRTUAL TABLE {search} USING fts5({column}, content='{table}', content_rowid='id',"
        " tokenize='unicode61 remove_diacritics 0')"
    )
    add = f"INSERT INTO {search}(rowid, {column}) VALUES (NEW.id, NEW.{column});"
    remove = f"INSERT INTO {search}({search}, rowid, {column}) VALUES ('delete', OLD.id, OLD.{column});"
    op.execute(f"CREATE TRIGGER {search}_added AFTER INSERT ON {table} BEGIN {add} END")
    op.execute(f"CREATE TRIGGER {search}_removed AFTER DELETE ON {table} BEGIN {remove} END")
    op.execute(
        f"CREATE TRIGGER {search}_changed AFTER UPDATE OF {column} ON {table}"
        f" WHEN OLD.{column} IS NOT NEW.{column} BEGIN {remove} {add} END"
    )
    op.execute(f"INSERT INTO {search}({search}) VALUES ('rebuild')")


def downgrade() -> None:
    for table in SEARCHED:
        if op.get_bind().dialect.name == "sqlite":
            for trigger in ("added", "removed", "changed"):
                op.execute(f"DROP TRIGGER {table}_search_{trigger}")
            op.execute(f"DROP TABLE {table}_search")
        else:
            op.execute(f"DROP INDEX ix_{table}_search")
