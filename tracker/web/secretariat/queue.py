"""How the letters of the whole installation stand, and holding and releasing them."""

from __future__ import annotations

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from tracker.web import mail_queue
from tracker.web.addresses import url_for
from tracker.web.secretariat.blueprint import blueprint


@blueprint.get("/queue")
def queue() -> ResponseReturnValue:
    """For every secretariat, whatever the plan: why letters do or do not leave."""
    return _shown(mail_queue.HoldForm(formdata=None), 200)


@blueprint.post("/queue/hold")
def hold_queue() -> ResponseReturnValue:
    form = mail_queue.HoldForm()
    if mail_queue.held(form):
        return redirect(url_for("secretariat.queue"), 303)
    return _shown(form, 400)


@blueprint.post("/queue/release")
def release_queue() -> ResponseReturnValue:
    return mail_queue.released(url_for("secretariat.queue"))


def _shown(form: mail_queue.HoldForm, code: int) -> ResponseReturnValue:
    return render_template("secretariat/queue.html", form=form, **mail_queue.state_of_queue()), code
