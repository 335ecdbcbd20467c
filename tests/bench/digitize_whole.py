# SPDX-License-Identifier: Apache-2.0
"""The whole set from a textured scan of about a million triangles: levels, AR, USDZ, pictures, report; and again, byte by byte.

Beside us gltfpack makes three simplified levels, which it neither measures nor bakes.
"""

from __future__ import annotations

import json
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from tests.bench.children import Used, measure
from tests.bench.ingest import LEVELS, MIB, STEP, gltfpack
from tests.bench.rows import Row
from tests.bench.scans import Scan, large_scan


def rows() -> list[Row]:
    """Digitize the scan twice, and let gltfpack make its levels."""
    with tempfile.TemporaryDirectory(prefix="qilu-bench-") as name:
        folder = Path(name)
        scan = large_scan(folder / "scan")
        ours = _digitize(scan, folder, "one")
        _digitize(scan, folder, "two")
        same = _digests(folder / "one") == _digests(folder / "two")
        return [
            *_rows(scan, ours, gltfpack(scan, folder)),
            Row("derivatives that differ when made again", 0.0 if same else 1.0, None, "", "files"),
        ]


def _digitize(scan: Scan, folder: Path, out: str) -> Used:
    """Digitize the scan into a folder."""
    command = [sys.executable, settings.BASE_DIR / "manage.py", "digitize", scan.path.parent, folder / out, "--json"]
    return measure(command, environment={}, folder=folder)


def _digests(folder: Path) -> dict[str, str]:
    """Name every file's bytes, the report without its timings."""
    found = {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.name != "report.json"}
    report = json.loads((folder / "report.json").read_bytes())
    del report["timings"]
    return {**found, "report.json": sha256(json.dumps(report, sort_keys=True).encode()).hexdigest()}


def _rows(scan: Scan, ours: Used, peers: list[Used] | None) -> list[Row]:
    """Put the figures beside each other."""
    steps = {name: float(seconds) for name, seconds in STEP.findall(ours.err)}
    made = json.loads(ours.out)
    per_million = 1e6 / made["facts"]["triangles"]
    name = f"whole set, {made['facts']['triangles']:,} triangles"
    cpu = round(sum(peer.cpu_seconds for peer in peers), 2) if peers else None
    peak = round(max(peer.peak_bytes for peer in peers) / MIB) if peers else None
    peer = f"gltfpack 1.3: {len(LEVELS)} levels, unmeasured" if peers else "gltfpack is not installed"
    return [
        Row(name, round(ours.cpu_seconds, 2), cpu, peer, "CPU s"),
        Row(f"{name}: per million triangles", round(ours.cpu_seconds * per_million, 2), None, "", "CPU s"),
        Row(f"{name}: largest process", round(made["peak_bytes"] / MIB), peak, peer, "MiB"),
        *[Row(f"whole set, step {step}", seconds, None, "", "CPU s") for step, seconds in steps.items()],
    ]
