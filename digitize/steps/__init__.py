# SPDX-License-Identifier: Apache-2.0
"""The steps of our recipes. Each is a module with `run`: files in, files and measured facts out."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_facts(out: Path, facts: Mapping[str, Any]) -> None:
    """Leave a step's facts among its files, where later steps find them."""
    (out / "facts.json").write_text(json.dumps(facts, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False), encoding="utf-8")


def read_facts(folder: Path, name: str = "facts.json") -> dict[str, Any]:
    """Read the facts that an earlier step left."""
    facts: dict[str, Any] = json.loads((folder / name).read_text(encoding="utf-8"))
    return facts
