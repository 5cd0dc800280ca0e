"""The administrator's pages."""

from __future__ import annotations

from tracker.web.admin import journal, people, person_addresses, plans, queue
from tracker.web.admin.blueprint import blueprint

__all__ = ["blueprint", "journal", "people", "person_addresses", "plans", "queue"]
