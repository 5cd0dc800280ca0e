"""Uploaded memos that wait for a person to look them through. Nothing here commits."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from datetime import datetime
from pathlib import Path
from threading import Lock

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, defer
from sqlalchemy.orm.exc import StaleDataError

from tracker.audit.actions import record
from tracker.domain.errors import MoveRefused, StaleVersion
from tracker.domain.text import clean
from tracker.memos.importing.actions import check_year
from tracker.memos.importing.choices import Choices, from_json, to_json
from tracker.memos.models import MemoUpload
from tracker.memos.reading import Reading, Unreadable, read_bytes

_LONGEST_NAME = 255
_READINGS_KEPT = 3


def keep_upload(
    session: Session, *, plan_id: int, year: int, file_name: str, content: bytes, by: int, at: datetime
) -> MemoUpload:
    """Keep a memo that can be read; earlier uploads of the same person that were not confirmed are dropped.

    The same file handed over once more is the upload that waits already, with what was chosen of it, for the
    year that is given now.
    Raises InvalidInput on `year`, Unreadable with the sentence that says why the file cannot be read.
    """
    check_year(year)
    if not content:
        raise Unreadable("The file is empty.")
    name, sha256 = tidy_name(file_name), hashlib.sha256(content).hexdigest()
    readings.keep((sha256, Path(name).suffix.lower()), read_bytes(content, name=name))
    waiting = waiting_upload(session, plan_id, by)
    if waiting is not None and waiting.sha256 == sha256:
        waiting.file_name, waiting.year = name, year
        return waiting
    session.execute(
        delete(MemoUpload).where(
            MemoUpload.plan_id == plan_id,
            MemoUpload.uploaded_by_id == by,
            MemoUpload.confirmed_at.is_(None),
        )
    )
    upload = MemoUpload(
        plan_id=plan_id,
        year=year,
        file_name=name,
        content=content,
        sha256=sha256,
        uploaded_by_id=by,
        uploaded_at=at,
    )
    session.add(upload)
    session.flush()
    record(
        session,
        "memo_handed_over",
        "plan",
        plan_id,
        by=by,
        at=at,
        plan_id=plan_id,
        upload_id=upload.id,
        year=year,
        sha256=sha256,
    )
    return upload


def upload_of(session: Session, plan_id: int, upload_id: int) -> MemoUpload | None:
    """An upload of this plan, whoever of its secretariat made it, without its content."""
    found = (
        select(MemoUpload)
        .options(defer(MemoUpload.content))
        .where(MemoUpload.plan_id == plan_id, MemoUpload.id == upload_id)
    )
    return session.scalar(found)


def waiting_upload(session: Session, plan_id: int, person_id: int) -> MemoUpload | None:
    """The upload that a person has not confirmed yet, without its content."""
    found = (
        select(MemoUpload)
        .options(defer(MemoUpload.content, raiseload=True))
        .where(
            MemoUpload.plan_id == plan_id,
            MemoUpload.uploaded_by_id == person_id,
            MemoUpload.confirmed_at.is_(None),
        )
        .order_by(MemoUpload.id.desc())
        .limit(1)
    )
    return session.scalar(found)


def reading_of(upload: MemoUpload) -> Reading:
    """What the file says. It is read once and kept for the pages that follow: a large PDF takes seconds."""
    name = (upload.sha256, Path(upload.file_name).suffix.lower())
    found = readings.get(name)
    if found is None:
        found = read_bytes(upload.content, name=upload.file_name)
        readings.keep(name, found)
    return found


def choices_of(upload: MemoUpload) -> Choices:
    return from_json(upload.choices)


def keep_choices(session: Session, upload: MemoUpload, choices: Choices, *, version: int) -> bool:
    """Keep what was chosen from the page made from `version`. False when it says what is kept already.

    Raises StaleVersion when somebody has chosen otherwise since, MoveRefused when the memo is imported.
    """
    if upload.confirmed_at is not None:
        raise MoveRefused("This memo has been imported already.")
    if upload.version != version:
        raise StaleVersion()
    said = to_json(choices)
    if said == to_json(choices_of(upload)):
        return False
    upload.choices = said
    try:
        session.flush()
    except StaleDataError as error:
        raise StaleVersion() from error
    return True


def tidy_name(file_name: str) -> str:
    """The last part of the name a file came with, on one line; its ending is kept when it is too long."""
    name = " ".join(clean(file_name.replace("\\", "/").rsplit("/", 1)[-1]).split())
    if len(name) > _LONGEST_NAME:
        stem, dot, ending = name.rpartition(".")
        ending = dot + ending if stem and len(ending) <= 8 else ""
        name = name[: _LONGEST_NAME - len(ending)] + ending
    return name or "memo"


class _Readings:
    """The newest readings, by the digest of the file and the ending of its name."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Reading] = OrderedDict()
        self._lock = Lock()

    def get(self, name: tuple[str, str]) -> Reading | None:
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
            return self._kept.get(name)

    def keep(self, name: tuple[str, str], reading: Reading) -> None:
        with self._lock:
            self._kept[name] = reading
            self._kept.move_to_end(name)
            while len(self._kept) > _READINGS_KEPT:
                self._kept.popitem(last=False)


readings = _Readings()
