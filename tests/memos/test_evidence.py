"""The evidence of a round: what is in it, and that its own program finds whatever is done to it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from tests.support import make
from tests.support.rounds import Office
from tracker import clock
from tracker.audit.sealing import seal
from tracker.extensions import db
from tracker.mail.models import Mail, MailState
from tracker.memos.editions import freeze_for_meeting
from tracker.memos.evidence.pack import evidence_pack
from tracker.plans.rights import rights_of
from tracker.rounds.models import Round
from tracker.statuses import review, writing

CANARY = "kanariefugl"


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    with app.app_context():
        yield Office.of(db.session())


def _round(office: Office) -> Round:
    """A round with a status that was returned, one never handed in, two editions; another plan beside it."""
    session, area = office.session, make.administration(office.session, office.plan)
    returned, drafted, dangerous = (
        make.initiative(session, area, title, owner=office.owner)
        for title in ("Kurser", "Lejre", '=HYPERLINK("http://example.com")')
    )
    round_ = make.open_round(session, office.plan)
    other = Office.of(session, "elsewhere")
    other.submit(
        make.initiative(session, make.administration(session, other.plan), "Andet", owner=other.owner),
        make.open_round(session, other.plan),
        "Hører til en anden plan.",
    )
    one = office.submit(returned, round_, "Først skrevet.")
    given = {"rights": office.rights, "by": office.lead, "at": clock.now()}
    review.return_(
        session,
        one,
        remark="Skriv, hvornår.",
        due_on=clock.today() + timedelta(days=9),
        version=one.version,
        **given,
    )
    office.approve(returned, round_, "Holdt i maj¹.\n¹ Se nr. 3.")
    office.approve(dangerous, round_, "- @SUM(A1)\n- Holdt.")
    draft = make.update_of(session, drafted, round_)
    own = rights_of(session, office.owner.id, administrator=False, on=clock.today())
    writing.save(
        session,
        draft,
        writing.Content(text=f"Et udkast med en {CANARY}."),
        version=draft.version,
        rights=own,
        by=office.owner,
        at=clock.now(),
    )
    seal(session, now=clock.now())
    freeze_for_meeting(session, office.plan, round_, administration_id=area.id, **given)
    freeze_for_meeting(session, office.plan, round_, **given)
    session.execute(update(Mail).values(state=MailState.sent, subject="Status 2026"))
    seal(session, now=clock.now())
    return round_


def _pack(office: Office, round_: Round, app: Flask) -> bytes:
    return b"".join(evidence_pack(office.session, office.plan, round_, environment=app.jinja_env))


def _rows(pack: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    text = pack.read(name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def _verify(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=60)


@pytest.mark.both_databases
def test_the_pack_tells_who_was_asked_who_answered_and_what_was_kept(office: Office, app: Flask) -> None:
    round_ = _round(office)
    data = _pack(office, round_, app)
    assert data == _pack(office, round_, app), "the same round gives the same bytes"
    pack = zipfile.ZipFile(io.BytesIO(data))
    answers = {row["initiative"]: row for row in _rows(pack, "answers.csv")}
    assert (answers["Kurser"]["state"], answers["Lejre"]["state"]) == ("approved", "draft")
    assert answers["Kurser"]["approved_by"] == office.lead.name
    assert """'=HYPERLINK("http://example.com")""" in answers
    revisions = _rows(pack, "revisions.csv")
    assert {row["kind"] for row in revisions} == {"submitted", "returned", "approved"}
    assert [row["remark"] for row in revisions if row["kind"] == "returned"] == ["Skriv, hvornår."]
    asked = _rows(pack, "asked.csv")
    assert any(row["kind"].startswith("returned") and row["about"] == "Kurser" for row in asked)
    assert {row["state"] for row in asked} == {"sent"}
    kinds = [row["kind"] for row in _rows(pack, "editions.csv")]
    assert kinds == ["committee", "consolidated"]
    assert [row["administration"] != "" for row in _rows(pack, "editions.csv")] == [True, False]
    everything = b"\n".join(pack.read(name) for name in pack.namelist())
    for secret in (CANARY, "password", "token", "anden plan", "argon2"):
        assert secret.encode() not in everything, secret
    for name in pack.namelist():
        if name.endswith(".docx"):
            inner = zipfile.ZipFile(io.BytesIO(pack.read(name)))
            assert CANARY.encode() not in b"".join(inner.read(part) for part in inner.namelist())


