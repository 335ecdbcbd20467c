# SPDX-License-Identifier: Apache-2.0
"""Copy every input file, counting bytes."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    total = 0
    for name, folder in sorted(inputs.items()):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                data = path.read_bytes()
                total += len(data)
                (out / f"{name}-{path.name}").write_bytes(data)
    progress(0.5, "half")
    time.sleep(params.get("seconds", 0))
    facts: dict[str, Any] = {"bytes": total}
    if "role" in params:
        (out / "made.bin").write_bytes(b"made " + params["role"].encode())
        facts["renditions"] = [{"role": params["role"], "media_type": "application/octet-stream", "path": "made.bin", "triangles": None}]
    return facts
