"""Tables as files: CSV and Excel, read with suspicion and written so that no cell becomes a formula.

The library for Excel is imported with the first such file, since a page without one needs it not.
"""

from __future__ import annotations

from tracker.plans.sheets.reading import Table, read_table
from tracker.plans.sheets.writing import SheetKind, write_tables

__all__ = ["SheetKind", "Table", "read_table", "write_tables"]
