# SPDX-License-Identifier: Apache-2.0
"""The curve of a recording as a picture, and as numbers for the player."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from digitize import sound
from digitize.av.listen import Doubles, Heard

SCHEMA = "qilu.waveform/1"
_COLUMNS = 600
_PER_SECOND, _MOST = 20, 8000
CURVE = "curve.npy"


def extremes(curve: Doubles, columns: int) -> Doubles:
    """Give lowest and highest sample of `columns` equal stretches of a curve (n, 3): (columns, 2)."""
    edges = np.linspace(0, len(curve), columns + 1).astype(np.int64)
    starts = np.minimum(edges[:-1], len(curve) - 1)
    # A stretch shorter than one step of the curve shows the step it lies in.
    ends = np.maximum(edges[1:], starts + 1)
    spans = [curve[start:end] for start, end in zip(starts, ends, strict=True)]
    return np.array([[min(span[:, 0].min(), 0.0), max(span[:, 1].max(), 0.0)] for span in spans])


def write(heard: Heard, out: Path) -> list[dict[str, Any]]:
    """Write the picture, the numbers, and the curve for later steps; return the renditions."""
    np.save(out / CURVE, heard.curve.astype(np.float32))
    (out / "waveform.svg").write_text(sound.drawing(extremes(heard.curve, _COLUMNS)), encoding="utf-8")
    points = int(np.clip(np.ceil(heard.seconds * _PER_SECOND), 1, _MOST))
    peaks = np.rint(np.clip(extremes(heard.curve, points), -1, 1) * 127).astype(int)
    data = {"schema": SCHEMA, "seconds": round(heard.seconds, 6), "full_scale": 127, "peaks": peaks.tolist()}
    (out / "waveform.json").write_text(json.dumps(data, separators=(",", ":")) + "\n", encoding="utf-8")
    return [
        {"role": "waveform", "media_type": "image/svg+xml", "path": "waveform.svg"},
        {"role": "waveform-data", "media_type": "application/json", "path": "waveform.json", "points": points},
    ]
