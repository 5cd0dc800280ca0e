"""What stands before the first table: head, title, intro, caption. Shared by the readers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from tracker.domain.memo import Head
from tracker.memos.reading import vocabulary
from tracker.memos.reading.result import LeftOut, Sentence

_MONTHS = "januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december"
_DATE = re.compile(
    rf"^((?:[A-ZÆØÅ][\w.]*(?: [A-ZÆØÅ][\w.]*)?,? )?(?:den|d\.) )?((?:\d{{1,2}}\.? ?)?(?:{_MONTHS}),? \d{{4}}"
    r"|\d{1,2} ?[./-] ?\d{1,2}(?:[./-] ?|\. | )\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2}|\d{4}-\d{2}-\d{2}"
    r"|\d{1,2} [A-Z][a-z]+ \d{4})\.?$",
    re.IGNORECASE,
)
_LABELS = {
    "date": re.compile(r"^(?:(?:brev|notat)?dato|date)\b\s*[:.]?\s*(?=.*\d|$)(.*)$", re.IGNORECASE),
    "case_number": re.compile(
        r"^(?:(?:e-?do[ck][- ])?sags?[- ]?(?:nr|nummer|id)|sag|(?:vores )?journal[- ]?(?:nr|nummer)|j\.? ?nr"
        r"|case (?:no|number))(?:\.\s*:|\s*[.:])?\s*(?=\S*\d|$)(.*)$",
        re.IGNORECASE,
    ),
    "recipients": re.compile(
        r"^(?:til|modtagere?|adressat|to|recipients?)\s*(?::\s*(.*)|$)|^modtagere? +(?=[A-ZÆØÅ])(.*)$",
        re.IGNORECASE,
    ),
}
_TO = re.compile(r"^Til\s+(?=[A-ZÆØÅ])(.{2,100})$")
_IGNORED = re.compile(
    r"^(?:notat|memo|bilag(?: \d+)?|kladde|draft|udkast|(?:edoc|edok|dok(?:ument)?)[- .]?(?:nr|nummer)\b.*"
    r"|sagsbehandler\b.*|kopi(?: til)?\b.*|side \d+(?: af \d+)?|page \d+(?: of \d+)?)\s*:?$",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"kontor(?:et)?\b|sekretariat(?:et)?\b|afdeling(?:en)?\b|\b(?:center|centret|enhed(?:en)?|team|stab(?:en)?"
    r"|direktion(?:en)?|office|unit)\b",
    re.IGNORECASE,
)
_ADMINISTRATION = re.compile(r"forvaltning(?:en)?\b|administration\b", re.IGNORECASE)
_TITLE_WORD = re.compile(
    r"status|handleplan|redegørelse|opfølgning|handlingsplan|indsats|action plan", re.IGNORECASE
)
# The styles of the memos that the product itself writes say what each line of the head is.
_HEAD_STYLES = {
    "memo office": "office",
    "memo administration": "administration",
    "memo date": "date",
    "memo case number": "case_number",
    "memo recipients": "recipients",
}
_BODY_STYLES = {"body text", "brødtekst"}
PROSE_LENGTH = 130


@dataclass(frozen=True)
class FrontLine:
    """A paragraph before the table. `level`: -1 a title style, 0 the first heading level, None no heading."""

    text: str
    place: Sentence
    style: str = ""
    level: int | None = None
    bold: bool = False
    size: int = 0

    @property
    def is_prose(self) -> bool:
        return len(self.text) > PROSE_LENGTH or (self.text.endswith(".") and len(self.text.split()) > 5)


@dataclass(frozen=True)
class Front:
    """`section` is the name that stands right above the table's rows, or empty."""

    title: str
    head: Head
    intro: tuple[str, ...]
    caption: str
    section: str
    left_out: tuple[LeftOut, ...]

    def completed(self, furniture: Sequence[FrontLine]) -> Front:
        """The same with what the page headers add; all else that they say is left out."""
        plain = [line for line in furniture if not line.style.startswith("memo ") and line.text != self.title]
        head, _ = read_head(plain, certain=True)
        added = {
            name: value for name, value in asdict(head).items() if value and not getattr(self.head, name)
        }
        spare = []
        for line in furniture:
            value = next((value for value in added.values() if line in plain and value in line.text), None)
            rest = line.text if value is None else _around(line.text, value)
            spare += [LeftOut(rest, line.place)] if rest else []
        return replace(self, head=replace(self.head, **added), left_out=(*self.left_out, *spare))


def _around(text: str, value: str) -> str:
    """What stands before and after the value of a line, as 'Dato:' does before a date."""
    before, _, after = text.partition(value)
    around = f"{before.strip()} {after.strip()}".strip()
    return around if any(character.isalnum() for character in around) else ""


def read_front(lines: Sequence[FrontLine], *, named: bool) -> Front:
    """Sort the lines before the first table. `named`: the table itself begins with a section's name."""
    drafted = [line for line in lines if line.style.startswith(("memo draft", "memo notice"))]
    rest = [line for line in lines if line not in drafted]
    section, rest = _take_section(rest, named=named)
    caption, rest = _take_caption(rest)
    if not section:
        section, rest = _take_section(rest, named=named)
    at = _title_at(rest)
    title = rest[at].text if at is not None else ""
    above = rest[:at] if at is not None else rest
    below = rest[at + 1 :] if at is not None else []
    if at is None:
        first_prose = next((i for i, line in enumerate(above) if line.is_prose), len(above))
        above, below = above[:first_prose], above[first_prose:]
    labelled = _labelled_prefix(below)
    head, unused = read_head([*above, *below[:labelled]])
    return Front(
        title=title,
        head=head,
        intro=tuple(line.text for line in below[labelled:]),
        caption=caption,
        section=section,
        left_out=tuple(LeftOut(line.text, line.place) for line in [*drafted, *unused]),
    )


