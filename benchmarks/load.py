"""Eight visitors at once, each on a connection of its own that ends with the answer.

Standard library alone, on raw sockets, in a process of its own: `python benchmarks/load.py JSON` prints one
JSON object: requests, seconds, the 95th percentile in milliseconds, and its own processor seconds. An
answer that is not a whole 200 with the wanted marker ends it with an error.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time

CONNECTIONS = 8


class Visit:
    """One request under way."""

    def __init__(self, address: tuple[str, int], request: bytes) -> None:
        self.begun = time.perf_counter()
        self.socket = socket.create_connection(address)
        self.socket.sendall(request)
        self.parts: list[bytes] = []

    def read(self) -> bool:
        """Take what has come; True when the answer is complete."""
        part = self.socket.recv(1 << 18)
        self.parts.append(part)
        return not part


def drive(port: int, path: str, cookie: str, seconds: float, marker: str, times: int) -> dict[str, float]:
    """Load one address for so long. `marker` stands at least `times` times in the answer."""
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close", f"Cookie: {cookie}"]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    address = ("127.0.0.1", port)
    selector = selectors.DefaultSelector()

    def visit() -> None:
        one = Visit(address, request)
        selector.register(one.socket, selectors.EVENT_READ, one)

    begun = time.perf_counter()
    for _ in range(CONNECTIONS):
        visit()
    took: list[float] = []
    while selector.get_map():
        for key, _ in selector.select(30) or _silent(path):
            if not key.data.read():
                continue
            selector.unregister(key.fileobj)
            key.data.socket.close()
            check(b"".join(key.data.parts), path, marker, times, whole=not took)
            took.append(time.perf_counter() - key.data.begun)
            if time.perf_counter() - begun < seconds:
                visit()
    elapsed = time.perf_counter() - begun
    p95 = sorted(took)[int(len(took) * 0.95)] * 1000
    return {"requests": len(took), "seconds": elapsed, "p95": p95, "own": time.process_time()}


def check(answer: bytes, path: str, marker: str, times: int, *, whole: bool) -> None:
    """Raises SystemExit unless the answer is a 200, whole, and (looked at once) has the rows."""
    head, _, body = answer.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise SystemExit(f"{path} answered {head.splitlines()[:1]}")
    length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
    if len(body) != length or (whole and body.count(marker.encode()) < times):
        raise SystemExit(f"{path}: {len(body)} of {length} bytes, {body.count(marker.encode())} x {marker}")


def _silent(path: str) -> list[tuple[selectors.SelectorKey, int]]:
    raise SystemExit(f"{path}: no answer for 30 seconds")


if __name__ == "__main__":
    print(json.dumps(drive(**json.loads(sys.argv[1]))))
