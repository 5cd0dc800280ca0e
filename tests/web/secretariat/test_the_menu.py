"""The menu marks where one is, wherever the page's own address lies."""

from __future__ import annotations

import re

from tests.support import make
from tests.support.client import StrictClient
from tests.web.secretariat.conftest import OpenRound

PAGES = {
    "rounds/2026": "Round",
    "rounds/2026/findings": "Round",
    "updates/{update}": "Round",
    "ladders": "Round",
    "places": "Round",
    "setup": "Round",
    "initiatives": "Initiatives",
    "journal": "Initiatives",
    "deadlines": "Deadlines",
    "slips": "Deadlines",
    "letters": "Letters",
    "editions": "Memo",
    "memo-import": "Memo",
    "rounds/2026/memo": "Memo",
    "rounds/2026/evidence": "Memo",
}


def test_each_page_of_a_plan_is_marked_in_the_menu(client: StrictClient, opened: OpenRound) -> None:
    make.sign_in(client, opened.office.lead)
    marked = {}
    for page in PAGES:
        text = client.get(f"/secretariat/here/{page.format(update=opened.updates[0])}").text
        marked[page] = set(re.findall(r'aria-current="page"><span>([^<]+)</span></a>', text))
    assert marked == {page: {words} for page, words in PAGES.items()}
