"""Every table, imported once, so that the metadata is whole wherever it is asked for."""

from __future__ import annotations

from tracker.accounts import models as accounts
from tracker.audit import models as audit
from tracker.deadlines import models as deadlines
from tracker.mail import models as mail
from tracker.memos import models as memos
from tracker.plans import models as plans
from tracker.reminders import models as reminders
from tracker.rounds import models as rounds
from tracker.statuses import models as statuses

__all__ = ["accounts", "audit", "deadlines", "mail", "memos", "plans", "reminders", "rounds", "statuses"]
