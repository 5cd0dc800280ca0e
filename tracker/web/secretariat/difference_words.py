"""The words for what went otherwise than a kept forecast said: a sentence for each reason."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from tracker.reminders.causes import Cause
from tracker.reminders.differences import Difference
from tracker.web.template_helpers import short_date


def why(difference: Difference) -> str:
    """The sentence that says why; with the new deadline, or what the mail server said, where there is one."""
    if difference.cause is Cause.deadline_moved and difference.detail:
        moved_to = short_date(date.fromisoformat(difference.detail))
        return str(_("The deadline was moved to %(date)s.", date=moved_to))
    sentence = sentences()[difference.cause]
    if difference.cause in _SAID and difference.detail:
        answer = _("The mail server said: %(words)s", words=difference.detail)
        return f"{sentence} {answer}"
    return sentence


def sentences() -> dict[Cause, str]:
    """Every reason that there is."""
    return {
        Cause.settled: _("It was settled before that day: submitted, approved or ticked off."),
        Cause.cancelled: _("The deadline was cancelled, or the status was waived."),
        Cause.deadline_moved: _("The deadline was moved."),
        Cause.person_changed: _("Somebody else has the task now, or the person has left."),
        Cause.absence: _("The person was absent, or stood in for somebody who was."),
        Cause.pause: _("The reminders of the plan were paused."),
        Cause.rules_changed: _("The steps of the reminders, or the closed days, were changed."),
        Cause.added_later: _("The task came up after the forecast was made."),
        Cause.more_urgent: _("A more urgent reminder of the same task took its place."),
        Cause.recently_reminded: _("The same had been said within the three days before."),
        Cause.deadline_passed: _("The deadline passed before it could be sent."),
        Cause.undeliverable: _("The letter could not be delivered to that address."),
        Cause.letter_failed: _("The letter could not be sent."),
        Cause.needs_decision: _("Nobody could know whether the letter had arrived, so a person decides."),
        Cause.queue_held: _("All letters were held back at that time."),
        Cause.server_refused: _("The mail server did not take the letter at first."),
        Cause.another_day: _("The service was not running when the letter was to go."),
        Cause.unexplained: _("No rule explains this. Tell those who run the service."),
    }


_SAID = frozenset({Cause.undeliverable, Cause.letter_failed, Cause.needs_decision, Cause.server_refused})
