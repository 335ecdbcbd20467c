# SPDX-License-Identifier: Apache-2.0
"""People, an asset and offers for the marketplace's tests."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from assets.enums import AssetState, Role
from assets.models import Asset, AssetText, Institution, User, Version
from marketplace import domain
from marketplace.models import Licence, Offer, Order

CID = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"


@pytest.fixture
def museum(db: None) -> Institution:
    return Institution.objects.create(slug="rizhao", name_zh="示例博物馆（日照）", name_en="Sample Museum, Rizhao")


@pytest.fixture
def other_museum(db: None) -> Institution:
    return Institution.objects.create(slug="qingzhou", name_zh="示例博物馆（青州）", name_en="Sample Museum, Qingzhou")


@pytest.fixture
def people(museum: Institution, other_museum: Institution) -> dict[str, User]:
    def make(name: str, role: Role, institution: Institution | None = None) -> User:
        return User.objects.create_user(name, password="a long enough pass", role=role, institution=institution)

    return {
        "creator": make("creator", Role.CREATOR),
        "other_creator": make("other_creator", Role.CREATOR),
        "visitor": make("visitor", Role.VISITOR),
        "curator": make("curator", Role.CURATOR, museum),
        "other_curator": make("other_curator", Role.CURATOR, other_museum),
        "supervisor": make("supervisor", Role.SUPERVISOR),
        "administrator": make("administrator", Role.ADMINISTRATOR),
    }


def record_of(asset: Asset, version: uuid.UUID, original: dict[str, Any]) -> dict[str, Any]:
    """Compose the parts of record.json that the marketplace reads."""
    texts = {
        "title": "Stem cup",
        "culture": "Longshan",
        "date_label": "",
        "materials": "",
        "dimensions": "",
        "story": "",
        "picture_alt": "",
        "method": "human",
    }
    return {
        "schema": "qilu.record/1",
        "asset": str(asset.pk),
        "version": str(version),
        "number": 1,
        "sealed_at": "2026-11-22T04:00:00Z",
        "institution": {
            "id": str(asset.institution_id),
            "slug": "rizhao",
            "name": {"zh-hans": "示例博物馆（日照）", "en": "Sample Museum, Rizhao"},
        },
        "kind": "object",
        "accession_number": "S-1",
        "synthetic": True,
        "sensitivity": "open",
        "place": None,
        "date": {"edtf": "", "earliest": None, "latest": None},
        "texts": {"zh-hans": {**texts, "title": "蛋壳黑陶高柄杯", "culture": "龙山文化"}, "en": texts},
        "rights": {
            "holder": {"zh-hans": "示例博物馆（日照）", "en": "Sample Museum, Rizhao"},
            "basis": "own-work",
            "statement": "https://example.org/r",
            "note": "",
        },
        "originals": [original],
        "renditions": [],
    }


@pytest.fixture
def asset(museum: Institution) -> Asset:
    """Publish an asset whose original lies in the store."""
    from assets import stores

    digest = stores.default().put(b"ply\nthe master scan\n")
    asset: Asset = Asset.objects.create(institution=museum)
    AssetText.objects.create(asset=asset, language="zh-hans", title="蛋壳黑陶高柄杯")
    original = {
        "path": "originals/01.ply", "name": "cup.ply", "kind": "mesh", "format": "ply", "media_type": "application/ply",
        "cid": digest.cid, "sha256": digest.sha256, "bytes": digest.size, "facts": {},
    }  # fmt: skip
    key = uuid.uuid4()
    version = Version.objects.create(
        id=key, asset=asset, number=1, cid=CID, record=record_of(asset, key, original), sealed_at=timezone.now(), entry=uuid.uuid4()
    )
    Asset.objects.filter(pk=asset.pk).update(
        state=AssetState.PUBLISHED, live=True, current_version=version, last_published_at=timezone.now()
    )
    asset.refresh_from_db()
    return asset


@pytest.fixture
def offer(asset: Asset) -> Offer:
    return domain.create_offer(asset=asset, use="product", medium="goods", territory="CN", term_months=12, price_fen=120_001)


@pytest.fixture
def free_offer(asset: Asset) -> Offer:
    return domain.create_offer(asset=asset, use="education", medium="any", territory="world", term_months=36, price_fen=0)


@pytest.fixture
def buy(people: dict[str, User]) -> Callable[..., Licence]:
    """Give the whole way from an offer to a licence."""

    def buy(offer: Offer, who: str = "creator") -> Licence:
        order = domain.place_order(user=people[who], offer=offer, key=uuid.uuid4().hex)
        settle(order, paid=True)
        return Licence.objects.get(order=order)

    return buy


def settle(order: Order, *, paid: bool) -> None:
    """Pay an order in the sandbox, or let the payment fail."""
    from marketplace.payments.sandbox import SandboxProvider

    charge = domain.pay(order=order, user=order.user)
    if charge is not None:
        headers, body = SandboxProvider().settle(charge.ref, paid=paid)
        domain.handle_notification(alias="default", headers=headers, body=body)


@pytest.fixture(autouse=True)
def urlconf(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.marketplace.urlconf"
