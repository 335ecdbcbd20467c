# SPDX-License-Identifier: Apache-2.0
"""Write an asset's bundle."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from assets import exports
from assets.commands import QiluCommand, find_asset
from assets.errors import AssetsError


class Command(QiluCommand):
    """Export ASSET to OUT.zip: the sealed package, its proofs, the verifier."""

    help = "Write the verifiable bundle of an asset's newest version."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the command's own words."""
        parser.add_argument("asset", metavar="ASSET", help="UUID of the asset.")
        parser.add_argument("out", type=Path, metavar="OUT.zip", help="Where to write the bundle.")
        parser.add_argument("--public", action="store_true", help="Leave out the originals, as the site's own bundle does.")

    def work(self, **options: Any) -> dict[str, Any]:
        """Write the bundle."""
        asset, out = find_asset(options["asset"]), options["out"]
        if not out.parent.is_dir():
            raise AssetsError(
                "export.no-folder", _("The folder “%(folder)s” is not there.") % {"folder": str(out.parent)[:200]}, _("Make it first.")
            )
        exports.export(asset=asset, out=out, public=options["public"])
        version = asset.current_version
        assert version is not None
        return {"asset": str(asset.pk), "version": str(version.pk), "cid": version.cid, "out": str(out), "bytes": out.stat().st_size}

    def show(self, result: dict[str, Any]) -> None:
        """Say where it lies and how to check it."""
        self.stdout.write(f"{result['out']}  {result['bytes']:,} B  {result['cid']}")
        self.stdout.write(_("Check it: python3 verify.py %(out)s --policy policy.json") % {"out": result["out"]})
