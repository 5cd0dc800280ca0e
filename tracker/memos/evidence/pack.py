"""The evidence of a round as one ZIP for the case file, with a script that checks it offline.

It is written in pieces while it is read, and the same round gives the same bytes. Its own time is that of the
last thing that happened to the round.
"""

from __future__ import annotations

import csv
import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import escape
from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from tracker import clock
from tracker.audit.chain import BEFORE_THE_FIRST, instant
from tracker.audit.models import JournalEntry, JournalSeal
from tracker.deadlines.models import Deadline
from tracker.memos import wording
from tracker.memos.editions import editions_of, printed_edition
from tracker.memos.evidence.tables import OF_ROUNDS, Scope, scope_of, tables
from tracker.memos.files import FileKind, edition_file
from tracker.memos.letterhead import letterhead_of
from tracker.memos.models import Edition
from tracker.memos.writing import html_fragment
from tracker.plans.models import Plan
from tracker.plans.sheets.writing import Cell, harmless
from tracker.reminders.models import ReminderItem
from tracker.rounds.models import Contribution, Round, StatusUpdate

FORMAT = 1
VERIFIER = Path(__file__).with_name("verify.py")
_A_BATCH = 1_000
README = """Bevispakke for en runde / Evidence pack of a round

asked.csv          hvem der blev spurgt hvornår / who was asked, and when
answers.csv        hvem der svarede hvornår, og hver status' stand / who answered when, and each status
revisions.csv      hver afleveret tekst, rettelse og bemærkning / each text handed in, correction and remark
contributions.csv  hvilket udvalg der har behandlet hvad / which committee treated what
editions.csv       notatets udgaver med kontrolsummer / the memo's editions with their checksums
editions/          hver udgave som JSON, Word, PDF og HTML / each edition as JSON, Word, PDF and HTML
journal.jsonl      journalens poster om runden, med segl / the journal's entries of the round, with seals
manifest.json      kontrolsum af hver fil / the checksum of each file
verify.py          efterprøver pakken: python3 verify.py / checks the pack: python3 verify.py

Ingen tekst, som aldrig blev afleveret, er med. / No text is here that was never handed in.
Tider er i UTC. Tabellerne er UTF-8 med semikolon. / Times are UTC. The tables are UTF-8 with semicolons.
Et ' foran =, +, - eller @ hører ikke til teksten. / A ' before =, +, - or @ is no part of the text.
"""


def pack_name(plan: Plan, round_: Round) -> str:
    return f"evidence-{plan.slug}-{round_.year}.zip"


def evidence_pack(
    session: Session, plan: Plan, round_: Round, *, environment: Environment
) -> Iterator[bytes]:
    """The pack in pieces. `environment` renders the editions' HTML and must escape by itself."""
    moment = _moment(session, round_)
    return _zipped(_files(session, plan, round_, environment), _head(session, plan, round_, moment), moment)


_Pieces = Iterable[bytes]


def _files(
    session: Session, plan: Plan, round_: Round, environment: Environment
) -> Iterator[tuple[str, _Pieces]]:
    """Each file of the pack by name, its contents in pieces."""
    yield "README.txt", [README.encode()]
    yield "verify.py", [VERIFIER.read_bytes()]
    scope = scope_of(session, round_)
    editions = [(_stem(one), one) for one in reversed(editions_of(session, [round_.id]))]
    for table in tables(session, scope, editions):
        yield table.name, _csv(table.headers, table.rows)
    yield "journal.jsonl", _journal(session, round_, scope)
    for name, one in editions:
        edition = session.get_one(Edition, one.id, populate_existing=True)
        yield f"editions/{name}.json", [_json(edition.memo)]
        for kind in FileKind:
            data = edition_file(edition, plan, year=round_.year, kind=kind).data
            yield f"editions/{name}.{kind}", [data]
        yield f"editions/{name}.html", [_page(edition, plan, environment)]
        session.expire(edition, ["memo"])


def _stem(edition: Edition) -> str:
    of = f"-{edition.administration_id}" if edition.administration_id is not None else ""
    return f"{edition.kind}{of}-{edition.version}"


def _page(edition: Edition, plan: Plan, environment: Environment) -> bytes:
    """The edition as a page of its own, without style."""
    memo, notice = printed_edition(edition)
    on = clock.local_date(edition.created_at)
    foot = wording.edition(edition.version, on, edition.hash, edition.journal_head)
    fragment = html_fragment(memo, environment=environment, draft=notice, letterhead=letterhead_of(plan))
    page = (
        f'<!DOCTYPE html>\n<html lang="{escape(memo.language)}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(memo.title)}</title>\n</head>\n<body>\n<main>\n"
        f"{fragment}\n</main>\n<footer><p>{escape(foot)}</p></footer>\n"
        "</body>\n</html>\n"
    )
    return page.encode("utf-8", "replace")


