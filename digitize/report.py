# SPDX-License-Identifier: Apache-2.0
"""The machine-readable report: what came in, what was made, how far it lies from the original, and with which tools.

Every member is described in docs/report.md.
"""

import hashlib
import platform
import shlex
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digitize import profile as profiles
from digitize.recipe import canonical, load, names
from digitize.steps import read_facts
from digitize.verdict import verdict

if TYPE_CHECKING:
    from digitize.runner import Result

SCHEMA = "qilu.report/2"
TOOLS = (
    "numpy", "scipy", "pillow", "DracoPy", "usd-core", "wasmtime", "open3d", "open3d-cpu", "xatlas", "manifold3d", "trimesh", "laspy",
    "lazrs", "pye57", "pyvips", "pyvips-binary", "pi-heif", "pypdfium2", "ffmpeg-python", "pycolmap", "opencv-python-headless",
)  # fmt: skip
# What an original is said to be, whatever its kind; the first step that says it is believed.
STATED = (
    "kind", "format", "triangles", "points", "splats", "pages", "joints", "frames", "images", "duration", "width", "height", "channels",
    "rate", "bits", "unit", "unit_evidence", "up", "orientation", "scale", "diagonal", "bounds", "area", "volume", "vertices",
    "components", "boundary_edges", "watertight", "manifold", "materials", "textures", "uv", "vertex_colours", "codec", "frame_rate", "interlaced", "shots", "loudness",
    "colour", "rights", "phash", "metadata", "pages_with_text", "order",
)  # fmt: skip
_OWN = {"renditions", "errors", "rendition_facts", "doubts", "timings", "tools"}
PROFILE = "visit"


def report(inputs: Mapping[str, Path], profile: object = PROFILE) -> dict[str, Any]:
    """Build the report from the folders of the earlier steps; it holds no times, so it is the same for the same run.

    Parameters
    ----------
    inputs : `source`, `recipe` and the earlier steps, each one's folder.
    profile : the quality profile to judge by, its name among ours or its whole JSON.

    Raises
    ------
    ProfileError
        Where there is no such profile, or it is not valid.
    """
    intake = read_facts(inputs["source"], "intake.json")
    steps = {name: read_facts(folder) for name, folder in inputs.items() if (folder / "facts.json").is_file()}
    used = read_facts(inputs["recipe"], "recipe.json")
    judged_by = profiles.load(profile) if isinstance(profile, str) else profiles.parse(profile)
    found: dict[str, Any] = {
        "schema": SCHEMA,
        "recipe": used,
        "command": command(intake, used),
        "tools": {**tools(), **{name: version for facts in steps.values() for name, version in facts.get("tools", {}).items()}},
        "source": _source(inputs["source"], intake),
        "facts": stated({"source": {"kind": intake["kind"], "format": intake["format"]}, **steps}),
        "steps": {name: {key: value for key, value in facts.items() if key not in _OWN} for name, facts in steps.items()},
        "doubts": [*intake.get("doubts", []), *(doubt for facts in steps.values() for doubt in facts.get("doubts", []))],
        "renditions": [
            _rendition(inputs[name], name, fact, steps) for name, facts in steps.items() for fact in facts.get("renditions", [])
        ],
    }
    return {**found, "verdict": verdict(found, judged_by)}


def stated(steps: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Gather what the steps say of the original itself, in the order of `STATED`; where two say it the first one counts.

    The source's own step speaks before those that only make something, because recipes run it first.
    """
    found = {name: facts[name] for name in STATED for facts in reversed(list(steps.values())) if name in facts}
    return {**found, **({"kind": steps["source"]["kind"]} if "source" in steps else {})}


def command(intake: Mapping[str, Any], recipe: Mapping[str, Any]) -> dict[str, Any]:
    """Give the command that makes the same again from the files of `source`.

    Returns
    -------
    `words`, the arguments, in which SOURCE and OUT stand for places, and `line`, the same for a shell. A recipe that is
    none of ours must first be written to `recipe.json` from the report's `recipe` (without its digest), and what was
    declared beside a unit to `declared.json`.
    """
    declared = intake.get("declared", {})
    words = ["python3", "manage.py", "digitize", intake["main"] if len(intake["members"]) == 1 else "SOURCE", "OUT"]
    own = recipe["name"] in names() and load(recipe["name"]).digest == recipe["digest"]
    words += ["--recipe", recipe["name"] if own else "recipe.json"]
    if declared.get("unit"):
        words += ["--unit", declared["unit"]]
    if set(declared) - {"unit"}:
        words += ["--declared", "declared.json"]
    return {"words": words, "line": shlex.join(words)}


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


def _source(folder: Path, intake: Mapping[str, Any]) -> dict[str, Any]:
    """Describe what came in."""
    return {
        "main": intake["main"],
        "format": intake["format"],
        "kind": intake["kind"],
        "files": [_file(folder, name) for name in intake["members"]],
        "counts": intake.get("counts", {}),
        "declared": intake.get("declared", {}),
    }


def _file(folder: Path, name: str) -> dict[str, Any]:
    """Describe one file."""
    with (folder / name).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"name": name, "bytes": (folder / name).stat().st_size, "sha256": digest}


def _rendition(folder: Path, step: str, fact: Mapping[str, Any], steps: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Describe one rendition: its file, the step that made it, its facts, its measured error."""
    role = fact["role"]
    errors = {role: error for facts in steps.values() for role, error in facts.get("errors", {}).items()}
    more = [facts["rendition_facts"].get(role, {}) for facts in steps.values() if "rendition_facts" in facts]
    file = _file(folder, fact["path"])
    extra = {key: value for part in more for key, value in part.items()}
    error = errors.get(role, fact.get("error"))
    return {**fact, **extra, "step": step, "bytes": file["bytes"], "sha256": file["sha256"], "error": error}


def with_timings(found: Mapping[str, Any], result: "Result") -> dict[str, Any]:
    """Join a run's times to its report, under `timings`: all that differs when the same is run again."""
    from digitize.runner.collect import timings

    return {**found, "timings": timings(result.steps)}


def digest(found: Mapping[str, Any]) -> str:
    """Name a report without its times: hex SHA-256 of its canonical JSON."""
    return hashlib.sha256(canonical({name: value for name, value in found.items() if name != "timings"})).hexdigest()
