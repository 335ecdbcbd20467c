# SPDX-License-Identifier: Apache-2.0
"""A small load generator: a few connections kept alive, each asking for the next page when it has the last."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
import time

CONNECTIONS = 8
SECONDS = 8


def requests_per_second(host: str, port: int, path: str, *, seconds: float = SECONDS, connections: int = CONNECTIONS) -> float:
    """Count answered pages a second, with wrk where it is on the PATH, else with our own generator.

    Raises
    ------
    RuntimeError
        Where an answer is not 200.
    """
    wrk = shutil.which("wrk")
    if wrk is None:
        return asyncio.run(_visit(host, port, path, seconds, connections))
    command = [wrk, "-t1", f"-c{connections}", f"-d{int(seconds)}s", f"http://{host}:{port}{path}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"Requests/sec:\s*([\d.]+)", said)
    if found is None or "Non-2xx" in said:
        raise RuntimeError(said)
    return float(found[1])


async def _visit(host: str, port: int, path: str, seconds: float, connections: int) -> float:
    """Let every visitor ask until the time is over; give answers a second."""
    until = time.monotonic() + seconds
    counts = await asyncio.gather(*(_visitor(host, port, path, until) for _number in range(connections)))
    return round(sum(counts) / seconds, 1)


async def _visitor(host: str, port: int, path: str, until: float) -> int:
    """Ask for one page again and again over one connection; give how often it came."""
    reader, writer = await asyncio.open_connection(host, port)
    request = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: keep-alive\r\n\r\n".encode()
    count = 0
    while time.monotonic() < until:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        await _body(reader, head)
        if b" 200 " not in head[:16]:
            raise RuntimeError(head.decode("latin-1"))
        count += 1
    writer.close()
    return count


async def _body(reader: asyncio.StreamReader, head: bytes) -> None:
    """Read an answer's body to its end."""
    length = re.search(rb"(?i)content-length: (\d+)", head)
    if length:
        await reader.readexactly(int(length[1]))
        return
    while size := int(await reader.readuntil(b"\r\n"), 16):
        await reader.readexactly(size + 2)
    await reader.readexactly(2)
