"""The fields of a memo's rows, sections and unmentioned initiatives: what a page shows and what it sends.

The rows of a page are one form, whichever button is pressed, so that nothing typed in another row is lost.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask_babel import gettext as _

from tracker.domain.text import clean
from tracker.memos.importing.choices import FOUND, Aim, Choices, Place, RowChoice, SectionChoice, fingerprint
from tracker.memos.importing.confirming import Confirming, Effect, Line, Part, Unmentioned
from tracker.memos.importing.matching import key
from tracker.plans.models import Initiative

PER_PAGE = 20
_PAGE_LETTERS = 200_000
LONGEST_TEXT = 400_000
_LONGEST_TITLE = 1_000
_LONGEST_NAME = 200
_NAMES = ("number", "title", "text", "place", "aim", "other")
Errors = dict[str, str]


@dataclass
class RowForm:
    """The fields of one row as they are typed, with what is wrong in them by the field's name."""

    line: Line
    number: str
    title: str
    text: str
    place: str
    aim: str
    other: str = ""
    errors: Errors = field(default_factory=dict)

    @classmethod
    def of(cls, line: Line) -> RowForm:
        choice = line.choice
        place = str(choice.place) if choice.place else ""
        return cls(line, str(line.row.number), line.row.title, line.text, place, str(choice.aim))

    @classmethod
    def sent(cls, line: Line, sent: Mapping[str, str]) -> RowForm:
        """As the page sent it; what it did not send, or nobody touched since it was shown, as it is kept."""
        kept = cls.of(line)
        typed = cls(line, *(sent.get(f"r{line.index}-{name}", getattr(kept, name)) for name in _NAMES))
        return kept if typed.digest == sent.get(typed.id("was")) else typed

    @property
    def digest(self) -> str:
        """Of what stands in the fields: a page says with it what it has shown."""
        said = "\0".join(_tidy(self, name) for name in _NAMES)
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    @property
    def shown(self) -> str:
        """The digest of what is kept, for the page that is made now."""
        return RowForm.of(self.line).digest

    def id(self, name: str) -> str:
        return f"r{self.line.index}-{name}"

    @property
    def editable(self) -> bool:
        """Whether the text may be sent with a form; one this long is mended in the file."""
        return len(self.line.text) <= LONGEST_TEXT

    def choice(self, found: Confirming, *, accepted: bool) -> RowChoice:
        """What is chosen of the row; `errors` says what cannot be."""
        line = self.line
        number, title, text = self._number(), " ".join(clean(self.title).split()), clean(self.text).strip()
        if len(title) > _LONGEST_TITLE:
            self.errors["title"] = _("A title can have at most %(count)s characters.", count=_LONGEST_TITLE)
        return RowChoice(
            number=None if number == line.read.number else number,
            title=None if title == " ".join(clean(line.read.title).split()) else title,
            text=None if text == clean(line.text_as_read).strip() else text,
            place=self._place(found),
            aim=self._aim(found),
            accepted=accepted,
            of=fingerprint(line.read),
        )

    def _number(self) -> int | None:
        typed = self.number.strip().rstrip(".")
        if typed.isascii() and typed.isdigit() and len(typed) <= 4 and int(typed):
            return int(typed)
        self.errors["number"] = _("Write the number in digits.")
        return None

    def _place(self, found: Confirming) -> Place | None:
        place = Place.read(self.place)
        known = {one.id for one in found.administrations}
        if place is None or (place.kind == "section" and place.id == self.line.part):
            if self.place and place is None:
                self.errors["place"] = _("Choose one from the list.")
            return None
        if place.id not in (known if place.kind == "administration" else range(len(found.parts))):
            self.errors["place"] = _("Choose one from the list.")
        return place

    def _aim(self, found: Confirming) -> Aim:
        if self.other.strip():
            return self._named(found, self.other.strip())
        aim = Aim.read(self.aim)
        if aim is None or (aim.kind in {"same", "renamed"} and aim.id not in found.initiatives):
            self.errors["aim"] = _("Choose one from the list.")
            return FOUND
        if aim.kind == "row" and (aim.id >= len(found.lines) or aim.id == self.line.index):
            self.errors["aim"] = _("Choose one from the list.")
        return aim

    def _named(self, found: Confirming, typed: str) -> Aim:
        """The initiative whose title was typed, or the row whose number was."""
        if typed.isascii() and typed.isdigit() and len(typed) <= 4:
            row = found.numbered(int(typed))
            if row is not None and row.index != self.line.index:
                return Aim("row", row.index)
            self.errors["other"] = _("The memo has no other row %(number)s.", number=typed)
            return FOUND
        initiative = named(found.initiatives, typed)
        if initiative is None:
            self.errors["other"] = _("The plan has no initiative with this title. Choose one from the list.")
            return FOUND
        return Aim("same", initiative.id)

    def differing(self) -> list[str]:
        """The fields in which something else is kept meanwhile than what stands in them."""
        kept = RowForm.of(self.line)
        return [name for name in _NAMES if name != "other" and _tidy(self, name) != _tidy(kept, name)]


