"""The pages of an administration's coordinator."""

from __future__ import annotations

from tracker.web.coordinator import administrations, letters
from tracker.web.coordinator.blueprint import blueprint

__all__ = ["administrations", "blueprint", "letters"]
