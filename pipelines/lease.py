# SPDX-License-Identifier: Apache-2.0
"""The lease of a run: who runs it, until when, and how a dead owner is told from a slow one."""

from __future__ import annotations

import os
import socket
import threading
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.db import connection
from django.utils import timezone

from pipelines.models import Run


def _started(pid: int) -> str:
    """Give when a process started, in the kernel's ticks; empty where it is gone or the system does not tell."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[19]


def owner() -> str:
    """Name this process: host, pid and start."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{_started(os.getpid())}"


def owner_is_dead(name: str) -> bool:
    """Tell whether an owner on this host is certainly gone; False where that cannot be known."""
    host, _colon, rest = name.partition(":")
    pid, _colon, start = rest.partition(":")
    if host != socket.gethostname()[:60] or not pid.isdigit() or not Path("/proc/self/stat").exists():
        return False
    return _started(int(pid)) != start


def lease_until() -> datetime:
    """Give when a lease taken now ends."""
    return timezone.now() + timedelta(seconds=settings.QILU["QILU_LEASE_SECONDS"])


def fresh() -> dict[str, Any]:
    """Give the columns of a lease taken by this process now."""
    return {"lease_token": uuid.uuid4(), "lease_until": lease_until(), "lease_owner": owner(), "heartbeat_at": timezone.now()}


class Heartbeat:
    """Renew a run's lease from a thread while its work goes on; `lost` says that somebody else took it."""

    def __init__(self, run: Run) -> None:
        self._run, self._token = run.pk, run.lease_token
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)
        self.lost = False

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _beat(self) -> None:
        """Renew three times a lease."""
        try:
            while not self._stop.wait(settings.QILU["QILU_LEASE_SECONDS"] / 3):
                renewed = Run.objects.filter(pk=self._run, lease_token=self._token).update(
                    lease_until=lease_until(), heartbeat_at=timezone.now()
                )
                if not renewed:
                    self.lost = True
                    return
        finally:
            connection.close()
