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


def has_fins(mesh: Mesh, *, welded: bool = False) -> bool:
    """Tell whether any face's back is there too; `welded` where no two vertices share a position."""
    return bool(_fins(mesh.faces if welded else identical_rows(mesh.positions)[1][mesh.faces]).any())


def _fins(faces: Integers) -> NDArray[np.bool_]:
    """Mark the faces (m, 3), over welded vertices, that stand with their back in a pair: (m,)."""
    a, b, c = (np.ascontiguousarray(faces[:, corner]) for corner in range(3))  # by columns: five times as fast as by rows
    low, high = np.minimum(np.minimum(a, b), c), np.maximum(np.maximum(a, b), c)
    middle = a.astype(np.int64) + b + c - low - high
    # Few faces share a bucket of their corners' numbers: only those are sorted.
    buckets = 1 << max(len(faces).bit_length() + 2, 8)
    bucket = (low * np.int64(0x9E3779B1) + middle * np.int64(0x85EBCA77) + high * np.int64(0xC2B2AE3D)) & np.int64(buckets - 1)
    several = np.flatnonzero(np.bincount(bucket, minlength=buckets)[bucket] > 1)
    key = low[several].astype(np.int64) << np.int64(32) | high[several]
    order = several[np.lexsort((middle[several], key))]
    close = (low[order][1:] == low[order][:-1]) & (high[order][1:] == high[order][:-1])
    close = np.flatnonzero(close & (middle[order][1:] == middle[order][:-1]))
    result = np.zeros(len(faces), dtype=bool)
    one, two = order[close], order[close + 1]
    back = _even(faces[one]) != _even(faces[two])
    result[one[back]] = result[two[back]] = True
    return result


def _even(faces: Integers) -> NDArray[np.bool_]:
    """Tell which faces name their corners in ascending order, whichever comes first."""
    a, b, c = faces.T
    return ((a < b).astype(np.int8) + (b < c) + (c < a)) == 2
