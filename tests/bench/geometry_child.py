# SPDX-License-Identifier: Apache-2.0
"""`python -m tests.bench.geometry_child FOLDER TRIANGLES`: simplify FOLDER's points.npy and faces.npy as a process of its own.

Leaves `out-points.npy` and `out-faces.npy`, and prints the CPU seconds that simplification and refinement took, without
starting Python, loading libraries and reading.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import numpy as np

from digitize.mesh import Material, Mesh
from digitize.simplify import simplify_free


def main(folder: Path, triangles: int) -> None:
    """Simplify, and say what it took."""
    faces = np.load(folder / "faces.npy").astype(np.int32)
    mesh = Mesh(np.load(folder / "points.npy"), faces, np.zeros(len(faces), dtype=np.int32), (Material(),))
    few = mesh.faces[: min(20_000, len(faces) // 2)]
    simplify_free(Mesh(mesh.positions, few, mesh.material_of[: len(few)], mesh.materials), len(few) // 10)  # loads what is loaded once
    start = time.process_time()
    level = simplify_free(mesh, triangles)
    spent = time.process_time() - start
    np.save(folder / "out-points.npy", level.mesh.positions)
    np.save(folder / "out-faces.npy", level.mesh.faces)
    print(json.dumps({"cpu_seconds": spent, "triangles": level.mesh.triangles, "method": level.method}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
