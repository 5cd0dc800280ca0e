"""Flask-Mail made safe: its connection, with what reminders that are neither lost nor doubled need.

Stock Flask-Mail 0.10 waits for ever for a silent server, does not verify certificates, goes on in the clear
where STARTTLS is missing a certificate authority, raises after the 250 when QUIT fails, swallows partial
refusals, and lets line breaks into headers. tests/mail/test_stock_flask_mail.py holds a test for each.
"""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask_mail import Connection, Mail, Message

from tracker.mail.composing import checked_header, refuse_bad_headers
from tracker.mail.patience import PatientSmtp, SmtpOverTls, own_name
from tracker.mail.replies import Reply, Stage


class Security(StrEnum):
    none = "none"
    starttls = "starttls"
    tls = "tls"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters are handed over. Times are seconds for one whole reply, however slowly it drips.

    `body_timeout` is how long to wait for the answer to the body: RFC 5321 4.5.3.2.6 asks for 600.
    """

    host: str
    port: int
    security: Security = Security.starttls
    username: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    timeout: float = 60
    connect_timeout: float = 10
    body_timeout: float = 600


class ServerError(Exception):
    """The conversation did not come to an acceptance; `reply` says where and why."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(str(reply))
        self.reply = reply


class SafeConnection(Connection):
    """One conversation with the mail server; letters go through it one after another.

    Use as a context manager; leaving never raises. `send` is Flask-Mail's; the dispatcher uses the two
    halves, `offer` up to the server's 354 and `hand_over` for the body, and opens its window in between.
    """

    host: PatientSmtp | None

    def __init__(self, server: MailServer) -> None:
        super().__init__(_state(server))
        self.server = server

    def __enter__(self) -> SafeConnection:
        self.host = self.configure_host()
        self.num_emails = 0
        return self

    def __exit__(self, *_: object) -> None:
        self.quit()

    def quit(self) -> None:
        """Take leave. What the server makes of it no longer concerns any letter."""
        if self.host is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError, ValueError):
                self.host.patience = min(self.server.timeout, 5)
                self.host.quit()
        self.drop()

    def drop(self) -> None:
        """Cut the line without a word: whatever was offered and not handed over is forgotten."""
        host, self.host = self.host, None
        if host is not None:
            with contextlib.suppress(OSError):
                host.close()

    def configure_host(self) -> PatientSmtp:
        """Connect, secure and authenticate. Raises ServerError at stage `connect`.

        A password never leaves in the clear, not even to this machine.
        """
        try:
            return self._connected()
        except smtplib.SMTPResponseException as error:
            raise ServerError(_reply(Stage.connect, error.smtp_code, error.smtp_error)) from error
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise ServerError(Reply(Stage.connect, None, str(error) or type(error).__name__)) from error

    def _connected(self) -> PatientSmtp:
        server = self.server
        context = None
        if (
            server.security is not Security.none
        ):  # it reads every authority of the system: a tenth of a second
            context = ssl.create_default_context(cafile=server.ca_file)
        host: PatientSmtp
        if server.security is Security.tls:
            host = SmtpOverTls(local_hostname=own_name(), timeout=server.connect_timeout, context=context)
        else:
            host = PatientSmtp(local_hostname=own_name(), timeout=server.connect_timeout)
        try:
            host.patience = server.timeout
            host._host = server.host  # the name that the certificate must carry
            code, text = host.connect(server.host, server.port)
            if code != 220:
                raise smtplib.SMTPConnectError(code, text)
            host.sock.settimeout(server.timeout)
            host.ehlo_or_helo_if_needed()
            if server.security is Security.starttls:
                host.starttls(context=context)
                host.ehlo_or_helo_if_needed()
            if server.username:
                if server.security is Security.none:
                    raise ServerError(Reply(Stage.connect, None, "a password is never sent without TLS"))
                host.login(server.username, server.password)
        except BaseException:
            host.close()
            raise
        return host

    def offer(self, sender: str, recipient: str) -> None:
        """MAIL, RCPT and DATA, up to the server's 354: nothing of the letter has left yet.

        Raises ServerError; after a plain refusal the connection can be used for the next letter. Raises
        ValueError, before a word is said, for an address that cannot travel.
        """
        from_, to = _travelling(sender), _travelling(recipient)
        self._say(Stage.sender, f"MAIL FROM:<{from_}>", 250)
        self._say(Stage.recipient, f"RCPT TO:<{to}>", 250)
        self._say(Stage.data, "DATA", 354)

    def hand_over(self, mime: bytes) -> str:
        """The body and the final dot; returns the server's acceptance.

        Raises ServerError at stage `body`. Without a code nobody can know whether the server has it.
        """
        host = self._open(Stage.body)
        host.patience = self.server.body_timeout
        try:
            host.sock.settimeout(self.server.body_timeout)
            host.sock.sendall(_dotted(mime))
            code, text = host.getreply()
        except (smtplib.SMTPException, OSError) as error:
            self.drop()
            raise ServerError(Reply(Stage.body, None, str(error) or type(error).__name__)) from error
        host.patience = self.server.timeout
        if code == 250:
            self.num_emails += 1
            return text.decode("utf-8", "replace")
        reply = _reply(Stage.body, code, text)
        if code == 421 or reply.code is None:
            self.drop()
        raise ServerError(reply)

    def send(self, message: Message, envelope_from: str | tuple[str, str] | None = None) -> None:
        """Hand one message to its one recipient, as Flask-Mail does, but refusing what is unsafe.

        Raises ValueError for a bad header or more than one recipient, ServerError when not accepted.
        """
        recipients = message.send_to
        if len(recipients) != 1:
            raise ValueError("a letter has exactly one recipient")
        refuse_bad_headers(message)
        sender = envelope_from or message.sender
        self.offer(_bare(sender), _bare(next(iter(recipients))))
        self.hand_over(message.as_bytes())

    def _say(self, stage: Stage, command: str, expected: int) -> None:
        host = self._open(stage)
        try:
            code, text = host.docmd(command)
        except (smtplib.SMTPException, OSError) as error:
            self.drop()
            raise ServerError(Reply(stage, None, str(error) or type(error).__name__)) from error
        if code == expected or (stage is Stage.recipient and code == 251):
            return
        reply = _reply(stage, code, text)
        if code == 421 or reply.code is None:
            self.drop()
        else:
            self._forget()
        raise ServerError(reply)

    def _forget(self) -> None:
        try:
            code, _ = self._open(Stage.sender).docmd("RSET")
        except (smtplib.SMTPException, OSError):
            code = -1
        if code != 250:
            self.drop()

    def _open(self, stage: Stage) -> PatientSmtp:
        if self.host is None:
            raise ServerError(Reply(stage, None, "the connection is closed"))
        return self.host


