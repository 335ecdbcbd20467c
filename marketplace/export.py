# SPDX-License-Identifier: Apache-2.0
"""Write a licence's receipt as a bundle that verifies offline."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from ledger import bundle
from ledger.models import Entry
from ledger.queries import covers
from ledger.sequencer import sequence
from marketplace import receipts
from marketplace.errors import MarketplaceError
from marketplace.models import Licence


def write(out: Path, licence: Licence) -> None:
    """Write the bundle; where the log has not numbered the licence's entries yet, have it do so now.

    Raises
    ------
    MarketplaceError
        `licence.unwitnessed` where the log cannot go on at the moment.
    """
    entries = list(Entry.objects.filter(uuid__in=[licence.entry, *([licence.revoke_entry] if licence.revoke_entry else [])]).order_by("pk"))
    if not all(covers(entry) for entry in entries):
        sequence()
        entries = list(Entry.objects.filter(pk__in=[entry.pk for entry in entries]).order_by("pk"))
    if not all(covers(entry) for entry in entries):
        raise MarketplaceError(
            "licence.unwitnessed", _("The licence is still being witnessed."), _("Try again in a minute."), retryable=True, status=503
        )
    bundle.write(out, kind="licence", subject_id=licence.pk, package=receipts.package(licence), entries=entries)
