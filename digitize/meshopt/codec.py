# SPDX-License-Identifier: Apache-2.0
"""meshoptimizer's vertex and index codecs, as glTF's EXT_meshopt_compression uses them.

Source: EXT_meshopt_compression (Khronos registry), appendices A (bitstream) and B (filters).
"""

import atexit
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.errors import Refusal
from digitize.mesh import Integers
from digitize.meshopt.module import Module

MEMORY = 3 << 30
MODES = {"ATTRIBUTES": "meshopt_decodeVertexBuffer", "TRIANGLES": "meshopt_decodeIndexBuffer", "INDICES": "meshopt_decodeIndexSequence"}
FILTERS = {
    "NONE": "", "OCTAHEDRAL": "meshopt_decodeFilterOct", "QUATERNION": "meshopt_decodeFilterQuat",
    "EXPONENTIAL": "meshopt_decodeFilterExp", "COLOR": "meshopt_decodeFilterColor",
}  # fmt: skip
Numbers = NDArray[np.uint32]


@cache
def _encoder() -> Module:
    """Start the encoder; the newest index codec that the extension knows."""
    module = Module("meshopt_encoder.js", MEMORY)
    module.call("meshopt_encodeIndexVersion", [1])
    return module


@cache
def _decoder() -> Module:
    """Start the decoder."""
    return Module("meshopt_decoder.js", MEMORY)


# wasmtime's objects must go before the interpreter's own modules do.
for _part in (_encoder, _decoder):
    atexit.register(_part.cache_clear)


def order(faces: Integers, vertices: int) -> tuple[Integers, Numbers]:
    """Order triangles so that neighbours follow each other, and vertices as the triangles first name them.

    Parameters
    ----------
    faces : (m, 3) int32 over `vertices` vertices, each of them in use.

    Returns
    -------
    faces : (m, 3) int32 over the new numbers.
    remap : (n,) the new number of each old vertex.
    """
    module = _encoder()
    at = module.put(faces.astype(np.uint32))
    remap = module.reserve(4 * vertices)
    module.call("meshopt_optimizeVertexCacheStrip", [at, at, faces.size, vertices])
    module.call("meshopt_optimizeVertexFetchRemap", [remap, at, faces.size, vertices])
    moved, numbers = module.get(at, faces.shape, "<u4"), module.get(remap, (vertices,), "<u4")
    module.release(at)
    return numbers[moved].astype(np.int32), numbers


def attributes(rows: NDArray[Any]) -> bytes:
    """Encode rows (n, k), each a multiple of four bytes long, by the codec's version 0, which every decoder knows."""
    size = rows.dtype.itemsize * rows.shape[1]
    bound = int(_encoder().call("meshopt_encodeVertexBufferBound", [len(rows), size]))
    return _encoded("meshopt_encodeVertexBufferLevel", rows, bound, [len(rows), size, 2, 0])


def triangles(faces: Integers, vertices: int) -> bytes:
    """Encode faces (m, 3), best in the order of `order`; each one's corners may come back rotated."""
    bound = int(_encoder().call("meshopt_encodeIndexBufferBound", [faces.size, vertices]))
    return _encoded("meshopt_encodeIndexBuffer", faces.astype(np.uint32), bound, [faces.size])


def octahedral(normals: NDArray[np.float32], bits: int) -> NDArray[np.int8]:
    """Give unit vectors (n, 3) the form (n, 4) that the filter OCTAHEDRAL turns back, at 2 to 8 bits."""
    module, rows = _encoder(), np.zeros((len(normals), 4), dtype=np.float32)
    rows[:, :3] = normals
    target = module.reserve(4 * len(rows))
    module.call("meshopt_encodeFilterOct", [target, len(rows), 4, bits, module.put(rows)])
    found: NDArray[np.int8] = module.get(target, (len(rows), 4), "i1")
    module.release(target)
    return found


def _encoded(name: str, array: NDArray[Any], bound: int, rest: list[int]) -> bytes:
    """Call an encoder with its target, the target's size and the source."""
    module = _encoder()
    target = module.reserve(bound)
    size = int(module.call(name, [target, bound, module.put(array), *rest]))
    data = module.get(target, (size,), "u1").tobytes()
    module.release(target)
    return data


def decode(data: bytes, *, count: int, stride: int, mode: str, kind: str = "NONE", at: str = "") -> bytes:
    """Decode a stream to `count` elements of `stride` bytes, and undo its filter.

    Raises
    ------
    Refusal
        `gltf.compressed-broken` where the stream is none.
    """
    module, rows = _decoder(), -(-count // 4) * 4
    target = module.reserve(rows * stride)
    status = module.call(MODES[mode], [target, count, stride, module.put(np.frombuffer(data, dtype=np.uint8)), len(data)])
    if status != 0:
        module.release(target)
        raise Refusal("gltf.compressed-broken", at=at, extension="EXT_meshopt_compression", problem=f"its decoder stops with {status}")
    if FILTERS[kind]:
        module.call(FILTERS[kind], [target, rows, stride])
    found = module.get(target, (count * stride,), "u1").tobytes()
    module.release(target)
    return found
