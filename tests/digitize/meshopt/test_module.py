# SPDX-License-Identifier: Apache-2.0
"""The WebAssembly of meshoptimizer: found, unpacked, bounded."""

from pathlib import Path

import numpy as np
import pytest

from digitize import wasm
from digitize.errors import StepFailure
from digitize.meshopt import module, simplifier
from tests.digitize.shapes import sphere

NAME = "meshopt_simplifier.js"


def arguments(rounds: int = 5):
    mesh = sphere(rounds)
    return mesh.faces, mesh.positions.astype(np.float32), np.zeros((len(mesh.positions), 0), dtype=np.float32), ()


def test_it_unpacks_to_webassembly() -> None:
    assert module.unpack(module.source(NAME))[:8] == b"\0asm\1\0\0\0"
    assert module.version() == "1.3"


def test_where_it_is_missing_the_error_names_the_mend(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "PLACES", (tmp_path,))
    with pytest.raises(StepFailure) as caught:
        module.source(NAME)
    assert caught.value.code == "meshopt.missing"
    assert "npm ci" in caught.value.hint


def test_a_file_without_a_module_is_refused() -> None:
    with pytest.raises(StepFailure):
        module.unpack("var nothing = 1;")


@pytest.mark.parametrize(("rounds", "memory"), [(7, 2 << 20), (7, 6 << 20)])
def test_memory_is_bounded(rounds: int, memory: int) -> None:
    with pytest.raises(StepFailure) as caught:
        simplifier.simplify(*arguments(rounds), triangles=100, memory=memory)
    assert caught.value.code in {"meshopt.memory", "meshopt.trap"}


def test_without_address_space_the_result_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = simplifier.simplify(*arguments(), triangles=300)
    monkeypatch.setattr(wasm, "_FAST", wasm._SPARE)
    wasm._compiled.cache_clear()
    spare = simplifier.simplify(*arguments(), triangles=300)
    wasm._compiled.cache_clear()
    assert np.array_equal(fast.faces, spare.faces)
    assert np.array_equal(fast.positions, spare.positions)


def test_what_is_put_comes_back() -> None:
    instance = module.Module(NAME, 64 << 20)
    data = np.arange(100_000, dtype=np.float32)
    first, second = instance.put(data), instance.put(-data)
    assert np.array_equal(instance.get(first, (100_000,), "<f4"), data)
    assert np.array_equal(instance.get(second, (100_000,), "<f4"), -data)
    with pytest.raises(StepFailure):
        instance.get(1 << 31, (4,), "<f4")
