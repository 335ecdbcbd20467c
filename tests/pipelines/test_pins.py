# SPDX-License-Identifier: Apache-2.0
"""Annotations from a click to the sealed record, through the worker's own runs: placed, carried to another scan, or said to be lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from django.db import transaction

from assets import domain, stores
from assets.errors import AssetsError
from assets.models import Annotation, Asset, File, Institution, Pin
from digitize.encode import glb
from digitize.mesh import Mesh
from digitize.simplify import simplify
from pipelines.domain import follow_up, pin_annotation, receive_upload
from pipelines.ingest import settle, the_scan
from pipelines.models import Run
from tests.cast import error
from tests.pipelines.bodies import BUMP, DENT, body, broken, write_ply
from tests.pipelines.shapes import box_ply, png

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def received(institution: Institution, path: Path, rescan_of: File | None = None) -> File:
    """Receive a scan; its waiting run is left waiting."""
    upload = receive_upload(institution=institution, user=None, parts={path.name: iter([path.read_bytes()])}, rescan_of=rescan_of)
    return File.objects.get(asset=upload.asset, cid=upload.cid)


def with_levels(file: File, mesh: Mesh, folder: Path) -> File:
    """Give a scan two levels of detail, as a run of its recipe would."""
    rows = []
    for role, triangles in (("lod-0", 1500), ("lod-1", 500)):
        glb.write(replace(simplify(mesh, triangles).mesh, unit="mm"), folder / f"{role}.glb")
        digest = stores.default().put((folder / f"{role}.glb").read_bytes())
        media = "model/gltf-binary"
        rows.append({"role": role, "media_type": media, "digest": digest, "triangles": triangles, "error": error(1e-4), "facts": {}})
    with transaction.atomic():
        domain.add_renditions(file=file, made=rows, facts={"run": "test", "recipe": "mesh", "version": 1, "isolation": []})
    return file


def far(mesh: Mesh, towards: np.ndarray) -> np.ndarray:
    """The vertex that lies furthest in a direction, mm."""
    return mesh.positions[np.argmax(mesh.positions @ towards)]


def point(file: File, towards: np.ndarray, title: str) -> Annotation:
    """Point at a place as a viewer does, in metres."""
    place = far(body(), towards)
    asked = {"role": "lod-1", "position": (place / 1000).tolist(), "normal": (place / np.linalg.norm(place)).tolist()}
    return pin_annotation(asset=file.asset, user=None, file=file, asked=asked, texts={"title_en": title})


def sealed(asset: Asset) -> list[dict]:
    """Publish, and give the annotations of the record."""
    return domain.seal(sealing_id=domain.request_publish(asset=Asset.objects.get(pk=asset.pk), user=None).pk).record["annotations"]


def test_pins_are_settled_carried_to_another_scan_and_lost_where_a_piece_broke_off(institution: Institution, tmp_path: Path) -> None:
    scan = with_levels(received(institution, write_ply(body(), tmp_path / "body.ply")), body(), tmp_path)
    for towards, title in ((BUMP, "Bump"), (DENT, "Dent")):
        point(scan, towards, title)
    assert (Pin.objects.filter(state="waiting").count(), Run.objects.filter(recipe="anchors").get().state) == (2, "waiting")
    settle(scan)
    assert Run.objects.filter(recipe="anchors").get().state == "done"
    for pin, towards in zip(Pin.objects.all(), (BUMP, DENT), strict=True):
        assert (pin.state, set(pin.levels), pin.anchor["unit"]) == ("placed", {"lod-0", "lod-1"}, "mm")
        assert np.array(pin.anchor["position"]) == pytest.approx(far(body(), towards), abs=0.05)
        for level in pin.levels.values():
            assert np.array(level["position"]) * 1000 == pytest.approx(far(body(), towards), abs=0.1)
    assert [(one["state"], one["original"]) for one in sealed(scan.asset)] == [("placed", 1)] * 2

    assert the_scan(scan.asset) == scan
    later = with_levels(received(institution, write_ply(broken(), tmp_path / "later.ply"), scan), broken(), tmp_path)
    run = follow_up(file=later, publish=True)
    assert (later.asset_id, later.rescan_of_id, the_scan(scan.asset), run.publish) == (scan.asset_id, scan.pk, later, True)
    with pytest.raises(AssetsError) as told:
        domain.request_publish(asset=Asset.objects.get(pk=scan.asset_id), user=None)
    assert told.value.code == "publish.pins-waiting"
    settle(later)
    wish = Asset.objects.get(pk=scan.asset_id).sealings.latest("number")  # the run asked for it when all was settled
    bump, dent = domain.seal(sealing_id=wish.pk).record["annotations"]
    assert (bump["state"], bump["original"], bump["anchor"], bump["levels"]) == ("lost", 2, None, {})
    assert bump["lost"]["code"] in {"anchor.gone", "anchor.changed", "anchor.turned"}
    assert (dent["state"], dent["original"], dent["carried"]["from"], dent["carried"]["unit"]) == ("carried", 2, 1, "mm")
    assert dent["carried"]["distance"] < 0.05
    assert dent["carried"]["registration"]["ambiguous"] is False
    assert set(dent["levels"]) == {"lod-0", "lod-1"}


def test_what_is_no_other_scan_is_refused(institution: Institution, tmp_path: Path) -> None:
    first = received(institution, box_ply(tmp_path / "a.ply"))

    def refused(path: Path) -> str:
        with pytest.raises(AssetsError) as told:
            received(institution, path, first)
        return told.value.code

    assert refused(box_ply(tmp_path / "b.ply", 2.0)) == "rescan.not-digitized"
    with_levels(first, body(), tmp_path)
    (tmp_path / "c.png").write_bytes(png())
    assert refused(tmp_path / "c.png") == "rescan.no-surface"
    received(institution, box_ply(tmp_path / "d.ply", 3.0), first)
    assert refused(box_ply(tmp_path / "e.ply", 4.0)) == "rescan.followed"
    assert [File.objects.count(), Asset.objects.count()] == [2, 1]
    with pytest.raises(AssetsError) as told:
        the_scan(None)
    assert told.value.code == "rescan.which"
