# SPDX-License-Identifier: Apache-2.0
"""Two museums: one holds a secret, the other's curator looks for it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone, translation

from assets import stores
from assets.domain import create_asset
from assets.enums import PlaceKind, Role
from assets.models import Annotation, Asset, AssetText, File, Institution, Pin, Place, Rendition, User
from pipelines.models import Run, RunStep, Upload

SECRET = "秘藏青铜钺"
SECRET_EN = "Hidden bronze axe"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def make_user(name: str, role: str, institution: Institution | None = None, **more: object) -> User:
    return User.objects.create_user(name, password="a long password", role=role, institution=institution, **more)


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Keep a language that an earlier test left active from deciding what these read."""
    with translation.override("en"):
        yield


@pytest.fixture
def museum(db: None) -> Institution:
    return Institution.objects.create(slug="ji", name_zh="齐州博物馆", name_en="Qi Museum")


@pytest.fixture
def other_museum(db: None) -> Institution:
    return Institution.objects.create(slug="lu", name_zh="鲁州博物馆", name_en="Lu Museum")


@pytest.fixture
def curator(museum: Institution) -> User:
    return make_user("keeper", Role.CURATOR, museum)


@pytest.fixture
def colleague(museum: Institution) -> User:
    return make_user("colleague", Role.CURATOR, museum)


@pytest.fixture
def stranger(other_museum: Institution) -> User:
    return make_user("elsewhere", Role.CURATOR, other_museum)


@pytest.fixture
def administrator(db: None) -> User:
    return make_user("chief", Role.ADMINISTRATOR, is_superuser=True, is_staff=True)


@pytest.fixture
def region(db: None) -> Place:
    return Place.objects.create(
        slug="jinan", kind=PlaceKind.REGION, name_zh="济南", name_en="Jinan", latitude=36.65, longitude=117.12, datum="WGS-84"
    )


@pytest.fixture
def secret(museum: Institution, curator: User, region: Place) -> Asset:
    """An asset with everything that hangs on one: original, rendition, run, upload, two revisions, a review, an annotation."""
    asset = create_asset(institution=museum, user=curator, title=SECRET, place=region)
    AssetText.objects.create(asset=asset, language="en", title=SECRET_EN)
    asset = Asset.objects.get(pk=asset.pk)
    asset.save_revision(user=curator, log_action=True)
    asset.save_revision(user=curator, log_action=True, changed=True)
    asset.get_workflow().start(asset, curator)
    run = with_file(asset, curator)
    pin = Pin.objects.create(file=run.file, asked={"role": "lod-0", "position": [0, 0, 0], "normal": None})
    Annotation.objects.create(asset=asset, title_zh=SECRET, title_en=SECRET_EN, pin=pin)
    return Asset.objects.get(pk=asset.pk)


def with_file(asset: Asset, user: User) -> Run:
    """Hang an original with one rendition and a finished run on an asset."""
    digest = stores.default().put(PNG + asset.pk.bytes)
    now = timezone.now()
    file = File.objects.create(
        asset=asset, institution=asset.institution, name=f"{asset.title}.png", kind="image", format="png", media_type="image/png",
        cid=digest.cid, sha256=digest.sha256, bytes=digest.size, received_at=now, received_by=user,
    )  # fmt: skip
    Rendition.objects.create(
        file=file, role="thumbnail", media_type="image/png", cid=digest.cid, sha256=digest.sha256, bytes=digest.size,
        error=None, facts={}, made_at=now,
    )  # fmt: skip
    run = Run.objects.create(file=file, recipe="image", recipe_version=1, recipe_digest="0" * 64, state="done")
    RunStep.objects.create(run=run, index=1, name="image", state="done", facts={"width": 1}, outcome="done", isolation=["rlimits"])
    Upload.objects.create(institution=asset.institution, asset=asset, name=f"{asset.title}.png", state="received", created_by=user)
    return run


@pytest.fixture
def data(settings, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def unknown() -> uuid.UUID:
    return uuid.UUID(int=0)
