"""Looking for words in what one may see."""

from __future__ import annotations

from tracker.web.searching import pages
from tracker.web.searching.blueprint import blueprint

__all__ = ["blueprint", "pages"]
