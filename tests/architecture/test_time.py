"""Time: one module reads the clock, and one job ticks."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.support.source import ROOT, Module, modules, parse

CLOCK = "tracker/clock.py"
SCHEDULERS = {"BlockingScheduler", "BackgroundScheduler"}

# As written, without what stands before: `datetime.datetime.now` ends in `datetime.now`.
READS_THE_CLOCK = (
    "datetime.now", "datetime.today", "datetime.utcnow", "datetime.utcfromtimestamp", "date.today",
    "time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.ctime",
    "func.now", "func.current_timestamp", "func.current_date", "func.localtimestamp",
)  # fmt: skip


def test_one_module_reads_the_clock() -> None:
    """Elsewhere time is an argument: then a test can say which day it is, and a naive time cannot slip in."""
    places = [place for place in ("tracker", "config.py", "migrations") if (ROOT / place).exists()]
    assert not list(_clock_readers(*modules(*places)))


def test_the_scheduler_ticks_and_does_nothing_else() -> None:
    """What is due is decided by the database, not by a timetable: one job, called tick, in one module."""
    assert not list(_timetable_faults(*modules()))
    using = [module for module in modules() if _uses_scheduler(module)]
    assert len(using) == (1 if (ROOT / "tracker/jobs.py").exists() else 0), [module.path for module in using]


@pytest.mark.parametrize(
    "source",
    [
        "import datetime\ndatetime.datetime.now()",
        "from datetime import date\ndate.today()",
        "import time\ntime.time()",
        "from sqlalchemy import func\nfunc.now()",
        "from datetime import datetime\nfield(default_factory=datetime.now)",
        "from time import time",
    ],
)
def test_a_second_reader_of_the_clock_is_caught(source: str) -> None:
    assert list(_clock_readers(parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        "scheduler.add_job(tick)\nscheduler.add_job(tick)",
        "scheduler.add_job(send_everything)",
        "scheduler.add_job(lambda: send_everything(clock.now()))",
        "@scheduler.scheduled_job('cron', hour=7)\ndef morning(): ...",
    ],
)
def test_a_second_entry_in_the_timetable_is_caught(source: str) -> None:
    assert list(_timetable_faults(parse("import apscheduler\n" + source)))


def _clock_readers(*some: Module) -> Iterator[str]:
    for module in some:
        if module.path == CLOCK:
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute):
                written = ast.unparse(node)
                if any(written == name or written.endswith("." + name) for name in READS_THE_CLOCK):
                    yield f"{module.path}:{node.lineno} reads the clock: {written}"
        for line, name in module.imports():
            if name in {"time.time", "time.time_ns", "time.localtime", "time.gmtime"}:
                yield f"{module.path}:{line} imports {name}"


def _uses_scheduler(module: Module) -> bool:
    return any(name.split(".")[0] == "apscheduler" for _line, name in module.imports())


def _name_of(job: ast.expr) -> str:
    """What a job calls; of a lambda, the one call that it consists of."""
    if isinstance(job, ast.Lambda) and isinstance(job.body, ast.Call):
        return ast.unparse(job.body.func)
    return ast.unparse(job)


def _timetable_faults(*some: Module) -> Iterator[str]:
    for module in some:
        if not _uses_scheduler(module):
            continue
        jobs = [call for _line, called, call in module.calls() if called.endswith(".add_job")]
        named = [_name_of(call.args[0]) if call.args else "nothing" for call in jobs]
        if len(jobs) != 1 or named[0].rpartition(".")[2] != "tick":
            yield f"{module.path} adds these jobs: {named}"
        for line, called, _call in module.calls():
            if called.endswith(".scheduled_job"):
                yield f"{module.path}:{line} decorates a job"
