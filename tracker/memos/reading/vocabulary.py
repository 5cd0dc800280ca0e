"""The words by which memos of this kind name their parts, in Danish and English."""

from __future__ import annotations

import re

from tracker.domain.memo import TableKind
from tracker.domain.text import NO_ITEM

_NUMBER_WORD = re.compile(r"^(?:nr|nummer|no|number|løbenr|løbenummer|indsatsnr|#)\.?$", re.IGNORECASE)
_TITLE_WORD = re.compile(
    r"^(?:indsats|initiativ|tiltag|aktivitet|projekt|titel|navn|delmål|mål|overskrift|handling|emne"
    r"|initiative|action|title|measure)(?:er|ets|et|en|sen|sens|s)?\b",
    re.IGNORECASE,
)
_STATUS_WORD = re.compile(
    r"\b(?:status\w*|statustekst|opfølgning\w*|fremdrift\w*|redegørelse|afrapportering|udvikling|resultat\w*"
    r"|bemærkning\w*|kommentar\w*|beskrivelse|resume|resumé|hvad er (?:der )?(?:sket|gjort)|hvor langt"
    r"|progress|description|update)\b",
    re.IGNORECASE,
)
_PLAIN_STATUS = re.compile(r"\bstatus", re.IGNORECASE)
_SECTION_WORD = re.compile(
    r"^(?:ansvarlig )?(?:forvaltning|udvalg|administration|område|department)(?:en)?$", re.IGNORECASE
)
_OTHER_WORD = re.compile(
    r"^(?:frist|tidsplan|tid|periode|økonomi|budget|ansvarlig|finansiering|kontakt|note|år|tovholder|deadline"
    r"|milepæl\w*|målgruppe|formål|samarbejdspartnere?|partnere?)\b",
    re.IGNORECASE,
)
_ADMINISTRATION = re.compile(
    r"(?:(?:forvaltning(?:en|er|erne)?|udvalg(?:et)?|magistrat\w*|direktion(?:en)?|administration|committee"
    r"|sekretariat(?:et)?|afdeling(?:en)?)"
    r"|^(?:magistratsafdeling|forvaltning|udvalg|direktørområde|fagområde|center|afdeling|department)(?:en|et)?"
    r" (?:for|of) [^.:;]{3,80})\s*(?:\([\wÆØÅæøå/ ]{1,12}\))?:?$",
    re.IGNORECASE,
)
_CAPTION = re.compile(r"^(?:tabel|table|skema|oversigt)\s*(?:\d+|[A-Z])?\s*[.:–-]", re.IGNORECASE)
_CLOSING = re.compile(
    r"^(?:med venlig hilsen|venlig hilsen|venligst|på (?:udvalgets|forvaltningens) vegne|kind regards"
    r"|yours sincerely|bilag\b.{0,60})[.,:]?$",
    re.IGNORECASE,
)
_UNFUNDED = re.compile(
    r"ufinansiere|ikke[- ]finansiere|uden finansiering|mangler finansiering|afventer finansiering"
    r"|unfunded|awaiting funding",
    re.IGNORECASE,
)
_NEW = re.compile(
    r"\bnye forslag|forslag til nye|\bnye (?:initiativer|indsatser)\b|new proposals", re.IGNORECASE
)
_TYPED_NUMBER = re.compile(
    r"^(?:(?:nr|no|indsats|initiativ|tiltag)\.?\s+)?(\d{1,5})\s*(?:[.):]|\s[–-])(?![\d/])\s*(.*)$",
    re.IGNORECASE | re.DOTALL,
)
_BARE_NUMBER = re.compile(r"^(?:nr\.?\s*)?(\d{1,5})[.):]?$", re.IGNORECASE)
_SPACED_NUMBER = re.compile(r"^(\d{1,5})\s+(?=\S)(.*)$", re.DOTALL)
_NUMBER_PREFIX = re.compile(r"^([^\W\d_]+\.?)\s*(?=\d)")
# "2.1", "1a", "A.1", "IV.2", "b)": printed before a title, and no number that counts the rows.
_ODD_NUMBER = re.compile(
    r"^((?:(?i:nr|no|indsats|initiativ|tiltag)\.? )?"
    r"(?:(?:\d{1,3}(?:[.-]\d{1,3}|[.-]?[a-z](?![a-zæøå]))+"
    r"|(?:[A-ZÆØÅ]|[IVX]{1,5})(?:[.-]?\d{1,3}(?:[a-z](?![a-zæøå]))?|[.-][a-z](?![a-zæøå]))+)[.):]?|(?:[a-zA-Z]|[IVX]{1,5})[.)]))"
    r"(?:\s+(\S.*))?$",
    re.DOTALL,
)
_SENTENCE_START = re.compile(NO_ITEM, re.IGNORECASE)
_YEARS_FROM = 1000

