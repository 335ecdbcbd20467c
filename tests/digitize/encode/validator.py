# SPDX-License-Identifier: Apache-2.0
"""Khronos' validator, run by Node."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
needs_validator = pytest.mark.skipif(
    shutil.which("node") is None or not (ROOT / "node_modules" / "gltf-validator").is_dir(),
    reason="node or npm's gltf-validator is not here",
)


def reports(*paths: Path) -> list[dict[str, Any]]:
    done = subprocess.run(
        ["node", str(ROOT / "tests" / "digitize" / "validate.mjs"), *map(str, paths)], check=True, capture_output=True, cwd=ROOT
    )
    return json.loads(done.stdout)
