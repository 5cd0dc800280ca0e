"""An earlier memo's front and footnotes: the fields a page shows, what it sends, and what cannot be."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.domain.text import clean, mark
from tracker.memos.front import LONGEST_INTRO
from tracker.memos.importing.choices import Choices
from tracker.memos.importing.confirming import Confirming
from tracker.memos.importing.front import (
    PARTS,
    Pointer,
    part_of,
    pointing,
    with_front,
    words_of_notes,
    written,
)

_LONGEST_LINE, _LONGEST_NOTE, _LONGEST_SENT = 1_000, 5_000, 50_000
_NOTES_A_PAGE, _PAGE_LETTERS = 100, 100_000
_MOST_POINTERS = 10
_TYPED_MARK = re.compile(r"\[\^(\d{1,3})\]", re.ASCII)


@dataclass
class FrontField:
    """One part of the front, or the note at a place: as read, as kept, and as it is typed.

    `was` is the digest of what the page had shown when it was sent.
    """

    about: str | int
    label: str
    read: str
    kept: str
    value: str
    was: str
    number: int = 0
    error: str = ""

    @property
    def id(self) -> str:
        return f"front-{self.about}" if isinstance(self.about, str) else f"note-{self.about}"

    @property
    def shown(self) -> str:
        """The digest of what is kept, for the page that is made now."""
        return _digest(self.tidy(self.kept))

    @property
    def touched(self) -> bool:
        return self.tidy(self.value) != self.tidy(self.kept)

    @property
    def overtaken(self) -> bool:
        """Whether something else is kept meanwhile than what the page had shown."""
        return self.touched and self.was != self.shown

    @property
    def editable(self) -> bool:
        """Whether the text may be sent with a form; one this long is mended in the file."""
        return len(self.kept) <= _LONGEST_SENT

    @property
    def has_marks(self) -> bool:
        return self.about in {"title", "intro", "caption"}

    def tidy(self, text: str) -> str:
        lines = (" ".join(line.split()) for line in clean(text).split("\n"))
        return ("\n" if self.about == "intro" else " ").join(line for line in lines if line)

    def take(self, sent: Mapping[str, str]) -> None:
        """What was typed; what nobody touched since it was shown, or the page did not send, is as kept."""
        self.was = sent.get(f"{self.id}-was", self.shown)
        typed = sent.get(self.id, self.kept)
        self.value = self.kept if _digest(self.tidy(typed)) == self.was else typed

    def said(self, numbers: set[int]) -> str:
        """What is to stand there; `error` says why it cannot."""
        text, most = self.tidy(self.value), _LONGEST_LINE
        if text == self.tidy(self.read):
            return self.read
        if self.has_marks:
            unknown = [one for one in _TYPED_MARK.findall(text) if int(one) not in numbers]
            if unknown:
                self.error = _("The memo has no footnote %(number)s.", number=unknown[0])
            text = _TYPED_MARK.sub(lambda found: mark(int(found[1])), text)
        if self.about == "title" and not text:
            self.error = _("Write the title of the memo.")
        if not isinstance(self.about, str):
            most = _LONGEST_NOTE
        elif self.about == "intro":
            most = LONGEST_INTRO
        if len(text) > most:
            self.error = _("This can have at most %(count)s characters.", count=most)
        return text


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass
class FrontForm:
    """The parts of the front and every note of the memo, with the marks that point at the notes."""

    found: Confirming
    parts: list[FrontField]
    notes: list[FrontField]
    pointed: Mapping[int, tuple[Pointer, ...]]
    pointed_as_read: Mapping[int, tuple[Pointer, ...]]

    @classmethod
    def of(cls, found: Confirming, sent: Mapping[str, str] | None = None) -> FrontForm:
        """As it is kept, or as a page has sent it."""
        memo = found.reading.memo
        pointed = pointing(memo, found.choices)
        notes = list(_notes(found, pointed))
        made = cls(found, list(_parts(found)), notes, pointed, pointing(memo, Choices()))
        if sent is not None:
            for one in (*made.parts, *made.notes):
                one.take(sent)
        return made

    @property
    def errors(self) -> list[tuple[str, str]]:
        return [(one.error, f"#{one.id}") for one in (*self.parts, *self.notes) if one.error]

    def choices(self) -> Choices:
        """What is chosen with what was typed; `errors` says what cannot be."""
        numbers = {one.number for one in self.notes}
        parts = {str(one.about): one.said(numbers) for one in self.parts if one.touched}
        notes = {int(one.about): one.said(numbers) for one in self.notes if one.touched}
        memo = self.found.reading.memo
        choices = with_front(self.found.choices, memo, parts, notes)
        pointed = pointing(memo, choices)
        for one in self.notes:
            if one.touched and not one.tidy(one.value) and one.number in pointed:
                one.error = _(
                    "A mark points at this footnote (%(places)s), so it cannot be left out. Take the mark "
                    "out there first.",
                    places=self._places(pointed[one.number]),
                )
        return choices

    def about(self, one: FrontField) -> str:
        """From where a note is pointed at, or what becomes of one at which no mark points."""
        pointers = self.pointed.get(one.number)
        if pointers:
            return str(_("Its mark stands here: %(places)s.", places=self._places(pointers)))
        if not one.kept:
            return str(_("This footnote is left out. Write its text to take it in again."))
        if one.number in self.pointed_as_read:
            return str(_("No mark points at this footnote any more, so it is not imported."))
        return str(_("No mark points at this footnote. Empty the field to leave it out."))

    def _places(self, pointers: Sequence[Pointer]) -> str:
        words = {
            "title": _("the title"),
            "intro": _("the introduction"),
            "caption": _("the caption"),
            "tables": _("another table"),
        }
        rows = self.found.lines
        said = [
            words[one] if isinstance(one, str) else _("row %(number)s", number=rows[one].row.number)
            for one in pointers[:_MOST_POINTERS]
        ]
        more = len(pointers) - _MOST_POINTERS
        if more > 0:
            said.append(ngettext("and %(num)d more", "and %(num)d more", more))
        return ", ".join(str(one) for one in said)

    def pages(self) -> list[list[FrontField]]:
        """The notes cut into pages that a form can send."""
        pages: list[list[FrontField]] = [[]]
        letters = 0
        for one in self.notes:
            if len(pages[-1]) == _NOTES_A_PAGE or (pages[-1] and letters + len(one.kept) > _PAGE_LETTERS):
                pages.append([])
                letters = 0
            pages[-1].append(one)
            letters += len(one.kept)
        return pages


def corrected(found: Confirming) -> list[str]:
    """What of the front is imported otherwise than it was read, as the page names it."""
    labels = {**_labels(), "footnotes": str(_("Footnotes"))}
    return [labels.get(name, name) for name in written(found.choices.front)]


def _labels() -> dict[str, str]:
    labels = {
        "title": _("Title"),
        "office": _("Office"),
        "administration": _("Administration"),
        "date": _("Date"),
        "case_number": _("Case number"),
        "recipients": _("Recipients"),
        "intro": _("Introduction"),
        "caption": _("Caption of the table"),
    }
    return {name: str(label) for name, label in labels.items()}


def _parts(found: Confirming) -> Iterator[FrontField]:
    memo, chosen, labels = found.reading.memo, found.choices.front.parts, _labels()
    for name in PARTS:
        read = part_of(memo, name)
        yield _field(name, labels.get(name, name), read, chosen.get(name, read))


def _notes(found: Confirming, pointed: Mapping[int, object]) -> Iterator[FrontField]:
    memo = found.reading.memo
    words = words_of_notes(memo, found.choices.front)
    for index, (note, text) in enumerate(zip(memo.footnotes, words, strict=True)):
        label = str(_("Footnote %(number)s", number=note.number))
        kept = text or (note.text if note.number in pointed else "")
        yield _field(index, label, note.text, kept, number=note.number)


def _field(about: str | int, label: str, read: str, kept: str, *, number: int = 0) -> FrontField:
    made = FrontField(about, label, read, kept, value=kept, was="", number=number)
    made.was = made.shown
    return made
