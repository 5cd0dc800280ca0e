"""An identity provider and what it says of a person, as values. `tracker.accounts.openid` talks to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


class ProviderError(Exception):
    """The provider cannot be reached, or what came from it cannot be trusted; the message is for the log."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Who signs people in, and what the service is to it."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Begun:
    """What the browser keeps of a sign-in until the provider has answered."""

    state: str
    nonce: str
    verifier: str
    at: float

    def values(self) -> dict[str, Any]:
        return {"state": self.state, "nonce": self.nonce, "verifier": self.verifier, "at": self.at}


@dataclass(frozen=True, slots=True)
class Account:
    """Whom the provider answers for. `email` is empty unless the provider has confirmed it."""

    issuer: str
    subject: str
    email: str
