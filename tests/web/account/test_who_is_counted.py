"""Whom the limits of signing in count: the network that asks, behind a proxy and without one."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.support import forms, make
from tests.support.client import StrictClient
from tracker import clock
from tracker.accounts import throttle
from tracker.accounts.models import SignInFailure, SignInMeans
from tracker.extensions import db

ALLOWED = throttle.LIMITS[SignInMeans.password].address
PASSWORD = "four plain words here"


def _form(client: StrictClient, email: str) -> dict[str, list[Any]]:
    fields = {"email": email, "password": PASSWORD}
    return forms.fill(client.get("/sign-in").text, "/sign-in", fields).values


def _tried(client: StrictClient, email: str, *, peer: str, forwarded: str = "") -> int:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    sent = _form(client, email)
    return client.post("/sign-in", data=sent, headers=headers, environ_base={"REMOTE_ADDR": peer}).status_code


def _olga(app: Flask, *tried_from: str) -> None:
    """A person with a password, and attempts at other accounts from these addresses."""
    with make.written(app) as session:
        make.person(session, "Olga", email="olga@example.com", password=PASSWORD)
        for number, address in enumerate(tried_from):
            account, means = f"guess{number}@example.com", SignInMeans.password
            throttle.count(session, means, account=account, address=address, at=clock.real_now())


def _counted(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(SignInFailure.address).order_by(SignInFailure.id)))


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::1", "::/64"),
        ("", ""),
        ("unix:" + "x" * 90, "unix:" + "x" * 40),
    ],
)
def test_an_address_counts_as_its_network(address: str, counted: str) -> None:
    assert throttle.network_of(address) == counted


def test_whoever_has_a_whole_ipv6_network_has_one_count(app: Flask, client: StrictClient) -> None:
    _olga(app, *(f"2001:db8::{number:x}" for number in range(1, ALLOWED)))
    _tried(client, "nobody@example.com", peer="2001:db8::ffff:2")
    assert _tried(client, "olga@example.com", peer="2001:db8::ffff:1") == 400
    assert _tried(client, "olga@example.com", peer="2001:db8:0:1::1") == 303


def test_without_a_proxy_the_header_is_not_read(app: Flask, client: StrictClient) -> None:
    _tried(client, "nobody@example.com", peer="192.0.2.7", forwarded="198.51.100.1")
    assert _counted(app) == ["192.0.2.7"]


@pytest.mark.settings(proxies=1)
def test_behind_a_proxy_a_flood_shuts_nobody_else_out(app: Flask, client: StrictClient) -> None:
    _olga(app, *["198.51.100.1"] * (ALLOWED - 1))
    _tried(client, "nobody@example.com", peer="127.0.0.1", forwarded="198.51.100.1")
    assert set(_counted(app)) == {"198.51.100.1"}
    assert _tried(client, "olga@example.com", peer="127.0.0.1", forwarded="198.51.100.1") == 400
    assert _tried(client, "olga@example.com", peer="127.0.0.1", forwarded="192.0.2.7") == 303


@pytest.mark.settings(proxies=1)
def test_what_whoever_asks_wrote_into_the_header_is_never_read(app: Flask, client: StrictClient) -> None:
    _tried(client, "nobody@example.com", peer="127.0.0.1", forwarded="10.0.0.1, 198.51.100.1")
    _tried(client, "nobody@example.com", peer="127.0.0.1", forwarded="not an address,198.51.100.1")
    assert set(_counted(app)) == {"198.51.100.1"}


@pytest.mark.settings(proxies=2)
def test_of_two_proxies_the_first_tells_who_asked(app: Flask, client: StrictClient) -> None:
    _tried(client, "nobody@example.com", peer="127.0.0.1", forwarded="10.0.0.1, 198.51.100.1, 10.1.1.1")
    _tried(client, "nobody@example.com", peer="203.0.113.9", forwarded="10.1.1.1")
    assert _counted(app) == ["198.51.100.1", "203.0.113.9"]
