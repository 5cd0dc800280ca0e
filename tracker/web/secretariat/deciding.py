"""What somebody decides about a letter that failed, or of which nobody knows whether it arrived."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.extensions import db
from tracker.mail import decisions
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.letters import letter_or_404
from tracker.web.viewer import person


@blueprint.post("/<plan>/letters/<int:mail_id>/send-again")
def send_letter_again(plan: str, mail_id: int) -> ResponseReturnValue:
    """Let a letter that failed, or that is in doubt, go once more."""
    opened = letter_or_404(mail_id)
    decisions.send_again(db.session(), opened.mail, by=person().id, at=clock.now())
    db.session.commit()
    flash(_("The letter leaves again within a few minutes, if what it says is still owed."), "success")
    return redirect(url_for("secretariat.letter", plan=plan, mail_id=mail_id), 303)


@blueprint.post("/<plan>/letters/<int:mail_id>/count-as-sent")
def count_letter_as_sent(plan: str, mail_id: int) -> ResponseReturnValue:
    """Hold a letter in doubt for sent."""
    opened = letter_or_404(mail_id)
    decisions.count_as_sent(db.session(), opened.mail, by=person().id, at=clock.now())
    db.session.commit()
    flash(_("The letter counts as sent. It does not go again."), "success")
    return redirect(url_for("secretariat.letter", plan=plan, mail_id=mail_id), 303)
