# SPDX-License-Identifier: Apache-2.0
"""Texels that make the filtered picture, not only its grid points, agree with the original: least squares where it matters."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.mesh import Singles

OFFSETS = ((-0.25, -0.25), (0.25, -0.25), (-0.25, 0.25), (0.25, 0.25))
THRESHOLD = 6.0  # of 255: how far bilinear filtering of plain samples may go wrong between them
MOST = 400_000  # texels; where a picture is all contrast, the highest ones
_ROUNDS, _DAMPING = 8, 0.02
Look = Callable[[NDArray[np.intp], tuple[float, float]], Singles]


def sharpen(image: Singles, at: NDArray[np.int64], look: Look, phase: Singles | None = None) -> Singles:
    """Improve the texels of (h, w, c) that lie at contrasts; the picture itself changes.

    Parameters
    ----------
    at : (k,) row * width + column of the texels that were looked up.
    look : gives the original's colour for some of those (their places in `at`), at an offset in texels.
    phase : (k,) how far the plain samples lie from the original's own pixels: 0 where they coincide, at most 0.25.
    """
    swing = _contrast(image).ravel()[at] * (np.float32(0.25) if phase is None else phase)
    active = np.flatnonzero(swing > _threshold(swing))
    if len(active) == 0:
        return image
    wanted = [look(active, offset) for offset in OFFSETS]
    return _solved(image, at[active], wanted)


def _threshold(swing: Singles) -> float:
    """Return what a texel's swing must pass to be solved."""
    above = swing[swing > THRESHOLD]
    return float(np.partition(above, len(above) - MOST)[len(above) - MOST]) if len(above) > MOST else THRESHOLD


def _contrast(image: Singles) -> Singles:
    """Return the largest difference between each texel and its eight neighbours (h, w)."""
    result = np.zeros(image.shape[:2], dtype=np.float32)
    for down, across in ((0, 1), (1, 0), (1, 1), (1, -1)):
        one, two = _shifted(down, across)
        for channel in range(image.shape[2]):
            step = np.abs(image[one][..., channel] - image[two][..., channel])
            np.maximum(result[one], step, out=result[one])
            np.maximum(result[two], step, out=result[two])
    return result


def _shifted(down: int, across: int) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Return two views of a picture, the second moved by so many texels."""
    rows = (slice(0, -down or None), slice(down, None))
    columns = (slice(0, -across or None), slice(across, None)) if across >= 0 else (slice(-across, None), slice(0, across))
    return (rows[0], columns[0]), (rows[1], columns[1])


def _solved(image: Singles, at: NDArray[np.int64], wanted: list[Singles]) -> Singles:
    """Solve for the texels `at`; the others stay, and so does what the samples say nothing of."""
    height, width, channels = image.shape
    number = np.full(height * width, -1, dtype=np.int32)
    number[at] = np.arange(len(at), dtype=np.int32)
    flat = image.reshape(-1, channels)
    matrix, missing = _filters(at, number, (height, width))
    rest = np.concatenate(wanted) - matrix @ flat[at] - _fixed(flat, missing, len(at) * len(OFFSETS))
    change = _conjugate(matrix, rest)
    flat[at] = np.clip(flat[at] + change, 0, 255)
    return image


def _filters(at: NDArray[np.int64], number: NDArray[np.int32], size: tuple[int, int]) -> tuple[Any, tuple[NDArray[Any], ...]]:
    """Return the bilinear weights of every sample: of the unknown texels as a sparse matrix, of the fixed ones as triples."""
    from scipy.sparse import csr_matrix

    height, width = size
    rows, columns, values = list[NDArray[Any]](), list[NDArray[Any]](), list[NDArray[Any]]()
    row, column = at // width, at % width
    for place, (across, down) in enumerate(OFFSETS):
        sample = np.arange(len(at)) + place * len(at)
        for right, share in ((0, 1 - abs(across)), (int(np.sign(across)), abs(across))):
            for below, part in ((0, 1 - abs(down)), (int(np.sign(down)), abs(down))):
                texel = (row + below) % height * width + (column + right) % width
                rows.append(sample)
                columns.append(texel)
                values.append(np.full(len(at), share * part, dtype=np.float32))
    sample, texel, weight = np.concatenate(rows), np.concatenate(columns), np.concatenate(values)
    unknown = number[texel] >= 0
    shape = (len(at) * len(OFFSETS), len(at))
    matrix = csr_matrix((weight[unknown], (sample[unknown], number[texel[unknown]])), shape=shape)
    return matrix, (sample[~unknown], texel[~unknown], weight[~unknown])


def _fixed(flat: Singles, missing: tuple[NDArray[Any], ...], samples: int) -> Singles:
    """Return what the texels that stay contribute to each sample (s, c)."""
    sample, texel, weight = missing
    parts = [np.bincount(sample, weights=weight * flat[texel, channel], minlength=samples) for channel in range(flat.shape[1])]
    return np.stack(parts, axis=1).astype(np.float32)


def _conjugate(matrix: Any, rest: Singles) -> Singles:
    """Solve the damped normal equations for all channels at once by conjugate gradients.

    Source: Hestenes and Stiefel, 1952.
    """
    change = np.zeros((matrix.shape[1], rest.shape[1]), dtype=np.float32)
    turned = matrix.T.tocsr()
    residue = turned @ rest
    direction, size = residue.copy(), np.einsum("kc,kc->c", residue, residue)
    for _ in range(_ROUNDS):
        image = turned @ (matrix @ direction) + np.float32(_DAMPING) * direction
        step = size / np.maximum(np.einsum("kc,kc->c", direction, image), np.finfo(np.float32).tiny)
        change += step * direction
        residue -= step * image
        new = np.einsum("kc,kc->c", residue, residue)
        direction = residue + new / np.maximum(size, np.finfo(np.float32).tiny) * direction
        size = new
    return np.asarray(change)
