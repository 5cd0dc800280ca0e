"""A pooler before PostgreSQL, small enough to read: it hands a server on after each transaction."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import LifoQueue

from sqlalchemy import make_url

_WITHOUT_ENCRYPTION = {80877103, 80877104}  # the client asks for TLS or GSSAPI first
_LAST_WORDS = b"QS"  # after a query or a sync the server answers until it is ready


def _exactly(sock: socket.socket, size: int) -> bytes:
    found = b""
    while len(found) < size:
        piece = sock.recv(size - len(found))
        if not piece:
            raise ConnectionError
        found += piece
    return found


def _message(sock: socket.socket) -> tuple[bytes, bytes]:
    """One message: its kind, and all of its bytes."""
    head = _exactly(sock, 5)
    return head[:1], head + _exactly(sock, struct.unpack("!I", head[1:])[0] - 4)


def _until_ready(server: socket.socket) -> tuple[bytes, bool]:
    """All that the server says until it is ready, and whether it is in no transaction then."""
    said = b""
    while True:
        kind, message = _message(server)
        said += message
        if kind == b"Z":
            return said, message[-1:] == b"I"


class _Pooler:
    def __init__(self, server: tuple[str, int], *, servers: int, keeps_sessions: bool) -> None:
        self._address = server
        self._left = servers
        self._keeps_sessions = keeps_sessions
        self._free: LifoQueue[socket.socket] = LifoQueue()
        self._greeting = b""
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()

    def serve(self, client: socket.socket) -> None:
        with suppress(OSError), client:
            startup = self._startup(client)
            with self._lock:
                while self._left:  # all at once, with the words of the first client
                    self._left -= 1
                    self._connect(startup)
            client.sendall(self._greeting)
            self._talk(client)

    def _startup(self, client: socket.socket) -> bytes:
        while True:
            size = _exactly(client, 4)
            rest = _exactly(client, struct.unpack("!I", size)[0] - 4)
            if struct.unpack("!I", rest[:4])[0] not in _WITHOUT_ENCRYPTION:
                return size + rest
            client.sendall(b"N")

    def _connect(self, startup: bytes) -> None:
        server = socket.create_connection(self._address)
        self._open.append(server)
        server.sendall(startup)
        self._greeting, _ = _until_ready(server)
        self._free.put(server)

    def _talk(self, client: socket.socket) -> None:
        server: socket.socket | None = None
        try:
            while True:
                kind, message = _message(client)
                if kind == b"X":
                    return
                server = server or self._free.get(timeout=10)
                server.sendall(message)
                if kind in _LAST_WORDS:
                    said, idle = _until_ready(server)
                    if idle and not self._keeps_sessions:
                        self._free.put(server)
                        server = None
                    client.sendall(said)
        finally:
            if server is not None:
                self._free.put(server)

    def close(self) -> None:
        for server in self._open:
            server.close()


@contextmanager
def sharing_pooler(url: str, *, servers: int, keeps_sessions: bool = False) -> Iterator[str]:
    """The address of the same database behind a pooler with so many servers."""
    address = make_url(url)
    pooler = _Pooler(
        (address.host or "127.0.0.1", address.port or 5432), servers=servers, keeps_sessions=keeps_sessions
    )
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                threading.Thread(target=pooler.serve, args=(client,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        port = listener.getsockname()[1]
        yield address.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        pooler.close()
