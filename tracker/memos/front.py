"""What stands at the front of a round's memo: computed from its rows, or written by the secretariat."""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.accounts.models import Person
from tracker.audit.actions import record
from tracker.domain.errors import InvalidInput, MoveRefused, NoRight, StaleVersion
from tracker.domain.text import clean
from tracker.memos.building import computed_caption, computed_intro, numbered
from tracker.plans.models import Plan
from tracker.plans.rights import Rights
from tracker.rounds.models import Round, RoundState

LONGEST_INTRO, LONGEST_CAPTION, LONGEST_CASE = 10_000, 1_000, 60


@dataclass(frozen=True, slots=True)
class Front:
    """The parts of the front. An empty introduction or caption stands for the computed one."""

    intro: str = ""
    caption: str = ""
    case_number: str = ""
    prints_lists: bool = False

    @property
    def version(self) -> str:
        """What tells this front from any other, so that nobody overwrites what another wrote meanwhile."""
        return hashlib.sha256(repr(astuple(self)).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def front_of(round_: Round) -> Front:
    return Front(round_.intro, round_.caption, round_.case_number, round_.prints_lists)


def computed(session: Session, plan: Plan, round_: Round) -> Front:
    """The introduction, a line for each paragraph, and the caption as the rows make them: one query."""
    rows = numbered(session, round_)
    names = list(dict.fromkeys(one.administration.name for one in rows))
    intro = computed_intro(plan, round_, rows=len(rows), administrations=len(names))
    return Front("\n".join(intro), computed_caption(plan, round_, names))


def edit_front(
    session: Session,
    plan: Plan,
    round_: Round,
    front: Front,
    *,
    version: str,
    rights: Rights,
    by: Person,
    at: datetime,
) -> None:
    """Write the front of an open round. A text that is the computed one goes on following the rows.

    Raises NoRight, MoveRefused once the round is locked, StaleVersion when it is not the one that was read,
    InvalidInput on what is too long.
    """
    if plan.id not in rights.secretariat_of:
        raise NoRight()
    session.refresh(round_, with_for_update=True)
    if round_.state is not RoundState.open:
        raise MoveRefused("The round is closed.")
    if front_of(round_).version != version:
        raise StaleVersion()
    rows = computed(session, plan, round_)
    intro = "\n".join(line.strip() for line in clean(front.intro).split("\n") if line.strip())
    caption = " ".join(clean(front.caption).split())
    said = Front(
        "" if intro == rows.intro else intro,
        "" if caption == rows.caption else caption,
        " ".join(clean(front.case_number).split()),
        front.prints_lists,
    )
    _check(said)
    if said == front_of(round_):
        return
    round_.intro, round_.caption, round_.case_number, round_.prints_lists = astuple(said)
    session.flush()
    record(session, "memo_front_edited", "round", round_.id, by=by.id, at=at, plan_id=plan.id)


def _check(front: Front) -> None:
    limits = {"intro": LONGEST_INTRO, "caption": LONGEST_CAPTION, "case_number": LONGEST_CASE}
    for name, most in limits.items():
        if len(getattr(front, name)) > most:
            raise InvalidInput(name, "This can have at most %(count)s characters.", count=most)