def test_its_program_says_that_all_is_right_and_finds_each_file_that_was_changed(
    office: Office, app: Flask, tmp_path: Path
) -> None:
    data = _pack(office, _round(office), app)
    (tmp_path / "pack.zip").write_bytes(data)
    files = {name: zipfile.ZipFile(io.BytesIO(data)).read(name) for name in _names(data)}
    folder = tmp_path / "pack"
    for name, contents in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(contents)
    program = tmp_path / "verify.py"
    program.write_bytes(files["verify.py"])
    told = _verify(str(folder / "verify.py"))
    assert (told.returncode, told.stderr) == (0, ""), told.stdout
    assert "All is right." in told.stdout
    assert "that takes --sum" in told.stdout
    sum_ = told.stdout.split("Sum: ")[1].split()[0]
    assert _verify(str(program), str(tmp_path / "pack.zip"), "--sum", sum_).returncode == 0
    assert _verify(str(program), str(folder), "--sum", "0" * 64).returncode == 1
    for name, contents in files.items():
        middle = len(contents) // 2
        changed = contents[:middle] + bytes([contents[middle] ^ 1]) + contents[middle + 1 :]
        (folder / name).write_bytes(changed)
        told = _verify(str(program), str(folder))
        assert (told.returncode, told.stderr) == (1, ""), name
        assert "FORKERT / WRONG" in told.stdout
        (folder / name).write_bytes(contents)
    (folder / "more.txt").write_text("?")
    assert "more.txt" in _verify(str(program), str(folder)).stdout
    (folder / "more.txt").unlink()
    (folder / "asked.csv").unlink()
    assert "asked.csv is missing" in _verify(str(program), str(folder)).stdout


def test_who_makes_the_checksums_anew_as_well_is_found_by_the_chain(
    office: Office, app: Flask, tmp_path: Path
) -> None:
    data = _pack(office, _round(office), app)
    files = {name: zipfile.ZipFile(io.BytesIO(data)).read(name) for name in _names(data)}
    edition = json.loads(files["editions/consolidated-1.json"])
    edition["title"] = "Et andet notat"
    forged = _forged(files, {"editions/consolidated-1.json": json.dumps(edition).encode()})
    assert "edition consolidated-1 was changed" in _told(forged, tmp_path)
    edition["sources"][0]["revision_id"] = 1
    edition["title"] = json.loads(files["editions/consolidated-1.json"])["title"]
    forged = _forged(files, {"editions/consolidated-1.json": json.dumps(edition).encode()})
    assert "the sources of consolidated-1 were changed" in _told(forged, tmp_path)
    texts = files["revisions.csv"].replace(b"Holdt i maj", b"Holdt i juni")
    assert "the text of revision" in _told(_forged(files, {"revisions.csv": texts}), tmp_path)
    told = _told(_forged(files, {"editions/consolidated-1.json": b"{"}), tmp_path)
    assert "editions/consolidated-1.json cannot be read" in told
    journal = files["journal.jsonl"].replace(b'"fact": "approved"', b'"fact": "returned"')
    assert "journal entry" in _told(_forged(files, {"journal.jsonl": journal}), tmp_path)
    lines = files["journal.jsonl"].splitlines(keepends=True)
    swapped = b"".join([lines[1], lines[0], *lines[2:]])
    assert "not in their order" in _told(_forged(files, {"journal.jsonl": swapped}), tmp_path)


def _names(data: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(data)).namelist()


def _forged(files: dict[str, bytes], changed: dict[str, bytes]) -> dict[str, bytes]:
    """The files with some changed, and the manifest made to fit."""
    made = files | changed
    manifest = json.loads(made["manifest.json"])
    for name, contents in changed.items():
        manifest["files"][name] = {"size": len(contents), "sha256": hashlib.sha256(contents).hexdigest()}
    made["manifest.json"] = json.dumps(manifest).encode()
    total = hashlib.sha256(made["manifest.json"]).hexdigest()
    return made | {"manifest.sha256": f"{total}  manifest.json\n".encode()}


def _told(files: dict[str, bytes], tmp_path: Path) -> str:
    with zipfile.ZipFile(tmp_path / "forged.zip", "w") as pack:
        for name, contents in files.items():
            pack.writestr(name, contents)
    (tmp_path / "verify.py").write_bytes(files["verify.py"])
    told = _verify(str(tmp_path / "verify.py"), str(tmp_path / "forged.zip"))
    assert told.returncode == 1
    return told.stdout
