# SPDX-License-Identifier: Apache-2.0
"""A step that does nothing: to find out what a host can lock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Return the facts of nothing."""
    del inputs, out, params, progress
    return {}
