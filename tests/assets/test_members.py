# SPDX-License-Identifier: Apache-2.0
"""Files inside a rendition of many: found by exact name, sent whole or in part; what stands in for an original is not public."""

import io
import zipfile
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from assets import members, stores
from assets.media import OF_FORMAT, ending, of_name
from assets.models import Asset, Rendition
from assets.record import reserved
from digitize.preflight.formats import FORMATS


def packed(path: Path, *, method: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("pyramid.dzi", b"<Image/>")
        archive.writestr("pyramid_files/0/0_0.webp", bytes(range(256)) * 9)
    return path


def test_every_format_has_a_media_type_with_an_ending_of_its_own() -> None:
    assert [name for name in FORMATS if name not in OF_FORMAT] == []
    assert all(
        of_name(f"x.{ending(media_type)}") == media_type for media_type in ("image/webp", "video/mp4", "text/vtt", "application/json")
    )


def test_stored_members_are_found_where_they_lie(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip")
    found = members.find(path, "pyramid_files/0/0_0.webp")
    assert found is not None
    assert path.read_bytes()[found.start : found.start + found.bytes] == bytes(range(256)) * 9
    assert members.find(path, "pyramid_files/0/0_1.webp") is None


def test_compressed_members_and_broken_zips_hold_nothing(tmp_path: Path) -> None:
    assert members.find(packed(tmp_path / "b.zip", method=zipfile.ZIP_DEFLATED), "pyramid.dzi") is None
    (tmp_path / "c.zip").write_bytes(b"PK\x05\x06 no zip")
    assert members.find(tmp_path / "c.zip", "pyramid.dzi") is None


@pytest.fixture
def pyramid(published_asset: Asset, tmp_path: Path) -> Rendition:
    """Add a pyramid to what is public of an asset."""
    return added(published_asset, "pyramid", packed(tmp_path / "pyramid.zip"))


def added(asset: Asset, role: str, path: Path) -> Rendition:
    digest = stores.default().put(path)
    file = asset.files.first()
    row = Rendition.objects.create(
        file=file, role=role, media_type="application/zip", cid=digest.cid, sha256=digest.sha256, bytes=digest.size, made_at=timezone.now()
    )
    version = asset.current_version
    assert version is not None
    version.record["renditions"].append(
        {
            "role": role,
            "cid": digest.cid,
            "media_type": row.media_type,
            "sha256": row.sha256,
            "bytes": row.bytes,
            "triangles": None,
            "error": None,
            "facts": {},
            "path": f"renditions/01-{role}.zip",
            "original": 1,
        }
    )
    version.save()
    return row


def test_a_member_is_sent_whole_and_in_part(client: Client, pyramid: Rendition) -> None:
    base = f"/files/{pyramid.cid}/pyramid.zip"
    whole = client.get(f"{base}/pyramid_files/0/0_0.webp")
    assert (whole.status_code, whole["Content-Type"], whole.content) == (200, "image/webp", bytes(range(256)) * 9)
    part = client.get(f"{base}/pyramid_files/0/0_0.webp", HTTP_RANGE="bytes=250-259")
    assert (part.status_code, part["Content-Range"], part.content) == (206, "bytes 250-259/2304", bytes((*range(250, 256), 0, 1, 2, 3)))
    assert client.get(f"{base}/pyramid_files/0/0_0.webp", HTTP_RANGE="bytes=0-").status_code == 206
    assert client.get(f"{base}/pyramid_files/0/0_0.webp", HTTP_RANGE="bytes=9999-").status_code == 416
    assert client.get(f"{base}/pyramid_files/0/0_0.webp", HTTP_IF_NONE_MATCH=whole["ETag"]).status_code == 304
    assert client.get(f"{base}/pyramid.dzi")["ETag"] != whole["ETag"]


@pytest.mark.parametrize("name", ["nothing", "../pyramid.dzi", "pyramid_files", "pyramid_files/", "%2e%2e/pyramid.dzi"])
def test_what_is_not_a_member_is_not_there(name: str, client: Client, pyramid: Rendition) -> None:
    assert client.get(f"/files/{pyramid.cid}/pyramid.zip/{name}").status_code == 404


def test_the_whole_zip_can_be_had_too(client: Client, pyramid: Rendition) -> None:
    answer = client.get(f"/files/{pyramid.cid}/pyramid.zip")
    body = b"".join(answer) if answer.streaming else answer.content
    assert zipfile.ZipFile(io.BytesIO(body)).namelist() == ["pyramid.dzi", "pyramid_files/0/0_0.webp"]


def test_what_stands_in_for_an_original_is_withheld(client: Client, published_asset: Asset, tmp_path: Path) -> None:
    kept = added(published_asset, "preservation", packed(tmp_path / "p.zip"))
    assert client.get(f"/files/{kept.cid}/preservation.zip").status_code == 404
    assert client.get(f"/files/{kept.cid}/preservation.zip/pyramid.dzi").status_code == 404
    told = client.get(f"/api/v1/assets/{published_asset.pk}/renditions").json()
    assert {one["role"]: bool(one["url"]) for one in told} == {one["role"]: one["role"] != "preservation" for one in told}
    record = published_asset.current_version.record
    assert reserved(record) == {**{one["path"]: one["cid"] for one in record["originals"]}, "renditions/01-preservation.zip": kept.cid}
