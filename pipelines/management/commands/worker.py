# SPDX-License-Identifier: Apache-2.0
"""Work through the tasks, and keep the log's clock: number, witness, anchor, sweep."""

from __future__ import annotations

import threading
from argparse import ArgumentParser
from typing import Any

from django_tasks_db.management.commands.db_worker import Worker

from assets.commands import QiluCommand
from pipelines.clock import Clock


class Command(QiluCommand):
    """Run until told to stop (Ctrl-C or SIGTERM); several workers may run side by side."""

    help = "Run tasks and keep the log numbered, witnessed and anchored."
    migrates = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the command's own words."""
        parser.add_argument("--interval", type=float, default=0.5, help="Seconds between looks at an empty queue.")
        parser.add_argument("--batch", action="store_true", help="End when the queue is empty.")
        parser.add_argument("--no-anchor", action="store_true", help="Never anchor on a chain from this worker.")

    def work(self, **options: Any) -> dict[str, Any]:
        """Run tasks in this thread and the clock in another."""
        clock = Clock(anchors=not options["no_anchor"])
        if options["batch"]:
            self._worker(options).run()
            clock.tick()
            return {"ended": "empty"}
        thread = threading.Thread(target=clock.run, daemon=True)
        thread.start()
        try:
            worker = self._worker(options)
            worker.configure_signals()
            worker.run()
        finally:
            clock.stop()
            thread.join(timeout=5)
        return {"ended": "asked"}

    @staticmethod
    def _worker(options: dict[str, Any]) -> Worker:
        """Make the task runner."""
        from django.utils.crypto import get_random_string

        return Worker(
            queue_names=["default"],
            interval=options["interval"],
            batch=options["batch"],
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
