# SPDX-License-Identifier: Apache-2.0
"""Decode a KTX2 texture of Basis Universal to pixels: by the transcoder that browsers use, in a sandbox of its own.

Source: Khronos KTX 2.0 specification; the class `KTX2File` of Basis Universal's JavaScript.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from digitize import wasm
from digitize.basis.embind import Glue, Host, View
from digitize.basis.header import HeaderError, header
from digitize.errors import StepFailure
from digitize.mesh import Bytes

ROOT = Path(__file__).resolve().parents[2]
NAME = "basis_transcoder"
PLACES = (ROOT / "vendor" / "basis", ROOT / "node_modules" / "three" / "examples" / "jsm" / "libs" / "basis")
_RGBA32 = 13
_MEMORY, _SPARE = 1 << 30, 1 << 26  # bytes


def _place() -> Path:
    """Find the folder of the module.

    Raises
    ------
    StepFailure
        `ktx2.missing`, naming the mend.
    """
    for place in PLACES:
        if (place / f"{NAME}.wasm").is_file():
            return place
    raise StepFailure("ktx2.missing", name=f"{NAME}.wasm")


def _module() -> bytes:
    return (_place() / f"{NAME}.wasm").read_bytes()


@cache
def _glue() -> Glue:
    return Glue((_place() / f"{NAME}.js").read_text(encoding="utf-8"))


class Transcoder:
    """One instance of the transcoder, which may use so many bytes of memory."""

    def __init__(self, memory: int = _MEMORY) -> None:
        self._host, self._names = Host(), _glue()
        self._store, exports = wasm.start(_module, memory, self._imports)
        self._table = next(one for one in exports.values() if type(one).__name__ == "Table")
        self._host.heap = wasm.Heap(self._store, next(one for one in exports.values() if type(one).__name__ == "Memory"))
        exports[self._names.exports["___wasm_call_ctors"]](self._store)
        invoker, target = self._host.functions["initializeBasis"]
        self._invoke(invoker, target)

    def _imports(self, store: Any, module: Any) -> Sequence[Any]:
        import wasmtime

        return [
            wasmtime.Func(store, each.type, _answer(self._host.call(self._names.imports[each.name]), each.type)) for each in module.imports
        ]

    def _invoke(self, function: int, *arguments: int) -> Any:
        return self._table.get(self._store, function)(self._store, *arguments)

    def _method(self, name: str, this: int, *arguments: int) -> int:
        """Call a method of KTX2File."""
        invoker, context = self._host.methods[self._host.classes["KTX2File"], name]
        return int(self._invoke(invoker, context, this, *arguments) or 0)

    def pixels(self, data: bytes) -> Bytes:
        """Decode the largest picture of a KTX2 file: (height, width, 4) RGBA as it is stored.

        Raises
        ------
        StepFailure
            `ktx2.broken`.
        """
        import wasmtime

        try:
            return self._pixels(data)
        except (wasmtime.Trap, wasmtime.WasmtimeError, RuntimeError, LookupError, ValueError) as error:
            raise StepFailure("ktx2.broken", reason=str(error).partition("\n")[0][:120]) from error

    def _pixels(self, data: bytes) -> Bytes:
        size = header(data)
        invoker, target = self._host.constructors[self._host.classes["KTX2File"]]
        this = int(self._invoke(invoker, target, self._host.handle(View(self._host.heap, data))))
        if not self._method("isValid", this) or not self._method("startTranscoding", this):
            raise RuntimeError("the transcoder does not take it")
        picture = View(self._host.heap, bytes(4 * size.width * size.height))
        if not self._method("transcodeImage", this, self._host.handle(picture), 0, 0, 0, _RGBA32, 0, -1, -1):
            raise RuntimeError("its first picture cannot be decoded")
        return np.frombuffer(picture.data, dtype=np.uint8).reshape(size.height, size.width, 4)


def decode(data: bytes) -> Bytes:
    """Decode a KTX2 file in an instance of its own that has the memory which its head makes likely; see `Transcoder.pixels`.

    Raises
    ------
    StepFailure
        `ktx2.broken`.
    """
    try:
        head = header(data)
    except HeaderError as error:
        raise StepFailure("ktx2.broken", reason=str(error)) from error
    return Transcoder(_SPARE + 4 * len(data) + 16 * (head.width + 4) * (head.height + 4)).pixels(data)


def _answer(function: Any, kind: Any) -> Any:
    """Let a function answer an import of a type: one without results must give none."""
    if list(kind.results):
        return function

    def silent(*arguments: int) -> None:
        function(*arguments)

    return silent
