"""The person's own letters: which are to come and why, which have come, and what became of each reminder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.accounts.models import Person
from tracker.domain.reminders import Obligation
from tracker.extensions import db
from tracker.plans import queries as plans
from tracker.plans.ledger import own_letters
from tracker.plans.models import Plan
from tracker.plans.rights import Rights
from tracker.reminders import ledger
from tracker.web import ledgers, letter_words
from tracker.web.account.blueprint import blueprint
from tracker.web.account.signing_in import required_person
from tracker.web.letters_to_come import PERIODS, asked_days, by_day, letters_to_come, open_in
from tracker.web.viewer import rights
from tracker.web.watching import at_this_request

LATEST = 20


def gets_reminders(mine: Rights) -> bool:
    """Whether the person has a place or an office in a plan; readers are reminded of nothing."""
    return bool(mine.owns or mine.deputises or mine.coordinates or mine.plans - mine.reads)


@blueprint.get("/account/letters")
def letters() -> ResponseReturnValue:
    """The letters of the coming days if nobody does anything meanwhile, and what has come so far."""
    person, mine, session = required_person(), rights(), db.session()
    if not gets_reminders(mine):
        abort(404)
    days = asked_days()
    found = plans.plans(session, mine)
    coming = letters_to_come(_theirs(person, found), days=days, people={person.id})
    watched = at_this_request()
    return render_template(
        "account/letters.html",
        person=person,
        by_day=by_day(coming),
        days=days,
        periods=PERIODS,
        linked=bool(mine.owns or mine.deputises or mine.coordinates or mine.secretariat_of),
        paused=[one for one in found if _is_paused(one)],
        held=watched is not None and watched.health.hold is not None,
        away=person.absent_from is not None and not _is_back(person),
        latest=own_letters(session, mine, limit=LATEST),
        kinds=letter_words.kinds(),
        letter_states=letter_words.states(),
        **ledgers.shown(ledger.of_person(session, person.id, ledgers.asked(None))),
    )


def _theirs(person: Person, found: Sequence[Plan]) -> Iterator[Obligation]:
    """What is open in these plans and has the person among those who may be reminded of it."""
    for plan in found:
        for one in open_in(plan.id):
            if any(holder == person.id for _place, holder in one.people):
                yield one


def _is_paused(plan: Plan) -> bool:
    return plan.reminders_paused_until is not None and plan.reminders_paused_until >= clock.today()


def _is_back(person: Person) -> bool:
    return person.absent_until is not None and person.absent_until < clock.today()
