# SPDX-License-Identifier: Apache-2.0
"""Find a WebAssembly part of npm's `meshoptimizer`, unpack it from its JavaScript and run it within bounds."""

import re
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from digitize import wasm
from digitize.errors import StepFailure

ROOT = Path(__file__).resolve().parents[2]
PLACES = (ROOT / "vendor" / "meshoptimizer", ROOT / "node_modules" / "meshoptimizer")


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


@cache
def _reader(name: str) -> Callable[[], bytes]:
    """Give the one function that unpacks a part, which its compiled form is remembered by."""
    return partial(_unpacked, name)


def _unpacked(name: str) -> bytes:
    return unpack(source(name))


class Module:
    """One instance of a part, with a stack-like heap.

    Parameters
    ----------
    name : file of the package, such as "meshopt_simplifier.js".
    memory : bytes that the instance may use at most.
    """

    def __init__(self, name: str, memory: int) -> None:
        self._store, self._exports = wasm.start(_reader(name), memory)
        self._heap = wasm.Heap(self._store, self._exports["memory"])
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
        address = self.reserve(array.nbytes)
        self._heap.write(address, array)
        return address

    def get(self, address: int, shape: tuple[int, ...], dtype: str) -> NDArray[Any]:
        """Copy an array from the heap."""
        try:
            return self._heap.array(address, shape, dtype)
        except IndexError:
            raise StepFailure("meshopt.trap", reason="address") from None

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