def _reply(stage: Stage, code: int, text: bytes | str) -> Reply:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    known = code if 200 <= code < 600 else None
    printable = "".join(letter if letter.isprintable() else " " for letter in said)
    return Reply(stage, known, printable[:400] or "an answer that is not SMTP")


def _dotted(mime: bytes) -> bytes:
    lines = mime.replace(b"\r\n", b"\n").replace(b"\r", b"\n").removesuffix(b"\n")
    first = b"." if lines.startswith(b".") else b""
    return first + lines.replace(b"\n.", b"\n..").replace(b"\n", b"\r\n") + b"\r\n.\r\n"


@lru_cache(maxsize=64)
def _travelling(address: str) -> str:
    """The address in ASCII, its domain as IDNA. Raises ValueError for anything that is not one address."""
    local, at, domain = checked_header(address).rpartition("@")
    if not (local and at and domain and local.isascii()) or any(letter in address for letter in " <>,;"):
        raise ValueError("not one plain mail address")
    return f"{local}@{domain.encode('idna').decode('ascii')}"


def _bare(address: str | tuple[str, str]) -> str:
    from_pair = address[1] if isinstance(address, tuple) else address
    _, open_, rest = from_pair.rpartition("<")
    return rest.rstrip(">") if open_ else from_pair


def _state(server: MailServer) -> Any:
    """Flask-Mail's own record of its settings, for code that reads it from a connection."""
    return Mail().init_mail(
        {
            "MAIL_SERVER": server.host,
            "MAIL_PORT": server.port,
            "MAIL_USE_TLS": server.security is Security.starttls,
            "MAIL_USE_SSL": server.security is Security.tls,
            "MAIL_USERNAME": server.username or None,
            "MAIL_PASSWORD": server.password or None,
        }
    )
