# SPDX-License-Identifier: Apache-2.0
"""Write the report of a run."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from digitize.report import report


def run(
    *,
    inputs: Mapping[str, Path],
    out: Path,
    params: Mapping[str, Any],  # noqa: ARG001 - every step has the same face
    progress: Callable[[float, str], None],
) -> dict[str, Any]:
    """Gather the facts of all earlier steps and of `recipe`. The same run gives the same bytes."""
    progress(0.0, "report")
    text = json.dumps(report(inputs), sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False)
    (out / "report.json").write_text(text + "\n", encoding="utf-8")
    return {"renditions": [{"role": "report", "media_type": "application/json", "path": "report.json"}]}
