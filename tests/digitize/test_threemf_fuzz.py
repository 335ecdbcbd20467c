# SPDX-License-Identifier: Apache-2.0
"""Change a 3MF's XML at random: it is taken whole or refused, by pre-flight and reader alike."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from digitize import readers
from digitize.errors import Refusal
from digitize.preflight import inspect
from tests.digitize.corpus.archives import pack
from tests.digitize.corpus.case import png
from tests.digitize.corpus.exchange import MESH, RELATIONSHIPS, model
from tests.digitize.test_preflight_fuzz import SMALL, edits, filled, mutate

RICH = model(
    resources=(
        '<basematerials id="2"><base name="ash" displaycolor="#FFFFFF"/></basematerials><m:colorgroup id="3"><m:color color="#FF0000"/>'
        '</m:colorgroup><m:texture2d id="4" path="/3D/t.png" contenttype="image/png"/><m:texture2dgroup id="5" texid="4">'
        '<m:tex2coord u="0" v="1"/></m:texture2dgroup>'
        f'<object id="1" pid="3" pindex="0">{MESH}</object><object id="6" pid="5" pindex="0">{MESH}</object>'
        f'<object id="7" pid="2" pindex="0">{MESH}</object>'
        '<object id="8"><components><component objectid="1"/><component objectid="6" transform="1 0 0 0 1 0 0 0 1 0 0 5"/></components></object>'
    ),
    build='<item objectid="8" transform="2 0 0 0 2 0 0 0 2 1 1 1"/><item objectid="7"/>',
).encode()
WORDS = [
    b'"-1"',
    b'"9"',
    b'"nan"',
    b'"1e999"',
    b"<object>",
    b"</mesh>",
    b"&lt;",
    b"&x;",
    b"<!DOCTYPE a>",
    b"<![CDATA[",
    b'"',
    b"xmlns",
    b"\xff",
]


def outcome(text: bytes) -> int:
    """Count the triangles of a package with this model; 0 where it is refused."""
    data = pack(
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", RELATIONSHIPS.format("3D/3dmodel.model").encode()),
        ("3D/3dmodel.model", text),
        ("3D/t.png", png()),
    )
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "a.3mf")
        path.write_bytes(data)
        try:
            counts = inspect(path, limits=SMALL).counts
        except Refusal as refused:
            refusal = refused
            return 0 if filled(refusal) else -1
        reading = readers.read(path.parent, path.name, "3mf")
    assert (reading.vertices, reading.mesh.triangles) == (counts["vertices"], counts["triangles"])
    assert reading.mesh.faces.max() < len(reading.mesh.positions)
    return reading.mesh.triangles


def test_the_rich_model_is_sound_before_it_is_changed():
    assert outcome(RICH) == 3


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes=edits)
def test_changed_bytes(changes: list[tuple[str, float, int, bytes]]):
    assert outcome(mutate(RICH, changes)) >= 0


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, RICH.count(b'"') // 2 - 1), st.sampled_from(WORDS)), min_size=1, max_size=3))
def test_changed_values(changes: list[tuple[int, bytes]]):
    parts = RICH.split(b'"')
    for place, word in changes:
        parts[2 * place + 1] = word.strip(b'"')
    assert outcome(b'"'.join(parts)) >= 0
