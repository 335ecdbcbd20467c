# SPDX-License-Identifier: Apache-2.0
"""Telling a run on the command line: each step as it goes, each rendition when it is made."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from typing import Any

from assets.commands import QiluCommand
from digitize.runner import Event


class RunCommand(QiluCommand):
    """A command that runs a recipe."""

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
