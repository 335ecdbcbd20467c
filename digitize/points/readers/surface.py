# SPDX-License-Identifier: Apache-2.0
"""The vertices of a mesh, where it is asked to be taken as points."""

from __future__ import annotations

from pathlib import Path

from digitize import readers
from digitize.points.cloud import Cloud
from digitize.points.readers import Reading
from digitize.topology import identical_rows


def read(root: Path, name: str, form: str) -> Reading:
    """Read a mesh and keep each place once; its faces are dropped, as was asked."""
    reading = readers.read(root, name, form)
    mesh = reading.mesh
    first, _ = identical_rows(mesh.positions)
    colours = None if mesh.colours is None else mesh.colours[first, :3].copy()
    cloud = Cloud(mesh.positions[first], colours, None, None, mesh.unit, mesh.unit_evidence, mesh.up)
    return Reading(((name, cloud),), reading.vertices, reading.doubts)
