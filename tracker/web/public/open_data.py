"""The published statuses for programs: JSON and CSV, the schema, and a page that says what is where."""

from __future__ import annotations

import json

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from tracker.extensions import db
from tracker.memos.publishing.data import (
    COLUMNS,
    LABELS,
    SCHEMA_NAME,
    Addresses,
    as_csv,
    as_json,
    schema,
)
from tracker.memos.publishing.plans import PublicEdition, PublicPlan, public_round
from tracker.web.public import kept
from tracker.web.public.addresses import absolute
from tracker.web.public.blueprint import blueprint
from tracker.web.public.plans import asked_edition, asked_plan

DATA_KINDS = "<any(json, csv):table_kind>"
_MEDIA_TYPES = {"json": "application/json", "csv": "text/csv; charset=utf-8"}
_SCHEMA_TYPE = "application/schema+json"
_FOR_SCRIPTS = {"public.plan_data", "public.round_data", "public.data_schema", "public.plan_calendar"}


@blueprint.get("/plans/<slug>/data")
def open_data(slug: str) -> ResponseReturnValue:
    """What can be downloaded, and what the fields mean."""
    found = asked_plan(slug)

    def make() -> str:
        return render_template(
            "public/open_data.html",
            plan=found.plan,
            editions=found.editions,
            columns=COLUMNS,
            codes=LABELS,
            licence=licence(),
            canonical=absolute("public.open_data", slug=slug),
        )

    return kept.page((found.fingerprint(), licence()), make)


@blueprint.get(f"/plans/<slug>/statuses.{DATA_KINDS}")
def plan_data(slug: str, table_kind: str) -> Response:
    """The statuses of every public round of a plan, newest first."""
    found = asked_plan(slug)
    return _file(found, found.editions, table_kind, name=f"status-{slug}.{table_kind}")


@blueprint.get(f"/plans/<slug>/<int:year>/statuses.{DATA_KINDS}")
def round_data(slug: str, year: int, table_kind: str) -> Response:
    """The statuses of one public round."""
    found = asked_plan(slug)
    edition = asked_edition(found, year)
    return _file(found, (edition,), table_kind, name=f"status-{slug}-{year}.{table_kind}")


@blueprint.get(f"/schemas/{SCHEMA_NAME}.json")
def data_schema() -> Response:
    """What the JSON holds, as a JSON Schema. It stays at this address as long as the first number stays."""
    address = absolute("public.data_schema")
    return kept.data(_SCHEMA_TYPE, address, lambda: json.dumps(schema(address), indent=1).encode())


@blueprint.after_request
def _answer_other_sites(response: Response) -> Response:
    """A script of another site may ask with If-None-Match; its browser asks first whether it may."""
    if request.method == "OPTIONS" and request.endpoint in _FOR_SCRIPTS:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
        response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response


def licence() -> str:
    """The address of the licence under which the installation gives its data, or "" for none."""
    found: str = current_app.extensions["settings"].open_data_licence
    return found


def _file(found: PublicPlan, editions: tuple[PublicEdition, ...], table_kind: str, *, name: str) -> Response:
    addresses = _addresses_of(found)

    def make() -> bytes:
        session = db.session()
        rounds = [(one, public_round(session, one)) for one in editions]
        return (as_json if table_kind == "json" else as_csv)(found, rounds, addresses)

    key = (found.fingerprint(), editions, licence())
    response = kept.data(_MEDIA_TYPES[table_kind], key, make, name=name)
    links = [f'<{addresses.plan}>; rel="about"']
    other = "csv" if table_kind == "json" else "json"
    endpoint, values = request.endpoint or "", (request.view_args or {}) | {"table_kind": other}
    links.append(f'<{absolute(endpoint, **values)}>; rel="alternate"; type="{_MEDIA_TYPES[other]}"')
    if table_kind == "json":
        links.append(f'<{addresses.schema}>; rel="describedby"; type="{_SCHEMA_TYPE}"')
    if licence():
        links.append(f'<{licence()}>; rel="license"')
    response.headers["Link"] = ", ".join(links)
    return response


def _addresses_of(found: PublicPlan) -> Addresses:
    slug = found.plan.slug
    return Addresses(
        schema=absolute("public.data_schema"),
        plan=absolute("public.plan", slug=slug),
        initiative=lambda id_: absolute("public.initiative", slug=slug, initiative_id=id_),
        memo=lambda year: absolute("public.memo", slug=slug, year=year),
        licence=licence(),
    )