def _tidy(form: RowForm, name: str) -> str:
    return clean(getattr(form, name)).strip()


def named(initiatives: Mapping[int, Initiative], typed: str) -> Initiative | None:
    """The initiative that a person has named: by its title, or with the `#id` that tells it from another."""
    title, _sign, id_ = typed.rpartition(" #")
    if title and id_.isdigit() and len(id_) < 10 and int(id_) in initiatives:
        return initiatives[int(id_)]
    same = [one for one in initiatives.values() if key(one.title) == key(typed)]
    return same[0] if len(same) == 1 else None


def titles_to_choose(found: Confirming) -> list[str]:
    """The titles that may be typed, those that stand twice with their ids."""
    times: dict[str, int] = {}
    for one in found.initiatives.values():
        times[key(one.title)] = times.get(key(one.title), 0) + 1
    return [
        one.title if times[key(one.title)] == 1 else f"{one.title} #{one.id}"
        for one in found.initiatives.values()
    ]


def pages_of(lines: Sequence[Line]) -> list[list[Line]]:
    """The rows cut into pages that a form can send, however long their texts are."""
    pages: list[list[Line]] = [[]]
    letters = 0
    for line in lines:
        if pages[-1] and (len(pages[-1]) == PER_PAGE or letters + len(line.text) > _PAGE_LETTERS):
            pages.append([])
            letters = 0
        pages[-1].append(line)
        letters += len(line.text)
    return pages


@dataclass
class PartForm:
    """Where a section's rows go: an administration of the plan, or one that is made under a name."""

    part: Part
    administration: str
    name: str
    errors: Errors = field(default_factory=dict)

    @classmethod
    def of(cls, part: Part) -> PartForm:
        return cls(part, str(part.choice.administration or ""), part.choice.name or part.printed)

    @classmethod
    def sent(cls, part: Part, sent: Mapping[str, str]) -> PartForm:
        shown = cls.of(part)
        administration = sent.get(f"s{part.index}-administration", shown.administration)
        return cls(part, administration, sent.get(f"s{part.index}-name", shown.name))

    def id(self, name: str) -> str:
        return f"s{self.part.index}-{name}"

    def choice(self, found: Confirming) -> SectionChoice:
        name = " ".join(clean(self.name).split())
        if len(name) > _LONGEST_NAME:
            self.errors["name"] = _("A name can have at most %(count)s characters.", count=_LONGEST_NAME)
        ids = {str(one.id): one.id for one in found.administrations}
        if self.administration and self.administration not in ids:
            self.errors["administration"] = _("Choose one from the list.")
        printed = " ".join(clean(self.part.printed).split())
        return SectionChoice(ids.get(self.administration), "" if name == printed else name)


@dataclass
class UnmentionedForm:
    """Into which row's initiative one that the memo does not mention was merged; usually nothing is said."""

    initiative: Initiative
    row: str
    error: str = ""

    @classmethod
    def of(cls, one: Unmentioned, found: Confirming) -> UnmentionedForm:
        return cls(one.initiative, "" if one.into is None else str(found.lines[one.into].row.number))

    @classmethod
    def sent(cls, one: Unmentioned, found: Confirming, sent: Mapping[str, str]) -> UnmentionedForm:
        shown = cls.of(one, found)
        return replace(shown, row=sent.get(shown.id, shown.row))

    @property
    def id(self) -> str:
        return f"u{self.initiative.id}"

    def into(self, found: Confirming) -> int | None:
        typed = self.row.strip().rstrip(".")
        if not typed:
            return None
        line = found.numbered(int(typed)) if typed.isascii() and typed.isdigit() and len(typed) <= 4 else None
        if line is None or line.effect in {Effect.joined, Effect.out}:
            self.error = _("The memo has no row %(number)s of its own.", number=typed[:20])
            return None
        return line.index


def with_parts(choices: Choices, forms: Sequence[PartForm], found: Confirming) -> Choices:
    sections = {form.part.index: form.choice(found) for form in forms}
    return replace(choices, sections={at: one for at, one in sections.items() if one != SectionChoice()})


def with_unmentioned(choices: Choices, forms: Sequence[UnmentionedForm], found: Confirming) -> Choices:
    ended = dict(choices.ended)
    for form in forms:
        ended.pop(form.initiative.id, None)
        into = form.into(found)
        if into is not None:
            ended[form.initiative.id] = into
    return replace(choices, ended=ended)
