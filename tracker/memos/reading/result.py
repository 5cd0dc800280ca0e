"""What a reader hands back: the memo, what it left out, and what a person should look at.

Sentences are message ids with their parameters, so that a page can show them in its own language.
`say` and `Unreadable` mark the messages for extraction (`pybabel extract -k say -k Unreadable`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tracker.domain.errors import DomainError
from tracker.domain.memo import Memo


class Unreadable(DomainError):  # noqa: N818 - named as the sentence reads
    """The file cannot be read as a memo. Carries the one sentence that says why."""


@dataclass(frozen=True)
class Sentence:
    """A message id and what fills its `%(name)s` places: words, numbers, or another sentence."""

    message: str
    params: tuple[tuple[str, str | int | Sentence], ...] = ()

    def __str__(self) -> str:
        return self.message % dict(self.params)


def say(message: str, **params: str | int | Sentence) -> Sentence:
    return Sentence(message, tuple(sorted(params.items())))


@dataclass(frozen=True)
class LeftOut:
    """A piece of the source that has no room in the memo, and where it stands."""

    text: str
    place: Sentence


@dataclass(frozen=True)
class Doubt:
    """Something that was decided but may be wrong: `row` is the printed number, None for the whole memo."""

    row: int | None
    words: str
    reason: Sentence


@dataclass(frozen=True)
class SourceWords:
    """The words of the file that a row was read from, line by line as they stand there, and where."""

    words: str
    place: Sentence


@dataclass(frozen=True)
class Reading:
    """Every non-blank piece of the source is in `memo` or in `left_out`.

    `sources` has one entry for each of `memo.rows`, in their order, or none where a reader does not tell.
    """

    memo: Memo
    left_out: tuple[LeftOut, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    sources: tuple[SourceWords, ...] = field(default=(), compare=False, repr=False)
