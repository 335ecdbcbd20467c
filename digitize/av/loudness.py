# SPDX-License-Identifier: Apache-2.0
"""Loudness as broadcasters measure it.

Source: EBU R 128 and Tech 3341, 3342; ITU-R BS.1770. Measured by ffmpeg's ``ebur128``.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

from digitize.av import command

_FIGURES = {"integrated_lufs": r"I:\s+(\S+) LUFS", "range_lu": r"LRA:\s+(\S+) LU", "true_peak_dbtp": r"Peak:\s+(\S+) dBFS"}
_GATE = -70.0


def loudness(path: Path, form: str, index: int) -> dict[str, float | None]:
    """Measure integrated loudness (LUFS), loudness range (LU) and true peak (dBTP); what silence has not is None."""
    heard = command.source(path, form)[str(index)].filter("ebur128", peak="true", framelog="verbose")
    said = command.run(command.output(heard, to="-", f="null"), level="info")
    summary = said.rpartition("Summary:")[2]
    figures: dict[str, Any] = {name: _figure(pattern, summary) for name, pattern in _FIGURES.items()}
    # Below the absolute gate there is no loudness, and no range of it.
    if figures["integrated_lufs"] is None or figures["integrated_lufs"] <= _GATE:
        figures |= {"integrated_lufs": None, "range_lu": None}
    return figures


def _figure(pattern: str, summary: str) -> float | None:
    match = re.search(pattern, summary)
    value = float(match[1]) if match else math.nan
    return value if math.isfinite(value) else None
