"""How gunicorn runs the floor: the service's own settings, and the same treatment of garbage."""

from __future__ import annotations

import gc
import runpy
from pathlib import Path
from typing import Any

_service = runpy.run_path(str(Path(__file__).resolve().parents[1] / "gunicorn.conf.py"))
globals().update({name: value for name, value in _service.items() if isinstance(value, bool | int | str)})


def when_ready(_server: Any) -> None:
    gc.collect()
    gc.freeze()


def post_worker_init(_worker: Any) -> None:
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
