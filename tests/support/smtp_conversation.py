"""The server's side of one SMTP conversation: what the peer in smtp.py is made of."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

if TYPE_CHECKING:
    from tests.support.smtp import Peer, Step

Method = Callable[[str | None], Awaitable[None]]

# Where a command can be answered wrongly before it is looked at.
_AT_COMMAND: dict[str, Step] = {"DATA": "354", "QUIT": "QUIT", "STARTTLS": "STARTTLS", "AUTH": "AUTH"}
_CUT = "421 4.3.2 closing"


class Conversation(SMTP):
    """One connection."""

    peer: Peer

    async def misbehave(self, step: Step) -> str | None:
        """Do what the script says at `step`; the answer to give, or None to go on as usual."""
        wrong = self.peer._next(step)
        if wrong is None:
            return None
        if wrong.act == "slow":
            await asyncio.sleep(wrong.seconds)
            return None
        if wrong.act == "hang":
            await asyncio.sleep(3600)
        if wrong.act == "drop":
            self._cut()
            return _CUT
        if wrong.act == "reset":
            await self.push(wrong.answer)
            await asyncio.sleep(0.2)  # the answer is read before the line goes
            self._cut()
            return _CUT
        if wrong.act == "drip":
            for byte in wrong.answer[:-1].encode():
                self._writer.write(bytes([byte]))
                await asyncio.sleep(wrong.seconds)
            return wrong.answer[-1:]
        return wrong.answer

    def _cut(self) -> None:
        """End the connection at once, with a reset."""
        assert self.transport is not None
        line = self.transport.get_extra_info("socket")
        if line is not None:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    def listened(self, command: str, method: Method) -> Method:
        """The method that answers a command, so that the peer remembers it was said, and may misbehave."""

        async def answer(arg: str | None) -> None:
            self.peer.heard.append((command, self._tls_protocol is not None))
            step = _AT_COMMAND.get(command)
            said = await self.misbehave(step) if step else None
            if said is None:
                await method(arg)
            elif self.transport is not None and not self.transport.is_closing():
                await self.push(said)

        return answer

    def connection_made(self, transport: Any) -> None:
        self.peer._opened(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.peer._closed(self)
        super().connection_lost(error)

    async def _handle_client(self) -> None:
        self.peer.connections += 1
        try:
            answer = await self.misbehave("CONNECT")
        except asyncio.CancelledError:
            self.transport.close()  # the other side has left while nothing was said
            raise
        if answer is not None:
            if not self.transport.is_closing():
                await self.push(answer)
            self.transport.close()
            return
        await super()._handle_client()


def _welcome(answer: str | None) -> bool:
    return answer is None or answer.startswith("2")


class _Handler:
    """The hooks aiosmtpd calls; each may be told to misbehave."""

    def __init__(self, peer: Peer) -> None:
        self.peer = peer

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: Conversation, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        answer = await server.misbehave("EHLO")
        return responses if answer is None else [answer]

    async def handle_MAIL(  # noqa: N802
        self, server: Conversation, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await server.misbehave("MAIL")
        if _welcome(answer):
            envelope.mail_from = address
        return answer or "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: Conversation, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await server.misbehave("RCPT")
        if _welcome(answer):
            envelope.rcpt_tos.append(address)
        return answer or "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802
        self, server: Conversation, session: Session, envelope: Envelope
    ) -> str:
        answer = await server.misbehave("DATA")
        if answer is not None:
            return answer
        self.peer._accept(
            envelope.mail_from or "", tuple(envelope.rcpt_tos), envelope.original_content or b""
        )
        return await server.misbehave("ACCEPTED") or "250 2.0.0 accepted"


class PeerController(Controller):
    def __init__(self, peer: Peer, **settings: Any) -> None:
        self._peer = peer
        self._open: list[Conversation] = []
        super().__init__(_Handler(peer), hostname=peer.host, port=peer.port, ready_timeout=10, **settings)

    def factory(self) -> SMTP:
        conversation = Conversation(self.handler, **self.SMTP_kwargs)
        conversation.peer = self._peer
        methods = conversation._smtp_methods
        methods.update({name: conversation.listened(name, method) for name, method in methods.items()})
        self._open.append(conversation)
        return conversation

    def stop(self, no_assert: bool = False) -> None:
        self.loop.call_soon_threadsafe(self._hang_up)
        super().stop(no_assert)

    def _hang_up(self) -> None:
        for conversation in self._open:
            if conversation.transport is not None:
                conversation.transport.abort()
