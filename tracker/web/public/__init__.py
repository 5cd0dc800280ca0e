"""Pages that anybody may read."""

from __future__ import annotations

from tracker.web.public import feeds, health, pages, plans
from tracker.web.public.blueprint import blueprint

__all__ = ["blueprint", "feeds", "health", "pages", "plans"]
