"""What was found, each hit with the page that this person has for it."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.domain.text import parse
from tracker.domain.words import Piece, snippet
from tracker.extensions import db
from tracker.rounds.searching import A_PAGE, LONGEST_QUERY, Hit, HitKind, search
from tracker.web import reads
from tracker.web.searching.blueprint import blueprint
from tracker.web.viewer import rights

LAST_PAGE = 500
_HEADS = {"heading": "{}:", "bullet": "· {}", "number": "· {}"}


@blueprint.get("/search")
def results() -> ResponseReturnValue:
    """Titles, people and texts that fit the words of `q`; `page` is the number of the page."""
    query = " ".join(request.args.get("q", "")[:LONGEST_QUERY].split())
    page = _page()
    found = search(db.session(), rights(), query, on=clock.today(), page=page)
    pages = -(-found.total // A_PAGE)
    for hit in found.hits:
        if hit.kind is HitKind.status and hit.initiative_id is not None:
            reads.note_words_read(hit.id, hit.state, initiative_id=hit.initiative_id, plan_id=hit.plan_id)
    return render_template(
        "searching/results.html",
        query=query,
        found=found,
        page=page,
        pages=pages,
        several_plans=len(rights().plans) > 1,
        hits=[(hit, _address(hit), _pieces(hit, found.words)) for hit in found.hits],
        page_url=lambda number: url_for("searching.results", q=query, page=number),
    )


def _page() -> int:
    typed = request.args.get("page", "")
    return min(int(typed), LAST_PAGE) or 1 if typed.isascii() and typed.isdigit() and len(typed) < 5 else 1


def _pieces(hit: Hit, words: tuple[str, ...]) -> tuple[Piece, ...]:
    """What stands around the words; of an initiative that was found by its title, the title says it."""
    is_status = hit.kind is HitKind.status
    pieces = snippet(_in_a_row(hit.text) if is_status else hit.text, words) if hit.text.strip() else ()
    return pieces if is_status or any(one.found for one in pieces) else ()


def _in_a_row(text: str) -> str:
    """A status without the signs of the editing form: a colon ends a heading, a dot begins a point."""
    parsed = parse(text)
    said = [_HEADS.get(block.kind, "{}").format(block.text) for block in parsed.blocks]
    return " ".join([*said, *(one.text for one in parsed.footnotes)])


def _address(hit: Hit) -> str:
    """The page of a hit for whoever asks; empty where there is none."""
    office = hit.plan_id in rights().secretariat_of
    match hit.kind:
        case HitKind.person if office:
            return url_for("secretariat.person_letters", plan=hit.plan_slug, person_id=hit.id)
        case HitKind.person:
            return url_for("owner.initiative", initiative_id=hit.initiative_id) if hit.initiative_id else ""
        case HitKind.status if hit.mine:
            if office:
                return url_for("secretariat.update", plan=hit.plan_slug, update_id=hit.id)
            return url_for("owner.update", update_id=hit.id)
        case HitKind.initiative if hit.mine:
            if office:
                return url_for("secretariat.initiative", plan=hit.plan_slug, initiative_id=hit.initiative_id)
            return url_for("owner.initiative", initiative_id=hit.initiative_id)
    return url_for("public.initiative", slug=hit.plan_slug, initiative_id=hit.initiative_id)
