# SPDX-License-Identifier: Apache-2.0
"""Pre-flight every case of the corpus that lies in the source, inside the sandbox, and say what came of each."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from digitize.errors import Refusal
from digitize.preflight import Limits, prepare


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for name, main in params["cases"].items():
        laid = out / "laid"
        answers[name] = look(inputs["source"] / name / main, laid)
        shutil.rmtree(laid, ignore_errors=True)
    return {"answers": answers, "left": sorted(path.name for path in out.iterdir())}


def look(path: Path, laid: Path) -> dict[str, Any]:
    """Prepare one input."""
    try:
        intake = prepare(path, into=laid, limits=Limits())
    except Refusal as refusal:
        texts = [refusal.text(language) for language in ("en", "zh-hans")]
        return {"code": refusal.code, "at": refusal.at, "texts": texts, "left": laid.exists()}
    files = sorted(one.relative_to(laid).as_posix() for one in laid.rglob("*") if one.is_file())
    kept = files == sorted({*intake.members, "intake.json"})
    return {
        "counts": dict(intake.counts),
        "doubts": [doubt.code for doubt in intake.doubts],
        "kept": kept,
        "again": str(type(intake).load(laid) == intake),
    }
