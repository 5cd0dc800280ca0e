"""Which kinds of letter there are: each feature registers its own with `tracker.mail.letters`."""

from __future__ import annotations

from tracker.accounts import letters as account_letters
from tracker.initiatives import proposal_letters
from tracker.plans import change_proposals, contacts, handing_over, vacancies
from tracker.reminders import letters as reminder_letters
from tracker.rounds import contribution_letters, nudging, tasks_of_letters
from tracker.statuses import form_links, letters_of_review
from tracker.statuses import letters as round_letters
from tracker.succession import undeliverable


def register_letters() -> None:
    contacts.register()
    account_letters.register()
    change_proposals.register()
    handing_over.register()
    vacancies.register()
    reminder_letters.register(personal_links=form_links.links_in_letter)
    tasks_of_letters.register()
    round_letters.register()
    contribution_letters.register()
    proposal_letters.register()
    letters_of_review.register()
    nudging.register()
    undeliverable.register()
