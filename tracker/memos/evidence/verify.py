#!/usr/bin/env python3
"""Efterprøver en bevispakke uden netadgang / checks an evidence pack offline.

    python3 verify.py             mappen med dette program / the folder of this program
    python3 verify.py PACK.zip    en pakke / a pack
    python3 verify.py … --sum HEX sammenlign med en noteret kontrolsum / compare with a sum that was noted

Python 3.9 eller nyere; intet andet / Python 3.9 or newer; nothing else.
Svar 0: alt passer. Svar 1: noget passer ikke. / Exit 0: all is right. Exit 1: something is wrong.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any, Optional

MANIFEST, MANIFEST_SUM = "manifest.json", "manifest.sha256"
FIRST = "0" * 64


class Report:
    """Says what is right and what is wrong, and counts the latter."""

    def __init__(self) -> None:
        self.wrong = 0

    def right(self, danish: str, english: str) -> None:
        print(f"RIGTIGT / RIGHT: {danish} / {english}")

    def fail(self, danish: str, english: str) -> None:
        self.wrong += 1
        print(f"FORKERT / WRONG: {danish} / {english}")


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def read_all(where: str) -> dict[str, bytes]:
    """The files by their names in the pack."""
    path = Path(where)
    if path.is_dir():
        files = (one for one in sorted(path.rglob("*")) if one.is_file())
        return {
            one.relative_to(path).as_posix(): one.read_bytes()
            for one in files
            if "__pycache__" not in one.parts and one.suffix != ".zip"
        }
    with zipfile.ZipFile(str(path)) as pack:
        names = [one for one in pack.namelist() if not one.endswith("/")]
        if len(set(names)) != len(names):
            raise ValueError("et navn findes to gange / a name occurs twice")
        return {name: pack.read(name) for name in names}


def parsed(files: dict[str, bytes], name: str, report: Report) -> Any:
    """A JSON file of the pack, or None where it is none. That it is missing or changed was said before."""
    try:
        return json.loads(files[name].decode("utf-8"))
    except KeyError:
        return None
    except ValueError:
        report.fail(f"{name} kan ikke læses", f"{name} cannot be read")
        return None


def table(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    """The rows of a table; none where the file is missing."""
    text = files.get(name, b"").decode("utf-8-sig", "replace")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def check_files(files: dict[str, bytes], report: Report) -> bool:
    """Every file against the manifest; False where there is none."""
    if MANIFEST not in files or MANIFEST_SUM not in files:
        report.fail(f"{MANIFEST} eller {MANIFEST_SUM} mangler", "a file of the manifest is missing")
        return False
    found = sha256(files[MANIFEST])
    if files[MANIFEST_SUM].decode("ascii", "replace") != f"{found}  {MANIFEST}\n":
        report.fail(f"{MANIFEST} passer ikke med {MANIFEST_SUM}", "the manifest was changed")
    manifest = parsed(files, MANIFEST, report)
    if manifest is None:
        return False
    listed = manifest["files"]
    for name in sorted(set(files) - set(listed) - {MANIFEST, MANIFEST_SUM}):
        report.fail(f"{name} hører ikke til pakken", f"{name} does not belong to the pack")
    good = 0
    for name in sorted(listed):
        if name not in files:
            report.fail(f"{name} mangler", f"{name} is missing")
        elif len(files[name]) != listed[name]["size"] or sha256(files[name]) != listed[name]["sha256"]:
            report.fail(f"{name} er ændret", f"{name} was changed")
        else:
            good += 1
    if good == len(listed):
        report.right(f"{good} filer er uændrede", f"{good} files are unchanged")
    return True


def check_journal(files: dict[str, bytes], report: Report) -> list[dict[str, Any]]:
    """The entries of the journal, each against its seal and the seal before."""
    entries = []
    for place, line in enumerate(files.get("journal.jsonl", b"").splitlines(), start=1):
        try:
            entries.append(json.loads(line.decode("utf-8")))
        except ValueError:
            report.fail(f"journalens linje {place} kan ikke læses", f"journal line {place} cannot be read")
    before: dict[str, Any] = {"sequence": 0, "hash": FIRST}
    sealed, wrong = 0, report.wrong
    for entry in entries:
        seal, number = entry["seal"], entry["entry"]["id"]
        if seal is None:
            continue
        sealed += 1
        said = dict(entry["entry"], sequence=seal["sequence"], sealed_at=seal["sealed_at"])
        text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        if sha256((seal["previous"] + text).encode("ascii")) != seal["hash"]:
            report.fail(f"journalens post {number} er ændret", f"journal entry {number} was changed")
        if seal["sequence"] <= before["sequence"]:
            report.fail("journalens poster er byttet om", "the journal entries are not in their order")
        if seal["sequence"] == before["sequence"] + 1 and seal["previous"] != before["hash"]:
            report.fail(f"kæden er brudt ved post {number}", f"the chain is broken at entry {number}")
        before = seal
    if report.wrong == wrong:
        left = len(entries) - sealed
        report.right(
            f"{sealed} poster i journalen følger af deres segl, {left} er ikke forseglet endnu",
            f"{sealed} journal entries follow from their seals, {left} are not sealed yet",
        )
    return entries


def check_editions(files: dict[str, bytes], entries: list[dict[str, Any]], report: Report) -> None:
    """Every edition against its own checksum, and against what the journal says of it."""
    kept = [one["entry"] for one in entries if one["entry"]["fact"] == "edition_frozen"]
    details = {one["object_id"]: one["details"] for one in kept}
    seals = {one["seal"]["sequence"]: one["seal"]["hash"] for one in entries if one["seal"]}
    rows = table(files, "editions.csv")
    wrong = report.wrong
    for row in rows:
        name, said = row["file"], details.get(int(row["id"]), {})
        stored = parsed(files, f"editions/{name}.json", report)
        if stored is None:
            continue
        sources = stored.pop("sources", None)
        if sha256(canonical(stored)) != row["hash"]:
            report.fail(f"udgaven {name} passer ikke med sin kontrolsum", f"edition {name} was changed")
        if said.get("hash") != row["hash"]:
            report.fail(f"journalen kender ikke udgaven {name}", f"the journal does not know edition {name}")
        if said.get("sources") and said["sources"] != sha256(canonical(sources)):
            report.fail(f"kilderne til {name} er ændret", f"the sources of {name} were changed")
        sequence, _, head = row["journal_head"].partition(":")
        if seals.get(int(sequence or 0), head) != head:
            report.fail(f"{name} nævner en anden journal", f"{name} names another journal")
    if len(kept) != len(rows):
        report.fail("journalen tæller andre udgaver", "the journal counts other editions")
    if report.wrong == wrong:
        report.right(
            f"{len(rows)} udgaver er, som de blev gemt", f"{len(rows)} editions are as they were kept"
        )


def check_revisions(files: dict[str, bytes], report: Report) -> None:
    """Every text that was handed in against its checksum."""
    rows, wrong = [row for row in table(files, "revisions.csv") if row["text"]], report.wrong
    for row in rows:
        text = row["text"]
        # An apostrophe that keeps a spreadsheet from computing the cell stands before some texts.
        said = (text, text[1:]) if text.startswith("'") else (text,)
        if row["text_sha256"] not in {sha256(one.encode("utf-8")) for one in said}:
            name = row["revision"]
            report.fail(f"teksten i revision {name} er ændret", f"the text of revision {name} was changed")
    if report.wrong == wrong:
        report.right(f"{len(rows)} tekster er, som de blev afleveret", f"{len(rows)} texts are as handed in")


def check(where: str, noted: Optional[str], report: Report) -> None:  # noqa: UP045 - also on Python 3.9
    files = read_all(where)
    if not check_files(files, report):
        return
    check_editions(files, check_journal(files, report), report)
    check_revisions(files, report)
    found = sha256(files[MANIFEST])
    if noted is None:
        print("IKKE VIST / NOT SHOWN: at pakken er den, der blev journaliseret; det kræver --sum")
        print("                       / that it is the pack that was filed: that takes --sum")
    elif noted.strip().lower() == found:
        report.right("pakken er den noterede", "the pack is the one that was noted")
    else:
        report.fail("pakken er ikke den noterede", "the pack is not the one that was noted")
    print(f"Kontrolsum / Sum: {found}")
    print("Notér den i sagen: den viser, at pakken er den samme. / Note it in the case: it shows that the")
    print("pack is the same.")


def main(arguments: list[str]) -> int:
    report, noted = Report(), None
    if "--sum" in arguments:
        place = arguments.index("--sum")
        noted = "".join(arguments[place + 1 : place + 2])
        del arguments[place : place + 2]
    try:
        check(arguments[0] if arguments else str(Path(__file__).resolve().parent), noted, report)
    except Exception as error:
        report.fail(f"pakken kan ikke læses ({error})", "the pack cannot be read")
    if report.wrong:
        print(f"{report.wrong} fejl. / {report.wrong} faults.")
        return 1
    print("Alt passer. / All is right.")
    return 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main(sys.argv[1:]))
