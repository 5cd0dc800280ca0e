"""Pages that anybody may read."""

from __future__ import annotations

from tracker.web.public import (
    calendar,
    feeds,
    health,
    open_data,
    pages,
    plans,
    search_engines,
    timeline,
)
from tracker.web.public.blueprint import blueprint

__all__ = [
    "blueprint",
    "calendar",
    "feeds",
    "health",
    "open_data",
    "pages",
    "plans",
    "search_engines",
    "timeline",
]
