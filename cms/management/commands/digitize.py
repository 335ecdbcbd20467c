# SPDX-License-Identifier: Apache-2.0
"""Digitize a file into a folder, without a database: what `ingest` does to an upload, and nothing else."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.utils import translation

from digitize.make import Wish, make
from digitize.recipe import names
from pipelines.domain.runs import step_limits
from pipelines.source import intake_limits
from pipelines.telling import RunCommand


def whole_number(word: str) -> int:
    """Read a number of triangles, at least four: fewer enclose nothing."""
    if not word.isdecimal() or int(word) < 4:
        raise ArgumentTypeError(f"{word} is no whole number from 4 on")
    return int(word)


class Command(RunCommand):
    """Take FILE through pre-flight and recipe, and leave renditions and report in OUT."""

    help = "Digitize a file, folder or zip into the folder OUT, without a database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the command's own words."""
        parser.add_argument("file", type=Path, metavar="FILE", help="A file, a zip, or a folder: photo set, pages, OBJ with its parts.")
        parser.add_argument("out", type=Path, metavar="OUT", help="A folder that is empty or does not exist yet.")
        parser.add_argument("--triangles", type=whole_number, metavar="N", help="One level of that many triangles.")
        parser.add_argument("--recipe", metavar="NAME_OR_FILE", help=f"One of {', '.join(names())}, or a recipe's JSON file.")
        self.add_input_words(parser)

    def work(self, **options: Any) -> dict[str, Any]:
        """Digitize, telling each step on standard error."""
        wish = Wish(
            path=options["file"],
            beside=options["beside"],
            recipe=options["recipe"],
            triangles=options["triangles"],
            declared=self.declared(options),
        )
        made = make(wish, options["out"], limits=intake_limits(), step_limits=step_limits(), listen=self.tell)
        return made.as_json(options["out"], translation.get_language() or "en")

    def show(self, result: dict[str, Any]) -> None:
        """Print what was made, and what is doubted."""
        self.show_renditions(result["renditions"])
        for doubt in result["doubts"]:
            where = f" ({doubt['at']})" if doubt["at"] else ""
            self.stdout.write(f"  ? {doubt['message']}{where}")
        self.stdout.write(f"{result['cpu_seconds']:.1f} CPU s, peak {result['peak_bytes'] / 2**20:.0f} MiB")
