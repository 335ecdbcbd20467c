# SPDX-License-Identifier: Apache-2.0
"""The machine-readable report: what came in, what was made, how far it lies from the original, and with which tools."""

import hashlib
import platform
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from digitize.steps import read_facts

SCHEMA = "qilu.report/1"
TOOLS = ("numpy", "scipy", "pillow", "DracoPy", "usd-core", "wasmtime", "open3d", "open3d-cpu")
_OWN = {"renditions", "errors", "rendition_facts", "doubts"}


def report(inputs: Mapping[str, Path]) -> dict[str, Any]:
    """Build the report from the folders of the earlier steps; it holds no times, so it is the same for the same run."""
    intake = read_facts(inputs["source"], "intake.json")
    steps = {name: read_facts(folder) for name, folder in inputs.items() if (folder / "facts.json").is_file()}
    used = read_facts(inputs["recipe"], "recipe.json")
    return {
        "schema": SCHEMA,
        "recipe": {name: used[name] for name in ("name", "version", "digest")},
        "tools": tools(),
        "source": {
            "main": intake["main"],
            "format": intake["format"],
            "files": [_file(inputs["source"], name) for name in intake["members"]],
        },
        "facts": {name: {key: value for key, value in facts.items() if key not in _OWN} for name, facts in steps.items()},
        "doubts": [*intake.get("doubts", []), *(doubt for facts in steps.values() for doubt in facts.get("doubts", []))],
        "renditions": [_rendition(inputs[name], fact, steps) for name, facts in steps.items() for fact in facts.get("renditions", [])],
    }


def tools() -> dict[str, str]:
    """Return the version of everything that shapes a derivative."""
    from digitize.meshopt import module

    found = {"python": platform.python_version()}
    for name in TOOLS:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    try:
        found["meshoptimizer"] = module.version()
    except Exception:  # noqa: BLE001 - a recipe without meshes needs none
        return found
    return found


def _file(folder: Path, name: str) -> dict[str, Any]:
    """Describe one file of the source."""
    data = (folder / name).read_bytes()
    return {"name": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def _rendition(folder: Path, fact: Mapping[str, Any], steps: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Describe one rendition: its file, its facts, its measured error."""
    errors = {role: error for facts in steps.values() for role, error in facts.get("errors", {}).items()}
    more = [facts["rendition_facts"].get(fact["role"], {}) for facts in steps.values() if "rendition_facts" in facts]
    file = _file(folder, fact["path"])
    extra = {key: value for part in more for key, value in part.items()}
    return {**fact, **extra, "bytes": file["bytes"], "sha256": file["sha256"], "error": errors.get(fact["role"])}
