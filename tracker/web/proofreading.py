"""What the proofreading finds on a saved status, as its owner reads it: advice, which stops nobody."""

from __future__ import annotations

from tracker import clock
from tracker.extensions import db
from tracker.rounds.models import StatusUpdate
from tracker.statuses.proofreading import Looked, findings_of


def advice(update: StatusUpdate, previous: StatusUpdate | None) -> list[Looked]:
    """What is worth a look in the text as it was saved, without what the secretariat lets stand."""
    found = findings_of(db.session(), update, previous, on=clock.today())
    return [one for one in found if one.overruled is None]
