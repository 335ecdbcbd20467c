# SPDX-License-Identifier: Apache-2.0
"""`manage.py bench NAME`: what was promised in numbers, with a peer beside us in the same run."""

from __future__ import annotations

import importlib
from argparse import ArgumentParser
from typing import Any

from assets.commands import QiluCommand

PARTS = ("geometry", "texture", "encode", "whole", "image")
NAMES = ("ingest", "pages", "digitize")


class Command(QiluCommand):
    """Run one benchmark of `tests/bench`."""

    help = "Measure one of the promises, with a peer beside it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the command's own words."""
        parser.add_argument("name", metavar="NAME", choices=NAMES, help=f"One of {', '.join(NAMES)}.")
        parser.add_argument("--part", default="", choices=PARTS, metavar="PART", help=f"Of digitize, only one of {', '.join(PARTS)}.")

    def work(self, **options: Any) -> dict[str, Any]:
        """Run the benchmark in folders of its own; the instance's data stays as it is."""
        self.say(f"Measuring {options['name']}; the machine should have nothing else to do.")
        run = importlib.import_module(f"tests.bench.{options['name']}").run
        rows = run(options["part"]) if options["part"] else run()
        return {"rows": [row.as_json() for row in rows]}

    def show(self, result: dict[str, Any]) -> None:
        """Print the rows as a table."""
        keys = ("work", "ours", "peer", "ratio", "unit", "peer_name")
        lines = [list(keys), *(["–" if row[key] is None else str(row[key]) for key in keys] for row in result["rows"])]
        widths = [max(len(line[column]) for line in lines) for column in range(len(keys))]
        for line in lines:
            self.stdout.write("  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)).rstrip())
