"""Hostile input about people, rights and signing in: each row of the list of attacks has its proof.

`ROWS` names for each row the tests that prove it, here and elsewhere; a row without one, or one that names a
test that is not there, fails.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.support import make
from tests.support.client import StrictClient
from tests.support.source import ROOT
from tests.web.test_rights import contents
from tests.web.world import CANARY, Browser, World, build
from tracker import clock
from tracker.accounts import actions as accounts
from tracker.accounts.models import Person, SignInSession
from tracker.audit.models import AccessEntry
from tracker.deadlines import feeds
from tracker.domain.reminders import Place
from tracker.domain.workflow import State
from tracker.extensions import db
from tracker.mail.letters import LetterContext, kind_named
from tracker.mail.models import Mail
from tracker.plans.models import Initiative
from tracker.plans.placing import place_person
from tracker.rounds.models import StatusUpdate
from tracker.statuses import form_links

HERE = "tests/web/test_hostile_input.py"
TWO = "tests/web/owner/test_two_write_at_once.py"
SIGN_IN = "tests/web/account/test_signing_in.py"
PASSWORDS = "tests/accounts/test_passwords.py"
WORK = "tests/web/account/test_work_accounts.py"
RIGHTS = "tests/web/test_rights.py"
LETTERS = "tests/web/account/test_sign_in_letters.py"
LINKS = "tests/web/form_links/test_forms_without_an_account.py"
ENDS = "tests/web/account/test_when_a_session_ends.py"
AT_ONCE = "tests/web/test_moves_at_once.py"
FOUR = "tests/web/account/test_limits_in_four_processes.py"
REQUESTS = "tests/web/test_requests.py"
COUNTED = "tests/web/account/test_who_is_counted.py"

ROWS: dict[int, list[str]] = {
    12: [f"{HERE}::test_row_12_what_is_no_form_is_refused_and_leaves_what_was_kept"],
    13: [
        f"{RIGHTS}::test_a_number_that_no_row_can_have_is_no_page",
        f"{RIGHTS}::test_what_is_not_of_the_plan_looks_like_what_is_not_there",
        f"{HERE}::test_row_13_what_is_anothers_and_what_is_missing_have_the_same_body",
    ],
    14: [
        f"{HERE}::test_row_14_anothers_draft_is_not_there_by_any_way_and_the_attempt_is_noted",
        "tests/web/owner/test_who_read_a_draft.py::test_a_stranger_who_asks_for_it_is_noted_and_learns_nothing",
        f"{LINKS}::test_the_forms_of_others_are_not_there",
    ],
    15: [
        f"{HERE}::test_row_15_what_a_form_does_not_have_cannot_be_set_with_it",
        "tests/web/owner/test_write_a_status.py::test_another_state_cannot_be_smuggled_in",
    ],
    16: [
        "tests/web/test_four_eyes.py::test_whoever_submitted_neither_approves_nor_takes_nor_returns",
        "tests/web/test_four_eyes.py::test_a_deputy_approves_what_the_owner_submitted_only_as_the_secretariat",
        "tests/web/test_four_eyes.py::test_an_old_version_is_not_approved",
        "tests/web/test_four_eyes.py::test_no_state_is_skipped",
        f"{LINKS}::test_approval_needs_somebody_else_than_the_person_of_the_link",
    ],
    17: [
        "tests/web/test_at_once.py::test_submitted_eight_times_is_one_status_and_one_letter_each",
        "tests/web/test_at_once.py::test_of_an_approval_and_a_return_one_is_done",
        "tests/web/test_four_eyes.py::test_twenty_that_submit_at_once_are_one_status_and_one_letter_each",
        f"{AT_ONCE}::test_a_status_that_is_waived_while_it_is_submitted_is_waived_and_its_text_is_kept",
        f"{AT_ONCE}::test_of_a_lock_and_a_reopening_one_is_done",
    ],
    18: [
        f"{HERE}::test_row_18_who_may_not_write_any_more_gets_the_typed_text_back",
        "tests/web/owner/test_name_a_deputy.py::test_a_deputy_of_last_week_does_not_see_the_form_any_more",
        f"{TWO}::test_whoever_lost_the_place_meanwhile_gets_the_text_back_and_changes_nothing",
    ],
    19: [
        f"{RIGHTS}::test_a_form_without_its_token_does_nothing_for_anybody",
        f"{RIGHTS}::test_everybody_sees_what_the_table_says_and_looking_changes_nothing",
        f"{HERE}::test_row_19_a_forged_form_changes_nothing",
        f"{REQUESTS}::test_what_another_site_sends_is_not_shown_as_typed_here",
        f"{REQUESTS}::test_the_cookie_is_kept_from_scripts_and_other_sites",
        f"{REQUESTS}::test_behind_tls_the_cookie_is_bound_to_this_host",
    ],
    20: [
        f"{REQUESTS}::test_a_name_that_is_not_ours_is_refused",
        f"{HERE}::test_row_20_another_host_is_refused_and_letters_carry_the_configured_address",
    ],
    21: [
        "tests/web/account/test_signing_in.py::test_signing_in_never_leads_elsewhere",
        f"{REQUESTS}::test_a_way_back_never_leads_away",
        f"{HERE}::test_row_21_a_sign_in_letter_never_leads_elsewhere",
    ],
    22: [
        f"{HERE}::test_row_22_no_page_is_shown_in_a_frame",
        f"{LETTERS}::test_signing_in_gives_the_browser_a_session_of_its_own",
        f"{REQUESTS}::test_signing_in_leaves_nothing_of_the_session_that_was_there",
        "tests/web/account/test_signing_in.py::test_a_cookie_from_before_signing_out_opens_nothing",
        f"{ENDS}::test_at_once_when_the_person",
        f"{ENDS}::test_a_cookie_that_is_far_too_long_signs_nobody_in_and_breaks_nothing",
        f"{ENDS}::test_a_cookie_with_the_token_of_something_else_signs_nobody_in",
        f"{ENDS}::test_after_twelve_hours_however_busy",
        f"{LETTERS}::test_another_purposes_token_signs_nobody_in",
    ],
    23: [
        f"{LETTERS}::test_looking_at_the_link_uses_nothing_up",
        f"{HERE}::test_row_23_a_browser_with_scripts_that_presses_the_button_elsewhere_uses_nothing_up",
        f"{LETTERS}::test_every_link_that_does_not_work_is_refused_with_one_text",
        f"{LINKS}::test_a_mail_scanner_that_looks_changes_nothing",
        f"{LINKS}::test_a_button_pressed_on_an_untouched_form_changes_nothing",
        f"{LINKS}::test_a_browser_that_presses_every_button_changes_nothing",
    ],
    24: [
        f"{LETTERS}::test_nobody_learns_which_addresses_there_are",
        f"{LETTERS}::test_a_known_address_takes_no_longer_than_an_unknown_one",
        f"{SIGN_IN}::test_a_wrong_password_and_an_unknown_address_get_the_same_answer",
        f"{SIGN_IN}::test_an_unknown_address_costs_the_service_what_a_wrong_password_costs",
        f"{PASSWORDS}::test_guessing_at_an_unknown_account_costs_what_a_known_one_costs",
    ],
    25: [
        f"{LETTERS}::test_a_flood_of_requests_costs_three_letters_an_address_and_locks_nobody_out",
        f"{FOUR}::test_twenty_requests_at_once_are_three_letters",
        f"{FOUR}::test_twenty_wrong_passwords_at_once_are_ten_and_close_one_account",
        f"{COUNTED}::test_whoever_has_a_whole_ipv6_network_has_one_count",
        f"{COUNTED}::test_behind_a_proxy_a_flood_shuts_nobody_else_out",
        f"{COUNTED}::test_what_whoever_asks_wrote_into_the_header_is_never_read",
    ],
    26: [
        "tests/web/public/test_feeds.py::test_addresses_that_answer_nobody_all_look_alike",
        "tests/web/public/test_feeds.py::test_the_table_alone_gives_no_address_away",
        f"{REQUESTS}::test_the_access_log_shows_no_link_and_stays_on_its_line",
        f"{LINKS}::test_nobody_is_told_the_address_and_nobody_keeps_a_copy",
        f"{FOUR}::test_no_link_of_a_letter_stands_in_the_log",
        "tests/web/form_links/test_links_in_letters.py::test_neither_the_tables_nor_the_secretariat_have_the_link",
    ],
    34: [
        "tests/test_settings.py::test_every_bad_setting_is_named_in_one_message",
        "tests/test_settings.py::test_a_value_that_would_hurt_is_refused",
        "tests/test_settings.py::test_a_secret_in_a_file_that_everybody_may_read_stops_the_service",
        "tests/test_settings.py::test_a_settings_file_with_the_secret_key_is_for_the_service_alone",
        f"{REQUESTS}::test_a_demonstration_never_answers_to_the_world",
    ],
    35: [
        f"{WORK}::test_an_answer_that_is_not_right_signs_nobody_in_and_stores_nothing",
        f"{WORK}::test_another_issuer_with_the_same_subject_is_somebody_else",
        f"{WORK}::test_an_address_that_only_looks_like_somebodys_is_nobodys",
        f"{WORK}::test_a_code_is_handed_to_nobody_whom_the_provider_points_at",
        "tests/web/account/test_work_accounts.py::test_the_answer_of_another_browser_signs_nobody_in",
    ],
    39: [f"{HERE}::test_row_39_the_tables_hold_nothing_that_opens_anything"],
    40: [f"{HERE}::test_row_40_a_reader_learns_nothing_of_drafts_from_any_answer"],
    42: [
        "tests/web/secretariat/test_meetings.py::test_what_cannot_be_is_said_at_its_field",
        "tests/web/secretariat/test_deadlines.py::test_what_cannot_be_is_said_at_its_field_and_nothing_is_lost",
        "tests/web/secretariat/test_opening_a_round.py::test_a_date_that_has_passed_is_refused_and_nothing_typed_is_lost",
    ],
}  # fmt: skip
EXPECTED = [*range(12, 27), 34, 35, 39, 40, 42]


@cache
def _tests_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return frozenset(one.name for one in tree.body if isinstance(one, ast.FunctionDef))


@pytest.mark.parametrize("row", EXPECTED)
def test_every_row_has_its_proof(row: int) -> None:
    assert ROWS.get(row), f"row {row} has no test"
    missing = [
        node for node in ROWS[row] if node.partition("::")[2] not in _tests_in(node.partition("::")[0])
    ]
    assert not missing, f"row {row} names tests that are not there"


def test_every_test_of_a_row_is_named_in_the_list() -> None:
    named = {node.partition("::")[2] for nodes in ROWS.values() for node in nodes}
    mine = {name for name in _tests_in(HERE) if name.startswith("test_row_")}
    assert mine <= named


@pytest.fixture
def world(app: Flask) -> World:
    with make.written(app) as session:
        return build(session)


def _body(answer: TestResponse, *addresses: str) -> str:
    """What an answer says, without what the address itself contributes."""
    text = re.sub(r'value="[^"]{40,}"', "", answer.text)
    for address in addresses:
        text = text.replace(address, "")
    return text


PAGES = {
    "form": ("owner", "/my/updates/{update_id}", "update_id"),
    "initiative": ("owner", "/my/initiatives/{initiative_id}", "initiative_id"),
    "link of a letter": ("owner", "/updates/{update_id}", "update_id"),
    "status": ("secretariat", "/secretariat/here/updates/{update_id}", "update_id"),
    "letter": ("secretariat", "/secretariat/here/letters/{mail_id}", "mail_id"),
    "administration": ("coordinator", "/administrations/{administration_id}", "administration_id"),
}


@pytest.mark.parametrize("page", PAGES)
def test_row_13_what_is_anothers_and_what_is_missing_have_the_same_body(
    app: Flask, world: World, page: str
) -> None:
    who, pattern, name = PAGES[page]
    browser = Browser(app, world.people[who])
    there, missing = pattern.format(**world.there), pattern.format(**{name: 987_654})
    answers = [browser.get(there), browser.get(missing)]
    assert [one.status_code for one in answers] == [404, 404]
    assert _body(answers[0], there) == _body(answers[1], missing)


def test_row_14_anothers_draft_is_not_there_by_any_way_and_the_attempt_is_noted(
    app: Flask, world: World
) -> None:
    stranger = Browser(app, world.people["other_owner"])
    form = f"/my/updates/{world.here['update_id']}"
    ways: list[Callable[[], TestResponse]] = [
        lambda: stranger.get(form),
        lambda: stranger.post(form, action="save", text="mine", version="1"),
        lambda: stranger.post(f"{form}/autosave", text="mine", version="1"),
        lambda: stranger.post(f"{form}/withdraw"),
        lambda: stranger.get(f"/updates/{world.here['update_id']}"),
    ]
    before = contents(app)
    for way in ways:
        answer = way()
        assert answer.status_code == 404
        assert CANARY not in answer.text
    after = contents(app)
    assert {table for table in after if after[table] != before[table]} <= {"access_log"}
    with make.written(app) as session:
        me = feeds.Subject(person_id=world.people["other_owner"])
        secret = app.config["SECRET_KEY"].encode()
        feeds.make_feed(session, me, secret=secret, by=None, at=clock.now())
        token = feeds.token_of(session, me, secret=secret)
        noted = session.scalars(select(AccessEntry.fact)).all()
    assert set(noted) == {"refused"}
    feed = stranger.get(f"/calendar/{token}.ics").text
    assert "Courses" not in feed
    assert CANARY not in feed


MASS = {
    "state": "approved",
    "approved_by_id": "1",
    "approved_at": "2026-01-01",
    "submitted_by_id": "1",
    "plan_id": "2",
    "round_id": "1",
    "initiative_id": "2",
    "owner_id": "1",
    "role": "lead",
    "remark": "mine",
    "number": "1",
    "is_administrator": "y",
    "email": "evil@example.com",
}


@pytest.mark.parametrize("path", ["/my/updates/{update_id}", "/account/language", "/account/absence/end"])
def test_row_15_what_a_form_does_not_have_cannot_be_set_with_it(app: Flask, world: World, path: str) -> None:
    owner = Browser(app, world.people["owner"])
    with make.written(app) as session:
        session.get_one(StatusUpdate, world.here["update_id"]).state = State.draft
    with app.app_context():
        before = db.session.get_one(StatusUpdate, world.here["update_id"])
        made = before.version
    answer = owner.post(
        path.format(**world.here), action="save", text="Mine.", version=str(made), language="en",
        outcome="reported", progress="started", **MASS,
    )  # fmt: skip
    assert answer.status_code == 303
    with app.app_context():
        after = db.session.get_one(StatusUpdate, world.here["update_id"])
        assert (after.text == "Mine.") is ("updates" in path)
        for name in ("state", "approved_by_id", "approved_at", "submitted_by_id", "round_id", "initiative_id",
                     "remark", "number"):  # fmt: skip
            assert getattr(after, name) == getattr(before, name), name
        person = db.session.get_one(Person, world.people["owner"])
        assert not person.is_administrator
        assert person.email != "evil@example.com"


def _hand_over(app: Flask, world: World) -> None:
    with make.written(app) as session:
        mine = session.get_one(Initiative, world.here["initiative_id"])
        place_person(
            session,
            session.get_one(Person, world.people["other_owner"]),
            place=Place.owner,
            plan_id=mine.plan_id,
            initiative=mine,
            from_on=clock.today(),
            by=None,
            at=clock.now(),
        )


def _deactivate(app: Flask, world: World) -> None:
    with make.written(app) as session:
        person = session.get_one(Person, world.people["owner"])
        accounts.deactivate(session, person, by=person.id, at=clock.now())


@pytest.mark.parametrize("happens", [_hand_over, _deactivate])
def test_row_18_who_may_not_write_any_more_gets_the_typed_text_back(
    app: Flask, world: World, happens: Callable[[Flask, World], None]
) -> None:
    tab = Browser(app, world.people["owner"])
    form = f"/my/updates/{world.here['update_id']}"
    assert tab.get(form).status_code == 200
    happens(app, world)
    before = contents(app)
    answer = tab.post(form, action="submit", text="Typed for an hour.", version="1")
    assert answer.status_code in {401, 404}
    assert "Typed for an hour." in answer.text
    assert contents(app) == before
    assert tab.get(form).status_code in {303, 404}


def _sent_as(body: str, content_type: str) -> dict[str, str]:
    return {"data": body.replace("\n", "\r\n"), "content_type": content_type}


NO_FORMS = {
    "a list": _sent_as("[]", "application/json"),
    "a depth": _sent_as("[" * 10_000, "application/json"),
    "no number": _sent_as('{"text": NaN, "version": 1}', "application/json"),
    "a key twice": _sent_as('{"text": "a", "text": "b", "version": 1}', "application/json"),
    "a large number": _sent_as('{"text": "x", "version": 1e30}', "application/json"),
    "a truth": _sent_as('{"text": "x", "version": true}', "application/json"),
    "plain text": _sent_as('{"text": "x", "version": 1}', "text/plain"),
    "another kind": _sent_as("<text>x</text>", "application/xml"),
    "no kind": _sent_as("text=x&version=1", ""),
    "a file for a text": _sent_as(
        '--x\nContent-Disposition: form-data; name="text"; filename="a.txt"\n\nx\n--x--\n',
        "multipart/form-data; boundary=x",
    ),
}


def test_row_12_what_is_no_form_is_refused_and_leaves_what_was_kept(app: Flask, world: World) -> None:
    """Whoever is signed in and has the token: what they were writing stays as it was kept."""
    form = f"/my/updates/{world.here['update_id']}"
    browser = Browser(app, world.people["owner"])
    with make.written(app) as session:
        session.get_one(StatusUpdate, world.here["update_id"]).state = State.draft
    assert browser.post(f"{form}/autosave", text="Typed for an hour.", version="1").status_code == 200
    before = contents(app)
    for address in (f"{form}/autosave", form, "/account/password", "/sign-in"):
        for what, sent in NO_FORMS.items():
            answer = browser.client.post(
                address,
                base_url=browser.base_url,
                headers={"X-CSRFToken": browser.token, "Referer": f"{browser.base_url}{form}"},
                **sent,
            )
            assert answer.status_code == 400, (address, what)
    assert contents(app) == before


def _another_browsers_token(app: Flask, world: World, form: str) -> TestResponse:
    mine, other = Browser(app, world.people["owner"]), Browser(app, world.people["owner"])
    return mine.post(form, csrf_token=other.token, action="save", text="x", version="1")


def _an_old_token(app: Flask, world: World, form: str) -> TestResponse:
    browser = Browser(app, world.people["owner"])
    kept = browser.token
    browser.client.post("/sign-out", base_url=browser.base_url, data={"csrf_token": kept})
    again = Browser(app, world.people["owner"])
    return again.post(form, csrf_token=kept, action="save", text="x", version="1")


def _json(app: Flask, world: World, form: str, content_type: str = "text/plain") -> TestResponse:
    browser = Browser(app, world.people["owner"])
    return browser.client.post(
        form,
        base_url=browser.base_url,
        data=b'{"action": "save", "text": "x", "version": 1}',
        content_type=content_type,
    )


def _real_json(app: Flask, world: World, form: str) -> TestResponse:
    return _json(app, world, form, "application/json")


def _get(app: Flask, world: World, form: str) -> TestResponse:
    return Browser(app, world.people["owner"]).get(f"{form}?action=submit&text=x&version=1")


@pytest.mark.parametrize("forged", [_another_browsers_token, _an_old_token, _json, _real_json, _get])
def test_row_19_a_forged_form_changes_nothing(
    app: Flask, world: World, forged: Callable[[Flask, World, str], TestResponse]
) -> None:
    form = f"/my/updates/{world.here['update_id']}"
    Browser(app, world.people["owner"]).get(form)
    with app.app_context():
        before = db.session.get_one(StatusUpdate, world.here["update_id"])
        stood = (before.version, before.text, before.state)
    answer = forged(app, world, form)
    assert answer.status_code in {200, 400}
    with app.app_context():
        after = db.session.get_one(StatusUpdate, world.here["update_id"])
        assert (after.version, after.text, after.state) == stood


def test_row_20_another_host_is_refused_and_letters_carry_the_configured_address(
    app: Flask, client: StrictClient
) -> None:
    with make.written(app) as session:
        make.person(session, "Gustav", email="gustav@example.com")
    forged = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Host": "evil.example"}
    page = client.get("/sign-in", headers=forged)
    assert "evil.example" not in page.text
    assert client.get("/", base_url="http://evil.example", page=False).status_code == 400
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert token is not None
    sent = {"csrf_token": token[1], "email": "gustav@example.com"}
    assert client.post("/sign-in/letter", data=sent, headers=forged).status_code == 303
    with app.app_context():
        mail = db.session.scalars(select(Mail)).one()
        base_url = app.extensions["settings"].base_url
        context = LetterContext(base_url, "en", "Gustav", clock.now(), app.config["SECRET_KEY"].encode())
        letter = kind_named(mail.kind).render(db.session(), mail, context)
    assert "evil.example" not in letter.text + letter.html
    assert f"{base_url}/sign-in/letter/" in letter.text


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil", "https:evil", "/%2F%2Fevil", "/\t/evil"])
def test_row_21_a_sign_in_letter_never_leads_elsewhere(app: Flask, client: StrictClient, target: str) -> None:
    from tests.web.account.test_sign_in_letters import links

    with make.written(app) as session:
        make.person(session, "Gustav", email="gustav@example.com")
    page = client.get("/sign-in/letter", query_string={"next": target})
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert token is not None
    sent = {"csrf_token": token[1], "email": "gustav@example.com"}
    client.post("/sign-in/letter", query_string={"next": target}, data=sent)
    assert client.submit(links(app)[0]).headers["Location"] == "/"


@pytest.mark.parametrize("path", ["/", "/sign-in", "/sign-in/letter", "/f/nonsense/", "/not/there"])
def test_row_22_no_page_is_shown_in_a_frame(client: StrictClient, path: str) -> None:
    assert "frame-ancestors 'none'" in client.get(path).headers["Content-Security-Policy"]


def test_row_23_a_browser_with_scripts_that_presses_the_button_elsewhere_uses_nothing_up(
    app: Flask, client: StrictClient, new_page: Callable[..., object]
) -> None:
    """A scanner that runs scripts and presses buttons is another browser than the one that asked."""
    from tests.web.account.test_sign_in_letters import ask, links

    client.get("/language/en")
    with make.written(app) as session:
        make.person(session, "Gustav", email="gustav@example.com")
    ask(client)
    (link,) = links(app)
    page = new_page()
    page.goto(link)  # type: ignore[attr-defined]
    page.wait_for_load_state("networkidle")  # type: ignore[attr-defined]
    buttons = page.locator("main button, main a.button")  # type: ignore[attr-defined]
    for number in range(buttons.count()):
        page.goto(link)  # type: ignore[attr-defined]
        buttons.nth(number).click()
    with app.app_context():
        assert not db.session.scalars(select(SignInSession)).all()
    assert client.submit(link).status_code == 303
    assert client.get("/account").status_code == 200


def test_row_39_the_tables_hold_nothing_that_opens_anything(app: Flask, world: World, tmp_path: Path) -> None:
    """Every token and password that is in use is looked for in everything the database holds."""
    secret = app.config["SECRET_KEY"].encode()
    password = "four plain words here"
    with make.written(app) as session:
        owner = session.get_one(Person, world.people["owner"])
        now, real = clock.now(), clock.real_now()
        opening = [
            accounts.invite(session, owner, secret=secret, by=None, at=now, real_at=real),
            accounts.open_session(session, owner, at=real),
        ]
        me = feeds.Subject(person_id=owner.id)
        feeds.make_feed(session, me, secret=secret, by=None, at=now)
        opening.append(feeds.token_of(session, me, secret=secret) or "")
        update = session.get_one(StatusUpdate, world.here["update_id"])
        link = form_links.make(
            session, update.round_id, world.people["deputy"], secret=secret, by=None, at=now
        )
        opening.append(form_links.derived(link, secret))
        spare = session.get_one(Person, world.people["reader"])
        accounts.choose_password(session, spare, password, at=now)
        assert spare.password_hash is not None
        assert spare.password_hash.startswith("$argon2id$")
    held = repr(contents(app))
    assert all(opening)
    assert [token for token in [*opening, password, secret.decode()] if token in held] == []


def test_row_40_a_reader_learns_nothing_of_drafts_from_any_answer(app: Flask, world: World) -> None:
    """All that a reader and an anonymous visitor can fetch is the same before and after others write."""
    asking = {name: Browser(app, world.people.get(name)) for name in ("anonymous", "reader")}
    paths = [
        "/plans/",
        "/plans/here",
        "/plans/here/2025",
        "/reader/",
        "/reader/here",
        "/account",
        "/",
        "/sign-in",
    ]
    paths += [
        rule.rule for rule in app.url_map.iter_rules() if not rule.arguments and "GET" in (rule.methods or ())
    ]
    paths += [
        f"/plans/here/initiatives/{world.here['initiative_id']}",
        f"/my/updates/{world.here['update_id']}",
        f"/my/initiatives/{world.here['initiative_id']}",
    ]

    def told() -> dict[tuple[str, str], tuple[object, ...]]:
        answers = {(name, path): one.get(path) for name, one in asking.items() for path in sorted(set(paths))}
        return {
            key: (one.status_code, _body(one), one.headers.get("ETag"), one.headers.get("Last-Modified"))
            for key, one in answers.items()
            if not key[1].startswith(("/livez", "/readyz", "/metrics"))
        }

    before = told()
    with app.app_context():
        version = db.session.get_one(StatusUpdate, world.here["update_id"]).version
    owner = Browser(app, world.people["owner"])
    form = f"/my/updates/{world.here['update_id']}"
    with make.written(app) as session:
        session.get_one(StatusUpdate, world.here["update_id"]).state = State.draft
        session.flush()
        version = session.get_one(StatusUpdate, world.here["update_id"]).version
    saved = owner.post(
        form, action="save", version=str(version), text="Another draft, far longer. " * 40,
        outcome="reported", progress="started",
    )  # fmt: skip
    assert saved.status_code == 303
    after = told()
    assert [key for key in before if before[key] != after[key]] == []
