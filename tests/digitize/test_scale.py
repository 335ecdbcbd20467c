# SPDX-License-Identifier: Apache-2.0
"""Units: declared, stated, measured by scale bars, or not known; never guessed."""

import contextlib
import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digitize import preflight, scale
from digitize.errors import Refusal
from digitize.mesh import Mesh, load

TRIANGLE = "v 0 0 0\nv 2 0 0\nv 0 1 0\nf 1 2 3\n"
BAR = {"from": [0, 0, 0], "to": [2, 0, 0], "length": 10, "unit": "cm"}


def normalised(folder: Path, *bars: dict[str, Any], text: str = TRIANGLE, **declared: Any) -> tuple[dict[str, Any], Mesh]:
    (folder / "in").mkdir()
    (folder / "in" / "a.obj").write_text(text)
    if bars:
        (folder / "in" / "scale.json").write_text(json.dumps(bars[0] if len(bars) == 1 else {"bars": list(bars)}))
    preflight.prepare(folder / "in", into=folder / "source", declared=declared)
    (folder / "out").mkdir()
    step = import_module("digitize.steps.normalise")
    facts = step.run(inputs={"source": folder / "source"}, out=folder / "out", params={}, progress=lambda f, m: None)
    return facts, load(folder / "out")


def codes(facts: dict[str, Any]) -> list[str]:
    return [doubt["code"] for doubt in facts["doubts"]]


def test_a_bar_beside_the_file_brings_it_to_metres(tmp_path: Path) -> None:
    facts, mesh = normalised(tmp_path, BAR)
    assert (facts["unit"], facts["unit_evidence"]) == ("m", "scale bar of 10 cm")
    assert facts["scale"] == {"metres_per_unit": 0.05, "bars": 1, "residual": None, "residual_relative": None}
    assert codes(facts) == ["scale.one-bar"]
    assert mesh.positions.max() == pytest.approx(0.1)
    assert json.loads((tmp_path / "source" / "intake.json").read_text())["members"] == ["a.obj", "scale.json"]


def test_several_bars_state_how_well_they_agree(tmp_path: Path) -> None:
    facts, mesh = normalised(tmp_path, BAR, {"from": [0, 0, 0], "to": [0, 1, 0], "length": 50.2, "unit": "mm"})
    assert facts["scale"]["bars"] == 2
    assert facts["scale"]["metres_per_unit"] == pytest.approx(0.0501, rel=1e-4)
    assert facts["scale"]["residual_relative"] == pytest.approx(0.002, rel=0.01)
    assert facts["scale"]["residual"] == pytest.approx(0.0002, rel=0.01)
    assert (codes(facts), facts["unit_evidence"]) == ([], "2 scale bars, within 0.2 mm")
    assert mesh.positions[:, 0].max() == pytest.approx(0.1002, rel=1e-4)


def test_a_bar_may_be_declared_with_the_upload(tmp_path: Path) -> None:
    facts, _ = normalised(tmp_path, scale=BAR)
    assert facts["scale"]["metres_per_unit"] == 0.05


def test_bars_that_differ_are_doubted_and_then_refused(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    other = {"from": [0, 0, 0], "to": [0, 1, 0], "length": 52, "unit": "mm"}
    assert codes(normalised(tmp_path / "one", BAR, other)[0]) == ["scale.uneven"]
    (tmp_path / "two").mkdir()
    with pytest.raises(Refusal) as caught:
        normalised(tmp_path / "two", BAR, BAR, {**other, "length": 80})
    assert (caught.value.code, caught.value.at) == ("scale.contradicted", "bars/2")


def test_a_declared_unit_must_agree_with_the_bar(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    facts, mesh = normalised(tmp_path / "one", {**BAR, "length": 2.004, "unit": "cm"}, unit="cm")
    assert (facts["unit"], mesh.positions.max()) == ("cm", 2.0)
    assert facts["unit_evidence"] == "declared with the upload, within 0.2 % of a scale bar of 2.004 cm"
    (tmp_path / "two").mkdir()
    with pytest.raises(Refusal) as caught:
        normalised(tmp_path / "two", BAR, unit="mm")
    assert (caught.value.code, caught.value.at) == ("scale.contradicts-unit", "unit")


def test_a_point_that_is_not_on_the_object_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as caught:
        normalised(tmp_path, {**BAR, "to": [2000, 0, 0]})
    assert (caught.value.code, caught.value.at) == ("scale.outside", "bars/0/to")


@pytest.mark.parametrize(
    ("bar", "at"),
    [
        ({**BAR, "unit": "parsec"}, "bars/0/unit"),
        ({**BAR, "unit": ["m"]}, "bars/0/unit"),
        ({**BAR, "length": 0}, "bars/0/length"),
        ({**BAR, "length": True}, "bars/0/length"),
        ({**BAR, "from": [0, 0]}, "bars/0/from"),
        ({**BAR, "from": [0, 0, "1"]}, "bars/0/from"),
        ({**BAR, "to": [float("nan"), 0, 0]}, "bars/0/to"),
        ({**BAR, "to": BAR["from"]}, "bars/0"),
        ({"length": 1}, "bars/0"),
        ({"bars": []}, "bars"),
        ({"bars": [BAR] * 1001}, "bars"),
        ([], "bars/0"),
        (None, "bars/0"),
    ],
)
def test_what_is_no_bar_is_refused_with_its_place(bar: Any, at: str) -> None:
    with pytest.raises(Refusal) as caught:
        scale.parse(bar)
    assert (caught.value.code, caught.value.at) == ("scale.invalid", at)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "\xff\xfe", '{"bars": 1e999}', "NaN"])
