"""Typed settings, read once from the environment (TRACKER_…) or a .env file.

`load()` refuses to start on a bad or missing value and names every bad one in one message.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from tracker.domain.pictures import picture_kind

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
LARGEST_LOGO = 200_000  # bytes; it stands in every page that shows a memo
KNOWN_SECRETS = frozenset({"dev", "changeme", "secret", "0123456789abcdef0123456789abcdef"})


class SettingsError(Exception):
    """The settings cannot be used; the message has one line for each bad one."""


class MailSecurity(StrEnum):
    none = "none"
    starttls = "starttls"
    tls = "tls"


def _is_address(value: str) -> bool:
    parts = urlsplit(value)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


class Settings(BaseSettings):
    """What an installation decides. The comment in docs/operations.md explains each to an operator."""

    model_config = SettingsConfigDict(env_prefix="TRACKER_", env_file=".env", extra="ignore", frozen=True)

    database_url: str = "sqlite:///var/tracker.db"
    secret_key: SecretStr
    base_url: str
    extra_hosts: Annotated[frozenset[str], NoDecode] = frozenset()
    proxies: int = Field(default=0, ge=0, le=9)
    data_folder: Path = Path("var")
    demo: bool = False
    debug: bool = False

    mail_server: str = "localhost"
    mail_port: int = Field(default=25, ge=1, le=65535)
    mail_security: MailSecurity = MailSecurity.starttls
    mail_username: str = ""
    mail_password: SecretStr = SecretStr("")
    mail_ca_file: Path | None = None
    mail_sender: str
    mail_sender_name: str = "Indsatsoverblik"

    embedded_clock: bool = False
    mail_timeout: float = Field(default=60, gt=0, le=600)
    log_level: str = "INFO"
    heartbeat_url: str = ""
    metrics_token: SecretStr = SecretStr("")

    letterhead_logo: Path | None = None
    open_data_licence: str = ""

    sign_in_passwords: bool = True
    sign_in_letters: bool = True
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret_file: Path | None = None

    @field_validator("extra_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return frozenset(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must begin with sqlite:/// or postgresql+psycopg://")
        return value

    @field_validator("secret_key")
    @classmethod
    def _secret(cls, value: SecretStr) -> SecretStr:
        secret = value.get_secret_value()
        if len(secret) < 32:
            raise ValueError("must have at least 32 characters")
        if secret.lower() in KNOWN_SECRETS or len(set(secret)) < 8:
            raise ValueError("is a well-known or guessable value; make one with: openssl rand -hex 32")
        return value

    @field_validator("base_url")
    @classmethod
    def _base_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ValueError("must be an address such as https://tracker.example.com")
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise ValueError("must use https, except on this machine's own loopback address")
        return value.rstrip("/")

    @field_validator("heartbeat_url")
    @classmethod
    def _heartbeat(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in {"http", "https"} or not parts.hostname):
            raise ValueError("must be an address such as https://watch.example.com/ping/tracker")
        return value

    @field_validator("open_data_licence")
    @classmethod
    def _licence(cls, value: str) -> str:
        if value and (not _is_address(value) or not value.isascii() or set(value) & set(' \t\r\n<>",;')):
            raise ValueError("must be an address such as https://creativecommons.org/licenses/by/4.0/")
        return value

    @field_validator("metrics_token")
    @classmethod
    def _metrics(cls, value: SecretStr) -> SecretStr:
        if 0 < len(value.get_secret_value()) < 16:
            raise ValueError("must have at least 16 characters, or be empty")
        return value

    @field_validator("oidc_issuer")
    @classmethod
    def _issuer(cls, value: str) -> str:
        if value and (not _is_address(value) or urlsplit(value).query or urlsplit(value).fragment):
            raise ValueError("must be an address such as https://login.example.com")
        if value and urlsplit(value).scheme == "http" and urlsplit(value).hostname not in LOOPBACK:
            raise ValueError("must use https, except on this machine's own loopback address")
        return value

    @field_validator("oidc_client_secret_file")
    @classmethod
    def _secret_file(cls, value: Path | None) -> Path | None:
        if value is not None and not (value.is_file() and value.read_text(encoding="utf-8").strip()):
            raise ValueError("must name a file with the secret in it")
        if value is not None and value.stat().st_mode & 0o007:
            raise ValueError("names a file that everybody on the machine may read; chmod 600 mends that")
        return value

    @field_validator("letterhead_logo")
    @classmethod
    def _logo(cls, value: Path | None) -> Path | None:
        if value is None:
            return None
        if not value.is_file():
            raise ValueError("must name a file with a picture in it")
        if value.stat().st_size > LARGEST_LOGO:
            raise ValueError(f"must be a picture of at most {LARGEST_LOGO // 1000} kB")
        if picture_kind(value.read_bytes()) == "jpg":
            raise ValueError("must be a PNG or SVG picture")
        return value

    @field_validator("mail_sender")
    @classmethod
    def _sender(cls, value: str) -> str:
        try:
            return validate_email(value, check_deliverability=False).normalized
        except EmailNotValidError as error:
            raise ValueError(f"must be an e-mail address: {error}") from error

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @model_validator(mode="after")
    def _together(self) -> Self:
        if self.debug and not all(urlsplit(url).hostname in LOOPBACK for url in self._addresses()):
            raise ValueError("debug: must be off where base_url or extra_hosts is not a loopback address")
        if self.demo and not all(urlsplit(url).hostname in LOOPBACK for url in self._addresses()):
            raise ValueError("demo: must be off where base_url or extra_hosts is not a loopback address")
        if self.mail_security is MailSecurity.none and self.mail_server not in LOOPBACK:
            raise ValueError("mail_security: may be 'none' only when mail_server is this machine")
        if not (self.sign_in_passwords or self.sign_in_letters or self.oidc_issuer):
            raise ValueError(
                "sign_in_passwords, sign_in_letters, oidc_issuer: one means of signing in must be on"
            )
        if self.oidc_issuer and not (self.oidc_client_id and self.oidc_client_secret_file):
            raise ValueError("oidc_client_id, oidc_client_secret_file: are needed where oidc_issuer is set")
        return self

    def _addresses(self) -> list[str]:
        """Every address under which the service answers."""
        return [self.base_url, *(f"//{host}" for host in self.extra_hosts)]

    @property
    def trusted_hosts(self) -> list[str]:
        """The host names a request may carry: the base URL's and `extra_hosts`."""
        return sorted({urlsplit(self.base_url).netloc, *self.extra_hosts})

    @property
    def behind_tls(self) -> bool:
        return self.base_url.startswith("https://")


