"""How a request begins and ends its transaction."""

from __future__ import annotations

from flask import Flask, request

from tracker.database import begin_reading


def register(app: Flask) -> None:
    @app.before_request
    def _begin() -> None:
        begin_reading(only=request.method in {"GET", "HEAD", "OPTIONS"})

    @app.teardown_request
    def _end(_error: BaseException | None) -> None:
        begin_reading(only=False)
