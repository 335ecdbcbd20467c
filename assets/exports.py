# SPDX-License-Identifier: Apache-2.0
"""Hand out a version's bundle: package, proofs and verifier in one zip that is checked without asking us."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from assets import packages
from assets.errors import AssetsError
from assets.models import Asset
from assets.record import reserved
from ledger import bundle, sequencer
from ledger.models import Entry

PROVEN = ("ingest.receive", "process.run", "version.publish")


def export(*, asset: Asset, out: Path, public: bool = False) -> Path:
    """Write the bundle of an asset's newest version.

    Parameters
    ----------
    out
        The zip to write; what is there is replaced when the new one is whole.
    public
        Leave out the files that not everyone may have: the bundle then verifies as ``withheld``.

    Raises
    ------
    AssetsError
        ``export.not-published``.
    """
    version = asset.current_version
    if version is None:
        raise AssetsError("export.not-published", _("The asset has no sealed version."), _("Publish it first."))
    sequencer.sequence()
    entries = Entry.objects.filter(subject_kind="asset", subject_id=str(asset.pk), kind__in=PROVEN)
    withheld = frozenset(f"data/{path}" for path in reserved(version.record)) if public else frozenset()
    return bundle.write(
        out,
        kind="asset",
        subject_id=asset.pk,
        package=packages.path(version.cid),
        entries=list(entries),
        withheld=withheld,
        facts={"version": str(version.pk), "number": version.number},
    )
