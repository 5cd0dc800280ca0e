"""What search engines are told: what they may read, and where it is."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape

from flask import Response

from tracker import clock
from tracker.extensions import db
from tracker.memos.publishing.history import printed_titles
from tracker.memos.publishing.plans import PublicPlan, public_plans
from tracker.web.public import kept
from tracker.web.public.addresses import absolute
from tracker.web.public.blueprint import blueprint

MOST = 50_000  # addresses that one file may hold


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Search engines may read what is published, and nothing else."""
    lines = ("User-agent: *", "Allow: /$", "Allow: /plans/", "Allow: /sitemap.xml", "Allow: /static/")
    text = "\n".join((*lines, "Disallow: /", "", f"Sitemap: {absolute('public.sitemap')}", ""))
    return kept.data("text/plain; charset=utf-8", text, text.encode)


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """The address of every public page."""
    plans = public_plans(db.session(), on=clock.today())
    key = tuple(one.fingerprint() for one in plans)
    return kept.data("application/xml; charset=utf-8", key, lambda: _sitemap(plans).encode())


def _sitemap(plans: list[PublicPlan]) -> str:
    every = [absolute("public.plan_list"), *(address for one in plans for address in _addresses(one))]
    lines = "".join(f"<url><loc>{escape(address)}</loc></url>\n" for address in every[:MOST])
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f'{head}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{lines}</urlset>\n'


def _addresses(public: PublicPlan) -> Iterator[str]:
    slug = public.plan.slug
    for endpoint in ("public.plan", "public.dates", "public.open_data"):
        yield absolute(endpoint, slug=slug)
    for year in public.years:
        yield absolute("public.plan", slug=slug, year=year)
        yield absolute("public.memo", slug=slug, year=year)
    for initiative_id in printed_titles(db.session(), public):
        yield absolute("public.initiative", slug=slug, initiative_id=initiative_id)
