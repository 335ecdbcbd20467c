# SPDX-License-Identifier: Apache-2.0
"""The fixed cast of every permission test, and one small published asset made through the real verbs."""

from __future__ import annotations

import json
import struct
from io import BytesIO
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from PIL import Image, ImageDraw

from assets import domain, stores
from assets.domain.originals import keep_original
from assets.enums import Role
from assets.models import Asset, Institution, Place, User, Version

PASSWORD = "a fine long password"


def make_user(name: str, role: str, institution: Institution | None = None) -> User:
    return User.objects.create_user(
        username=name, password=PASSWORD, role=role, institution=institution, is_superuser=role == Role.ADMINISTRATOR
    )


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def region(db: None) -> Place:
    return Place.objects.create(
        slug="rizhao", kind="region", name_zh="日照", name_en="Rizhao", latitude=35.4, longitude=119.5, datum="WGS-84"
    )


@pytest.fixture
def institution(region: Place) -> Institution:
    return Institution.objects.create(slug="rizhao-museum", name_zh="示例博物馆（日照）", name_en="Sample Museum, Rizhao", place=region)


@pytest.fixture
def other_institution(db: None) -> Institution:
    return Institution.objects.create(slug="qingzhou-museum", name_zh="示例博物馆（青州）", name_en="Sample Museum, Qingzhou")


@pytest.fixture
def visitor(db: None) -> User:
    return make_user("visitor", Role.VISITOR)


@pytest.fixture
def curator(institution: Institution) -> User:
    return make_user("curator", Role.CURATOR, institution)


@pytest.fixture
def other_curator(other_institution: Institution) -> User:
    return make_user("other-curator", Role.CURATOR, other_institution)


@pytest.fixture
def creator(db: None) -> User:
    return make_user("creator", Role.CREATOR)


@pytest.fixture
def supervisor(db: None) -> User:
    return make_user("supervisor", Role.SUPERVISOR)


@pytest.fixture
def administrator(db: None) -> User:
    return make_user("administrator", Role.ADMINISTRATOR)


@pytest.fixture
def stranger() -> Client:
    return Client()


def tiny_glb() -> bytes:
    """Give a GLB of one triangle."""
    binary = struct.pack("<9f", 0, 0, 0, 1, 0, 0, 0, 1, 0)
    document = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
        "accessors": [{"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 0]}],
        "bufferViews": [{"buffer": 0, "byteLength": len(binary)}],
        "buffers": [{"byteLength": len(binary)}],
    }
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    body = struct.pack("<II", len(text), 0x4E4F534A) + text + struct.pack("<II", len(binary), 0x004E4942) + binary
    return struct.pack("<III", 0x46546C67, 2, 12 + len(body)) + body


def tiny_picture() -> bytes:
    """Give a small WebP picture."""
    picture = Image.new("RGBA", (64, 64))
    ImageDraw.Draw(picture).ellipse((8, 8, 56, 56), fill=(40, 40, 44, 255))
    out = BytesIO()
    picture.save(out, "WEBP", lossless=True)
    return out.getvalue()


def error(mean: float, unit: str | None = "m") -> dict[str, Any]:
    return {"mean": mean, "max": mean * 8, "mean_relative": mean / 0.3, "max_relative": mean * 8 / 0.3, "unit": unit, "colour_psnr": 41.5}


def digitized(institution: Institution, title: str = "蛋壳黑陶杯", *, content: bytes = b"ply\nan original\n") -> Asset:
    """Make an asset with one original and derivatives, ready to publish."""
    store = stores.default()
    asset = domain.create_asset(institution=institution, user=None, title=title, place=institution.place, synthetic=True)
    domain.set_text(
        asset=asset,
        language="zh-hans",
        title=title,
        culture="龙山文化",
        materials="陶",
        date_label="约前2400—前2000年",
        story="一件合成的示例。",
    )
    domain.set_text(
        asset=asset, language="en", title="Eggshell cup", culture="Longshan culture", materials="Pottery", story="A synthetic example."
    )
    digest = store.put(content)
    with transaction.atomic():
        file = keep_original(asset=asset, digest=digest, name="cup.ply", kind="mesh", format="ply", media_type="application/ply", user=None)
    made = [
        ("thumbnail", "image/webp", tiny_picture(), None, None),
        ("lod-0", "model/gltf-binary", tiny_glb(), 1, error(0.00008)),
        ("lod-0-compressed", "model/gltf-binary", tiny_glb() + b"\0\0\0\0", 1, error(0.00009)),
        ("ar", "model/gltf-binary", tiny_glb() + b"\0" * 8, 1, error(0.0001)),
        ("usdz", "model/vnd.usdz+zip", b"PK\x05\x06" + b"\0" * 18, 1, error(0.0001)),
        ("report", "application/json", b'{"schema":"qilu.report/1"}', None, None),
    ]
    rows = [
        {"role": role, "media_type": media, "digest": store.put(body), "triangles": triangles, "error": measured, "facts": {}}
        for role, media, body, triangles, measured in made
    ]
    domain.add_renditions(file=file, made=rows, facts={"run": "test", "recipe": "mesh", "version": 1, "isolation": []})
    return asset


def publish(asset: Asset) -> Version:
    """Publish through the real verbs."""
    return domain.seal(sealing_id=domain.request_publish(asset=asset, user=None).pk)


@pytest.fixture
def draft_asset(institution: Institution) -> Asset:
    return digitized(institution, "未公开的铜鼎", content=b"ply\nanother original\n")


@pytest.fixture
def published_asset(institution: Institution) -> Asset:
    asset = digitized(institution)
    publish(asset)
    return Asset.objects.get(pk=asset.pk)
