"""Who comes into a plan's rooms, and who does not even learn that they are there."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.support import make
from tests.support.client import StrictClient
from tracker.plans.models import MembershipRole

PAGES = ["/secretariat/here/rounds", "/secretariat/here/letters"]


@pytest.mark.parametrize("page", PAGES)
def test_a_visitor_is_asked_to_sign_in_and_led_back(client: StrictClient, app: Flask, page: str) -> None:
    with make.written(app) as session:
        make.plan(session, "here")
    answer = client.get(page)
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in?next=")
    assert client.get("/secretariat/nowhere/rounds").status_code == 303


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["stranger", "reader", "elsewhere"])
def test_nobody_but_the_secretariat_of_this_plan_finds_it(
    client: StrictClient, app: Flask, page: str, who: str
) -> None:
    with make.written(app) as session:
        here, elsewhere = make.plan(session, "here"), make.plan(session, "elsewhere")
        people = {
            "stranger": make.person(session),
            "reader": make.member(session, here, MembershipRole.reader),
            "elsewhere": make.member(session, elsewhere, MembershipRole.lead),
        }
        person_id = people[who].id
    make.sign_in(client, person_id)
    assert client.get(page).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_the_secretariat_comes_in(client: StrictClient, app: Flask, page: str) -> None:
    with make.written(app) as session:
        person_id = make.member(session, make.plan(session, "here")).id
    make.sign_in(client, person_id)
    assert client.get(page, follow_redirects=True).status_code == 200
