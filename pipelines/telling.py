# SPDX-License-Identifier: Apache-2.0
"""Telling a run on the command line: each step as it goes, each rendition when it is made."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from assets.commands import QiluCommand
from digitize.mesh import METRES
from digitize.runner import Event


def declarations(word: str) -> dict[str, Any]:
    """Read what is declared of the input from a JSON file; what it means is judged where it is used."""
    try:
        told = json.loads(Path(word).read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise ArgumentTypeError(f"{word} cannot be read: {error}") from error
    if not isinstance(told, dict):
        raise ArgumentTypeError(f"{word} holds no JSON object")
    return told


class RunCommand(QiluCommand):
    """A command that runs a recipe."""

    def add_input_words(self, parser: ArgumentParser) -> None:
        """Add the words that say what belongs to an input and what it does not say of itself."""
        parser.add_argument(
            "--with", dest="beside", type=Path, nargs="+", action="extend", default=[], metavar="FILE", help="Files that belong to it."
        )
        parser.add_argument(
            "--declared",
            type=declarations,
            default={},
            metavar="FILE",
            help="A JSON object of what the file does not say: unit, up, scale, markers.",
        )
        parser.add_argument("--unit", choices=sorted(METRES), help="The unit of the file's numbers, where it does not say.")

    def declared(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Give what the words declare; the unit that is named alone counts before the file's."""
        return {**options["declared"], **({"unit": options["unit"]} if options["unit"] else {})}

    def tell(self, event: Event) -> None:
        """Tell one event."""
        if event.state == "progress":
            if sys.stderr.isatty():
                self.stderr.write(f"\r  {event.step:<12}{(event.fraction or 0):6.0%} {event.message or '':<40}", ending="")
            return
        cpu = f"{event.cpu_seconds:.1f} CPU s" if event.cpu_seconds else ""
        self.say(f"[{event.index}/{event.total}] {event.step:<12} {event.state:<8} {cpu}")

    def show_renditions(self, renditions: Iterable[Mapping[str, Any]]) -> None:
        """Print what was made, one line each."""
        for one in renditions:
            error = one["error"] or {}
            mean = f"mean error {error['mean']:.3g} {error['unit'] or ''}" if error.get("mean") is not None else ""
            self.stdout.write(f"  {one['role']:<18}{one['bytes']:>12,} B  {one['triangles'] or '':>9} {mean}")
