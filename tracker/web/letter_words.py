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
        "nudge": _("Asked once more"),
        "mended": _("A status was mended"),
        "corrected": _("A printed status was corrected"),
        "more_time_asked": _("Somebody asks for more time"),
        "more_time_answered": _("Answer about more time"),
        "contribution_reopened": _("A contribution is to be signed off again"),
        "correction_proposed": _("A correction to confirm"),
        "undeliverable": _("Letters that did not arrive"),
        "handover": _("Somebody takes over"),
        "change_proposal": _("A proposed change"),
        "change_answered": _("Answer to a proposed change"),
        "vacancy": _("Initiatives without an owner"),
        "contribution_sent_back": _("A contribution was sent back"),
        "proposal": _("An initiative was proposed"),
        "proposal_answered": _("A proposal was answered"),
        "invitation": _("Invitation"),
        "password_reset": _("New password"),
        "sign_in": _("Sign-in letter"),
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


def item_states() -> dict[str, tuple[str, str]]:
    """What became of a reminder, in words and in the kind of its tag."""
    return {
        "planned": (_("Planned"), "neutral"),
        "assigned": (_("In a letter under way"), "info"),
        "sent": (_("Sent"), "success"),
        "cancelled": (_("No longer needed"), "neutral"),
        "superseded": (_("Replaced"), "neutral"),
        "undeliverable": (_("Did not arrive"), "error"),
        "waiting": (_("Needs a decision"), "warning"),
    }


def item_reasons() -> dict[str, str]:
    """Why a reminder did not go, by the name of the rule; other reasons are the mail server's words."""
    return {
        "settled": _("The task was done before."),
        "deadline_moved": _("The deadline was moved or cancelled."),
        "place_left": _("Somebody else has the task now."),
        "absence": _("It went to somebody else because of an absence, or back again after it."),
        "rules_changed": _("The plan's reminders or its closed days were changed."),
        "more_urgent": _("A more urgent reminder of the same went instead."),
        "overtaken": _("A later reminder of the same had gone already."),
        "deadline_passed": _("The deadline had passed by then."),
        "recently_reminded": _("The same had been said within three days."),
        "bad_address": _("The address is no valid mail address."),
    }


def reason(kind: str, step: str) -> str:
    """Why a reminder comes: `Status: 7 days before the deadline`."""
    return f"{matters().get(kind, kind)}: {step_words(kind, step)}"


def matters() -> dict[str, str]:
    """What a reminder is of, by the name of the kind of obligation."""
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


def step_words(kind: str, step: str) -> str:
    """The words for a step's name, such as `t-14`, `t-5w`, `overdue-3`, or `overdue` for all of those."""
    code, _dash, number = step.partition("-")
    if not number:
        named = {
            "open": _("at the start"),
            "overdue": _("when it is overdue"),
            "ended": _("the reminders have come to an end"),
            "uncovered": _("nobody is there to act before the deadline"),
        }
        return str(named.get(code, step))
    working = number.endswith("w") or code in {"waiting", "overdue"}
    digits = number.removesuffix("w")
    if not digits.isdecimal() or len(digits) > 4:
        return step
    from_what = _counted_from(kind).get(code)
    if from_what is None:
        return step
    num = int(digits)
    if num == 0:
        return str(_("on the day"))
    if working:
        words = ngettext(
            "%(num)d working day %(from_what)s",
            "%(num)d working days %(from_what)s",
            num,
            from_what=from_what,
        )
    else:
        words = ngettext("%(num)d day %(from_what)s", "%(num)d days %(from_what)s", num, from_what=from_what)
    return str(words)


def _counted_from(kind: str) -> dict[str, str]:
    """What the first part of a step's name says that its days are counted from."""
    meeting = kind == "committee_meeting"
    before = _("before the meeting") if meeting else _("before the deadline")
    after = _("after the meeting") if meeting else _("after the deadline")
    ended = _("after it has ended") if kind in {"campaign_window", "application_round"} else after
    return {
        "open": _("after it has begun"),
        "t": before,
        "start": _("before it begins"),
        "end": _("before it ends"),
        "after": ended,
        "overdue": ended,
        "waiting": _("after it was submitted"),
    }
