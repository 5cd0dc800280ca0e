"""What happened to a letter, note by note, in words that need no knowledge of mail servers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from tracker.mail.decisions import COUNT_AS_SENT, SEND_AGAIN
from tracker.mail.models import AttemptNote, MailAttempt
from tracker.mail.recovery import FOUND
from tracker.mail.replies import Stage, Verdict, parse, verdict


@dataclass(frozen=True, slots=True)
class Happening:
    """One note: when, what happened, and the mail server's own words where it said something."""

    at: datetime
    words: str
    said: str = ""


def happenings(notes: Iterable[MailAttempt], deciders: Mapping[str, Iterator[str]]) -> list[Happening]:
    """The notes in their order; `deciders` names who decided, in order, by what was decided."""
    return [_happening(note, deciders) for note in notes]


def _happening(note: MailAttempt, deciders: Mapping[str, Iterator[str]]) -> Happening:
    if note.note is AttemptNote.data:
        words = _(
            "Attempt %(number)d: the mail server was ready, and the letter was handed over.",
            number=note.attempt,
        )
        return Happening(note.at, str(words))
    if note.note is AttemptNote.human:
        return Happening(note.at, _decided(note.text, deciders))
    if note.note is AttemptNote.bounce:
        return Happening(note.at, str(_("It came back. The recipient's mail server wrote:")), note.text)
    return Happening(note.at, *_answered(note))


def _decided(decision: str, deciders: Mapping[str, Iterator[str]]) -> str:
    name = next(deciders.get(decision, iter(())), None) or _("Somebody who runs the service")
    words: str = decision
    if decision == SEND_AGAIN:
        words = _("%(name)s decided that it goes once more.", name=name)
    elif decision == COUNT_AS_SENT:
        words = _("%(name)s decided that it counts as sent.", name=name)
    return str(words)


def _answered(note: MailAttempt) -> tuple[str, str]:
    reply, number = parse(note.text), note.attempt
    if note.text == FOUND:
        return str(_("It had left already: the service's own journal of what was sent has it.")), ""
    if reply is None:
        return str(_("Attempt %(number)d came to this end:", number=number)), note.text
    said = f"{reply.code} {reply.text}" if reply.code else reply.text
    if reply.code is not None and reply.code < 300 and reply.stage is Stage.body:
        return str(_("Attempt %(number)d: the mail server took the letter. It said:", number=number)), said
    words = {
        Verdict.later: _(
            "Attempt %(number)d: not now, so it is tried again later. What was said:", number=number
        ),
        Verdict.undeliverable: _(
            "Attempt %(number)d: there is no such address. The mail server said:", number=number
        ),
        Verdict.refused: _("Attempt %(number)d: the mail server refused the letter. It said:", number=number),
        Verdict.uncertain: _(
            "Attempt %(number)d: the connection broke while the letter was handed over, so nobody knows "
            "whether it arrived. What was seen:",
            number=number,
        ),
    }
    return str(words[verdict(reply)]), said
