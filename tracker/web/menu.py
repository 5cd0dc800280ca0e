"""The main menu of whoever asks."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, request

from tracker.extensions import db
from tracker.plans import queries as plans
from tracker.web.addresses import url_for
from tracker.web.sentences import sentence as gettext
from tracker.web.viewer import rights, signed_in


@dataclass(frozen=True)
class MenuItem:
    text: str
    url: str
    current: bool


def menu() -> list[MenuItem]:
    """The pages a person has, each once; empty for somebody who is not signed in."""
    if signed_in() is None:
        return []
    mine = rights()
    items: list[tuple[str, str]] = []
    if mine.owns or mine.deputises:
        items.append((gettext("My initiatives"), url_for("owner.tasks")))
    if mine.coordinates:
        items.append((gettext("My administration"), url_for("coordinator.administrations")))
    if mine.secretariat_of:
        items += _secretariat()
    if mine.plans - mine.secretariat_of:
        items.append((gettext("Memos"), url_for("reader.memos")))
    if mine.administrator:
        items += [(gettext("People"), url_for("admin.people")), (gettext("Plans"), url_for("admin.plans"))]
        if not mine.plans - mine.secretariat_of:
            items.append((gettext("Memos"), url_for("reader.memos")))
    here = _here()
    current = max((url for _, url in items if _inside(here, url)), key=len, default=None)
    return [MenuItem(text, url, url == current) for text, url in items]


def _secretariat() -> list[tuple[str, str]]:
    plan = g.get("plan")
    if plan is None or plan.id not in rights().secretariat_of:
        slugs = [one.slug for one in plans.plans(db.session(), rights()) if one.id in rights().secretariat_of]
        if len(slugs) != 1:
            return [(gettext("Plans"), url_for("secretariat.plans"))]
        slug = slugs[0]
    else:
        slug = plan.slug
    return [
        (gettext("Round"), url_for("secretariat.rounds", plan=slug)),
        (gettext("Initiatives"), url_for("secretariat.initiatives", plan=slug)),
        (gettext("Deadlines"), url_for("secretariat.deadlines", plan=slug)),
        (gettext("Letters"), url_for("secretariat.letters", plan=slug)),
        (gettext("Memo"), url_for("secretariat.editions", plan=slug)),
    ]


# What a page of a plan belongs to, by the word of its address, where that is not what it begins with.
_ROOMS = {
    **dict.fromkeys(
        (
            "updates",
            "queue",
            "more-time",
            "ladders",
            "setup",
            "form-links",
            "people",
            "places",
            "changes",
            "export",
        ),
        "secretariat.rounds",
    ),
    **dict.fromkeys(("unfunded", "journal"), "secretariat.initiatives"),
    **dict.fromkeys(("slips", "calendar"), "secretariat.deadlines"),
    **dict.fromkeys(("memo", "memo-import"), "secretariat.editions"),
}
_OF_THE_MEMO = frozenset({"memo", "editions", "publishing", "evidence", "lock"})  # of a round's pages


def _here() -> str:
    """The address of the page, or of what it belongs to where its own address lies elsewhere."""
    parts = request.path.split("/")
    if parts[1:2] != ["secretariat"] or len(parts) < 4:
        return request.path
    endpoint = _ROOMS.get(parts[3])
    if parts[3] == "rounds" and _OF_THE_MEMO.intersection(parts[5:6]):
        endpoint = "secretariat.editions"
    return url_for(endpoint, plan=parts[2]) if endpoint else request.path


def _inside(here: str, url: str) -> bool:
    return here == url or here.startswith(url.rstrip("/") + "/")
