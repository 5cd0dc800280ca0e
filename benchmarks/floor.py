"""The floor of the pages: the least code that shows the same rows and columns from the same tables.

Flask, SQLAlchemy Core rows and one Jinja table; no sign-in, no rights, no layout. It knows the names of the
tables and columns, and nothing else of the product, so that its memory is a floor as well. Served by
`gunicorn -c benchmarks/floor_server.py benchmarks.floor:app`; BENCHMARK_DATABASE names the file.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime

from flask import Flask, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Date, and_, bindparam, column, create_engine, select, table, text

app = Flask(__name__)
engine = create_engine(f"sqlite:///{os.environ['BENCHMARK_DATABASE']}")


def _named(name: str, *columns: str, days: tuple[str, ...] = ()):  # type: ignore[no-untyped-def]
    return table(name, *(column(one) for one in columns), *(column(one, Date) for one in days))


update = _named("status_update", "id", "round_id", "initiative_id", "deadline_id", "state", "text")
initiative = _named("initiative", "id", "administration_id", "position", "title", "standing", "funder")
administration = _named("administration", "id", "position", "name")
deadline = _named("deadline", "id", "kind", "title", "state", "initiative_id", days=("last_on",))
placement = _named("placement", "initiative_id", "person_id", "place", days=("until_on",))
person = _named("person", "id", "name", "active")
round_ = _named("round", "id", "year")

ROWS = (
    select(
        update.c.id, initiative.c.title, person.c.name, person.c.active, update.c.state, deadline.c.last_on
    )
    .join(initiative, initiative.c.id == update.c.initiative_id)
    .join(administration, administration.c.id == initiative.c.administration_id)
    .outerjoin(deadline, deadline.c.id == update.c.deadline_id)
    .outerjoin(
        placement,
        and_(
            placement.c.initiative_id == initiative.c.id,
            placement.c.place == "owner",
            placement.c.until_on.is_(None),
        ),
    )
    .outerjoin(person, person.c.id == placement.c.person_id)
    .where(update.c.round_id == bindparam("round"))
    .order_by(administration.c.position, initiative.c.position)
)
ITEM = (
    select(
        initiative.c.title, administration.c.name, initiative.c.standing, initiative.c.funder, person.c.name
    )
    .join(administration, administration.c.id == initiative.c.administration_id)
    .outerjoin(placement, and_(placement.c.initiative_id == initiative.c.id, placement.c.place == "owner"))
    .outerjoin(person, person.c.id == placement.c.person_id)
    .where(initiative.c.id == bindparam("id"))
)
DATES = (
    select(deadline.c.title, deadline.c.last_on, deadline.c.state)
    .where(deadline.c.initiative_id == bindparam("id"))
    .order_by(deadline.c.last_on)
)
HISTORY = (
    select(round_.c.year, update.c.state, update.c.text)
    .join(round_, round_.c.id == update.c.round_id)
    .where(update.c.initiative_id == bindparam("id"))
    .order_by(round_.c.year.desc())
)

SUBMIT = text(
    "UPDATE status_update SET text = :words, state = 'submitted', version = version + 1"
    " WHERE id = :id AND version = :version"
)
AUDIT = text(
    "INSERT INTO journal_entry (at, fact, object_kind, object_id, details)"
    " VALUES (:at, 'submitted', 'status_update', :id, '{}')"
)

LIST_PAGE = app.jinja_env.from_string("""<!doctype html><title>Round</title><h1>Round</h1><table>
<tr><th>No.</th><th>Initiative</th><th>Owner</th><th>Status</th><th>Due</th></tr>
{% for id, title, owner, active, state, due_on in rows %}<tr><td>{{ loop.index }}</td>\
<td><a href="/updates/{{ id }}">{{ title }}</a></td>\
<td>{{ owner }}{% if not active %} has left{% endif %}</td>\
<td>{{ state }}</td><td>{{ due_on.strftime('%d.%m.%Y') }}</td></tr>
{% endfor %}</table>""")
ITEM_PAGE = app.jinja_env.from_string("""<!doctype html><title>{{ item[0] }}</title><h1>{{ item[0] }}</h1>
<dl>{% for value in item[1:] %}<dd>{{ value }}</dd>{% endfor %}</dl>
<table>{% for row in dates %}<tr><td>{{ row[0] }}</td><td>{{ row[1].strftime('%d.%m.%Y') }}</td>\
<td>{{ row[2] }}</td></tr>{% endfor %}</table>
{% for row in history %}<h2>{{ row[0] }} {{ row[1] }}</h2><p>{{ row[2] }}</p>
{% endfor %}""")


@app.get("/static-string")
def static_string() -> str:
    return "ready"


@app.get("/rounds/<int:number>")
def rows(number: int) -> str:
    with engine.connect() as connection:
        found = connection.execute(ROWS, {"round": number}).all()
    return render_template(LIST_PAGE, rows=found)


@app.get("/initiatives/<int:number>")
def item(number: int) -> str:
    with engine.connect() as connection:
        return render_template(
            ITEM_PAGE,
            item=connection.execute(ITEM, {"id": number}).one(),
            dates=connection.execute(DATES, {"id": number}).all(),
            history=connection.execute(HISTORY, {"id": number}).all(),
        )


@app.post("/updates/<int:number>")
def submit(number: int) -> ResponseReturnValue:
    """A bare update with a version check and an audit row, as durable as the service's."""
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA synchronous=FULL")
        changed = connection.execute(
            SUBMIT, {"id": number, "words": request.form["text"], "version": request.form["version"]}
        )
        if changed.rowcount != 1:
            return "somebody else was here", 409
        connection.execute(AUDIT, {"id": number, "at": datetime.now(UTC).replace(tzinfo=None)})
    return redirect("/done", 303)
