# SPDX-License-Identifier: Apache-2.0
"""Fins: a face and its own back, which simplifiers leave where two sheets were drawn together; they enclose nothing."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from digitize.mesh import Integers, Mesh, compact
from digitize.topology import identical_rows


def without_fins(mesh: Mesh) -> Mesh:
    """Drop every face whose back is there too; a mesh without any comes back itself.

    Meant for what was made of a mesh that had none (`has_fins`): a sheet modelled with both its sides would lose them.
    """
    fin = _fins(identical_rows(mesh.positions)[1][mesh.faces])
    if not fin.any():
        return mesh
    return compact(replace(mesh, faces=mesh.faces[~fin], material_of=mesh.material_of[~fin]))


def has_fins(mesh: Mesh) -> bool:
    """Tell whether any face's back is there too."""
    return bool(_fins(identical_rows(mesh.positions)[1][mesh.faces]).any())


def _fins(faces: Integers) -> NDArray[np.bool_]:
    """Mark the faces (m, 3), over welded vertices, that stand with their back in a pair: (m,)."""
    low, high = faces.min(axis=1), faces.max(axis=1)
    middle = faces.sum(axis=1, dtype=np.int64) - low - high
    key = low.astype(np.int64) << np.int64(32) | high
    order = np.argsort(key, kind="stable")
    close = np.flatnonzero(key[order][1:] == key[order][:-1])
    result = np.zeros(len(faces), dtype=bool)
    one, two = order[close], order[close + 1]
    back = (middle[one] == middle[two]) & (_even(faces[one]) != _even(faces[two]))
    result[one[back]] = result[two[back]] = True
    return result


def _even(faces: Integers) -> NDArray[np.bool_]:
    """Tell which faces name their corners in ascending order, whichever comes first."""
    a, b, c = faces.T
    return ((a < b).astype(np.int8) + (b < c) + (c < a)) == 2
