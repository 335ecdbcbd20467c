# SPDX-License-Identifier: Apache-2.0
"""`manage.py serve`: the web server and a worker, on a machine that was made ready."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from assets.commands import FAILED, OK, QiluCommand
from cms.serving import static
from cms.serving.address import choose_port, wait_until_it_answers
from cms.serving.group import Group, Stopped, stoppable
from cms.serving.site import start


class Command(QiluCommand):
    """Serve until told to stop; Ctrl-C ends everything that was started."""

    help = "Serve the site with a worker beside it, until Ctrl-C."
    migrates = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the command's own words."""
        parser.add_argument("--host", default="127.0.0.1", help="Address to listen on.")
        parser.add_argument("--port", type=int, default=8000, help="Port to listen on.")
        parser.add_argument("--workers", type=int, default=2, help="Processes of the web server.")
        parser.add_argument("--threads", type=int, default=4, help="Threads in each of them.")
        parser.add_argument("--no-worker", action="store_true", help="Only the web server; workers run elsewhere.")

    def work(self, **options: Any) -> dict[str, Any]:
        """Start the processes and watch over them."""
        port = choose_port(options["host"], options["port"])
        static.collect()
        try:
            with stoppable(), Group() as group:
                start(
                    group,
                    host=options["host"],
                    port=port,
                    workers=options["workers"],
                    threads=options["threads"],
                    with_worker=not options["no_worker"],
                )
                if wait_until_it_answers(options["host"], port):
                    self.say(f"Serving on http://{options['host']}:{port}/ (Ctrl-C ends it)")
                return {"ended": group.wait_for_one()}
        except Stopped:
            return {"ended": {}}

    def status(self, result: dict[str, Any]) -> int:
        """Tell an end that was asked for from a process that ended by itself."""
        return FAILED if result["ended"] else OK

    def show(self, result: dict[str, Any]) -> None:
        """Print which process ended by itself."""
        for name, code in result["ended"].items():
            self.stderr.write(f"The {name} ended by itself with {code}; everything was stopped.")
