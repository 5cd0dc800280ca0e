"""The memo as files: a draft as it stands, or a locked edition, which gives the same bytes every time."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from tracker import clock
from tracker.domain.memo import Memo
from tracker.memos import wording
from tracker.memos.building import Draft
from tracker.memos.editions import printed_edition
from tracker.memos.letterhead import letterhead_of
from tracker.memos.models import Edition, EditionKind
from tracker.memos.writing import DraftNotice, FrontNotice, Letterhead, write_docx, write_pdf
from tracker.plans.models import Plan

_PARTS = {EditionKind.committee: "-udvalg", EditionKind.consolidated: "-samlet", EditionKind.final: ""}
_SPELT = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
_LONGEST = 60  # characters of an administration's name in the name of a file
_KEPT = 16  # files of locked editions held in memory: whoever asks again must not cost a second's work


class FileKind(StrEnum):
    docx = "docx"
    pdf = "pdf"

    @property
    def media_type(self) -> str:
        if self is FileKind.pdf:
            return "application/pdf"
        return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class MemoFile:
    """A file to hand over. `name` is ASCII; `digest` is the SHA-256 of the bytes."""

    name: str
    kind: FileKind
    data: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def draft_notice(draft: Draft) -> DraftNotice:
    """What the front of a draft says: each row that lacks approval."""
    return DraftNotice(
        tuple(wording.lacking(one.number, one.title, one.administration, one.state) for one in draft.missing)
    )


def draft_file(draft: Draft, plan: Plan, *, year: int, kind: FileKind, at: datetime) -> MemoFile:
    """The memo as it stands, marked as a draft on every page."""
    data = _write(
        draft.memo,
        kind,
        letterhead=letterhead_of(plan),
        created=at,
        draft=draft_notice(draft),
        colophon=wording.made_at(at.astimezone(clock.ZONE)),
    )
    return MemoFile(f"{_stem(plan, year)}-kladde.{kind}", kind, data)


def edition_file(edition: Edition, plan: Plan, *, year: int, kind: FileKind) -> MemoFile:
    """A frozen edition. Its date is the day it was frozen, so that the bytes stay the same."""
    on = clock.local_date(edition.created_at)
    colophon = wording.edition(edition.version, on, edition.hash, edition.journal_head)
    memo, notice = printed_edition(edition)
    data = _edition_data(memo, kind, letterhead_of(plan), edition.created_at, notice, colophon)
    version = f"-udgave-{edition.version}" if edition.version > 1 else ""
    part = _PARTS[edition.kind]
    if edition.kind is EditionKind.committee:
        part += f"-{_ascii(memo.sections[0].name)}"
    return MemoFile(f"{_stem(plan, year)}{part}{version}.{kind}", kind, data)


def _ascii(name: str) -> str:
    """A name as part of a file's name."""
    spelt = name.lower().translate(_SPELT)
    plain = unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST]


def _stem(plan: Plan, year: int) -> str:
    return f"status-{plan.slug}-{year}"


@lru_cache(maxsize=_KEPT)
def _edition_data(
    memo: Memo,
    kind: FileKind,
    letterhead: Letterhead,
    created: datetime,
    notice: FrontNotice | None,
    colophon: str,
) -> bytes:
    return _write(memo, kind, letterhead=letterhead, created=created, draft=notice, colophon=colophon)


def _write(
    memo: Memo,
    kind: FileKind,
    *,
    letterhead: Letterhead,
    created: datetime,
    draft: FrontNotice | None,
    colophon: str,
) -> bytes:
    write = write_pdf if kind is FileKind.pdf else write_docx
    return write(memo, letterhead=letterhead, created=created, draft=draft, colophon=colophon)
