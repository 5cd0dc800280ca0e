"""Puts words together again that a line's end had divided.

Rules first, then the Danish word list of simplemma: it decides nothing alone, but a joined word that it
does not know, whole or as a compound, is a doubtful join.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_LANGUAGE = "da"
_CONJUNCTIONS = {"og", "eller", "samt", "og/eller", "men", "til"}
_LAST_WORD = re.compile(r"[^\s/(”\"’'“]+$")
_FIRST_WORD = re.compile(r"^[^\s/)”\"’'“]+")
_SHORTEST_PART = 3
_SHORTEST_WORD = 2
_LONGEST_COMPOUND = 60
HYPHENS = ("-", "\u00ad", "\u2010")


@dataclass(frozen=True)
class Join:
    """Two lines as one; `word` is the joined word when it is doubtful."""

    text: str
    word: str = ""


def divided(line: str) -> bool:
    """Whether a stripped line ends inside a word, or at a hyphen of its own."""
    return line.endswith(HYPHENS) and len(line) > 1 and not line[-2].isspace()


def join(left: str, right: str, *, real: bool | None = None) -> Join:
    """Two successive lines of one paragraph as one.

    `real` says what the source shows: True, the hyphen belongs to the words (a space follows it);
    False, the line was divided; None, the source does not tell the two apart.
    """
    if not divided(left):
        return Join(f"{left} {right}")
    if left.endswith("\u00ad"):
        return Join(left[:-1] + right)
    before, after = _last(left[:-1]), _first(right)
    if before[-1:].isdigit() and after[:1].isdigit():
        return Join(f"{left}{right}")
    if real or (real is None and after.lower() in _CONJUNCTIONS):
        return Join(f"{left} {right}")
    if after[:1].isupper() or after[:1].isdigit() or _keeps_hyphen(before):
        return Join(f"{left}{right}", f"{before}-{after}")
    word = before.rsplit("-", 1)[-1] + after.split("-", 1)[0]
    return Join(left[:-1] + right, "" if knows(word) else before + after)


def _last(text: str) -> str:
    found = _LAST_WORD.search(text)
    return found[0] if found else ""


def _first(text: str) -> str:
    found = _FIRST_WORD.search(text)
    return found[0].rstrip(".,;:!?") if found else ""


def _keeps_hyphen(before: str) -> bool:
    """Abbreviations and single letters keep their hyphen: MED-dag, QR-koder, e-læring, 10-årig."""
    part = before.rsplit("-", 1)[-1]
    letters = part.strip("+.")
    return bool(letters) and (
        len(letters) == 1 or letters.isdigit() or (letters.isupper() and len(letters) > 1)
    )


@lru_cache(maxsize=8192)
def knows(word: str) -> bool:
    """Whether the Danish word list knows a word, whole or as parts put together with or without s or e."""
    word = word.strip(".,;:!?()[]”\"’'“⁰¹²³⁴⁵⁶⁷⁸⁹0123456789")
    if len(word) < _SHORTEST_WORD or not word.isalpha():
        return False
    return _listed(word) or (len(word) <= _LONGEST_COMPOUND and _is_compound(word.lower()))


def runs_over(left: str, right: str) -> bool:
    """Whether two pieces are one listed word, or a compound whose part runs well over where they meet."""
    word, at = (left + right.rstrip(".,;:!?)”")).lower(), len(left)
    if not word.isalpha() or len(word) > _LONGEST_COMPOUND:
        return False
    return _listed(word) or _is_compound(word, apart=at)


@lru_cache(maxsize=65536)
def _listed(word: str) -> bool:
    # With the first divided word: most Word files have none, and the package is large.
    from simplemma import is_known

    return is_known(word, _LANGUAGE, low_memory=True)


def _is_compound(word: str, *, apart: int = 0) -> bool:
    """Two or more listed parts, none of which ends at `apart` or right before it.

    The work is bounded by the square of the word's length.
    """
    reached = [0]
    for end in range(_SHORTEST_PART, len(word) + 1):
        if not apart - _SHORTEST_PART < end <= apart and any(
            end - start >= _SHORTEST_PART and _is_part(word[start:end], last=end == len(word))
            for start in reached
        ):
            reached.append(end)
    return reached[-1] == len(word)


def _is_part(part: str, *, last: bool) -> bool:
    if _listed(part):
        return True
    return not last and part[-1] in "se" and len(part) > _SHORTEST_PART and _listed(part[:-1])
