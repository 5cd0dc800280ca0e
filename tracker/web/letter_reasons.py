"""Why a letter did not go, in the reader's language.

The kinds of letter, which know no language, note it in a short fixed phrase.
"""

from __future__ import annotations

from flask_babel import gettext as _


def why(noted: str) -> str:
    """The sentence for what was noted beside a letter; the words of a mail server stay as they came."""
    known = sentences().get(noted)
    if known is not None:
        return known
    opening, _found, rest = noted.partition(": ")
    if opening == "it cannot be written" and rest:
        return str(_("It could not be put into words. Tell those who run the service: %(fault)s", fault=rest))
    opening, _found, rest = noted.partition("; ")
    if opening.startswith("given up after ") and rest:
        return str(_("Given up after several attempts: %(answer)s", answer=rest))
    return noted


def sentences() -> dict[str, str]:
    """The sentence of each fixed phrase."""
    return {
        "nothing in it is owed any more": _("Nothing in it is owed any more."),
        "a part of it is not owed any more": _("A part of it is not owed any more."),
        "it expired before it could be sent": _("It was out of date before it could be sent."),
        "the person is no longer active": _("The person has left."),
        "the person's address has changed": _("The person has another address by now."),
        "counted as sent by a person": _("Somebody decided that it counts as sent."),
        "found in the sent journal": _("The service's own journal says that it was sent."),
        "the status no longer waits to be read": _("The status no longer waits to be read."),
        "the status is no longer returned": _("The status is no longer with the owner for changes."),
        "the status has been submitted meanwhile": _("The status has been submitted meanwhile."),
        "the statuses it asks for have been sent": _("The statuses that it asks for have been submitted."),
        "the request has been answered": _("The request has been answered."),
        "the correction has been answered": _("The correction has been answered."),
        "the proposal has been answered": _("The proposal has been answered."),
        "somebody has answered": _("Somebody has answered already."),
        "the contribution has been signed off again": _("The contribution has been signed off again."),
        "the letters it tells of are no longer lost": _("The letters that it tells of are no longer lost."),
        "somebody holds the initiatives again": _("Somebody is responsible for the initiatives again."),
        "somebody else holds the places by now": _("Somebody else has taken over by now."),
        "its link has been used or replaced, or works no more": _(
            "Its link has been used or replaced, or works no more."
        ),
    }
