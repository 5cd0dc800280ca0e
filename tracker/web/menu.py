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
    current = max((url for _, url in items if _inside(url)), key=len, default=None)
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


def _inside(url: str) -> bool:
    return request.path == url or request.path.startswith(url.rstrip("/") + "/")
