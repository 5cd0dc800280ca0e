"""smtplib's client with a limit to the time and the length of each whole reply, however slowly it comes."""

from __future__ import annotations

import io
import smtplib
import socket
import ssl
import time
from functools import lru_cache
from typing import Any

MOST_REPLY_LINES = 100


class DeadlineReader(io.RawIOBase):
    """A socket that is readable until a deadline, so that one byte a second is not for ever."""

    def __init__(self, sock: socket.socket, smtp: PatientSmtp) -> None:
        self._sock = sock
        self._smtp = smtp

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        # A process that was stopped for a while finds the answer that came meanwhile, and must not doubt it.
        self._sock.settimeout(max(0.0, self._smtp.deadline - time.monotonic()))
        try:
            return self._sock.recv_into(buffer)
        except (BlockingIOError, ssl.SSLWantReadError):
            raise TimeoutError("no complete reply in time") from None


class PatientSmtp(smtplib.SMTP):
    """smtplib with a limit to the time and the length of a whole reply."""

    patience: float = 60
    deadline: float = 0
    file: Any
    sock: Any
    _host: str

    def getreply(self) -> tuple[int, bytes]:
        self.deadline = time.monotonic() + self.patience
        if self.file is None:
            self.file = _LimitedLines(io.BufferedReader(DeadlineReader(self.sock, self)))
        self.file.left = MOST_REPLY_LINES
        code, text = super().getreply()
        if self.sock is not None:
            self.sock.settimeout(self.patience)
        return code, text


class _LimitedLines:
    """At most so many lines of one reply."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream
        self.left = MOST_REPLY_LINES

    def readline(self, limit: int) -> bytes:
        self.left -= 1
        if self.left < 0:
            raise OSError("the reply has too many lines")
        return self._stream.readline(limit)

    def close(self) -> None:
        self._stream.close()


class SmtpOverTls(PatientSmtp, smtplib.SMTP_SSL):
    """The same, with TLS from the first byte."""


@lru_cache(maxsize=1)
def own_name() -> str:
    """How this machine calls itself in EHLO. Asked once: it may cost a question to a name server."""
    return smtplib.SMTP().local_hostname
