"""The mail of the installation: holding it, adopting it, and letters that belong to no single plan."""

from __future__ import annotations

from flask import abort, current_app, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.extensions import db
from tracker.mail import decisions, installation
from tracker.mail.models import Mail
from tracker.plans import ledger
from tracker.web import mail_queue, viewer, watching
from tracker.web.addresses import url_for
from tracker.web.admin.blueprint import blueprint


@blueprint.get("/queue")
def queue() -> ResponseReturnValue:
    """How the letters stand; below it those in doubt that belong to no single plan."""
    return _shown(mail_queue.HoldForm(formdata=None), 200)


@blueprint.post("/queue/hold")
def hold_queue() -> ResponseReturnValue:
    form = mail_queue.HoldForm()
    if mail_queue.held(form):
        return redirect(url_for("admin.queue"), 303)
    return _shown(form, 400)


@blueprint.post("/queue/release")
def release_queue() -> ResponseReturnValue:
    return mail_queue.released(url_for("admin.queue"))


@blueprint.post("/queue/adopt")
def adopt() -> ResponseReturnValue:
    """Make this the place from which the mail of this database leaves."""
    session, at = db.session(), clock.now()
    if watching.look(session).off is None:
        flash(_("Letters leave from here already."), "info")
        return redirect(url_for("admin.queue"), 303)
    base_url = current_app.extensions["settings"].base_url
    installation.adopt(session, base_url, watching.machine_file(), viewer.person().id, at)
    db.session.commit()
    flash(_("From now on letters leave from here, and from nowhere else."), "success")
    return redirect(url_for("admin.queue"), 303)


@blueprint.post("/letters/<int:mail_id>/send-again")
def send_letter_again(mail_id: int) -> ResponseReturnValue:
    decisions.send_again(db.session(), _letter(mail_id), by=viewer.person().id, at=clock.now())
    db.session.commit()
    flash(_("The letter leaves again within a few minutes."), "success")
    return redirect(url_for("admin.queue"), 303)


@blueprint.post("/letters/<int:mail_id>/count-as-sent")
def count_letter_as_sent(mail_id: int) -> ResponseReturnValue:
    decisions.count_as_sent(db.session(), _letter(mail_id), by=viewer.person().id, at=clock.now())
    db.session.commit()
    flash(_("The letter counts as sent."), "success")
    return redirect(url_for("admin.queue"), 303)


def _letter(mail_id: int) -> Mail:
    return ledger.letter_of_no_plan(db.session(), viewer.rights(), mail_id) or abort(404)


def _shown(form: mail_queue.HoldForm, code: int) -> ResponseReturnValue:
    page = render_template(
        "admin/queue.html",
        form=form,
        undecided=ledger.undecided_of_no_plan(db.session(), viewer.rights()),
        **mail_queue.state_of_queue(),
    )
    return page, code
