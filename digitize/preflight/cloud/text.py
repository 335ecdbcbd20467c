# SPDX-License-Identifier: Apache-2.0
"""The pre-flight of a text cloud."""

from __future__ import annotations

from pathlib import Path

from digitize.preflight.cloud.columns import Layout, Tally, doubts
from digitize.preflight.cloud.rows import Rows
from digitize.preflight.model import Findings, Limits


def inspect_text(root: Path, main: str, limits: Limits) -> Findings:
    """Read a whole text cloud once, in bounded memory.

    Raises
    ------
    Refusal
        With the first line that is wrong.
    """
    rows = Rows(root / main, limits)
    tally: Tally | None = None
    points = 0
    for _, table in rows.tables():
        tally = tally or Tally(rows.width)
        tally.add(table)
        points += len(table)
    assert tally is not None
    layout = layout_of(rows, tally)
    counts = {"points": points, "scans": max(len(rows.blocks), 1), "columns": rows.width}
    return Findings(counts, (), doubts(layout, open_end=rows.open_end))


def layout_of(rows: Rows, tally: Tally) -> Layout:
    """Decide what the columns of a file that has been read are."""
    return tally.layout(rows.names, pts=bool(rows.blocks))
