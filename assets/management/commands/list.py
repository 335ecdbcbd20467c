# SPDX-License-Identifier: Apache-2.0
"""List the catalogue."""

from __future__ import annotations

from typing import Any

from assets.commands import QiluCommand
from assets.models import Asset


class Command(QiluCommand):
    """Name every asset with its versions."""

    help = "List assets and their sealed versions."
    migrates = True

    def work(self, **_options: Any) -> dict[str, Any]:
        """Read the catalogue."""
        assets = Asset.objects.select_related("institution").prefetch_related("texts", "versions")
        return {"assets": [_row(asset) for asset in assets]}

    def show(self, result: dict[str, Any]) -> None:
        """Print a line an asset."""
        for one in result["assets"]:
            newest = one["versions"][-1]["cid"] if one["versions"] else "–"
            self.stdout.write(f"{one['asset']}  {one['state']:<10} {one['institution']:<20} {one['title']}  {newest}")


def _row(asset: Asset) -> dict[str, Any]:
    """Describe one asset."""
    return {
        "asset": str(asset.pk),
        "title": asset.title,
        "institution": asset.institution.slug,
        "state": asset.state,
        "versions": [
            {"version": str(one.pk), "cid": one.cid, "published": one.sealed_at.isoformat().replace("+00:00", "Z")}
            for one in asset.versions.all()
        ],
    }
