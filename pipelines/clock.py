# SPDX-License-Identifier: Apache-2.0
"""The worker's clock: what must happen again and again, whether or not anybody asks."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.db import close_old_connections, connection
from django.utils.module_loading import import_string

from assets import generation, search
from ledger import anchoring, sequencer
from ledger.models import Entry
from ledger.queries import checkpoint
from pipelines import leftovers
from pipelines.domain import sweep

SHOWN = ("version.publish", "version.withdraw", "licence.grant", "licence.revoke")  # what pages show the proof of

logger = logging.getLogger("qilu.clock")


def number() -> None:
    """Get what was recorded numbered; where that puts a publication under the log's proof, public pages are made anew."""
    before = checkpoint()
    after = sequencer.sequence()
    if after and Entry.objects.filter(kind__in=SHOWN, index__gte=before.size if before else 0, index__lt=after.size).exists():
        generation.advance()


class Clock:
    """Number and witness the log, anchor its head, sweep what was left behind, empty the search outbox.

    Each duty has its own interval; one that fails is logged and tried again at its next turn.
    """

    def __init__(self, *, anchors: bool = True) -> None:
        self._stop = threading.Event()
        config = settings.QILU
        self._duties: list[tuple[float, Callable[[], object]]] = [
            (config["QILU_CHECKPOINT_SECONDS"], number),
            (config["QILU_LEASE_SECONDS"] / 2, sweep),
            (10, search.refresh),
            (3600, leftovers.clear),
        ]
        self._duties += [(seconds, import_string(path)) for path, seconds in settings.CLOCK_DUTIES.items()]
        if anchors:
            self._duties.append((config["QILU_ANCHOR_SECONDS"], anchoring.anchor))
        self._due = dict.fromkeys(range(len(self._duties)), 0.0)

    def run(self) -> None:
        """Tick until stopped."""
        while not self._stop.wait(1):
            self.tick()
        connection.close()

    def stop(self) -> None:
        """End after the duty in hand."""
        self._stop.set()

    def tick(self) -> None:
        """Do every duty that is due."""
        now = time.monotonic()
        for number, (interval, duty) in enumerate(self._duties):
            if now < self._due[number]:
                continue
            self._due[number] = now + interval
            try:
                duty()
            except Exception:
                logger.exception("%s failed; it will be tried again", getattr(duty, "__name__", "duty"))
            finally:
                close_old_connections()