HEADER_LENGTH = 60
NAME_LENGTH = 120


def is_number_word(text: str) -> bool:
    return bool(_NUMBER_WORD.match(text.strip()))


def is_title_word(text: str) -> bool:
    return len(text) <= HEADER_LENGTH and bool(_TITLE_WORD.match(text.strip()))


def is_status_word(text: str) -> bool:
    return len(text) <= HEADER_LENGTH and bool(_STATUS_WORD.search(text))


def is_plain_status(text: str) -> bool:
    """Whether the header word says status itself, which beats a description beside it."""
    return bool(_PLAIN_STATUS.search(text))


def is_section_word(text: str) -> bool:
    return bool(_SECTION_WORD.match(text.strip()))


def is_other_word(text: str) -> bool:
    return len(text) <= HEADER_LENGTH and bool(_OTHER_WORD.match(text.strip()))


def is_header_word(text: str) -> bool:
    return any(
        test(text) for test in (is_number_word, is_title_word, is_status_word, is_section_word, is_other_word)
    )


def names_administration(text: str) -> bool:
    """Whether a line is the name of an administration or a committee and nothing more."""
    return len(text) <= NAME_LENGTH and bool(_ADMINISTRATION.search(text.strip())) and "." not in text


def is_caption(text: str) -> bool:
    return bool(_CAPTION.match(text))


def is_closing(text: str) -> bool:
    """Whether a line closes the memo: a greeting, or the list of what is enclosed."""
    return bool(_CLOSING.match(text))


def kind_of_table(*texts: str) -> TableKind:
    """The kind of table that its caption and heading speak of."""
    if any(_UNFUNDED.search(text) for text in texts):
        return "unfunded"
    if any(_NEW.search(text) for text in texts):
        return "new"
    return "status"


def split_number(text: str, *, expected: int | None = None) -> tuple[int | None, str]:
    """A typed number and the rest: '12. Title' -> (12, 'Title').

    What could be a date, a year or a count ('7. oktober', '2025. ', '6 forløb') is a number only when it is
    the `expected` one.
    """
    typed = _TYPED_NUMBER.match(text)
    found = typed or _SPACED_NUMBER.match(text)
    if not found:
        return None, text
    number = int(found[1])
    certain = bool(typed) and number < _YEARS_FROM and bool(_SENTENCE_START.match(found[2]))
    return (number, found[2].strip()) if certain or number == expected else (None, text)


def bare_number(text: str) -> int | None:
    """The number of a cell that holds nothing else."""
    found = _BARE_NUMBER.match(text.strip())
    return int(found[1]) if found else None


def spaced_number(text: str) -> int | None:
    """The number of '12 Title', which is one only where the rows around it are numbered alike."""
    found = _SPACED_NUMBER.match(text)
    return int(found[1]) if found else None


def number_prefix(text: str) -> str:
    """The word before a typed number: 'Nr.' of 'Nr. 12: Title'; empty where there is none."""
    found = _NUMBER_PREFIX.match(text)
    return found[1] if found and (_TYPED_NUMBER.match(text) or _BARE_NUMBER.match(text)) else ""


def odd_number(text: str) -> tuple[str, str]:
    """A printed number that is no count, and the rest: '2.1 Title' -> ('2.1', 'Title'); empty for none."""
    found = _ODD_NUMBER.match(text)
    return (found[1], found[2] or "") if found else ("", text)


def plain_name(heading: str) -> tuple[str, str]:
    """The name of a section and the number printed before it: '2. Skoleforvaltningen' in two."""
    number, name = split_number(heading)
    if number is None:
        odd, name = odd_number(heading)
        if not odd:
            found = _SPACED_NUMBER.match(heading)
            name = found[2] if found and names_administration(found[2]) else ""
    return (name, heading.removesuffix(name).strip()) if name else (heading, "")
