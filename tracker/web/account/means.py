"""With what one signs in here, as the installation's settings say."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app


@dataclass(frozen=True, slots=True)
class Means:
    """At least one of them is on."""

    passwords: bool
    letters: bool
    provider: bool


def means() -> Means:
    settings = current_app.extensions["settings"]
    return Means(
        passwords=settings.sign_in_passwords,
        letters=settings.sign_in_letters,
        provider=bool(settings.oidc_issuer),
    )
