"""Four web processes have one limit: what many browsers try at the same moment is counted together."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import requests
from flask import Flask
from sqlalchemy import func, select

from tests.faults.service import Running, service
from tests.support import make
from tracker.accounts.models import SignInFailure, SignInMeans
from tracker.extensions import db
from tracker.mail.models import Mail

pytestmark = pytest.mark.both_databases

EMAIL, PASSWORD = "gustav@example.com", "correct horse battery staple"
AT_ONCE = 20


@pytest.fixture
def running(app: Flask, tmp_path: Path) -> Iterator[Running]:
    with make.written(app) as session:
        make.person(session, "Gustav", email=EMAIL, password=PASSWORD)
        make.person(session, "Hanne", email="hanne@example.com", password=PASSWORD)
    with service(app.extensions["settings"], tmp_path / "service") as processes:
        processes.gunicorn(workers=4)
        _wait_for(app.extensions["settings"].base_url + "/livez", processes)
        yield processes


def _wait_for(url: str, processes: Running) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            if requests.get(url, timeout=2).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.2)
    raise AssertionError(processes.log())


def _send(running: Running, path: str, **fields: str) -> requests.Response:
    """Open the sign-in page in a browser of one's own, and send its form."""
    base_url = running.settings.base_url
    with requests.Session() as browser:
        page = browser.get(f"{base_url}/sign-in", timeout=60).text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token is not None
        fields["csrf_token"] = token[1]
        return browser.post(f"{base_url}{path}", data=fields, timeout=60, allow_redirects=False)


def _at_once(running: Running, path: str, **fields: str) -> Counter[int]:
    start = Barrier(AT_ONCE)

    def one(_number: int) -> int:
        start.wait()
        return _send(running, path, **fields).status_code

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(one, range(AT_ONCE)))


def test_twenty_requests_at_once_are_three_letters(app: Flask, running: Running) -> None:
    assert _at_once(running, "/sign-in/letter", email=EMAIL) == {303: AT_ONCE}
    assert _send(running, "/sign-in/letter", email="hanne@example.com").status_code == 303
    with app.app_context():
        letters = select(Mail.address, func.count()).group_by(Mail.address)
        assert dict(db.session.execute(letters).all()) == {EMAIL: 3, "hanne@example.com": 1}


def test_twenty_wrong_passwords_at_once_are_ten_and_close_one_account(app: Flask, running: Running) -> None:
    answers = _at_once(running, "/sign-in", email=EMAIL, password="something else entirely")
    assert answers == {400: AT_ONCE}
    with app.app_context():
        failures = select(func.count(SignInFailure.id)).where(SignInFailure.means == SignInMeans.password)
        assert db.session.scalar(failures) == 10
    assert _send(running, "/sign-in", email=EMAIL, password=PASSWORD).status_code == 400
    assert _send(running, "/sign-in", email="hanne@example.com", password=PASSWORD).status_code == 303


def test_no_link_of_a_letter_stands_in_the_log(running: Running) -> None:
    token = "0123456789abcdef" * 4
    for path in (f"/f/{token}/", f"/f/{token}/updates/1", f"/sign-in/letter/{token}", f"/invitation/{token}"):
        assert requests.get(running.settings.base_url + path, timeout=60).status_code == 404
    log = running.log()
    assert "/f/-/updates/1" in log
    assert "0123456789abcdef" not in log