def test_a_torn_or_hostile_file_is_refused_before_anything_runs(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.obj").write_text(TRIANGLE)
    (tmp_path / "scale.json").write_text(text, encoding="latin-1")
    with pytest.raises(Refusal) as caught:
        preflight.prepare(tmp_path, into=tmp_path.with_name("source"))
    assert caught.value.code in {"scale.invalid", "input.empty"}


def test_what_is_declared_overrules_the_file_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.ply").write_text(
        "ply\nformat ascii 1.0\ncomment units: mm\ncomment up: z\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\n"
        "element face 1\nproperty list uchar int vertex_indices\nend_header\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n"
    )
    preflight.prepare(tmp_path / "a.ply", into=tmp_path / "source", declared={"unit": "cm", "up": "y"})
    (tmp_path / "out").mkdir()
    step = import_module("digitize.steps.normalise")
    facts = step.run(inputs={"source": tmp_path / "source"}, out=tmp_path / "out", params={}, progress=lambda f, m: None)
    assert (facts["unit"], facts["up"], codes(facts)) == ("cm", "y", ["unit.overruled", "up.overruled"])


@pytest.mark.parametrize("declared", [{"unit": "cubit"}, {"up": "north"}])
def test_what_is_declared_but_not_known_is_refused(tmp_path: Path, declared: dict[str, str]) -> None:
    with pytest.raises(Refusal) as caught:
        normalised(tmp_path, **declared)
    assert (caught.value.code, caught.value.at) == ("declared.unknown", next(iter(declared)))


def test_an_undeclared_unit_lists_readings_and_changes_nothing(tmp_path: Path) -> None:
    facts, mesh = normalised(tmp_path)
    assert (facts["unit"], facts["unit_evidence"], mesh.positions.max()) == (None, "undeclared", 2.0)
    readings = facts["doubts"][0]["params"]
    assert (codes(facts), readings) == (["unit.undeclared"], {"mm": "0.00224", "cm": "0.0224", "m": "2.24"})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**40), 10**40) | st.floats() | st.text(max_size=5) | st.sampled_from(["m", "mm"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["bars", "from", "to", "length", "unit", "name"]), inner),
    max_leaves=20,
)


def bars_of(read: Callable[[], tuple[scale.Bar, ...]]) -> tuple[scale.Bar, ...]:
    """Read bars; a refusal is as good as none."""
    with contextlib.suppress(Refusal):
        return read()
    return ()


@settings(max_examples=300, deadline=None)
@given(JSON | st.fixed_dictionaries(dict.fromkeys(("from", "to", "length", "unit"), JSON)))
def test_whatever_is_given_is_bars_or_a_refusal(data: Any) -> None:
    assert all(bar.metres > 0 and np.isfinite([*bar.start, *bar.end]).all() for bar in bars_of(lambda: scale.parse(data)))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=3)), max_size=4))
def test_a_changed_file_is_bars_or_a_refusal(tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, bytes]]) -> None:
    text = bytearray(json.dumps({"bars": [BAR, {**BAR, "length": 101, "unit": "mm"}]}).encode())
    for at, data in changes:
        text[at : at + len(data)] = data
    path = tmp_path_factory.getbasetemp() / "scale.json"
    path.write_bytes(text)
    bars = bars_of(lambda: scale.read(path))
    if bars:
        with contextlib.suppress(Refusal):
            assert 0 < scale.fit(bars, np.zeros(3), np.ones(3) * 2).factor < 1e12