def _take_section(lines: list[FrontLine], *, named: bool) -> tuple[str, list[FrontLine]]:
    """The name of a section that stands as the last line, below the title."""
    if named or len(lines) < 2 or not _names_section(lines[-1], above=lines[:-1]):
        return "", lines
    return lines[-1].text, lines[:-1]


def _names_section(line: FrontLine, *, above: Sequence[FrontLine]) -> bool:
    if line.level == -1 or vocabulary.is_caption(line.text):
        return False
    if line.level is not None:
        return line.level > 0 or any(other.level in {-1, 0} for other in above)
    if vocabulary.names_administration(line.text) and not line.is_prose:
        return True
    # A last line in bold is a heading of the rows where another line can be the title.
    short = len(line.text) <= vocabulary.NAME_LENGTH and not line.text.endswith((".", ":", ","))
    return line.bold and short and _title_at(above) is not None and not is_labelled(line.text)


def _take_caption(lines: list[FrontLine]) -> tuple[str, list[FrontLine]]:
    """The caption is the last line that begins 'Tabel 1.' or has the caption style, near the table."""
    for at in range(len(lines) - 1, max(len(lines) - 4, -1), -1):
        if vocabulary.is_caption(lines[at].text) or lines[at].style in {"caption", "billedtekst"}:
            return lines[at].text, lines[:at] + lines[at + 1 :]
    return "", lines


def _title_at(lines: Sequence[FrontLine]) -> int | None:
    for wanted in (-1, 0):
        found = [i for i, line in enumerate(lines) if line.level == wanted and not _IGNORED.match(line.text)]
        if found:
            return found[0]
    until = next((i for i, line in enumerate(lines) if line.is_prose and not line.bold), len(lines))
    candidates = [
        i for i in range(until) if not is_labelled(lines[i].text) and not _IGNORED.match(lines[i].text)
    ]
    if not candidates:
        return None
    scored = [(_title_score(lines[i], at=i), -i) for i in candidates]
    best, position = max(scored)
    return -position if best > 0 else None


def _title_score(line: FrontLine, *, at: int) -> float:
    score = line.size / 10 + (2 if line.bold else 0) + (2 if line.level is not None else 0)
    score += 3 if _TITLE_WORD.search(line.text) else 0
    score += 1 if len(line.text) > 40 else 0
    if vocabulary.names_administration(line.text) or (_OFFICE.search(line.text) and len(line.text) < 60):
        score -= 4
    return score + min(at, 5) / 10


def is_labelled(text: str) -> bool:
    return bool(_DATE.match(text) or _TO.match(text)) or any(label.match(text) for label in _LABELS.values())


def _labelled_prefix(lines: Sequence[FrontLine]) -> int:
    """How many lines right below the title still belong to the head."""
    count = 0
    while count < len(lines) and _belongs_to_head(lines[count]):
        count += 1
    return count


def _belongs_to_head(line: FrontLine) -> bool:
    return line.style not in _BODY_STYLES and not line.is_prose and is_labelled(line.text)


def read_head(lines: Sequence[FrontLine], *, certain: bool = False) -> tuple[Head, list[FrontLine]]:
    """The head's fields from its lines, and what has no field: other lines, and the labels before a value.

    `certain`: only what a label or word names; else the first line is the office, whatever it is called.
    """
    found: dict[str, str] = {}
    unused: list[FrontLine] = []
    waiting = ""
    for line in lines:
        if waiting and not is_labelled(line.text) and not _IGNORED.match(line.text):
            found[waiting] = line.text
            waiting = ""
            continue
        name, value = _styled_field(line) or _field_of(line.text, found, certain=certain)
        waiting = ""
        if name and value:
            found[name] = value
        elif name:
            waiting = name
        # The label of a line in the product's own style is its form, as a column's width is.
        form = line.style in _HEAD_STYLES and bool(value)
        label = "" if form else _around(line.text, value) if value else line.text
        if label:
            unused.append(replace(line, text=label))
    return Head(**found), unused


def _styled_field(line: FrontLine) -> tuple[str, str] | None:
    name = _HEAD_STYLES.get(line.style)
    if name is None:
        return None
    label = _LABELS.get(name)
    match = label.match(line.text) if label else None
    return name, _value(match) if match else line.text


def _value(match: re.Match[str]) -> str:
    return next((group.strip() for group in match.groups() if group), "")


def _field_of(text: str, found: dict[str, str], *, certain: bool) -> tuple[str, str]:
    """Which field a line fills and with what; an empty value when it stands on the next line."""
    if _IGNORED.match(text):
        return "", ""
    if "date" not in found and (match := _DATE.match(text)):
        return "date", match[2].strip()
    for name, label in _LABELS.items():
        if name not in found and (match := label.match(text)):
            return name, _value(match)
    if "recipients" not in found and (match := _TO.match(text)):
        return "recipients", match[1]
    if "administration" not in found and _ADMINISTRATION.search(text) and not text.endswith("."):
        return "administration", text
    if "office" not in found and (_OFFICE.search(text) or not (found or certain)) and not _is_place(text):
        return "office", text
    return "", ""


def _is_place(text: str) -> bool:
    return text.lower().endswith("kommune")
