"""Importing last year's memo: the real one where it is at hand, else one of as many rows, made here.

The floor reads the same file with the standard library alone (the text of each cell, nothing understood)
and inserts it into one table.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from benchmarks.data import YEAR, application, environment
from benchmarks.memo import memo_of, word
from benchmarks.results import Result, told
from benchmarks.servers import ROOT
from benchmarks.starting import seconds
from tracker import clock
from tracker.extensions import db
from tracker.memos.importing.actions import import_reading
from tracker.memos.reading import read
from tracker.plans import actions as plans

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
RUNS = 3
SLUG = "imported"


def importing(folder: Path) -> Iterator[Result]:
    """The import in a process that is there already, and the whole command from its start."""
    file, which = _memo(folder)
    app = application(folder)
    with app.app_context():
        plans.create_plan(db.session(), slug=SLUG, name="Planen", by=None, at=clock.now())
        db.session.commit()
        db.session.remove()
        ours, floor = [], []
        for run in range(RUNS):
            ours.append(_import(file, YEAR - 1 - run))
            floor.append(_bare(file, folder / "bare.db"))
        db.session.remove()
        db.engine.dispose()
    yield told(f"Import of {which} memo, s", min(ours), min(floor))
    yield from _command(file, folder, which)


def _memo(folder: Path) -> tuple[Path, str]:
    seed = Path(os.environ.get("SEED_DIR", ROOT.parent / "shared/seed"))
    found = sorted(seed.glob("*.docx"))
    if found:
        return found[0], "the real"
    made = folder / "memo.docx"
    made.write_bytes(word(memo_of(42)))
    return made, "a generated"


def _import(file: Path, year: int) -> float:
    begun = time.perf_counter()
    reading = read(file)
    summary = import_reading(db.session(), reading, slug=SLUG, year=year, by=None, at=clock.now())
    db.session.commit()
    took = time.perf_counter() - begun
    if summary.rows < 42 or summary.already_there:
        raise SystemExit(f"the import gave {summary}")
    db.session.remove()
    return took


def _bare(file: Path, database: Path) -> float:
    connection = sqlite3.connect(database)
    connection.execute("CREATE TABLE IF NOT EXISTS cell (row INTEGER, text TEXT)")
    begun = time.perf_counter()
    with zipfile.ZipFile(file) as package:
        body = ElementTree.fromstring(package.read("word/document.xml"))
    cells = [
        (number, "".join(text.text or "" for text in cell.iter(f"{W}t")))
        for number, row in enumerate(body.iter(f"{W}tr"))
        for cell in row.iter(f"{W}tc")
    ]
    connection.executemany("INSERT INTO cell VALUES (?, ?)", cells)
    connection.commit()
    took = time.perf_counter() - begun
    connection.close()
    return took


def _command(file: Path, folder: Path, which: str) -> Iterator[Result]:
    """`flask tracker memo import`, as a person runs it, on a plan that has no round yet."""
    flask = str(Path(sys.executable).with_name("flask"))
    command = [flask, "tracker", "memo", "import", str(file), "--plan", SLUG, "--round"]
    bare = [sys.executable, "-c", "import flask, flask_sqlalchemy"]
    ours, floor = [], []
    for run in range(RUNS):
        fresh = folder / f"command-{run}"
        fresh.mkdir()
        shutil.copyfile(folder / "tracker.db", fresh / "tracker.db")
        ours.append(seconds([*command, str(YEAR + 1)], **environment(fresh, 8000)))
        floor.append(seconds(bare))
    best, ratio = min(ours), min(ours) / min(floor)
    yield Result(f"Import of {which} memo, the command, s", best, min(floor), ratio, "<= 2 s", best <= 2)
