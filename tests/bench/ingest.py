# SPDX-License-Identifier: Apache-2.0
"""CPU seconds and memory of a million-triangle scan; beside us gltfpack, which makes levels but measures nothing."""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
from pathlib import Path

from django.conf import settings

from tests.bench.children import Used, measure
from tests.bench.rows import Row
from tests.bench.scans import Scan, large_scan

LEVELS = (0.2, 0.05, 0.0125)
MIB = 2**20
GLTFPACK = settings.BASE_DIR / "node_modules" / "gltfpack" / "cli.js"
STEP = re.compile(r"^\[\d+/\d+\]\s+(\w+)\s+(?:done|reused)\s+([\d.]+) CPU s", re.MULTILINE)


def run() -> list[Row]:
    """Ingest the scan into a data folder of its own, then let gltfpack make its levels."""
    with tempfile.TemporaryDirectory(prefix="qilu-bench-") as name:
        folder = Path(name)
        scan = large_scan(folder / "scan")
        manage = [sys.executable, settings.BASE_DIR / "manage.py"]
        ours = measure([*manage, "ingest", scan.path.parent, "--json"], environment={"QILU_DATA": str(folder / "data")}, folder=folder)
        return _rows(scan, ours, gltfpack(scan, folder))


def gltfpack(scan: Scan, folder: Path) -> list[Used] | None:
    """Make three simplified levels with gltfpack; None where it or Node is not installed."""
    node = shutil.which("node")
    if node is None or not GLTFPACK.is_file():
        return None
    return [
        measure([node, GLTFPACK, "-i", scan.path, "-o", folder / f"{share}.glb", "-si", str(share)], environment={}, folder=folder)
        for share in LEVELS
    ]


def _rows(scan: Scan, ours: Used, peers: list[Used] | None) -> list[Row]:
    """Put the figures beside each other: the whole ingest, the one step that gltfpack does too, and memory."""
    result = json.loads(ours.out)
    steps = {name: float(seconds) for name, seconds in STEP.findall(ours.err)}
    name = f"{scan.name}, {scan.triangles:,} triangles"
    cpu = round(sum(peer.cpu_seconds for peer in peers), 2) if peers else None
    peak = round(max(peer.peak_bytes for peer in peers) / MIB) if peers else None
    peer = "gltfpack 1.3: three levels, unmeasured" if peers else "gltfpack is not installed"
    return [
        Row(f"{name}: the whole ingest", round(result["cpu_seconds"], 2), cpu, peer, "CPU s"),
        Row(f"{name}: levels of detail", steps.get("levels", 0.0), cpu, peer, "CPU s"),
        Row(f"{name}: largest process", round(result["peak_bytes"] / MIB), peak, peer, "MiB"),
        *[Row(f"step {step}", seconds, None, "", "CPU s") for step, seconds in steps.items() if step != "levels"],
    ]
