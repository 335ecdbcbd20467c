# SPDX-License-Identifier: Apache-2.0
"""Annotations on the cast's assets, settled as the step would settle them."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from assets import domain, stores
from assets.domain.originals import keep_original
from assets.enums import PinState
from assets.models import Annotation, Asset, File, Pin
from tests.cast import error, tiny_glb

ASKED = {"role": "lod-0", "position": [0.2, 0.2, 0.0], "normal": [0.0, 0.0, 1.0]}
WORDS = {"title_zh": "口沿", "body_zh": "薄如蛋壳。", "title_en": "Rim", "body_en": "As thin as an eggshell."}
ANCHOR = {
    "face": 0, "weights": [0.6, 0.2, 0.2], "position": [0.2, 0.2, 0.0], "normal": [0.0, 0.0, 1.0], "tangent": [1.0, 0.0, 0.0],
    "radius": 0.02, "heights": [0.0] * 80, "unit": "m",
}  # fmt: skip
LOST = {"code": "anchor.gone", "message": "", "at": None, "params": {"radius": "0.02"}}


def annotate(asset: Asset, *, settled: bool = True, shown: bool = True, **words: str) -> Annotation:
    """Annotate an asset's first original."""
    file = asset.files.order_by("received_at").first()
    assert file is not None
    made = domain.annotate(asset=asset, user=None, file=file, asked=ASKED, texts={**WORDS, **words}, shown=shown)
    if settled:
        settle(file)
    return made


def place(x: float = 0.2) -> dict[str, Any]:
    """A place on a level as the step gives it."""
    here = {name: value for name, value in ANCHOR.items() if name not in ("heights", "unit")}
    return {**here, "position": [x, 0.2, 0.0], "distance": 0.0, "turn": 0.0, "change": 0.0}


def settle(file: File, *, lost: bool = False) -> None:
    """Settle what waits on an original: placed, or carried where it comes from an earlier scan, or lost."""
    waiting = list(Pin.objects.filter(file=file, state=PinState.WAITING))
    found = {str(pin.pk): _found(pin, lost=lost) for pin in waiting}
    domain.settle_pins(pins=waiting, found=found)


def _found(pin: Pin, *, lost: bool) -> dict[str, Any]:
    """What the step says of one pin."""
    carried = {"distance": 0.00012, "turn": 2.0, "change": 0.01, "unit": "m", "registration": {}} if pin.carried_from_id else None
    if lost:
        return {"state": "lost", "anchor": None, "carried": {"registration": {}}, "lost": LOST, "levels": {}}
    return {"state": "placed", "anchor": ANCHOR, "carried": carried, "lost": None, "levels": {"lod-0": place(), "ar": place(0.21)}}


def rescan(asset: Asset, earlier: File, content: bytes = b"ply\nof another day\n") -> File:
    """Give an asset another scan of one of its originals, digitized."""
    store = stores.default()
    with transaction.atomic():
        file = keep_original(
            asset=asset,
            digest=store.put(content),
            name="later.ply",
            kind="mesh",
            format="ply",
            media_type="application/ply",
            user=None,
            rescan_of=earlier,
        )
    body = tiny_glb() + content
    row = {"role": "lod-0", "media_type": "model/gltf-binary", "digest": store.put(body), "triangles": 1, "error": error(1e-4), "facts": {}}
    domain.add_renditions(file=file, made=[row], facts={"run": "later", "recipe": "mesh", "version": 1, "isolation": []})
    domain.await_pins(file=file)
    return file
