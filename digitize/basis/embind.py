# SPDX-License-Identifier: Apache-2.0
"""What a C++ class that was compiled with embind asks of the world around it, as far as the transcoder of Basis Universal does.

Such a module tells its classes and functions to its host when it starts, and touches the host's objects by handles.
Source: emscripten's documentation, "Embind" and "val.h"; the names of imports and exports are those of its own JavaScript.
"""

import re
import struct
from collections.abc import Callable
from typing import Any

from digitize.wasm import Heap

_IMPORTS, _IMPORT = re.compile(r"wasmImports=\{([^}]*)\}"), re.compile(r"(\w+):(\w+)")
_EXPORT = re.compile(r'\((_\w+)=wasmExports\["(\w+)"\]\)')
_SPECIAL: dict[int, object] = {2: None, 4: None, 6: True, 8: False}
_FIRST_HANDLE, _PACKED = 10, 8  # bytes that an argument takes in a packed list
_NEW = 1  # kind of a caller that constructs
_NO_SUCH_CALL = 52


class Glue:
    """The names that a module's JavaScript gives to its shortened imports and exports."""

    def __init__(self, script: str) -> None:
        found = _IMPORTS.search(script)
        self.imports = dict(_IMPORT.findall(found[1])) if found else {}
        self.exports = dict(_EXPORT.findall(script))


class View:
    """Bytes that the module may touch: an array of ours, or a part of its own memory.

    Attributes
    ----------
    place : where it lies in the module's memory; None for an array of ours, whose bytes are `data`.
    """

    def __init__(self, heap: Heap, data: bytes = b"", place: int | None = None, size: int = 0) -> None:
        self._heap, self.data, self.place, self._size = heap, data, place, size or len(data)

    def get(self, name: str) -> object:
        """Give a property by its JavaScript name."""
        return {"length": self._size, "byteLength": self._size, "constructor": self._part}[name]

    def set(self, other: "View") -> None:
        """Take over another's bytes."""
        data = other.data if other.place is None else self._heap.read(other.place, other._size)  # noqa: SLF001 - one of its own
        if self.place is None:
            self.data = data
        else:
            self._heap.write(self.place, data)

    def _part(self, _memory: object, place: int, size: int) -> "View":
        return View(self._heap, place=place, size=size)


class _Whole:
    """The module's memory as JavaScript names it: an array with its `buffer`."""

    def get(self, name: str) -> object:
        """Give the buffer."""
        return {"buffer": self}[name]


class Host:
    """One module's host: its classes, its functions and the objects that it holds.

    Attributes
    ----------
    functions : name -> how many arguments, invoker, function.
    methods : class and name -> invoker, context.
    constructors : class -> invoker, constructor.
    """

    def __init__(self) -> None:
        self.functions: dict[str, tuple[int, int]] = {}
        self.methods: dict[tuple[int, str], tuple[int, int]] = {}
        self.constructors: dict[int, tuple[int, int]] = {}
        self.classes: dict[str, int] = {}
        self._objects: list[object] = []
        self._callers: list[tuple[list[int], int]] = []
        self._references: set[int] = set()  # types that are handles
        self.heap: Heap

    def handle(self, value: object) -> int:
        """Give the module something of ours to hold."""
        if value is None or isinstance(value, bool):
            return next(number for number, special in _SPECIAL.items() if special is value)
        self._objects.append(value)
        return _FIRST_HANDLE + len(self._objects) - 1

    def _value(self, handle: int) -> Any:
        return _SPECIAL[handle] if handle in _SPECIAL else self._objects[handle - _FIRST_HANDLE]

    def call(self, name: str) -> Callable[..., Any]:
        """Give what answers an import, by its name in the JavaScript."""
        return getattr(self, f"_on{name}", _ignore)

    def _on__embind_register_emval(self, kind: int, *_: int) -> None:
        self._references.add(kind)

    def _on__embind_register_function(
        self, name: int, _count: int, _types: int, _signature: int, invoker: int, target: int, *_: int
    ) -> None:
        self.functions[self.heap.text(name)] = invoker, target

    def _on__embind_register_class(self, kind: int, *rest: int) -> None:
        self.classes[self.heap.text(rest[9])] = kind

    def _on__embind_register_class_constructor(self, kind: int, _n: int, _types: int, _signature: int, invoker: int, target: int) -> None:
        self.constructors[kind] = invoker, target

    def _on__embind_register_class_function(
        self, kind: int, name: int, _n: int, _types: int, _sign: int, invoker: int, context: int, *_: int
    ) -> None:
        self.methods[kind, self.heap.text(name)] = invoker, context

    def _on__emval_new_cstring(self, text: int) -> int:
        return self.handle(self.heap.text(text))

    def _on__emval_get_module_property(self, _name: int) -> int:
        return self.handle(_Whole())

    def _on__emval_get_global(self, _name: int) -> int:
        return self.handle(View(self.heap).get("constructor"))  # it asks for Uint8Array

    def _on__emval_get_property(self, handle: int, key: int) -> int:
        return self.handle(self._value(handle).get(self._value(key)))

    def _on__emval_as(self, handle: int, _kind: int, _destructors: int) -> float:
        return float(self._value(handle))

    def _on__emval_get_method_caller(self, count: int, types: int, kind: int) -> int:
        self._callers.append((self.heap.words(types, count), kind))
        return len(self._callers) - 1

    def _on__emval_call(self, caller: int, handle: int, _destructors: int, arguments: int) -> float:
        return self._called(caller, self._value(handle), arguments)

    def _on__emval_call_method(self, caller: int, handle: int, name: int, _destructors: int, arguments: int) -> float:
        return self._called(caller, getattr(self._value(handle), self.heap.text(name)), arguments)

    def _called(self, caller: int, function: Callable[..., object], arguments: int) -> float:
        """Call something of ours with arguments that lie in the module's memory."""
        types, _kind = self._callers[caller]
        words = [self.heap.words(arguments + _PACKED * at, 1)[0] for at in range(len(types) - 1)]
        given = [self._value(word) if kind in self._references else word for kind, word in zip(types[1:], words, strict=True)]
        result = function(*given)
        return float(self.handle(result)) if types[0] in self._references else 0.0

    def _on__emscripten_memcpy_js(self, to: int, source: int, size: int) -> None:
        self.heap.write(to, self.heap.read(source, size))

    def _on_emscripten_resize_heap(self, size: int) -> int:
        return int(self.heap.grow(size & 0xFFFFFFFF))

    def _on_fd_write(self, _file: int, parts: int, count: int, written: int) -> int:
        sizes = self.heap.words(parts, 2 * count)[1::2]
        self.heap.write(written, struct.pack("<I", sum(sizes)))
        return 0

    def _on_fd_close(self, *_: int) -> int:
        return _NO_SUCH_CALL

    def _on_fd_seek(self, *_: int) -> int:
        return _NO_SUCH_CALL

    def _on__abort_js(self) -> None:
        raise RuntimeError("abort")

    def _on___cxa_throw(self, *_: int) -> None:
        raise RuntimeError("exception")


def _ignore(*_: int) -> int:
    """Answer what nothing here depends on: other types, constants, counts of references."""
    return 0
