"""What a rule says when it refuses: one sentence that the page shows.

Messages are English message ids with `%(name)s` placeholders; the edge translates `message` and fills in
`params`. `sentence` marks a message id that stands in a table, so that the catalogue finds it.
"""

from __future__ import annotations


def sentence(message: str) -> str:
    """Mark `message` for the catalogue and give it back unchanged."""
    return message


class DomainError(Exception):
    """A rule refused. `str()` is the English sentence."""

    def __init__(self, message: str, /, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.params = params

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message


class MoveRefused(DomainError):  # noqa: N818 - named as the sentence reads
    """The state of things does not admit this move now, whoever asks."""


class StaleVersion(DomainError):  # noqa: N818 - named as the sentence reads
    """The change was made from a version that is no longer the newest."""

    def __init__(self) -> None:
        super().__init__("Somebody else has changed this since you opened it.")


class NotAllowed(DomainError):  # noqa: N818 - named as the sentence reads
    """The move exists, but not for this person."""


class NoRight(NotAllowed):
    """Nobody in this person's place has the move: to them it does not exist."""

    def __init__(self) -> None:
        super().__init__("You do not have the right to do this.")


class InvalidInput(DomainError):  # noqa: N818 - named as the sentence reads
    """A part of what was filled in is missing or wrong. `field` names the part."""

    def __init__(self, field: str, message: str, /, **params: object) -> None:
        super().__init__(message, **params)
        self.field = field
