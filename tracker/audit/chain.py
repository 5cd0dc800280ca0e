"""How one seal follows from the one before: `SHA-256(previous hash || canonical JSON of the entry)`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

BEFORE_THE_FIRST = "0" * 64
# A transaction that comes later than this with an earlier id is not one of the service's.
LATEST = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Content:
    """An entry as it is sealed. `details` is what the JSON in the table says."""

    id: int
    at: datetime
    actor_id: int | None
    plan_id: int | None
    fact: str
    object_kind: str
    object_id: int
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Head:
    """The last seal of a chain, or one that was the last."""

    sequence: int
    hash: str

    def __str__(self) -> str:
        """`row:hash`, as it is printed and looked for."""
        return f"{self.sequence}:{self.hash}"


NOTHING = Head(0, BEFORE_THE_FIRST)


def follow(previous: str, content: Content, *, sequence: int, sealed_at: datetime) -> str:
    """The hash of the seal that gives `content` its place after `previous`; 64 hexadecimal digits."""
    said = {
        "sequence": sequence,
        "sealed_at": instant(sealed_at),
        "id": content.id,
        "at": instant(content.at),
        "actor_id": content.actor_id,
        "plan_id": content.plan_id,
        "fact": content.fact,
        "object_kind": content.object_kind,
        "object_id": content.object_id,
        "details": content.details,
    }
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(previous.encode("ascii") + text.encode("ascii")).hexdigest()


def instant(at: datetime) -> str:
    """An aware instant in words of one width, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
