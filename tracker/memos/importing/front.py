"""What stands around the rows of a memo that waits: its title, head, introduction, caption and footnotes.

What was written in the place of something lies over what was read; everything else stays to the letter.
Marks are numbered as the file numbers them.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace

from tracker.domain.memo import Head, Memo, Row
from tracker.domain.text import Block, Footnote, StatusText, marks_in, parse, to_editing
from tracker.memos.importing.choices import Choices, FrontChoice, NoteChoice, RowChoice
from tracker.memos.reading import Reading, Sentence
from tracker.memos.reading.result import say

HEAD = tuple(one.name for one in fields(Head))
PARTS = ("title", *HEAD, "intro", "caption")
_WITH_MARKS = ("title", "intro", "caption")

Pointer = str | int
"""From where a mark points at a note: the name of a part, `tables` for the other tables, a row's place."""


@dataclass(frozen=True)
class FrontDoubt:
    """Something of the front to look at: a part's name, or the place of a note."""

    about: str | int
    words: str
    reason: Sentence


def part_of(memo: Memo, name: str) -> str:
    """A part as one string; the introduction has a line for each of its paragraphs."""
    if name == "intro":
        return "\n".join(memo.intro)
    return str(getattr(memo.head if name in HEAD else memo, name))


def fingerprint_of_front(memo: Memo) -> str:
    """A short digest of the parts as they were read."""
    return _digest("\0".join(part_of(memo, name) for name in PARTS))


def fingerprint_of_note(note: Footnote) -> str:
    """A short digest of a note as it was read."""
    return _digest(f"{note.number}\0{note.text}")


def _digest(said: str) -> str:
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def laid(memo: Memo, choices: Choices) -> Memo:
    """The memo under the front that was chosen, its rows as they were read.

    A note that was left out is there again, as it was read, while a mark points at it.
    """
    if not choices.front.parts and not choices.front.notes:
        return memo
    made, pointed = _with_parts(memo, choices.front.parts), pointing(memo, choices)
    notes = [
        replace(note, text=words or note.text)
        for note, words in zip(memo.footnotes, words_of_notes(memo, choices.front), strict=True)
        if words or note.number in pointed
    ]
    return replace(made, footnotes=tuple(notes))


def _with_parts(memo: Memo, parts: Mapping[str, str]) -> Memo:
    made = replace(
        memo,
        title=parts.get("title", memo.title),
        head=replace(memo.head, **{name: parts[name] for name in HEAD if name in parts}),
    )
    if "intro" in parts:
        made = replace(made, intro=tuple(parts["intro"].split("\n")) if parts["intro"] else ())
    at = next((index for index, table in enumerate(memo.tables) if table.kind == "status"), None)
    if "caption" in parts and at is not None:
        table = replace(memo.tables[at], caption=parts["caption"])
        made = replace(made, tables=(*memo.tables[:at], table, *memo.tables[at + 1 :]))
    return made


def words_of_notes(memo: Memo, front: FrontChoice) -> list[str]:
    """The words of each note as chosen; what was chosen of a note that is read otherwise now is not used."""
    found = []
    for index, note in enumerate(memo.footnotes):
        choice = front.notes.get(index)
        holds = choice is not None and choice.of == fingerprint_of_note(note)
        found.append(choice.text if choice and holds else note.text)
    return found


def pointing(memo: Memo, choices: Choices) -> dict[int, tuple[Pointer, ...]]:
    """From where the marks of the memo, as read and chosen, point at its notes, by the notes' numbers.

    A row that is not imported counts: it may be taken in again.
    """
    texts = {
        note.number: words or note.text
        for note, words in reversed([*zip(memo.footnotes, words_of_notes(memo, choices.front), strict=True)])
    }
    found: dict[int, dict[Pointer, None]] = defaultdict(dict)
    for pointer, number in _marks(memo, choices, texts):
        if number in texts:
            found[number][pointer] = None
    return {number: tuple(pointers) for number, pointers in found.items()}


def _marks(memo: Memo, choices: Choices, texts: Mapping[int, str]) -> Iterator[tuple[Pointer, int]]:
    made = _with_parts(memo, choices.front.parts)
    for name in _WITH_MARKS:
        yield from ((name, number) for number in _marks_of(part_of(made, name)))
    for index, row in enumerate(memo.rows):
        yield from ((index, number) for number in _marks_of_row(row, choices.row(index), texts))
    status = next((table for table in memo.tables if table.kind == "status"), None)
    for table in memo.tables:
        if table is not status:
            rows = [row for section in table.sections for row in section.rows]
            said = [Block("paragraph", table.caption), *(block for row in rows for block in _blocks(row))]
            yield from (("tables", number) for number in marks_in(said))


