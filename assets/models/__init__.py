# SPDX-License-Identifier: Apache-2.0
"""The catalogue's tables."""

from assets.models.annotations import Annotation, Pin
from assets.models.asset import Asset, AssetText, Rights
from assets.models.files import AccessGrant, File, Rendition, Sealing, SearchEntry, Version
from assets.models.people import Institution, User
from assets.models.places import Place

__all__ = [
    "AccessGrant",
    "Annotation",
    "Asset",
    "AssetText",
    "File",
    "Institution",
    "Pin",
    "Place",
    "Rendition",
    "Rights",
    "Sealing",
    "SearchEntry",
    "User",
    "Version",
]