def load(**values: object) -> Settings:
    """Read the settings; keyword arguments win over the environment.

    Raises SettingsError naming every bad setting by the name of its environment variable, and for a file
    with the secret key that everybody on the machine may read.
    """
    _refuse_open_file(values.get("_env_file", Settings.model_config.get("env_file")))
    try:
        return Settings(**values)  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsError(_sentences(error)) from None


def _refuse_open_file(name: object) -> None:
    """Raises SettingsError when the file of settings holds the secret key, and everybody may read it."""
    file = Path(name) if isinstance(name, str | Path) else None
    if file is None or not file.is_file() or not file.stat().st_mode & 0o004:
        return
    if "TRACKER_SECRET_KEY" in file.read_text(encoding="utf-8", errors="replace"):
        problem = f"TRACKER_SECRET_KEY stands in {file.name}, which everybody on the machine may read"
        raise SettingsError(
            f"The service cannot start, because of its settings:\n  {problem}; chmod 600 mends that"
        )


def _sentences(error: ValidationError) -> str:
    lines = ["The service cannot start, because of its settings:"]
    for problem in error.errors():
        name = "TRACKER_" + "_".join(str(part) for part in problem["loc"]).upper() if problem["loc"] else ""
        reason = (
            "is missing" if problem["type"] == "missing" else problem["msg"].removeprefix("Value error, ")
        )
        lines.append(f"  {name} {reason}" if name else f"  {reason}")
    return "\n".join(lines)


def folder(settings: Settings, root: Path) -> Path:
    """The data folder, relative to `root` unless absolute."""
    return root / settings.data_folder


def logo(settings: Settings) -> bytes | None:
    """The picture that memos carry in their letterhead."""
    return settings.letterhead_logo.read_bytes() if settings.letterhead_logo else None


def flask_values(settings: Settings, *, root: Path) -> dict[str, object]:
    """The settings under the names that Flask and its extensions read."""
    url = settings.database_url
    if url.startswith("sqlite:///"):
        path = root / url.removeprefix("sqlite:///")
        path.parent.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{path}"
    return {
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "DEBUG": settings.debug,
        "TRUSTED_HOSTS": settings.trusted_hosts,
        "PREFERRED_URL_SCHEME": "https" if settings.behind_tls else "http",
        "MAX_CONTENT_LENGTH": 50 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "MAX_FORM_PARTS": 2_000,
        # __Host- needs Secure, which a loopback address without TLS cannot have.
        "SESSION_COOKIE_NAME": "__Host-tracker" if settings.behind_tls else "tracker",
        "SESSION_COOKIE_SECURE": settings.behind_tls,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SEND_FILE_MAX_AGE_DEFAULT": 31_536_000,
        "SQLALCHEMY_DATABASE_URI": url,
        # Parameters are people's texts: they have no place in a log.
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True, "pool_pre_ping": not url.startswith("sqlite")},
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": settings.behind_tls,
        "BABEL_DEFAULT_LOCALE": "da",
        "BABEL_DEFAULT_TIMEZONE": "Europe/Copenhagen",
        "BABEL_TRANSLATION_DIRECTORIES": str(root / "translations"),
        "MAIL_SERVER": settings.mail_server,
        "MAIL_PORT": settings.mail_port,
        "MAIL_USE_TLS": settings.mail_security is MailSecurity.starttls,
        "MAIL_USE_SSL": settings.mail_security is MailSecurity.tls,
        "MAIL_USERNAME": settings.mail_username or None,
        "MAIL_PASSWORD": settings.mail_password.get_secret_value() or None,
        "MAIL_DEFAULT_SENDER": (settings.mail_sender_name, settings.mail_sender),
    }
