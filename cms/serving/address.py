# SPDX-License-Identifier: Apache-2.0
"""The address that a site is served under, and whether it answers."""

from __future__ import annotations

import http.client
import socket
import time

FIRST_PORT = 8000
PORTS_TRIED = 50


class PortTakenError(Exception):
    """The port belongs to somebody else already."""

    code = "port.taken"
    retryable = True
    at = None
    exit = 2

    def __init__(self, port: int) -> None:
        self.message = f"Port {port} is taken."
        self.hint = "End what uses it, or name another with --port; without --port a free one is found."
        super().__init__(self.message)


def is_free(host: str, port: int) -> bool:
    """Tell whether a server could listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def choose_port(host: str, wanted: int | None) -> int:
    """Give the wanted port, or the first free one from 8000 on.

    Raises
    ------
    PortTakenError
        Where the wanted port, or every port tried, is taken.
    """
    if wanted is not None:
        if not is_free(host, wanted):
            raise PortTakenError(wanted)
        return wanted
    free = (port for port in range(FIRST_PORT, FIRST_PORT + PORTS_TRIED) if is_free(host, port))
    chosen = next(free, None)
    if chosen is None:
        raise PortTakenError(FIRST_PORT)
    return chosen


def answers(host: str, port: int, path: str = "/") -> bool:
    """Tell whether a server answers there without a fault of its own."""
    connection = http.client.HTTPConnection(host, port, timeout=30)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def wait_until_it_answers(host: str, port: int, seconds: float = 60) -> bool:
    """Wait for the first answer; give whether it came."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if answers(host, port):
            return True
        time.sleep(0.2)
    return False
