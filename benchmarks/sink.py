"""A mail server that takes everything: `python benchmarks/sink.py PORT RECORD [SECONDS] [MILLISECONDS]`.

Standard library alone, in a process of its own, so that it costs both sides the same. Each accepted letter
is one line of RECORD, the envelope's recipient and the monotonic time, written before the answer. SECONDS
is how long it says nothing after connecting; MILLISECONDS how long it takes to answer a body.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from pathlib import Path
from typing import TextIO


async def serve(port: int, record: Path, silence: float, pause: float) -> None:
    with record.open("a", encoding="ascii", buffering=1) as lines:

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                await asyncio.sleep(silence)
                await converse(reader, writer, lines, pause)
            writer.close()

        server = await asyncio.start_server(talk, "127.0.0.1", port, limit=1 << 22)
        async with server:
            await server.serve_forever()


async def converse(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lines: TextIO, pause: float
) -> None:
    writer.write(b"220 sink\r\n")
    recipient = ""
    while line := await reader.readline():
        verb = line[:4].upper()
        if verb == b"DATA":
            writer.write(b"354 go on\r\n")
            await reader.readuntil(b"\r\n.\r\n")
            await asyncio.sleep(pause)
            lines.write(f"{recipient} {time.monotonic()}\n")
        elif verb == b"RCPT":
            recipient = line.partition(b"<")[2].partition(b">")[0].decode("ascii")
        writer.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
        if verb == b"QUIT":
            return


if __name__ == "__main__":
    asyncio.run(
        serve(
            int(sys.argv[1]),
            Path(sys.argv[2]),
            float(sys.argv[3]) if len(sys.argv) > 3 else 0,
            float(sys.argv[4]) / 1000 if len(sys.argv) > 4 else 0,
        )
    )
