"""The words for letters: what kind one is, how it stands, and why a reminder comes."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext


def kinds() -> dict[str, str]:
    """What a letter is about, by the name of its kind."""
    return {
        "reminders": _("Reminder"),
        "receipt": _("Receipt for a status"),
        "submitted": _("A status to read"),
        "returned": _("A status was returned"),
    }


def states() -> dict[str, tuple[str, str]]:
    """How a letter stands, in words and in the kind of its tag."""
    return {
        "queued": (_("Waits to be sent"), "info"),
        "sending": (_("Being sent"), "active"),
        "uncertain": (_("Perhaps sent"), "warning"),
        "sent": (_("Sent"), "success"),
        "failed": (_("Could not be sent"), "error"),
        "cancelled": (_("No longer needed"), "neutral"),
        "needs_human": (_("Needs a decision"), "warning"),
        "undeliverable": (_("Came back"), "error"),
    }


def reason(kind: str, step: str) -> str:
    """Why a reminder comes: `Status: 7 days before the deadline`."""
    return f"{_matters().get(kind, kind)}: {_step(step)}"


def _matters() -> dict[str, str]:
    return {
        "status_due": _("Status"),
        "returned": _("Returned status"),
        "review": _("Status to be read"),
        "committee_papers": _("Committee papers"),
        "committee_meeting": _("Committee meeting"),
        "campaign_window": _("Campaign"),
        "application_round": _("Application round"),
        "delivery": _("Delivery"),
        "milestone": _("Milestone"),
        "other": _("Deadline"),
    }


def _step(step: str) -> str:
    code, _dash, number = step.rpartition("-")
    num = int(number) if number.isdecimal() else 0
    words: str = step
    match code or step:
        case "open":
            words = _("it has begun")
        case "t":
            words = ngettext("%(num)d day before the deadline", "%(num)d days before the deadline", num)
        case "start":
            words = ngettext("%(num)d day before it begins", "%(num)d days before it begins", num)
        case "end":
            words = ngettext("%(num)d day before it ends", "%(num)d days before it ends", num)
        case "after":
            words = ngettext("%(num)d day after it ended", "%(num)d days after it ended", num)
        case "waiting":
            words = ngettext("it has waited %(num)d working day", "it has waited %(num)d working days", num)
        case "overdue":
            words = _("the deadline has passed, reminder no. %(num)d", num=num)
    return words
