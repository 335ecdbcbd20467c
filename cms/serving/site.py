# SPDX-License-Identifier: Apache-2.0
"""The site's processes: the web server and the worker."""

from __future__ import annotations

import sys
from pathlib import Path

from django.conf import settings

from cms.serving.group import Group


def manage(*words: str) -> list[str | Path]:
    """Give the command line of one of our own commands."""
    return [sys.executable, settings.BASE_DIR / "manage.py", *words]


def web_server(*, host: str, port: int, workers: int, threads: int) -> list[str | Path]:
    """Give the command line of the web server (granian over WSGI)."""
    options = {
        "--host": host,
        "--port": port,
        "--workers": workers,
        "--blocking-threads": threads,
        "--interface": "wsgi",
        "--log-level": "warning",
    }
    words = [word for option, value in options.items() for word in (option, str(value))]
    return [sys.executable, "-m", "granian", *words, "--no-ws", "--respawn-failed-workers", "cms.wsgi:application"]


def start(group: Group, *, host: str, port: int, workers: int, threads: int, with_worker: bool = True) -> None:
    """Start the site's processes inside a group."""
    group.start("web server", web_server(host=host, port=port, workers=workers, threads=threads), cwd=settings.BASE_DIR)
    if with_worker:
        group.start("worker", manage("worker"), cwd=settings.BASE_DIR)
