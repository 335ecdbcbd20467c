# SPDX-License-Identifier: Apache-2.0
"""Find a WebAssembly part of npm's `meshoptimizer`, unpack it from its JavaScript and run it within bounds."""

import atexit
import ctypes
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from digitize.errors import StepFailure

ROOT = Path(__file__).resolve().parents[2]
PLACES = (ROOT / "vendor" / "meshoptimizer", ROOT / "node_modules" / "meshoptimizer")
PAGE = 65536


def version() -> str:
    """Return the version that the package's file names in its head."""
    found = re.search(r"Built from meshoptimizer ([0-9.]+)", source("meshopt_simplifier.js")[:2000])
    return found[1] if found else "unknown"


def source(name: str) -> str:
    """Read a file of the npm package, from `vendor/` first.

    Raises
    ------
    StepFailure
        `meshopt.missing`, naming the mend.
    """
    for place in PLACES:
        if (place / name).is_file():
            return (place / name).read_text(encoding="utf-8")
    raise StepFailure("meshopt.missing", name=name)


def unpack(text: str) -> bytes:
    """Unpack the module that a file of the package carries as text.

    Two alphabets are mixed: a letter below 60 stands for a frequent byte of `wasmpack`, any other for the upper
    bits of a byte whose lower six follow.
    Of the decoder's two forms the one without SIMD is taken: its filters round the same everywhere.
    Source: the function `unpack` of the package's own files.
    """
    packed, table = re.search(r"var wasm(?:_base)? =\s*'([^']*)'", text), re.search(r"wasmpack = new Uint8Array\(\[([^\]]*)\]", text)
    if packed is None or table is None:
        raise StepFailure("meshopt.missing", name="wasm")
    frequent = [int(word) for word in re.findall(r"\d+", table[1])]
    letters = [code - 97 if code > 96 else code - 39 if code > 64 else code + 4 for code in packed[1].encode("ascii")]
    result, follow = bytearray(), iter(letters)
    for letter in follow:
        result.append(frequent[letter] if letter < 60 else ((letter - 60) * 64 + next(follow)) & 255)
    return bytes(result)


# With 4 GiB of addresses reserved the hardware checks every access; where RLIMIT_AS forbids that, wasmtime emits checks of
# its own, which makes the simplifier 1.7 times slower. The results are the same.
_FAST = {"memory_reservation": 4 << 30, "memory_guard_size": 32 << 20}
_SPARE = {"memory_reservation": 0, "memory_guard_size": PAGE, "memory_reservation_for_growth": 16 << 20}


@lru_cache(maxsize=8)
def _compiled(name: str, fast: bool) -> tuple[Any, Any]:
    """Compile a part, once in this process; return its engine and module."""
    import wasmtime

    settings = _FAST if fast else _SPARE
    config = wasmtime.Config()
    for setting, value in settings.items():
        setattr(config, setting, value)
    config.parallel_compilation = False
    config.wasm_relaxed_simd_deterministic = True
    engine = wasmtime.Engine(config)
    return engine, wasmtime.Module(engine, unpack(source(name)))


def _instance(name: str, memory: int, fast: bool) -> tuple[Any, Any]:
    """Start an instance that may grow to `memory` bytes; return its store and its exports."""
    import wasmtime

    engine, module = _compiled(name, fast)
    store = wasmtime.Store(engine)
    store.set_limits(memory_size=memory)
    return store, wasmtime.Instance(store, module, []).exports(store)


# Python takes modules apart in any order at its end: what wasmtime made must be gone before wasmtime is.
atexit.register(_compiled.cache_clear)


class Module:
    """One instance of a part, with a stack-like heap.

    Parameters
    ----------
    name : file of the package, such as "meshopt_simplifier.js".
    memory : bytes that the instance may use at most.
    """

    def __init__(self, name: str, memory: int) -> None:
        import wasmtime

        try:
            self._store, self._exports = _instance(name, memory, fast=True)
        except wasmtime.WasmtimeError:
            self._store, self._exports = _instance(name, memory, fast=False)
        self._limit = memory
        self._exports["__wasm_call_ctors"](self._store)

    def reserve(self, size: int) -> int:
        """Take `size` bytes of the heap and return their address.

        Raises
        ------
        StepFailure
            `meshopt.memory` where the bound would be passed.
        """
        before = int(self._exports["sbrk"](self._store, 0)) & 0xFFFFFFFF
        if before + size > self._limit:
            raise StepFailure("meshopt.memory", limit=self._limit)
        address = int(self._exports["sbrk"](self._store, (size + 15) & ~15)) & 0xFFFFFFFF
        if address == 0xFFFFFFFF:
            raise StepFailure("meshopt.memory", limit=self._limit)
        return address

    def release(self, address: int) -> None:
        """Give back the heap from `address` on."""
        self._exports["sbrk"](self._store, address - (int(self._exports["sbrk"](self._store, 0)) & 0xFFFFFFFF))

    def put(self, array: NDArray[Any]) -> int:
        """Copy an array to the heap and return its address."""
        flat = np.ascontiguousarray(array)
        address = self.reserve(flat.nbytes)
        ctypes.memmove(self._base() + address, flat.ctypes.data, flat.nbytes)
        return address

    def get(self, address: int, shape: tuple[int, ...], dtype: str) -> NDArray[Any]:
        """Copy an array from the heap."""
        result = np.empty(shape, dtype=dtype)
        if address + result.nbytes > int(self._exports["memory"].data_len(self._store)):
            raise StepFailure("meshopt.trap", reason="address")
        ctypes.memmove(result.ctypes.data, self._base() + address, result.nbytes)
        return result

    def call(self, name: str, arguments: Sequence[float]) -> Any:
        """Call an exported function.

        Raises
        ------
        StepFailure
            `meshopt.trap` where the module traps: out of memory, or an impossible input.
        """
        import wasmtime

        signed = [value if isinstance(value, float) or value < 1 << 31 else value - (1 << 32) for value in arguments]
        try:
            return self._exports[name](self._store, *signed)
        except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
            raise StepFailure("meshopt.trap", reason=str(error).splitlines()[0][:120]) from error

    def _base(self) -> int:
        """Return the host address of the module's memory, which moves when it grows."""
        pointer: Any = self._exports["memory"].data_ptr(self._store)
        address = ctypes.cast(pointer, ctypes.c_void_p).value
        assert address is not None
        return address
