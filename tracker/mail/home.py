"""Where a dispatcher works from: whether the database belongs there, and the journal of what was sent."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy.orm import Session

from tracker.mail import recovery
from tracker.mail.installation import Premises, adopt, installation_of, read_machine, settle_in, why_off
from tracker.mail.sent_journal import SentJournal, SentLetter

log = logging.getLogger(__name__)


class Home:
    """The premises of one dispatcher; without `premises` there is no journal, and no machine file is asked.

    `journal` is open from `enter` on, where mail may leave at all, until `close`.
    """

    def __init__(self, premises: Premises | None, base_url: str) -> None:
        self.premises = premises
        self._base_url = base_url
        self._off: str | None = None
        self.journal: SentJournal | None = None

    def enter(self, session: Session, *, at: datetime) -> str | None:
        """Why no mail may leave from here, or None; then the journal is open, and agrees with the tables."""
        if self.premises is None:
            return None
        file = self.premises.machine_file
        row = installation_of(session)
        if row is None or not row.machine:
            row = settle_in(session, self._base_url, file, at)
        off = why_off(row, base_url=self._base_url, machine=read_machine(file))
        if off and self.premises.demonstration:
            adopt(session, self._base_url, file, None, at)
            off = None
        if off and off != self._off:
            log.error("no mail leaves: the database does not belong here (%s)", off)
        self._off = off
        if off:
            return off
        if self.journal is not None:
            self.journal.refresh()
        else:
            self._open_journal(session, self.premises, began=row.created_at, at=at)
        return None

    def remember(self, line: SentLetter) -> bool:
        """Whether the journal has it now. What cannot be written there is in the tables a moment later."""
        try:
            if self.journal is not None:
                self.journal.append(line)
                return True
        except OSError:
            log.exception("the sent journal cannot be written")
        return False

    def close(self) -> None:
        journal, self.journal = self.journal, None
        if journal is not None:
            journal.close()

    def _open_journal(self, session: Session, premises: Premises, *, began: datetime, at: datetime) -> None:
        self.journal = SentJournal(premises.journal_file, began=began, now=at)
        number = recovery.compare(session, self.journal, at=at)
        if number:
            log.warning("the sent journal has %d letters that the tables did not have as sent", number)
