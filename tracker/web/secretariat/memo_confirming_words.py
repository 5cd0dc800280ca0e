"""The words of an import's confirming pages: what a row may be about, and why something is suggested."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from tracker.memos.importing.choices import Aim, Choices
from tracker.memos.importing.confirming import Confirming, Effect, Line
from tracker.memos.importing.front import doubts_of_front
from tracker.memos.importing.likeness import Suggestion
from tracker.memos.reading import Sentence
from tracker.plans.models import Initiative
from tracker.web.secretariat.memo_rows import RowForm
from tracker.web.secretariat.planning_fields import shortened

Option = tuple[str, str]


@dataclass(frozen=True)
class DoubtView:
    """Something to look at; `words` are the file's."""

    words: str
    reason: str


@dataclass(frozen=True)
class RowView:
    """A row as its page shows it. `kept` says what is saved meanwhile where something else was typed."""

    form: RowForm
    line: Line
    doubts: tuple[DoubtView, ...]
    notes: tuple[str, ...]
    badge: str
    place: str
    aims: tuple[Option, ...]
    places: tuple[Option, ...]
    kept: tuple[Option, ...]


def row_view(found: Confirming, form: RowForm, *, refused: bool) -> RowView:
    line = form.line
    aims, places = aim_options(found, line), place_options(found, line)
    if all(value != form.aim for value, _label in aims):
        aims += _sent(found, form.aim)
    return RowView(
        form=form,
        line=line,
        doubts=tuple(DoubtView(words, translated(reason)) for words, reason in line.doubts),
        notes=tuple(_notes(line)),
        badge=effect_words(found, line),
        place=translated(line.source.place) if line.source else "",
        aims=tuple(aims),
        places=tuple(places),
        kept=tuple(_kept(form, dict(aims), dict(places))) if refused else (),
    )


def whole_doubts(found: Confirming) -> list[DoubtView]:
    """The doubts that are about no row of the memo in particular, nor about its front, which has its page."""
    numbers = {line.read.number for line in found.lines}
    front = {(one.words, one.reason) for one in doubts_of_front(found.reading, Choices())}
    doubts = [one for one in found.reading.doubts if one.row not in numbers]
    return [
        DoubtView(one.words, translated(one.reason)) for one in doubts if (one.words, one.reason) not in front
    ]


def _notes(line: Line) -> list[str]:
    notes = [why(suggestion) for suggestion in line.suggestions]
    initiative = line.found.initiative
    if line.found.former and initiative:
        text = _(
            "An earlier memo printed this title; the plan calls it “%(title)s” now.", title=initiative.title
        )
        notes.append(str(text))
    return notes


def _sent(found: Confirming, value: str) -> list[Option]:
    """What was chosen on a page of before, where it is no longer offered."""
    aim = Aim.read(value)
    if aim is None:
        return []
    if aim.kind in {"same", "renamed"} and aim.id in found.initiatives:
        one = found.initiatives[aim.id]
        return [(value, _same(one)) if aim.kind == "same" else _renamed(one)]
    return [(value, _joined(found.lines[aim.id]))] if aim.kind == "row" and aim.id < len(found.lines) else []


def _kept(form: RowForm, aims: dict[str, str], places: dict[str, str]) -> list[Option]:
    labels = {
        "number": _("No."),
        "title": _("Title"),
        "text": _("Status"),
        "place": _("Administration"),
        "aim": _("In the plan"),
    }
    saved = RowForm.of(form.line)
    words = {"aim": aims.get(saved.aim, ""), "place": places.get(saved.place, "")}
    return [(str(labels[name]), words.get(name, getattr(saved, name))) for name in form.differing()]


def translated(sentence: Sentence) -> str:
    """A sentence in the reader's language, and so are those within it."""
    params = {
        name: translated(value) if isinstance(value, Sentence) else value for name, value in sentence.params
    }
    return str(_(sentence.message, **params))


def aim_options(found: Confirming, line: Line) -> list[Option]:
    """What a row may be about: what was found, what is like it, a neighbour, nothing, and what is chosen."""
    initiative = line.found.initiative
    options = [("found", _same(initiative) if initiative else str(_("A new initiative")))]
    if initiative:
        options += [_renamed(initiative)] if initiative.title != line.row.title else []
        options.append(("new", _("A new initiative")))
    for suggestion in line.suggestions:
        one = found.initiatives[suggestion.initiative_id]
        options += [(f"same:{one.id}", _same(one)), _renamed(one)]
    for index in (line.index - 1, line.index + 1):
        if 0 <= index < len(found.lines):
            options.append((f"row:{index}", _joined(found.lines[index])))
    options.append(("out", _("Nothing: the row is not imported")))
    return options + _chosen(found, line, {value for value, _label in options})


def _chosen(found: Confirming, line: Line, offered: set[str]) -> list[Option]:
    aim = line.choice.aim
    if aim.kind in {"same", "renamed"} and aim.id in found.initiatives:
        one = found.initiatives[aim.id]
        pair = [(str(Aim("same", one.id)), _same(one)), _renamed(one)]
        return [option for option in pair if option[0] not in offered]
    if aim.kind == "row" and str(aim) not in offered and aim.id < len(found.lines):
        return [(str(aim), _joined(found.lines[aim.id]))]
    return [(str(aim), _("A new initiative"))] if str(aim) not in offered else []


def _same(one: Initiative) -> str:
    return str(_("The same as “%(title)s”", title=shortened(one.title)))


def _renamed(one: Initiative) -> Option:
    text = _("“%(title)s”, which takes the title of the memo", title=shortened(one.title))
    return f"renamed:{one.id}", str(text)


def _joined(line: Line) -> str:
    return str(
        _("Part of row %(number)s, “%(title)s”", number=line.row.number, title=shortened(line.row.title, 60))
    )


def why(suggestion: Suggestion) -> str:
    """Why an initiative is suggested."""
    words = _(
        "“%(title)s”: %(shared)s of %(of)s words are alike (%(words)s).",
        title=shortened(suggestion.title),
        shared=suggestion.shared,
        of=suggestion.of,
        words=", ".join(suggestion.words),
    )
    return (
        f"{words} {_('It is in the same administration.')}" if suggestion.same_administration else str(words)
    )


def effect_words(found: Confirming, line: Line) -> str:
    """What becomes of a row, as its badge says it."""
    if line.effect is Effect.joined and line.into is not None:
        return str(_("Part of row %(number)s", number=found.lines[line.into].row.number))
    words = {
        Effect.new: _("New"),
        Effect.same: _("Known"),
        Effect.renamed: _("Renamed"),
        Effect.out: _("Not imported"),
    }
    return str(words[line.effect])


def place_options(found: Confirming, line: Line) -> list[Option]:
    """Under which administration a row may stand: the memo's sections, then the plan's others."""
    options = [("", found.parts[line.part].area.heading)]
    options += [
        (f"section:{part.index}", part.area.heading) for part in found.parts if part.index != line.part
    ]
    printed = {part.area.administration.id for part in found.parts if part.area.administration}
    options += [
        (f"administration:{one.id}", one.name) for one in found.administrations if one.id not in printed
    ]
    return options
