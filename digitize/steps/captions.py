# SPDX-License-Identifier: Apache-2.0
"""Check the captions that came with a recording or film against its sound, and write them as WebVTT."""

from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from digitize.av.waveform import CURVE
from digitize.captions import SUFFIXES, Captions, align, check, read
from digitize.captions.webvtt import write_webvtt
from digitize.steps import read_facts, write_facts


def run(*, inputs: Mapping[str, Path], out: Path, params: Mapping[str, Any], progress: Callable[[float, str], None]) -> dict[str, Any]:
    """Write `captions-<language>` of each file of captions in `source`; the curve of the sound is that of `listen` or `look`.

    Raises
    ------
    Refusal
        ``captions.invalid`` and its like.
    """
    del params
    members = read_facts(inputs["source"], "intake.json")["members"][1:]
    heard = next((inputs[name] / CURVE for name in ("listen", "look") if name in inputs), None)
    curve = np.load(heard) if heard and heard.exists() else None
    said: dict[str, Any] = {"renditions": [], "doubts": []}
    for number, name in enumerate(file for file in members if PurePosixPath(file).suffix.lower() in SUFFIXES):
        progress(number / len(members), name)
        captions = read(inputs["source"] / name, name)
        fact, doubts = _written(captions, curve, out)
        said["renditions"].append(fact)
        said["doubts"] += doubts
    write_facts(out, said)
    return said


def _written(captions: Captions, curve: Any, out: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Write one file; return its rendition and its doubts."""
    language = captions.language or "und"
    role = f"captions-{language}"
    (out / f"{role}.vtt").write_text(write_webvtt(captions), encoding="utf-8")
    counted = check.facts(captions)
    found = align.align(captions, curve) if curve is not None else None
    doubts = [*check.doubts(captions, counted), *align.doubts(captions, found)]
    fact = {"role": role, "media_type": "text/vtt", "path": f"{role}.vtt", "language": language, "source": captions.name, **counted}
    return {**fact, "alignment": found.as_json() if found else None}, [doubt.as_json() for doubt in doubts]
