"""The demonstration's inbox: a real SMTP server on the loopback address that keeps letters as files."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class _Keeper:
    """Writes each accepted letter to `folder`, numbered, and only then answers 250."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(  # noqa: N802 - the name aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        taken = [int(file.stem) for file in self.folder.glob("*.eml")]
        number = max(taken, default=0) + 1
        content = envelope.content
        data = content if isinstance(content, bytes) else str(content).encode()
        waiting = self.folder / f"{number:06}.new"
        with waiting.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        waiting.rename(self.folder / f"{number:06}.eml")
        return "250 kept"


def start_inbox(folder: Path) -> tuple[Controller, int]:
    """Start the server on a free port; the caller stops the controller."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    controller = Controller(_Keeper(folder), hostname="127.0.0.1", port=port)
    controller.start()
    return controller, port
