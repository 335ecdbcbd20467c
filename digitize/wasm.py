# SPDX-License-Identifier: Apache-2.0
"""WebAssembly modules that npm ships, compiled once in a process and run within bounds of memory."""

import atexit
import ctypes
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

PAGE = 65536
# With 4 GiB of addresses reserved the hardware checks every access; where RLIMIT_AS forbids that, wasmtime emits checks of
# its own, which makes the simplifier 1.7 times slower. The results are the same.
_FAST = {"memory_reservation": 4 << 30, "memory_guard_size": 32 << 20}
_SPARE = {"memory_reservation": 0, "memory_guard_size": PAGE, "memory_reservation_for_growth": 16 << 20}

Imports = Callable[[Any, Any], Sequence[Any]]  # what (store, module) ask for


def nothing(store: Any, module: Any) -> Sequence[Any]:  # noqa: ARG001 - the form of `Imports`
    """Give a module that asks for nothing what it asks for."""
    return ()


@lru_cache(maxsize=8)
def _compiled(read: Callable[[], bytes], fast: bool) -> tuple[Any, Any]:
    """Compile what `read` gives, once in this process; return its engine and module."""
    import wasmtime

    config = wasmtime.Config()
    for setting, value in (_FAST if fast else _SPARE).items():
        setattr(config, setting, value)
    config.parallel_compilation = False
    config.memory_init_cow = False  # it would need a file in memory, which a step that may start programs must not have
    config.wasm_relaxed_simd_deterministic = True
    engine = wasmtime.Engine(config)
    return engine, wasmtime.Module(engine, read())


# Python takes modules apart in any order at its end: what wasmtime made must be gone before wasmtime is.
atexit.register(_compiled.cache_clear)


def _started(read: Callable[[], bytes], memory: int, imports: Imports, fast: bool) -> tuple[Any, Any]:
    import wasmtime

    engine, module = _compiled(read, fast)
    store = wasmtime.Store(engine)
    store.set_limits(memory_size=memory)
    return store, wasmtime.Instance(store, module, list(imports(store, module))).exports(store)


def start(read: Callable[[], bytes], memory: int, imports: Imports = nothing) -> tuple[Any, Any]:
    """Start an instance that may grow to `memory` bytes; return its store and its exports.

    `read` gives the module's bytes and is what the compiled module is remembered by.
    """
    import wasmtime

    try:
        return _started(read, memory, imports, fast=True)
    except wasmtime.WasmtimeError:
        return _started(read, memory, imports, fast=False)


class Heap:
    """The memory of an instance, as bytes and arrays.

    Raises
    ------
    IndexError
        From every method where a place lies outside.
    """

    def __init__(self, store: Any, memory: Any) -> None:
        self._store, self._memory = store, memory

    def address(self, place: int, size: int) -> int:
        """Give the host's address of `size` bytes; it is good until the memory grows."""
        if place < 0 or size < 0 or place + size > int(self._memory.data_len(self._store)):
            raise IndexError(place)
        base = ctypes.cast(self._memory.data_ptr(self._store), ctypes.c_void_p).value
        assert base is not None
        return base + place

    def read(self, place: int, size: int) -> bytes:
        """Copy bytes out."""
        return ctypes.string_at(self.address(place, size), size)

    def array(self, place: int, shape: tuple[int, ...], dtype: str) -> NDArray[Any]:
        """Copy an array out."""
        result = np.empty(shape, dtype=dtype)
        ctypes.memmove(result.ctypes.data, self.address(place, result.nbytes), result.nbytes)
        return result

    def write(self, place: int, data: bytes | NDArray[Any]) -> None:
        """Copy bytes, or an array's, in."""
        flat = np.ascontiguousarray(np.frombuffer(data, dtype=np.uint8) if isinstance(data, bytes) else data)
        ctypes.memmove(self.address(place, flat.nbytes), flat.ctypes.data, flat.nbytes)

    def words(self, place: int, count: int) -> list[int]:
        """Read unsigned 32-bit numbers."""
        return [int(word) for word in np.frombuffer(self.read(place, 4 * count), dtype="<u4")]

    def text(self, place: int, most: int = 256) -> str:
        """Read a string that ends with a zero."""
        room = min(most, int(self._memory.data_len(self._store)) - place)
        return self.read(place, room).partition(b"\0")[0].decode("latin-1")

    def grow(self, size: int) -> bool:
        """Let the memory have at least `size` bytes, where its bound allows."""
        import wasmtime

        more = -(-(size - int(self._memory.data_len(self._store))) // PAGE)
        try:
            self._memory.grow(self._store, max(more, 0))
        except wasmtime.WasmtimeError:
            return False
        return True
