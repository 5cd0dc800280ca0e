"""The service refuses to start on settings it cannot use, and names every bad one."""

from __future__ import annotations

import pytest

import config

GOOD = {
    "secret_key": "7f3c9a51e2b84d06a1c5f8e93b27d640",
    "base_url": "https://tracker.example.com",
    "mail_sender": "plan@example.com",
}


def load(**values: object) -> config.Settings:
    return config.load(_env_file=None, **{**GOOD, **values})


def test_three_settings_are_enough() -> None:
    settings = load()
    assert settings.trusted_hosts == ["tracker.example.com"]
    assert settings.behind_tls
    assert not settings.demo


def test_every_bad_setting_is_named_in_one_message() -> None:
    with pytest.raises(config.SettingsError) as refused:
        config.load(_env_file=None, secret_key="short", base_url="tracker", mail_port=0)
    message = str(refused.value)
    for name in ("TRACKER_SECRET_KEY", "TRACKER_BASE_URL", "TRACKER_MAIL_PORT", "TRACKER_MAIL_SENDER"):
        assert name in message
    assert "short" not in message.replace("TRACKER_SECRET_KEY", "")


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"secret_key": "a" * 40}, "guessable"),
        ({"secret_key": "0123456789abcdef0123456789abcdef"}, "well-known"),
        ({"base_url": "http://tracker.example.com"}, "https"),
        ({"base_url": "https://tracker.example.com/?x=1"}, "address"),
        ({"database_url": "mysql://localhost/x"}, "must begin with"),
        ({"database_url": "postgresql://localhost/x"}, "must begin with"),
        ({"mail_sender": "not an address"}, "e-mail address"),
        ({"mail_server": "mail.example.com", "mail_security": "none"}, "this machine"),
        ({"demo": True}, "loopback"),
        ({"debug": True}, "loopback"),
        ({"log_level": "LOUD"}, "DEBUG"),
        ({"mail_timeout": 0}, "greater than 0"),
    ],
)
def test_a_value_that_would_hurt_is_refused(values: dict[str, object], reason: str) -> None:
    with pytest.raises(config.SettingsError, match=reason):
        load(**values)


def test_a_loopback_address_needs_no_tls() -> None:
    settings = load(
        base_url="http://127.0.0.1:5000/", demo=True, mail_server="localhost", mail_security="none"
    )
    assert settings.base_url == "http://127.0.0.1:5000"
    assert not settings.behind_tls


def test_a_secret_is_not_shown_when_settings_are_printed() -> None:
    assert GOOD["secret_key"] not in repr(load())
