# SPDX-License-Identifier: Apache-2.0
"""What holds of a derivative's surface by itself: closed, manifold, in how many pieces."""

from typing import Any

import numpy as np

from digitize.mesh import Mesh
from digitize.topology import Welded, components, weld


def shape(mesh: Mesh) -> dict[str, Any]:
    """Tell of a mesh as it was read back: `vertices` of equal position counted once, and what `closed` tells."""
    welded = weld(mesh)
    return {"vertices": len(welded.first), **closed(welded)}


def closed(welded: Welded) -> dict[str, Any]:
    """Tell whether a welded surface is watertight and manifold, its open edges and its pieces.

    Faces that a coarse encoding has made empty bound nothing: they are left out, and counted as `empty_triangles`.
    """
    a, b, c = welded.faces.T
    sound = (a != b) & (b != c) & (c != a)
    ring = welded.ring
    uses, balance = ring.uses, ring.balance
    if not sound.all():
        from digitize.topology import edges

        ring = edges(welded.faces[sound])
        uses, balance = ring.uses, ring.balance
    return {
        "watertight": bool(len(uses) and (uses == 2).all() and (balance == 0).all()),
        "manifold": bool((uses <= 2).all()),
        "boundary_edges": int((uses == 1).sum()),
        "components": components(welded.faces[sound] if not sound.all() else welded.faces, len(welded.first)),
        "empty_triangles": int(np.count_nonzero(~sound)),
    }
