from __future__ import annotations

from tests.support.year import year

__all__ = ["year"]
