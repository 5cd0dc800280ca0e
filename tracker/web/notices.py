"""The sentences on top of every page of staff when letters do not go out: what, since when, what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import g
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.mail.health import Hold, Problem
from tracker.mail.models import HoldCause, MailState
from tracker.web.addresses import url_for
from tracker.web.viewer import rights
from tracker.web.watching import Watched, at_this_request

When = Callable[[datetime | None], str]


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence, and where one can do something about it; without an address for those who cannot."""

    text: str
    url: str = ""
    link_text: str = ""


def notices(when: When) -> list[Notice]:
    """What the page is to say; nothing while letters go out, and to visitors. `when` words an instant.

    That mail is off concerns everybody who waits for a letter; the rest those who can do something.
    """
    seen = at_this_request()
    if seen is None or not (seen.problems or seen.failed):
        return []
    mine = rights()
    url = _page_of_the_queue() if mine.secretariat_of or mine.administrator else ""
    link_text = _("See how the letters stand") if url else ""
    found = [Notice(text, url, link_text) for text in (_sentences(seen, when) if url else _to_all(seen))]
    if url and seen.decisions:
        found.append(_decisions(seen.decisions, url))
    hold = seen.health.hold
    # Letters that were refused in a row are offered where all are released.
    if url and seen.failed and (hold is None or hold.cause is not HoldCause.refusals):
        found.append(_failed(seen.failed, url))
    return found


def why_held(hold: Hold, when: When) -> str:
    """Why and since when no letter leaves, and what lets them go again."""
    since, reason = when(hold.since), hold.reason
    words = {
        HoldCause.person: _(
            "All letters are held since %(since)s: %(reason)s. They wait until they are released.",
            since=since,
            reason=reason.rstrip("."),
        ),
        HoldCause.refusals: _(
            "All letters are held since %(since)s, because the mail server refused several in a row. "
            "Ask whoever runs the mail server; when it is mended, release them.",
            since=since,
        ),
        HoldCause.volume: _(
            "All letters are held since %(since)s, because unusually many fell due at once. Look at what is "
            "to go; if it is right, release them.",
            since=since,
        ),
    }
    jumped = _(
        "All letters are held since %(since)s, because the clock of the server jumped. Have its time "
        "checked; when it is right, release them.",
        since=since,
    )
    return str(words.get(hold.cause, jumped))


def _sentences(seen: Watched, when: When) -> Iterator[str]:
    """The gravest first. What follows from another is not said beside it."""
    health, there = seen.health, seen.problems
    yield from _to_all(seen)
    if health.hold is not None:
        yield why_held(health.hold, when)
    if Problem.clock_silent in there:
        if health.last_tick is None:
            yield _("No letter goes: what sends them was never started. Call whoever runs the service.")
        else:
            yield _(
                "No letter has gone since %(since)s: what sends them has stopped. Call whoever runs the "
                "service.",
                since=when(health.last_tick),
            )
    elif Problem.overdue in there and Problem.off not in there and health.hold is None:
        yield _(
            "A letter that was due %(since)s has not gone yet. The mail server may be out of reach: call "
            "whoever runs the service.",
            since=when(health.due_since),
        )


def _to_all(seen: Watched) -> Iterator[str]:
    if Problem.off in seen.problems:
        yield _("No letter leaves from here: this is a copy of the service, or a service that was moved.")


def _failed(number: int, url: str) -> Notice:
    text = ngettext(
        "One letter could not be sent in the last week. When the cause is mended, send it again.",
        "%(num)d letters could not be sent in the last week. When the cause is mended, send them again.",
        number,
    )
    return Notice(text, _letters_of_plan(url, state=MailState.failed.value), _("See why"))


def _decisions(number: int, url: str) -> Notice:
    text = ngettext(
        "Nobody knows whether one letter has arrived. Somebody has to decide whether it goes again.",
        "Nobody knows whether %(num)d letters have arrived. Somebody has to decide whether they go again.",
        number,
    )
    return Notice(text, _letters_of_plan(url), _("Decide"))


def _letters_of_plan(otherwise: str, **values: str) -> str:
    plan = g.get("plan")
    if plan is None or plan.id not in rights().secretariat_of:
        return otherwise
    return url_for("secretariat.letters", plan=plan.slug, **values)


def _page_of_the_queue() -> str:
    return url_for("secretariat.queue" if rights().secretariat_of else "admin.queue")
