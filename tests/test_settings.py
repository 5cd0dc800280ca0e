"""The service refuses to start on settings it cannot use, and names every bad one."""

from __future__ import annotations

from pathlib import Path

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
        ({"secret_key": ""}, "32 characters"),
        ({"secret_key": "changeme"}, "32 characters"),
        ({"sign_in_passwords": False, "sign_in_letters": False}, "one means of signing in must be on"),
        ({"oidc_issuer": "login.example.com"}, "address"),
        ({"oidc_issuer": "http://login.example.com"}, "https"),
        ({"oidc_issuer": "https://login.example.com"}, "oidc_client_id"),
        ({"oidc_client_secret_file": "/nowhere/secret"}, "must name a file"),
        ({"open_data_licence": "CC BY 4.0"}, "must be an address such as https://creativecommons"),
        ({"open_data_licence": "https://example.org/\r\nX: 1"}, "must be an address such as"),
        ({"letterhead_logo": "/nowhere/logo.png"}, "must name a file with a picture"),
        ({"letterhead_logo": __file__}, "must be a PNG, JPEG or SVG picture"),
    ],
)
def test_a_value_that_would_hurt_is_refused(values: dict[str, object], reason: str) -> None:
    with pytest.raises(config.SettingsError, match=reason):
        load(**values)


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o602])
def test_a_secret_in_a_file_that_everybody_may_read_stops_the_service(tmp_path: Path, mode: int) -> None:
    secret = tmp_path / "client-secret"
    secret.write_text("the provider's own secret")
    secret.chmod(mode)
    with pytest.raises(config.SettingsError, match="TRACKER_OIDC_CLIENT_SECRET_FILE"):
        load(oidc_client_secret_file=secret)


def test_a_settings_file_with_the_secret_key_is_for_the_service_alone(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("".join(f"TRACKER_{name.upper()}={value}\n" for name, value in GOOD.items()))
    file.chmod(0o644)
    with pytest.raises(config.SettingsError, match="TRACKER_SECRET_KEY"):
        config.load(_env_file=file)
    file.chmod(0o600)
    assert config.load(_env_file=file).base_url == GOOD["base_url"]


def test_a_loopback_address_needs_no_tls() -> None:
    settings = load(
        base_url="http://127.0.0.1:5000/", demo=True, mail_server="localhost", mail_security="none"
    )
    assert settings.base_url == "http://127.0.0.1:5000"
    assert not settings.behind_tls


def test_a_secret_is_not_shown_when_settings_are_printed() -> None:
    assert GOOD["secret_key"] not in repr(load())
