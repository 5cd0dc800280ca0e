"""The administrator's pages."""

from __future__ import annotations

from tracker.web.admin import people, person_addresses, plans, queue
from tracker.web.admin.blueprint import blueprint

__all__ = ["blueprint", "people", "person_addresses", "plans", "queue"]
