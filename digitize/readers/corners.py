# SPDX-License-Identifier: Apache-2.0
"""From faces whose corners name position, uv and normal apart to vertices that hold all three; polygons to triangles."""

import numpy as np
from numpy.typing import NDArray

from digitize.mesh import Integers
from digitize.topology import pairs

Index = NDArray[np.int64]


def wedges(position: Index, uv: Index | None, normal: Index | None) -> tuple[Index, Index | None, Index | None, Integers]:
    """Give the distinct corners a number.

    Parameters
    ----------
    position, uv, normal : (m, 3) indices into the file's own lists.

    Returns
    -------
    The (k,) position, uv and normal index of each distinct corner, and the (m, 3) int32 faces over them.
    """
    if uv is None and normal is None:
        used, inverse = np.unique(position, return_inverse=True)
        return used, None, None, inverse.reshape(-1, 3).astype(np.int32)
    second = uv if uv is not None else normal
    assert second is not None
    first, number = pairs(position.ravel(), second.ravel())
    if uv is not None and normal is not None:
        first, number = pairs(number, normal.ravel())
    pick = [None if part is None else part.ravel()[first] for part in (uv, normal)]
    return position.ravel()[first], pick[0], pick[1], number.reshape(-1, 3).astype(np.int32)


def fan(sizes: Index) -> tuple[Index, Index]:
    """Cut polygons into triangle fans.

    Parameters
    ----------
    sizes : (p,) corners of each polygon, at least three.

    Returns
    -------
    corners : (t, 3) indices into the concatenated corners.
    polygon : (t,) the polygon that each triangle is part of.
    """
    counts = sizes - 2
    polygon = np.repeat(np.arange(len(sizes)), counts)
    begin = np.concatenate([[0], np.cumsum(sizes)[:-1]])[polygon]
    within = np.arange(len(polygon)) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.stack([begin, begin + within + 1, begin + within + 2], axis=1), polygon
