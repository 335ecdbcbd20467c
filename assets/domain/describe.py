# SPDX-License-Identifier: Apache-2.0
"""Create and describe assets; all of it is draft until it is sealed."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import transaction

from assets.enums import AssetKind, Language, RightsBasis, TextMethod
from assets.models import Asset, AssetText, Institution, Place, Rights, User

UNEVALUATED = "http://rightsstatements.org/vocab/CNE/1.0/"


def language_of(text: str) -> Language:
    """Tell whether a text is Chinese or not by its letters."""
    return Language.ZH if any("\u3400" <= letter <= "\u9fff" for letter in text) else Language.EN


@transaction.atomic
def create_asset(
    *,
    institution: Institution,
    user: User | None,
    title: str,
    kind: str = AssetKind.OBJECT,
    place: Place | None = None,
    synthetic: bool = False,
    **fields: Any,  # further columns of Asset: accession_number, date_edtf, date_earliest, date_latest, sensitivity
) -> Asset:
    """Start a draft with a title and rights that nobody has evaluated yet.

    Who: a curator of the institution, or the command line. Writes: Asset, AssetText, Rights. Event: none before publication.
    """
    asset: Asset = Asset.objects.create(institution=institution, created_by=user, kind=kind, place=place, synthetic=synthetic, **fields)
    set_text(asset=asset, language=language_of(title), title=title[:200])
    set_rights(
        asset=asset,
        holder_zh=institution.name_zh,
        holder_en=institution.name_en,
        basis=RightsBasis.OWN_WORK,
        statement=UNEVALUATED,
        note="",
    )
    return asset


def set_text(*, asset: Asset, language: str, method: str = TextMethod.HUMAN, **texts: str) -> AssetText:
    """Write what is said of an asset in one language; keep the hash of the story it was written from."""
    source = hashlib.sha256(texts.get("story", "").encode()).hexdigest()
    row, _created = AssetText.objects.update_or_create(
        asset=asset, language=language, defaults={**texts, "method": method, "source_hash": source}
    )
    return row


def set_rights(*, asset: Asset, **fields: Any) -> Rights:
    """Write who may decide about an asset."""
    row, _created = Rights.objects.update_or_create(asset=asset, defaults=fields)
    return row
