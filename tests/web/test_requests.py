"""What every request is answered with, whatever it asks for."""

from __future__ import annotations

from flask import Flask

from tests.support.client import StrictClient


def test_a_name_that_is_not_ours_is_refused(app: Flask, client: StrictClient) -> None:
    answer = client.get("/sign-in", base_url="http://evil.example", page=False)
    assert answer.status_code == 400


def test_an_unexpected_fault_has_a_number_and_no_trace(app: Flask, client: StrictClient) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.view_functions["public.home"] = lambda: 1 / 0
    answer = client.get("/")
    assert answer.status_code == 500
    assert "ZeroDivisionError" not in answer.text
    assert "referencenummer" in answer.text.lower() or "reference number" in answer.text.lower()


def test_every_answer_carries_the_security_headers(client: StrictClient) -> None:
    headers = client.get("/sign-in").headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_a_form_without_its_token_changes_nothing(client: StrictClient) -> None:
    answer = client.post("/sign-in", data={"email": "a@example.com", "password": "x"})
    assert answer.status_code == 400
