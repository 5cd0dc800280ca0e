"""An owner takes back what was submitted, in the version that stood on the page, and sees what was mended."""

from __future__ import annotations

from flask import Flask

from tests.support.client import StrictClient
from tests.support.forms import fill
from tests.web.owner.conftest import Place, browser_of, update_now
from tracker.domain.workflow import State

FILLED = {"outcome": "reported", "progress": "started", "text": "It was hled twice."}


def test_a_text_that_was_mended_meanwhile_is_shown_before_it_is_taken_back(
    owner: StrictClient, app: Flask, place: Place
) -> None:
    owner.submit(place.form, FILLED, button="Submit")
    page = owner.get(place.form).text
    assert "has changed something" not in page
    old = fill(page, place.form, {}, button="Withdraw and go on writing")
    secretary = browser_of(app, place.secretary)
    plan = secretary.get("/secretariat/", follow_redirects=True, page=False).request.path.split("/")[2]
    secretary.submit(f"/secretariat/{plan}/updates/{place.update}/mend", {"text": "It was held twice."})

    late = owner.post(old.action, data=old.values)
    assert late.status_code == 409
    assert "Somebody else has changed this since you opened it." in late.text
    assert "The secretariat has changed something in the text" in late.text
    assert f'href="{place.form}/changes"' in late.text
    assert "It was held twice." in late.text
    assert update_now(app, place).state is State.submitted

    owner.submit(place.form, button="Withdraw and go on writing")
    assert (update_now(app, place).state, update_now(app, place).text) == (State.draft, "It was held twice.")


def test_what_is_being_read_is_not_taken_back(owner: StrictClient, app: Flask, place: Place) -> None:
    owner.submit(place.form, FILLED, button="Submit")
    old = fill(owner.get(place.form).text, place.form, {}, button="Withdraw and go on writing")
    secretary = browser_of(app, place.secretary)
    plan = secretary.get("/secretariat/", follow_redirects=True, page=False).request.path.split("/")[2]
    secretary.submit(f"/secretariat/{plan}/updates/{place.update}", button="Take it for reading")
    late = owner.post(old.action, data=old.values)
    assert late.status_code == 409
    assert "The secretariat is reading the status." in late.text
    assert "Withdraw and go on writing" not in late.text