def _marks_of(text: str) -> list[int]:
    return marks_in([Block("paragraph", text)])


def _blocks(row: Row) -> tuple[Block, ...]:
    return (Block("paragraph", row.title), *row.blocks)


def _marks_of_row(row: Row, choice: RowChoice, texts: Mapping[int, str]) -> list[int]:
    """The memo's notes that a row points at; one that was written anew repeats their words."""
    title = _marks_of(row.title if choice.title is None else choice.title)
    read = marks_in(row.blocks)
    if choice.text is None:
        return [*title, *read]
    own = parse(choice.text)
    used = set(marks_in(own.blocks))
    repeated = {note.text for note in own.footnotes if note.number in used}
    return [*title, *(number for number in read if texts.get(number) in repeated)]


def with_front(choices: Choices, memo: Memo, parts: Mapping[str, str], notes: Mapping[int, str]) -> Choices:
    """With other words in parts of the front, by name, and in notes, by place. What was read needs no choice.

    A row that was written anew repeats its notes: those that are corrected here are corrected in it too.
    """
    before = words_of_notes(memo, choices.front)
    said = {**choices.front.parts, **parts}
    kept = {name: said[name] for name in PARTS if name in said and said[name] != part_of(memo, name)}
    words = [notes.get(index, text) for index, text in enumerate(before)]
    front = FrontChoice(
        parts=kept,
        notes={
            index: NoteChoice(text, fingerprint_of_note(note))
            for index, (note, text) in enumerate(zip(memo.footnotes, words, strict=True))
            if text != note.text
        },
        of=fingerprint_of_front(memo) if kept else "",
    )
    corrected = {
        (note.number, old): new
        for note, old, new in zip(memo.footnotes, before, words, strict=True)
        if old and new and old != new
    }
    rows = {
        index: replace(choice, text=_corrected(choice.text, memo.rows[index], corrected))
        for index, choice in choices.rows.items()
        if corrected and choice.text is not None and index < len(memo.rows)
    }
    return replace(choices.with_rows(rows), front=front)


def _corrected(text: str, row: Row, corrected: Mapping[tuple[int, str], str]) -> str:
    """A text that was written anew, with the notes of its row that stand in it word for word corrected."""
    read = marks_in(row.blocks)
    new = {old: words for (number, old), words in corrected.items() if number in read}
    own = parse(text)
    if not any(note.text in new for note in own.footnotes):
        return text
    notes = tuple(Footnote(note.number, new.get(note.text, note.text)) for note in own.footnotes)
    return to_editing(StatusText(own.blocks, notes))


def written(front: FrontChoice) -> list[str]:
    """What of the front a person has written: the names of its parts, `footnotes` for any of those."""
    return [*front.parts, *(["footnotes"] if front.notes else [])]


def doubts_of_front(reading: Reading, choices: Choices) -> tuple[FrontDoubt, ...]:
    """What to look at, in the order of the page: what the reader doubts and nobody has written anew since."""
    return (*_of_parts(reading, choices.front), *_of_notes(reading, choices.front))


def _of_parts(reading: Reading, front: FrontChoice) -> Iterator[FrontDoubt]:
    memo = reading.memo
    if not memo.title and "title" not in front.parts:
        yield FrontDoubt("title", "", say("The memo's title was not found."))
    for name in PARTS:
        if name in front.parts and front.of != fingerprint_of_front(memo):
            reason = say("The front is read otherwise than when you looked at it; look once more.")
            yield FrontDoubt(name, part_of(memo, name)[:200], reason)
        elif name not in front.parts:
            yield from _of_words(reading, name, part_of(memo, name))


def _of_notes(reading: Reading, front: FrontChoice) -> Iterator[FrontDoubt]:
    notes = reading.memo.footnotes
    for index, note in enumerate(notes):
        choice = front.notes.get(index)
        if choice is not None and choice.of != fingerprint_of_note(note):
            reason = say("The footnote is read otherwise than when you corrected it; look once more.")
            yield FrontDoubt(index, choice.text[:200], reason)
        elif choice is None:
            yield from _of_words(reading, index, note.text)


def _of_words(reading: Reading, about: str | int, text: str) -> Iterator[FrontDoubt]:
    """The reader's doubts about words that stand in a text of the front."""
    for doubt in reading.doubts:
        if doubt.row is None and doubt.words and doubt.words in text:
            yield FrontDoubt(about, doubt.words, doubt.reason)
