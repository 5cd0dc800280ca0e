"""a browser is known by its name, and initiatives are found by all that is said of them

Revision: 0010, after 0009.

The search of initiatives (0006) knew their titles alone. SQLite's search table of them gets the other columns
as well; PostgreSQL gets an index of all of them beside the one of the titles, which is what strangers search.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SEARCH = "initiative_search"
ALL = ("title", "description", "origin_decision", "funder")
# What PostgreSQL would take together as an address, a path or a number with its sign.
SEPARATORS = "./:@_+-"


def upgrade() -> None:
    op.add_column(
        "sign_in_session", sa.Column("browser", sa.String(length=60), nullable=False, server_default="")
    )
    if op.get_bind().dialect.name == "sqlite":
        _index(ALL)
    else:
        whole, blanks = " || ' ' || ".join(ALL), " " * len(SEPARATORS)
        words = f"translate({whole}, '{SEPARATORS}', '{blanks}')"
        op.execute(f"CREATE INDEX ix_{SEARCH}_all ON initiative USING gin (to_tsvector('danish', {words}))")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _index(ALL[:1])
    else:
        op.execute(f"DROP INDEX ix_{SEARCH}_all")
    op.drop_column("sign_in_session", "browser")


def _index(columns: tuple[str, ...]) -> None:
    """Make the search table of the initiatives anew over these columns, its triggers, and what it holds."""
    for trigger in ("added", "removed", "changed"):
        op.execute(f"DROP TRIGGER {SEARCH}_{trigger}")
    op.execute(f"DROP TABLE {SEARCH}")
    names = ", ".join(columns)
    op.execute(
        f"CREATE VIRTUAL TABLE {SEARCH} USING fts5({names}, content='initiative', content_rowid='id',"
        " tokenize='unicode61 remove_diacritics 0')"
    )
    new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("NEW", "OLD"))
    add = f"INSERT INTO {SEARCH}(rowid, {names}) VALUES (NEW.id, {new});"
    remove = f"INSERT INTO {SEARCH}({SEARCH}, rowid, {names}) VALUES ('delete', OLD.id, {old});"
    differs = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
    op.execute(f"CREATE TRIGGER {SEARCH}_added AFTER INSERT ON initiative BEGIN {add} END")
    op.execute(f"CREATE TRIGGER {SEARCH}_removed AFTER DELETE ON initiative BEGIN {remove} END")
    op.execute(
        f"CREATE TRIGGER {SEARCH}_changed AFTER UPDATE OF {names} ON initiative"
        f" WHEN {differs} BEGIN {remove} {add} END"
    )
    op.execute(f"INSERT INTO {SEARCH}({SEARCH}) VALUES ('rebuild')")
