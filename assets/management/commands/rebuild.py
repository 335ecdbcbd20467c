# SPDX-License-Identifier: Apache-2.0
"""Bring the published catalogue back after the database was lost."""

from __future__ import annotations

from typing import Any

from assets.commands import QiluCommand
from assets.rebuild import rebuild


class Command(QiluCommand):
    """Restore entries, versions and the search index from the data folder's files."""

    help = "Rebuild the published catalogue from the log's files and the sealed packages."
    migrates = True

    def work(self, **_options: Any) -> dict[str, Any]:
        """Rebuild what is missing."""
        return rebuild()

    def show(self, result: dict[str, Any]) -> None:
        """Say how much came back."""
        self.stdout.write(f"{result['entries']} entries, {result['versions']} versions, {result['indexed']} in the index")
