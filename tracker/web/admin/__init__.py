"""The administrator's pages."""

from __future__ import annotations

from tracker.web.admin import people, plans, queue
from tracker.web.admin.blueprint import blueprint

__all__ = ["blueprint", "people", "plans", "queue"]
