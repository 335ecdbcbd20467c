# SPDX-License-Identifier: Apache-2.0
"""Scale bars beside a mesh: broken, hostile and contradicting ones."""

from __future__ import annotations

import json
from typing import Any

from tests.digitize.corpus.case import Case

_OBJ = b"v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n"
_BAR: dict[str, Any] = {"from": [0, 0, 0], "to": [1, 0, 0], "length": 0.1, "unit": "m"}


def _case(name: str, at: str | None, text: bytes, code: str | None = "scale.invalid") -> Case:
    return Case(f"scale-{name}", {"a.obj": _OBJ, "scale.json": text}, "", code, at)


def _bars(name: str, at: str, *bars: Any) -> Case:
    return _case(name, at, json.dumps({"bars": list(bars)}).encode())


SCALES = (
    _case("torn", "scale.json", b'{"bars": [{"from"'),
    _case("deep", "scale.json", b"[" * 200_000),
    _case("not-text", "scale.json", b"\xff\xfe\x00{"),
    _case("huge", "scale.json", b" " * ((1 << 20) + 1)),
    _case("null", "bars/0", b"null"),
    _case("infinite", "bars/0/length", json.dumps(_BAR).replace("0.1", "1e999").encode()),
    _case("nan", "bars/0/from", json.dumps(_BAR).replace("[0, 0, 0]", "[NaN, 0, 0]").encode()),
    _case("long-number", "bars/0/to", json.dumps(_BAR).replace("[1, 0, 0]", f"[1{'0' * 400}, 0, 0]").encode()),
    _case("long-length", "bars/0/length", json.dumps(_BAR).replace("0.1", "1" + "0" * 400).encode()),
    _bars("truth-for-number", "bars/0/to", {**_BAR, "to": [True, 0, 0]}),
    _bars("none", "bars"),
    _bars("too-many", "bars", *[_BAR] * 1001),
    _bars("same-points", "bars/0", {**_BAR, "to": [0, 0, 0]}),
    _bars("unknown-unit", "bars/1/unit", _BAR, {**_BAR, "unit": "chi"}),
    _bars("negative", "bars/0/length", {**_BAR, "length": -1}),
    _bars("more-members", "bars/0", {**_BAR, "path": "../../secret"}),
)
SOUND_SCALES = (
    Case(
        "scale-sound",
        {"a.obj": _OBJ, "scale.json": json.dumps(_BAR).encode()},
        "",
        counts={"vertices": 3, "triangles": 1, "scale_bars": 1},
    ),
)
