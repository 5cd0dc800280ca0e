"""Finds the words of a source that a reading has lost: neither in the memo nor among what was left out.

Every word counts as often as it stands in the source. A word that was divided at a line's end is found when
its halves stand joined; a footnote's mark may be glued to a word on one side only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tracker.domain.text import MARK
from tracker.memos.reading.hyphens import HYPHENS
from tracker.memos.reading.result import Reading

_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_PIECES = 4
_NEARBY = 40


def lost_words(source: Sequence[str], reading: Reading) -> tuple[str, ...]:
    """The words of the source without a place in the reading, as written, in the source's order."""
    return _Search(source, " ".join(_texts(reading)).split()).lost()


def _texts(reading: Reading) -> Iterator[str]:
    memo, head = reading.memo, reading.memo.head
    yield from (memo.title, head.office, head.administration, head.date, head.case_number, head.recipients)
    yield from memo.intro
    for table in memo.tables:
        yield table.caption
        for section in table.sections:
            yield from (section.name, *section.header)
            for row in section.rows:
                yield from (str(row.number), row.title, row.text)
    for note in memo.footnotes:
        yield from (str(note.number), note.text)
    yield from (piece.text for piece in reading.left_out)


def _letters(word: str) -> str:
    return "".join(character for character in word.translate(_PLAIN) if character.isalnum())


@dataclass
class _Search:
    """`left` counts the words of the reading that no word of the source has taken yet."""

    source: Sequence[str]
    read: Sequence[str]

    def __post_init__(self) -> None:
        self.words = [_letters(word) for word in self.source]
        wanted = Counter(self.words)
        given = Counter(filter(None, map(_letters, self.read)))
        self.left = given - wanted
        self.unmarked = Counter(_letters(MARK.sub("", word)) for word in self.read if MARK.search(word))
        self.missing = wanted - given

    def lost(self) -> tuple[str, ...]:
        if not self.missing:
            return ()
        for step in (self._marked, self._divided, self._glued, self._cut):
            for at, word in enumerate(self.words):
                if self.missing[word] > 0:
                    step(at)
        # Which of two equal words is the lost one cannot be told; the last is named.
        lost = []
        for at in range(len(self.words) - 1, -1, -1):
            if self.missing[self.words[at]] > 0:
                self.missing[self.words[at]] -= 1
                lost.append(self.source[at])
        return tuple(reversed(lost))

    def _take(self, word: str) -> bool:
        """Take one of the reading's words that is left, with its mark or without."""
        for counted in (self.left, self.unmarked):
            if counted[word] > 0:
                counted[word] -= 1
                return True
        return False

    def _marked(self, at: int) -> None:
        word = self.words[at]
        if self.unmarked[word] > 0:
            self.unmarked[word] -= 1
            self.missing[word] -= 1

    def _divided(self, at: int) -> None:
        """The halves of a divided word follow each other, or the other half stands further down."""
        if not self.source[at].rstrip(".,").endswith(HYPHENS):
            return
        whole, halves = self.words[at], [self.words[at]]
        for after in range(at + 1, min(at + _PIECES, len(self.words))):
            whole += self.words[after]
            halves.append(self.words[after])
            if self._take(whole):
                self._found(halves)
                return
            if not self.source[after].endswith(HYPHENS):
                break
        nearest = [*self.words[at + 1 : at + 1 + _NEARBY], *self.missing]
        for other in nearest:
            if self.missing[other] > 0 and other != self.words[at] and self._take(self.words[at] + other):
                self._found([self.words[at], other])
                return

    def _cut(self, at: int) -> None:
        """A word cut at a cell's edge or divided twice; words of other cells may stand between its pieces."""
        whole, pieces = self.words[at], [self.words[at]]
        for after in range(at + 1, min(at + _NEARBY, len(self.words))):
            piece = self.words[after]
            if self.missing[piece] <= pieces.count(piece):
                continue
            whole, pieces = whole + piece, [*pieces, piece]
            if self._take(whole):
                self._found(pieces)
                return

    def _found(self, halves: Sequence[str]) -> None:
        for half in halves:
            if self.missing[half] > 0:
                self.missing[half] -= 1
            else:
                # Another of the same word took this one's place in the reading, which is free again.
                self.left[half] += 1

    def _glued(self, at: int) -> None:
        """One word on one side may be two on the other: '12.Title', or two runs without a blank."""
        word = self.words[at]
        for cut in range(1, len(word)):
            first, second = word[:cut], word[cut:]
            if self.left[first] > 0 and self.left[second] > 0:
                self.left.subtract((first, second))
                self.missing[word] -= 1
                return
        if (
            at + 1 < len(self.words)
            and self.missing[self.words[at + 1]] > 0
            and self._take(word + self.words[at + 1])
        ):
            self._found([word, self.words[at + 1]])
