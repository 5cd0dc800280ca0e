"""The evidence of a round for the case file: what it holds, and the pack to save."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, current_app, render_template
from flask.typing import ResponseReturnValue
from jinja2 import Environment
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tracker.database import reading
from tracker.extensions import db
from tracker.memos.evidence.pack import evidence_pack, pack_name
from tracker.plans.models import Plan
from tracker.rounds.models import Round
from tracker.web.guards import current_plan
from tracker.web.secretariat.blueprint import blueprint
from tracker.web.secretariat.loading import round_or_404


@blueprint.get("/<plan>/rounds/<int:year>/evidence")
def evidence(plan: str, year: int) -> ResponseReturnValue:
    return render_template("secretariat/evidence.html", round=round_or_404(year))


@blueprint.get("/<plan>/rounds/<int:year>/evidence.zip")
def evidence_pack_download(plan: str, year: int) -> Response:
    """The pack, sent while it is written."""
    where, round_ = current_plan(), round_or_404(year)
    pieces = _pieces(db.engine, where.id, round_.id, current_app.jinja_env)
    response = Response(pieces, mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{pack_name(where, round_)}"'
    return response


def _pieces(engine: Engine, plan_id: int, round_id: int, environment: Environment) -> Iterator[bytes]:
    """Read as of one moment, in a transaction of its own: the request has ended before this is sent."""
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with Session(engine) as session:
        with reading():  # only where the transaction begins: what is sent meanwhile has contexts of its own
            session.connection()
        plan, round_ = session.get_one(Plan, plan_id), session.get_one(Round, round_id)
        yield from evidence_pack(session, plan, round_, environment=environment)
