# SPDX-License-Identifier: Apache-2.0
"""Print the policy file."""

from __future__ import annotations

import json
from typing import Any

from assets.commands import QiluCommand
from ledger import policy


class Command(QiluCommand):
    """Print whose signatures count, how many, and how old they may be."""

    help = "Print the policy file that verify.py wants."
    migrates = True

    def work(self, **_options: Any) -> dict[str, Any]:
        """Make the policy."""
        return policy.make()

    def show(self, result: dict[str, Any]) -> None:
        """Print it as the file it is meant to be."""
        self.stdout.write(json.dumps(result, indent=2, ensure_ascii=False))
