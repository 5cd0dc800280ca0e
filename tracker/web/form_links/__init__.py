"""The pages under a personal form link: one's own list and forms of a round, without an account."""

from __future__ import annotations

from tracker.web.form_links import forms, milestones, more_time, withdrawing
from tracker.web.form_links.blueprint import blueprint

__all__ = ["blueprint", "forms", "milestones", "more_time", "withdrawing"]
