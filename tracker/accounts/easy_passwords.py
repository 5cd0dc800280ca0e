"""Which passwords of a permitted length are guessed first all the same.

What people choose when they must fill twelve characters is a word everybody takes, the name of the place, of
the product or their own, a row of keys, or one of these twice, with a year and an exclamation mark. So what
is left is counted when all that is taken away, rather than looked for in a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

ENOUGH = 5  # characters that must be left
_RUN = 4  # neighbours on a keyboard or in the alphabet that are one thing to remember

_ROWS = (
    "abcdefghijklmnopqrstuvwxyzæøå",
    "01234567890",
    "qwertyuiopå",
    "asdfghjklæø",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "q1w2e3r4t5y6u7i8o9p0",
    "1q2w3e4r5t6y7u8i9o0p",
)
_ROWS_BOTH_WAYS = (*_ROWS, *(row[::-1] for row in _ROWS))
_LEET = str.maketrans("013457@$!", "oleastasi")
_FILLING = re.compile(r"(?:19|20)\d\d|[\s._@+-]+|(.)(?=\1)", re.DOTALL)
# The words of the product and its place stand in docs/operations.md as well.
_WORDS = """
adgangskode kodeord password passwort passord passcode secret hemmelig hemmelighed letmein welcome velkommen
login logon signin admin administrator administration sysadmin superuser master root guest gaest gæst user
bruger test testing tester temp demo default changeme skiftmig computer internet windows microsoft google
facebook iloveyou jegelskerdig skat skatter monkey dragon sunshine princess prinsesse football fodbold
baseball superman batman starwars pokemon trustno shadow whatever freedom summer winter spring autumn sommer
vinter foraar forår efteraar efterår januar februar marts april maj juni juli august september oktober
november december january february march june july october mandag tirsdag onsdag torsdag fredag lordag lørdag
sondag søndag monday tuesday wednesday thursday friday saturday sunday danmark denmark kobenhavn københavn
copenhagen kbh aarhus odense aalborg mor far mormor farmor barn hello hej hejsa halloj goddag kaffe coffee
tracker initiative initiatives indsats indsatser indsatsen indsatsoverblik handleplan handleplanen plan
planen sekretariat sekretariatet kommune kommunen forvaltning forvaltningen status memo notat secretariat
"""
_KNOWN = tuple(sorted(_WORDS.split(), key=len, reverse=True))


def is_easy(password: str, *, about: Iterable[str] = ()) -> bool:
    """Whether little is left of a password without common words, rows of keys and repetitions.

    `about` are the person's name and address, whose parts count as common words.
    """
    own = {part for text in about for part in re.split(r"[\W_]+", text.casefold()) if len(part) > 2}
    said = password.casefold()
    for word in (*sorted(own, key=len, reverse=True), *_KNOWN):
        said = _without(word, said)
    return len(_once(_FILLING.sub("", _without_runs(said)))) < ENOUGH


def _without(word: str, said: str) -> str:
    """Also where some of its letters are written as digits and signs."""
    while True:
        at = said.find(word)
        at = said.translate(_LEET).find(word) if at < 0 else at
        if at < 0:
            return said
        said = said[:at] + " " * len(word) + said[at + len(word) :]


def _without_runs(said: str) -> str:
    """Without what stands in a row on a keyboard, or in the alphabet, in either direction."""
    left, at = [], 0
    while at < len(said):
        long = _run_at(said, at)
        if long < _RUN:
            left.append(said[at])
        at += long if long >= _RUN else 1
    return "".join(left)


def _run_at(said: str, at: int) -> int:
    long = 1
    while at + long < len(said) and any(said[at : at + long + 1] in row for row in _ROWS_BOTH_WAYS):
        long += 1
    return long


def _once(said: str) -> str:
    """`abcabc` as `abc`: what is repeated is as easy to guess as once."""
    found = re.fullmatch(r"(.+?)\1*", said, re.DOTALL)
    return found[1] if found else said
