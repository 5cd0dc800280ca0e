"""Telling somebody outside that the clock ticks: what hears nothing for a while raises the alarm."""

from __future__ import annotations

import http.client
import logging
import threading
import urllib.request

TIMEOUT = 5.0

log = logging.getLogger(__name__)


class HeartbeatCall:
    """Asks for `url` in a thread of its own, so that a silent listener delays no tick.

    Called after a tick in which every step went well and mail could leave from this process; not while mail
    is held or off, nor by a process that stands by for another that sends. While one call is under way the
    next is left out. What goes wrong is logged, and nothing else.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._calling: threading.Thread | None = None

    def __call__(self) -> None:
        if self._calling is None or not self._calling.is_alive():
            self._calling = threading.Thread(target=self._call, name="heartbeat", daemon=True)
            self._calling.start()

    def _call(self) -> None:
        try:
            with urllib.request.urlopen(self._url, timeout=TIMEOUT) as answer:  # noqa: S310 - http(s) by settings
                answer.read(1)
        except (OSError, http.client.HTTPException) as error:
            log.warning("the heartbeat could not be told: %s", error)