def _csv(headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf"
    yield _line(headers)
    for row in rows:
        yield _line([harmless(cell) for cell in row])


def _line(row: Sequence[Cell]) -> bytes:
    out = StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(row)
    return out.getvalue().encode("utf-8", "replace")


def _json(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1)
    return f"{text}\n".encode("utf-8", "surrogatepass")


def _of_round(round_: Round) -> ColumnElement[bool]:
    """Which entries of the journal are about a round: itself, and what belongs to it, reminders included."""
    updates = select(StatusUpdate.id).where(StatusUpdate.round_id == round_.id)
    about = {
        "status_update": updates,
        "mail": select(ReminderItem.mail_id).where(
            ReminderItem.plan_id == round_.plan_id,
            ReminderItem.obligation_kind.in_(OF_ROUNDS),
            ReminderItem.obligation_id.in_(updates),
            ReminderItem.mail_id.is_not(None),
        ),
        "contribution": select(Contribution.id).where(Contribution.round_id == round_.id),
        "deadline": select(Deadline.id).where(Deadline.round_id == round_.id),
        "edition": select(Edition.id).where(Edition.round_id == round_.id),
    }
    return or_(
        and_(JournalEntry.object_kind == "round", JournalEntry.object_id == round_.id),
        *(
            and_(JournalEntry.object_kind == kind, JournalEntry.object_id.in_(ids))
            for kind, ids in about.items()
        ),
    )


def _journal(session: Session, round_: Round, scope: Scope) -> Iterator[bytes]:
    """The entries with their seals, in the order of the seals; what has none yet comes last.

    A seal follows from the one before it, which may be another plan's: that hash stands as `previous`.
    """
    before = aliased(JournalSeal)
    found = (
        select(JournalEntry, JournalSeal.sequence, JournalSeal.sealed_at, JournalSeal.hash, before.hash)
        .outerjoin(JournalSeal, JournalSeal.entry_id == JournalEntry.id)
        .outerjoin(before, before.sequence == JournalSeal.sequence - 1)
        .where(_of_round(round_))
        .order_by(JournalSeal.sequence.is_(None), JournalSeal.sequence, JournalEntry.id)
        .execution_options(yield_per=_A_BATCH)
    )
    for entry, sequence, sealed_at, hash_, previous in session.execute(found):
        content = {
            "id": entry.id,
            "at": instant(entry.at),
            "actor_id": entry.actor_id,
            "plan_id": entry.plan_id,
            "fact": entry.fact,
            "object_kind": entry.object_kind,
            "object_id": entry.object_id,
            "details": entry.details,
        }
        seal = None
        if sequence is not None:
            seal = {
                "sequence": sequence,
                "sealed_at": instant(sealed_at),
                "previous": previous or BEFORE_THE_FIRST,
                "hash": hash_,
            }
        line = {"entry": content, "seal": seal, "by": scope.name(entry.actor_id)}
        yield json.dumps(line, sort_keys=True, ensure_ascii=True).encode() + b"\n"


def _moment(session: Session, round_: Round) -> datetime:
    """When something last happened to the round."""
    last = session.scalar(select(func.max(JournalEntry.at)).where(_of_round(round_)))
    return max(one for one in (last, round_.locked_at, round_.opened_at) if one is not None)


def _head(session: Session, plan: Plan, round_: Round, moment: datetime) -> dict[str, Any]:
    """What the manifest says before the files."""
    return {
        "format": FORMAT,
        "plan": plan.slug,
        "plan_name": plan.name,
        "authority": plan.authority,
        "year": round_.year,
        "state": round_.state.value,
        "opened_at": instant(round_.opened_at),
        "due_on": round_.due_on.isoformat() if round_.due_on else None,
        "locked_at": instant(round_.locked_at) if round_.locked_at else None,
        "publish_on": round_.publish_on.isoformat() if round_.publish_on else None,
        "case_number": round_.case_number,
        "as_of": instant(moment),
    }


class _Pipe:
    """What a ZIP is written to: it cannot go back, and gives away what has gathered."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass

    def take(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def _zipped(files: Iterable[tuple[str, _Pieces]], head: dict[str, Any], moment: datetime) -> Iterator[bytes]:
    """The files as a ZIP, with their sizes and checksums in the manifest, which comes last."""
    pipe, listed = _Pipe(), {}
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, pieces in files:
            size, digest = 0, hashlib.sha256()
            with pack.open(_entry(name, moment), "w", force_zip64=True) as entry:
                for piece in pieces:
                    entry.write(piece)
                    size += len(piece)
                    digest.update(piece)
                    yield pipe.take()
            listed[name] = {"size": size, "sha256": digest.hexdigest()}
        manifest = _json(head | {"files": listed})
        total = f"{hashlib.sha256(manifest).hexdigest()}  manifest.json\n".encode()
        for name, data in (("manifest.json", manifest), ("manifest.sha256", total)):
            pack.writestr(_entry(name, moment), data)
        yield pipe.take()
    yield pipe.take()


def _entry(name: str, moment: datetime) -> zipfile.ZipInfo:
    at = moment.astimezone(UTC)
    entry = zipfile.ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second // 2 * 2))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    entry.create_system = 3
    return entry
