"""A memo that waits to be confirmed, loaded for one of its pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.domain.errors import MoveRefused, StaleVersion
from tracker.extensions import db
from tracker.memos.importing import uploads
from tracker.memos.importing.choices import Choices
from tracker.memos.importing.confirming import Confirming, digest
from tracker.memos.importing.front import doubts_of_front
from tracker.memos.importing.preparing import prepare
from tracker.memos.models import MemoUpload
from tracker.rounds.queries import round_of
from tracker.web.errors import sentence_of
from tracker.web.guards import current_plan

Tab = tuple[str, str, bool]


@dataclass(frozen=True)
class Waiting:
    """An upload with what it would do to the plan as it stands."""

    upload: MemoUpload
    found: Confirming
    already_there: bool

    @classmethod
    def load(cls, upload_id: int) -> Waiting:
        """404 for an upload of another plan."""
        session, where = db.session(), current_plan()
        upload = uploads.upload_of(session, where.id, upload_id)
        if upload is None:
            abort(404)
        found = prepare(session, where, uploads.reading_of(upload), uploads.choices_of(upload))
        return cls(upload, found, round_of(session, where.id, upload.year) is not None)

    @property
    def digest(self) -> str:
        """Of what an import would do now: shown with the last button, and compared when it is pressed."""
        one = self.upload
        return digest(self.found, sha256=one.sha256, version=one.version, year=one.year)

    @property
    def imported(self) -> ResponseReturnValue | None:
        """Where to go when there is nothing to look through any more."""
        if self.upload.confirmed_at is None:
            return None
        flash(_("The memo of %(year)s has been imported.", year=self.upload.year), "info")
        address = url_for("secretariat.round", plan=current_plan().slug, year=self.upload.year)
        return redirect(address, 303)

    def address(self, endpoint: str, **values: object) -> str:
        here = {"plan": current_plan().slug, "upload_id": self.upload.id}
        return url_for(f"secretariat.{endpoint}", **here, **values)  # type: ignore[arg-type]

    @property
    def _front(self) -> str:
        """The name of the front's page, with what is to be looked at there."""
        doubts = len(doubts_of_front(self.found.reading, self.found.choices))
        return str(_("The front (%(count)s to look at)", count=doubts) if doubts else _("The front"))

    def tabs(self, current: str) -> list[Tab]:
        """The pages on which a memo is looked through."""
        found = self.found
        doubtful = [("doubtful", _("To look at (%(count)s)", count=len(found.doubtful)))]
        named = [
            *((name, text, self.address("memo_preview")) for name, text in doubtful if found.doubtful),
            (
                "all",
                _("All rows (%(count)s)", count=len(found.lines)),
                self.address("memo_preview", show="all"),
            ),
            ("front", self._front, self.address("memo_import_front")),
            (
                "administrations",
                _("Administrations (%(count)s)", count=len(found.parts)),
                self.address("memo_administrations"),
            ),
            (
                "unmentioned",
                _("Not in this memo (%(count)s)", count=len(found.unmentioned)),
                self.address("memo_unmentioned"),
            ),
            (
                "left_out",
                _("Left out (%(count)s)", count=len(found.reading.left_out)),
                self.address("memo_left_out"),
            ),
            ("import", _("Import"), self.address("memo_confirming")),
        ]
        return [(str(text), url, name == current) for name, text, url in named]


def version_read() -> int:
    """The version of the choices that stood on the page, as its form sent it; 0 for nonsense."""
    sent = request.form.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0


def outdated(waiting: Waiting) -> str:
    """Why the page that was sent cannot be kept, before anything of it is looked at; usually an empty text.

    Raises MoveRefused for what was chosen of another file, which has gone since.
    """
    if request.form.get("file") != waiting.upload.sha256:
        raise MoveRefused("Another file has taken the place of the one that you looked through.")
    return "" if version_read() == waiting.upload.version else sentence_of(StaleVersion())


def kept(waiting: Waiting, choices: Choices) -> str:
    """Keep what was chosen, and commit it. The sentence that says why that could not be, or an empty one."""
    return attempted(
        lambda: uploads.keep_choices(db.session(), waiting.upload, choices, version=version_read())
    )


def attempted(act: Callable[[], object]) -> str:
    """Do and commit; where another was quicker, nothing, and the sentence that says so."""
    try:
        act()
        db.session.commit()
    except (StaleVersion, MoveRefused) as error:
        db.session.rollback()
        return sentence_of(error)
    return ""
