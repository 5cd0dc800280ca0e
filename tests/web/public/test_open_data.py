"""Programs read the published statuses as JSON and CSV, under a schema, from any site."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from typing import Any

import pytest
from flask import Flask

from tests.support import make
from tests.support.client import StrictClient
from tests.support.rounds import Office
from tracker.domain.workflow import Outcome, ProgressState
from tracker.memos.editions import memo_of_edition
from tracker.memos.frozen import digest
from tracker.memos.models import Edition
from tracker.memos.publishing.data import COLUMNS, LABELS

HERE = "/plans/here"
FORMULA = '=HYPERLINK("https://example.com";"x")'


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    with make.written(app) as session:
        office = Office.of(session)
        area = make.administration(session, office.plan, "SF", name="+Skoler; haller")
        ours = [
            make.initiative(session, area, title, owner=office.owner)
            for title in (FORMULA, 'Æblegrød "til\u2028alle"', "Haller")
        ]
        round_ = make.open_round(session, office.plan)
        office.approve(ours[0], round_, "Tolv; er i gang¹.\n\n- et\n- to\n\n¹ Talt i maj.")
        office.approve(ours[1], round_, "-5 % færre.", progress=ProgressState.delayed, reason="Sne.")
        office.waive(ours[2], round_, outcome=Outcome.discontinued, reason="Hallen er solgt.")
        office.lock(round_)
        session.commit()
        yield office


KINDS = {"object": dict, "array": list, "string": str, "integer": int, "null": type(None)}
SPOKEN = {"$schema", "$id", "title", "description", "type", "properties", "required", "items", "const",
          "oneOf", "pattern", "minimum", "format"}  # fmt: skip


def faults(value: Any, schema: dict[str, Any], at: str = "$") -> Iterator[str]:
    """Where a value does not keep to a schema, as far as ours uses the language of schemas."""
    assert schema.keys() <= SPOKEN
    kinds = schema.get("type", list(KINDS))
    if not isinstance(value, tuple(KINDS[kind] for kind in ([kinds] if isinstance(kinds, str) else kinds))):
        yield f"{at} is no {kinds}"
    elif isinstance(value, dict):
        yield from (f"{at} lacks {name}" for name in schema["required"] if name not in value)
        for name, one in value.items():
            yield from faults(one, schema["properties"][name], f"{at}.{name}")
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from faults(one, schema["items"], f"{at}[{number}]")
    else:
        yield from _faults_of_one(value, schema, at)


def _faults_of_one(value: str | int | None, schema: dict[str, Any], at: str) -> Iterator[str]:
    allowed = [one["const"] for one in schema.get("oneOf", [schema] if "const" in schema else [])]
    if allowed and value not in allowed:
        yield f"{at} is none of {allowed}"
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield f"{at} does not look like {schema['pattern']}"
    if isinstance(value, int) and value < schema.get("minimum", value):
        yield f"{at} is less than {schema['minimum']}"


@pytest.mark.both_databases
def test_json_says_what_the_memo_says_and_keeps_to_its_schema(client: StrictClient, office: Office) -> None:
    answer = client.get(f"{HERE}/statuses.json", budget=3)
    assert answer.mimetype == "application/json"
    told = json.loads(answer.data)
    schema = client.get("/schemas/published-statuses-1.json")
    assert schema.mimetype == "application/schema+json"
    described = json.loads(schema.data)
    assert described["$id"] == told["$schema"]
    assert list(faults(told, described)) == []
    broken = json.loads(answer.data)
    broken["rounds"][0]["statuses"][0] |= {"number": "1", "progress": "nearly"}
    assert len(list(faults(broken, described))) == 2
    assert told["plan"]["id"] == "here"
    assert told["attribution"] == "Exampleville"
    (round_,) = told["rounds"]
    edition = office.session.query(Edition).one()
    assert round_["edition"]["sha256"] == edition.hash == digest(memo_of_edition(edition))
    assert datetime.fromisoformat(round_["edition"]["locked_at"]).tzinfo is not None
    first, second, third = round_["statuses"]
    assert first["text"] == "Tolv; er i gang¹.\n- et\n- to"
    assert first["footnotes"] == [{"number": 1, "text": "Talt i maj."}]
    assert first["title"] == FORMULA
    assert first["id"] == f"here/2026/{first['initiative']['id']}"
    assert (second["progress"], second["progress_label"]) == ("delayed", "Forsinket")
    assert third["progress"] == "discontinued"
    assert client.get(first["initiative"]["url"]).status_code == 200
    assert client.get(round_["memo_url"]).status_code == 200
    assert client.get(f"{HERE}/2026/statuses.json").get_json()["rounds"] == told["rounds"]


def test_csv_has_the_same_rows_and_no_cell_is_computed(client: StrictClient, office: Office) -> None:
    told = client.get(f"{HERE}/statuses.json").get_json()["rounds"][0]["statuses"]
    answer = client.get(f"{HERE}/statuses.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0] == list(COLUMNS)
    named = [dict(zip(COLUMNS, row, strict=True)) for row in rows[1:]]
    assert len(named) == 3
    for row, status in zip(named, told, strict=True):
        assert row["status_id"] == status["id"]
        assert row["initiative_url"] == status["initiative"]["url"]
        assert row["progress_label"] == status["progress_label"]
        for name in ("title", "text", "administration"):
            assert row[name].removeprefix("'").split() == status[name].split()
    assert named[0]["footnotes"] == "1. Talt i maj."
    assert named[0]["title"] == f"'{FORMULA}"
    assert named[1]["text"] == "'-5 % færre."
    assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@")]


def test_any_site_may_read_the_data_and_finds_what_belongs_to_it(
    client: StrictClient, office: Office
) -> None:
    paths = ("statuses.json", "statuses.csv", "2026/statuses.json", "2026/statuses.csv", "calendar.ics")
    for path in (*(f"{HERE}/{one}" for one in paths), "/schemas/published-statuses-1.json"):
        answer = client.get(path, headers={"Origin": "https://example.org"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Set-Cookie" not in answer.headers
        head = client.head(path)
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["ETag"] == answer.headers["ETag"]
        assert head.headers["Content-Length"] == str(len(answer.data))
        assert client.get(path).data == answer.data
        asked = client.options(path, page=False)
        assert asked.headers["Access-Control-Allow-Origin"] == "*"
        assert asked.headers["Access-Control-Allow-Headers"] == "If-None-Match"
    for path in (HERE, f"{HERE}/2026/memo", "/sign-in"):
        for answer in (client.get(path), client.options(path, page=False)):
            assert "Access-Control-Allow-Origin" not in answer.headers
    links = client.get(f"{HERE}/statuses.json").headers["Link"]
    assert re.search(r'<[^>]+/plans/here>; rel="about"', links)
    assert re.search(r'<[^>]+/schemas/published-statuses-1.json>; rel="describedby"', links)
    assert re.search(r'<[^>]+/plans/here/statuses.csv>; rel="alternate"; type="text/csv', links)
    assert "license" not in links


def test_the_page_of_the_data_explains_every_column_and_code(client: StrictClient, office: Office) -> None:
    client.get("/language/en")
    page = client.get(f"{HERE}/data", budget=1).get_data(as_text=True)
    for word in (*COLUMNS, *LABELS):
        assert re.search(rf"<code>{word}</code></th>\s*<td[^>]*>\s*\S", page), word
    for url in ("statuses.json", "statuses.csv", "2026/statuses.json", "2026/statuses.csv"):
        assert f'href="{HERE}/{url}"' in page


@pytest.mark.settings(open_data_licence="https://example.org/licence")
def test_the_licence_of_the_installation_stands_wherever_the_data_do(
    client: StrictClient, office: Office
) -> None:
    answer = client.get(f"{HERE}/statuses.json")
    assert answer.get_json()["licence"] == "https://example.org/licence"
    assert '<https://example.org/licence>; rel="license"' in answer.headers["Link"]
    assert 'href="https://example.org/licence"' in client.get(f"{HERE}/data").get_data(as_text=True)


def test_a_signed_in_person_gets_the_same_bytes(client: StrictClient, office: Office) -> None:
    visitor = hashlib.sha256(client.get(f"{HERE}/statuses.csv").data)
    for language in ("da", "en"):
        signed_in = make.sign_in(client, office.lead, language=language).get(f"{HERE}/statuses.csv")
        assert hashlib.sha256(signed_in.data).digest() == visitor.digest()
