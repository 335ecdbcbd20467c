# SPDX-License-Identifier: Apache-2.0
"""Write the report of a run."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from digitize.report import PROFILE, report


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Gather the facts of all earlier steps and of `recipe`, and judge them. The same run gives the same bytes.

    Parameters
    ----------
    params : `profile`, the quality profile: its name among ours, or its whole JSON.

    Raises
    ------
    ProfileError
        `profile.unknown`, `profile.invalid`.
    """
    progress(0.0, "report")
    found = report(inputs, params.get("profile", PROFILE))
    text = json.dumps(found, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False)
    (out / "report.json").write_text(text + "\n", encoding="utf-8")
    rendition = {"role": "report", "media_type": "application/json", "path": "report.json"}
    return {"renditions": [rendition], "verdict": found["verdict"], "facts": found["facts"]}
