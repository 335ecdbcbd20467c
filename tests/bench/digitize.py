# SPDX-License-Identifier: Apache-2.0
"""What digitizing costs and how close it stays, with the tools people use today beside us in the same run."""

from __future__ import annotations

from importlib import import_module

from cms.management.commands.bench import PARTS
from tests.bench.rows import Row


def run(part: str = "") -> list[Row]:
    """Run every part, or one of them."""
    chosen = (part,) if part else PARTS
    return [row for name in chosen for row in import_module(f"tests.bench.digitize_{name}").rows()]
