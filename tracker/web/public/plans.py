"""A plan for the public: what its locked rounds have said from the day of publishing on, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.extensions import db
from tracker.memos.editions import memo_of_edition
from tracker.memos.files import FileKind, edition_file
from tracker.memos.letterhead import letterhead_of
from tracker.memos.publishing import history as published_history
from tracker.memos.publishing import plans as public_plans
from tracker.memos.publishing.locked import PublishedPart, PublishedRound, parts_of
from tracker.memos.publishing.plans import PublicEdition, PublicPlan, counts_by_year, public_round
from tracker.memos.writing import memo_view
from tracker.web.memo_files import KINDS, public_download
from tracker.web.public import kept
from tracker.web.public.addresses import absolute
from tracker.web.public.blueprint import blueprint


@dataclass(frozen=True)
class Filter:
    """What of a round is asked for; "" for everything. `state` is a standing, `administration` a name."""

    administration: str = ""
    state: str = ""

    @property
    def narrows(self) -> bool:
        return bool(self.administration or self.state)

    def of(self, round_: PublishedRound) -> list[PublishedPart]:
        """The parts with the rows that are asked for; none that has no such row."""
        return parts_of(
            one
            for one in round_.statuses
            if self.administration in {"", one.administration} and self.state in {"", one.standing}
        )


@blueprint.get("/plans/<slug>", defaults={"year": None})
@blueprint.get("/plans/<slug>/<int:year>")
def plan(slug: str, year: int | None) -> ResponseReturnValue:
    """The statuses of a public round by administration; without a year, those of the newest.

    `?year=`, `?administration=` and `?state=` choose among them, together or alone.
    """
    found = asked_plan(slug)
    edition = asked_edition(found, year)
    asked = Filter(request.args.get("administration", "")[:200], request.args.get("state", "")[:30])
    key = (found.fingerprint(), edition.year, asked)
    return kept.page(key, lambda: _plan_page(found, edition, asked))


def _plan_page(found: PublicPlan, edition: PublicEdition, asked: Filter) -> str:
    session = db.session()
    round_ = public_round(session, edition)
    return render_template(
        "public/plan.html",
        plan=found.plan,
        round=round_,
        years=found.years,
        asked=asked,
        parts=asked.of(round_) if asked.narrows else round_.parts,
        by_year=counts_by_year(session, found) if len(found.years) > 1 else {},
        canonical=absolute("public.plan", slug=found.plan.slug, year=edition.year),
    )


@blueprint.get("/plans/<slug>/initiatives/<int:initiative_id>")
def initiative(slug: str, initiative_id: int) -> ResponseReturnValue:
    """What the public rounds have said of one initiative, and the facts about it."""
    found, session = asked_plan(slug), db.session()
    one = published_history.published_initiative(session, found.plan.id, initiative_id)
    if one is None:
        abort(404)
    mergers = published_history.mergers_of(session, found, one.id)

    def make() -> str:
        history = published_history.history_of(session, found, initiative_id, mergers)
        if history is None:
            abort(404)
        address = absolute("public.initiative", slug=slug, initiative_id=initiative_id)
        return render_template(
            "public/initiative.html", plan=found.plan, initiative=one, history=history, canonical=address
        )

    committee = one.deciding_committee.name if one.deciding_committee else ""
    key = (found.fingerprint(), one.id, one.version, committee, mergers)
    return kept.page(key, make)


@blueprint.get("/plans/<slug>/<int:year>/memo")
def memo(slug: str, year: int) -> ResponseReturnValue:
    """The newest final edition of a year as a page."""
    found = asked_plan(slug)
    public = asked_edition(found, year)
    letterhead = letterhead_of(found.plan)

    def make() -> str:
        edition = public_plans.edition_of(db.session(), public)
        return render_template(
            "public/memo.html",
            plan=found.plan,
            year=year,
            edition=edition,
            view=memo_view(memo_of_edition(edition), letterhead=letterhead),
            canonical=absolute("public.memo", slug=slug, year=year),
        )

    return kept.page((found.fingerprint(), year, letterhead), make)


@blueprint.get(f"/plans/<slug>/<int:year>/memo/{KINDS}")
def memo_download(slug: str, year: int, kind: str) -> ResponseReturnValue:
    """The newest final edition of a year as a file."""
    found = asked_plan(slug)
    public = asked_edition(found, year)
    key = (found.fingerprint(), public, kind, letterhead_of(found.plan))
    known = kept.unchanged(key)
    if known is not None:
        return known
    edition = public_plans.edition_of(db.session(), public)
    file = edition_file(edition, found.plan, year=year, kind=FileKind(kind))
    return kept.named(public_download(file), key)


def asked_plan(slug: str) -> PublicPlan:
    """The plan of the address, if something of it is public today; 404 otherwise."""
    found = public_plans.public_plan(db.session(), slug, on=clock.today())
    if found is None:
        abort(404)
    return found


def asked_edition(found: PublicPlan, year: int | None) -> PublicEdition:
    """The public edition of the year in the address or its query; 404 where there is none."""
    asked = request.args.get("year", "") if year is None else ""
    if asked:
        year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else -1
    edition = found.of(year)
    if edition is None:
        abort(404)
    return edition
