"""The words for the rules of reminders: what they are of, when one goes, and to whom."""

from __future__ import annotations

from babel.lists import format_list
from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.domain.ladders import WINDOWS, Anchor, ObligationKind, Place, Step
from tracker.web.viewer import language


def about() -> dict[ObligationKind, str]:
    """What each kind of obligation is, in the order in which the page lists them."""
    return {
        ObligationKind.status_due: _("The yearly status of an initiative, from the opening of the round."),
        ObligationKind.returned: _("A status that the secretariat has sent back to be mended."),
        ObligationKind.review: _("A status that was submitted and waits to be read."),
        ObligationKind.committee_papers: _("The day on which papers for a committee must be in."),
        ObligationKind.committee_meeting: _("The meeting of a committee."),
        ObligationKind.campaign_window: _("A campaign, from its first day to its last."),
        ObligationKind.application_round: _("A round of applications, from its first day to its last."),
        ObligationKind.delivery: _("Something that an initiative is to deliver."),
        ObligationKind.milestone: _("A milestone of an initiative."),
        ObligationKind.other: _("Any other deadline of the plan."),
    }


def anchors(kind: ObligationKind) -> dict[Anchor, str]:
    """From what a reminder of this kind can be counted; none is offered that would never come."""
    if kind is ObligationKind.review:
        return {Anchor.after_last: _("after it was submitted")}
    if kind is ObligationKind.committee_meeting:
        return {Anchor.before_last: _("before the meeting"), Anchor.after_last: _("after the meeting")}
    if kind in WINDOWS:
        return {
            Anchor.before_first: _("before it begins"),
            Anchor.before_last: _("before it ends"),
            Anchor.after_last: _("after it has ended"),
        }
    found = {Anchor.before_last: _("before the deadline"), Anchor.after_last: _("after the deadline")}
    if kind is ObligationKind.status_due:
        return {Anchor.opens: _("after the round has opened"), **found}
    if kind is ObligationKind.returned:
        return {Anchor.opens: _("after it was sent back"), **found}
    return found


def when(kind: ObligationKind, step: Step) -> str:
    """When a reminder goes: `3 working days after the deadline, then every 3 working days`."""
    from_what = anchors(kind).get(step.anchor, step.anchor.value)
    if step.days == 0:
        words = _on_the_day(kind)[step.anchor]
    elif step.working_days:
        words = ngettext(
            "%(num)d working day %(from_what)s",
            "%(num)d working days %(from_what)s",
            step.days,
            from_what=from_what,
        )
    else:
        words = ngettext(
            "%(num)d day %(from_what)s", "%(num)d days %(from_what)s", step.days, from_what=from_what
        )
    if step.every is not None:
        words = ngettext(
            "%(first)s, then every working day",
            "%(first)s, then every %(num)d working days",
            step.every,
            first=words,
        )
    return words[:1].upper() + words[1:]


def _on_the_day(kind: ObligationKind) -> dict[Anchor, str]:
    """The words for 0 days; nothing is sent afterwards on the day itself."""
    meeting = kind is ObligationKind.committee_meeting
    last = _("on the day it ends") if kind in WINDOWS else _("on the day of the deadline")
    return {
        Anchor.opens: _("when it is sent back")
        if kind is ObligationKind.returned
        else _("when the round opens"),
        Anchor.before_first: _("on the day it begins"),
        Anchor.before_last: _("on the day of the meeting") if meeting else last,
        Anchor.after_last: last,
    }


def places() -> dict[Place, str]:
    """Whom a reminder can go to, as the label of a tick box."""
    return {
        Place.owner: _("Owner"),
        Place.deputy: _("Deputy"),
        Place.coordinator: _("Coordinator"),
        Place.head: _("Head of administration"),
        Place.secretariat: _("Secretariat"),
    }


def to_whom(step: Step) -> str:
    """`The owner, the deputy and the coordinator`."""
    words = {
        Place.owner: _("the owner"),
        Place.deputy: _("the deputy"),
        Place.coordinator: _("the coordinator"),
        Place.head: _("the head of administration"),
        Place.secretariat: _("the secretariat"),
    }
    said = format_list([str(words[place]) for place in Place if place in step.places], locale=language())
    return said[:1].upper() + said[1:]
