"""Who may correct whose e-mail address. Whoever gets a person's letters can choose their password."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.plans.rights import Rights, rights_of


def may_correct_address(session: Session, rights: Rights, person: Person, *, on: date) -> bool:
    """An administrator may; a secretariat may where it gains no right by it that it has not already.

    That is for active people whose every part on a day is in its own plans, who are in no secretariat and no
    administrators.
    """
    if rights.administrator:
        return True
    if not person.active or person.is_administrator:
        return False
    theirs = rights_of(session, person.id, administrator=False, on=on)
    return bool(theirs.plans) and theirs.plans <= rights.secretariat_of and not theirs.secretariat_of
