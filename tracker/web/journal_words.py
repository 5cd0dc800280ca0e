"""The words of the journal: what happened, to what, and what the details say."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from tracker.rounds.journal import JournalLine


def facts() -> dict[str, str]:
    """What happened, by the name of the fact."""
    return {
        "saved": _("Saved"),
        "submitted": _("Submitted"),
        "withdrawn": _("Withdrawn"),
        "taken": _("Taken for reading"),
        "released": _("Released"),
        "returned": _("Returned"),
        "mended": _("Mended by the secretariat"),
        "more_time_asked": _("More time asked for"),
        "more_time_granted": _("More time given"),
        "more_time_declined": _("More time declined"),
        "correction_proposed": _("Correction proposed"),
        "correction_declined": _("Correction declined"),
        "corrected": _("Corrected after the lock"),
        "approved": _("Approved"),
        "reopened": _("Reopened"),
        "waived": _("Waived"),
        "unwaived": _("Expected again"),
        "locked": _("Locked"),
        "initiative_added": _("Initiative added"),
        "initiative_edited": _("Initiative changed"),
        "initiative_concluded": _("Initiative takes no part any more"),
        "initiative_resumed": _("Initiative takes part again"),
        "initiative_proposed": _("Initiative proposed"),
        "proposal_accepted": _("Proposal accepted"),
        "proposal_declined": _("Proposal declined"),
        "initiative_funded": _("Initiative funded"),
        "place_taken": _("Place taken"),
        "place_ended": _("Place ended"),
        "change_proposed": _("Change proposed"),
        "change_accepted": _("Proposed change accepted"),
        "change_declined": _("Proposed change declined"),
        "people_imported": _("People and owners imported"),
        "deadline_added": _("Deadline added"),
        "deadline_moved": _("Deadline moved"),
        "deadline_met": _("Deadline met"),
        "deadline_cancelled": _("Deadline cancelled"),
        "deadline_reopened": _("Deadline open again"),
        "letter_sent": _("Letter sent"),
        "letter_found_sent": _("Letter found to be sent"),
        "letter_sent_again": _("Letter sent again"),
        "letter_counted_as_sent": _("Letter counted as sent"),
        "letter_undeliverable": _("Letter came back"),
        "round_opened": _("Round opened"),
        "round_planned": _("Round planned by its meetings"),
        "round_locked": _("Round locked"),
        "promise_answered": _("A promise answered for"),
        "figure_written": _("Figure written"),
        "figure_removed": _("Figure taken away"),
        "finding_overruled": _("Finding of the proofreading let stand"),
        "finding_taken_up": _("Finding of the proofreading taken up again"),
        "nudged": _("Asked once more"),
        "round_imported": _("Earlier memo imported"),
        "memo_handed_over": _("Earlier memo handed over"),
        "memo_confirmed": _("Earlier memo confirmed"),
        "edition_frozen": _("Edition of the memo kept"),
        "signed_off": _("Contribution signed off"),
        "contribution_reopened": _("Contribution open again"),
        "contribution_treated": _("Contribution treated by the committee"),
        "contribution_sent_back": _("Contribution sent back by the committee"),
        "contribution_consolidated": _("Contribution consolidated"),
        "contribution_taken_back": _("Last step of the contribution undone"),
        "contribution_let_through": _("Contribution published without its committee"),
        "publishing_day_chosen": _("Day of publishing chosen"),
        "references_noted": _("References to other initiatives noted"),
        "memo_front_edited": _("Front of the memo changed"),
        **_of_house(),
    }


def _of_house() -> dict[str, str]:
    return {
        "plan_created": _("Plan created"),
        "plan_edited": _("Plan changed"),
        "administration_added": _("Administration added"),
        "administration_edited": _("Administration changed"),
        "administration_moved": _("Administration moved"),
        "committee_added": _("Committee added"),
        "committee_edited": _("Committee changed"),
        "ladder_changed": _("Reminder steps changed"),
        "ladder_restored": _("Reminder steps restored"),
        "forecast_kept": _("Forecast kept"),
        "reminders_paused": _("Reminders paused"),
        "reminders_resumed": _("Reminders resumed"),
        "person_added": _("Person added"),
        "address_corrected": _("Address corrected"),
        "invited": _("Invited"),
        "password_reset_requested": _("New password asked for"),
        "sign_in_requested": _("Sign-in letter asked for"),
        "password_chosen": _("Password chosen"),
        "identity_linked": _("Work account connected"),
        "form_link_made": _("Form link made"),
        "form_links_switched": _("Personal links switched"),
        "form_link_revoked": _("Form link revoked"),
        "signed_in": _("Signed in"),
        "signed_out_elsewhere": _("Signed out in other browsers"),
        "deactivated": _("Has left"),
        "reactivated": _("Came back"),
        "role_granted": _("Role given"),
        "role_withdrawn": _("Role taken away"),
        "absence_set": _("Absence noted"),
        "absence_ended": _("Absence ended"),
        "calendar_feed_made": _("Calendar address made"),
        "calendar_feed_revoked": _("Calendar address revoked"),
        "queue_held": _("All mail held"),
        "queue_released": _("Mail released"),
        "installation_adopted": _("Installation adopted"),
        "journal_verified": _("Journal verified"),
        "journal_accepted": _("Journal of a restored backup accepted"),
    }


def objects() -> dict[str, str]:
    """To what it happened, by the name of the kind."""
    return {
        "initiative": _("Initiative"),
        "status_update": _("Status"),
        "deadline": _("Deadline"),
        "mail": _("Letter"),
        "plan": _("Plan"),
        "administration": _("Administration"),
        "committee": _("Committee"),
        "round": _("Round"),
        "edition": _("Edition"),
        "contribution": _("Contribution"),
        "person": _("Person"),
        "calendar_feed": _("Calendar"),
        "installation": _("Installation"),
        "journal": _("Journal"),
    }


def more(line: JournalLine) -> str:
    """What the details add, in plain words; empty where they say nothing to a reader."""
    details = line.details
    said = [line.concerning] if line.concerning else []
    if "old" in details and "new" in details:
        said.append(_("from %(old)s to %(new)s", old=_day(details["old"]), new=_day(details["new"])))
    elif "wished_on" in details:
        said.append(_("until %(day)s", day=_day(details["wished_on"])))
    elif "first_on" in details or "due_on" in details:
        said.append(_day(details.get("last_on") or details.get("due_on")))
    if "revision" in details:
        said.append(_("revision %(number)s", number=details["revision"]))
    return ", ".join(said)


def trouble(details: dict[str, object]) -> str:
    """What the verifier found wrong, in one sentence; empty when the journal was sound."""
    if details.get("sound"):
        return ""
    entry = details.get("entry_id") or ""
    row = details.get("sequence") or ""
    words: dict[str, str] = {
        "edited": _("Entry %(entry)s is not as it was sealed: it was edited or exchanged.", entry=entry),
        "missing": _("Entry %(entry)s is missing.", entry=entry),
        "seal_missing": _("Row %(row)s of the chain is missing, or was moved.", row=row),
        "inserted": _("Entry %(entry)s was inserted among rows that were sealed long before.", entry=entry),
        "unsealed": _("Entry %(entry)s has had no seal for more than an hour.", entry=entry),
        "cut": _("The end of the journal is cut off from row %(row)s on.", row=row),
        "rewritten": _("The chain was made anew at or before row %(row)s.", row=row),
        "unknown": _("The file of heads in the data folder has never seen this journal."),
    }
    return words.get(str(details.get("trouble"))) or str(_("The journal is not as it was written."))


def _day(value: object) -> str:
    try:
        return f"{date.fromisoformat(str(value)):%d.%m.%Y}"
    except ValueError:
        return str(value)
