"""The environment of the templates."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

import flask.templating


class Environment(flask.templating.Environment):
    """Flask's, whose templates have its names as they are.

    Each template would lay an empty layer of its own over them, through which every import and every page
    goes by name. Nothing gives a template names of its own.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals
