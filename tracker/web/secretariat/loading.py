"""What the pages of a plan are about, or 404 when it belongs to another plan."""

from __future__ import annotations

from typing import Any, TypeVar

from flask import abort, request

from tracker.accounts.models import Person
from tracker.domain.errors import InvalidInput
from tracker.extensions import db
from tracker.plans import queries as plans
from tracker.plans.models import Administration, Committee, Initiative
from tracker.rounds.models import Round
from tracker.rounds.queries import round_of
from tracker.web.guards import current_plan
from tracker.web.secretariat.planning_fields import LARGEST_ID
from tracker.web.viewer import rights

_Row = TypeVar("_Row", Administration, Committee)


def initiative_or_404(initiative_id: int) -> Initiative:
    """An initiative of the plan in the address, with its administration and deciding committee."""
    found = plans.initiative_for(db.session(), rights(), initiative_id)
    if found is None or found[1].id != current_plan().id:
        abort(404)
    return found[0]


def round_or_404(year: int) -> Round:
    """The round of a year of the plan in the address."""
    return round_of(db.session(), current_plan().id, year) or abort(404)


def administration_or_404(administration_id: int) -> Administration:
    return _of_plan(Administration, administration_id) or abort(404)


def committee_or_404(committee_id: int) -> Committee:
    return _of_plan(Committee, committee_id) or abort(404)


def chosen_administration(id_: int | None) -> Administration | None:
    """What was chosen in a form, when it is the plan's."""
    return _of_plan(Administration, id_) if id_ is not None else None


def chosen_committee(id_: int | None) -> Committee | None:
    return _of_plan(Committee, id_) if id_ is not None else None


def chosen_person(id_: int | None, *, field: str = "person") -> Person:
    """The person chosen in a form. Raises InvalidInput on `field` when nobody was."""
    found = db.session.get(Person, id_) if id_ is not None and id_ <= LARGEST_ID else None
    if found is None:
        raise InvalidInput(field, "Choose a person.")
    return found


def asked_id(name: str) -> int | None:
    """An id in the address's query, or None for anything that is none."""
    typed = request.args.get(name, "")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 11):
        return None
    return int(typed) if int(typed) <= LARGEST_ID else None


def _of_plan(kind: type[_Row], id_: int) -> _Row | None:
    found: Any = db.session.get(kind, id_) if id_ <= LARGEST_ID else None
    return found if found is not None and found.plan_id == current_plan().id else None
