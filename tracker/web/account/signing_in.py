from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from tracker.web.account.blueprint import blueprint


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    return render_template("account/sign_in.html")


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    return render_template("account/sign_in.html")


@blueprint.get("/account")
def profile() -> ResponseReturnValue:
    return render_template("account/profile.html")
