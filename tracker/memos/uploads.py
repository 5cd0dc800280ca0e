"""Uploaded memos that wait for a person to look them through. Nothing here commits."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, defer

from tracker.domain.text import clean
from tracker.memos.importing import check_year
from tracker.memos.models import MemoUpload
from tracker.memos.reading import Unreadable, read_bytes

_LONGEST_NAME = 255


def keep_upload(
    session: Session, *, plan_id: int, year: int, file_name: str, content: bytes, by: int, at: datetime
) -> MemoUpload:
    """Keep a memo that can be read; earlier uploads of the same person that were not confirmed are dropped.

    Raises InvalidInput on `year`, Unreadable with the sentence that says why the file cannot be read.
    """
    check_year(year)
    if not content:
        raise Unreadable("The file is empty.")
    name = tidy_name(file_name)
    read_bytes(content, name=name)
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
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by_id=by,
        uploaded_at=at,
    )
    session.add(upload)
    session.flush()
    return upload


def upload_of(session: Session, plan_id: int, upload_id: int) -> MemoUpload | None:
    """An upload of this plan, whoever of its secretariat made it."""
    return session.scalar(select(MemoUpload).where(MemoUpload.plan_id == plan_id, MemoUpload.id == upload_id))


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


def tidy_name(file_name: str) -> str:
    """The last part of the name a file came with, on one line; its ending is kept when it is too long."""
    name = " ".join(clean(file_name.replace("\\", "/").rsplit("/", 1)[-1]).split())
    if len(name) > _LONGEST_NAME:
        stem, dot, ending = name.rpartition(".")
        ending = dot + ending if stem and len(ending) <= 8 else ""
        name = name[: _LONGEST_NAME - len(ending)] + ending
    return name or "memo"
