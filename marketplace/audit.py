# SPDX-License-Identifier: Apache-2.0
"""Licences held against the log: what a public page says of one must be what the log says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ledger.audit import Finding
from ledger.models import Entry
from marketplace.enums import LicenceState
from marketplace.models import Licence


def findings() -> Iterator[Finding]:
    """Give where licences and their entries contradict each other.

    Yields
    ------
    Finding
        `licence.differs`, `licence.unlogged`, `licence.missing`; the leaf is that of the grant.
    """
    said: dict[str, dict[str, Entry]] = {}
    for entry in Entry.objects.filter(subject_kind="licence", kind__in=("licence.grant", "licence.revoke")).iterator():
        said.setdefault(entry.subject_id, {})[entry.kind] = entry
    for licence in Licence.objects.select_related("version").iterator():
        entries = said.pop(str(licence.pk), {})
        grant = entries.get("licence.grant")
        if grant is None:
            yield Finding("licence.unlogged", f"the log knows of no grant of licence {licence.pk}")
        elif _row(licence) != _log(grant, entries.get("licence.revoke")):
            yield Finding("licence.differs", f"licence {licence.pk} is not what the log says", grant.index)
    for subject, entries in said.items():
        yield Finding("licence.missing", f"the database has no licence {subject}", next(iter(entries.values())).index)


def _row(licence: Licence) -> dict[str, Any]:
    """Give what the database says of a licence, in the log's words."""
    scope = {**licence.scope, "starts_on": licence.starts_on.isoformat(), "ends_on": licence.ends_on.isoformat()}
    revoked = licence.state == LicenceState.REVOKED
    return {
        "receipt": licence.receipt_cid,
        "version": str(licence.version_id),
        "version_cid": licence.version.cid,
        "licensee": licence.licensee_commitment,
        "scope": scope,
        "entry": str(licence.entry),
        "revoked": (str(licence.revoke_entry), licence.revoke_reason) if revoked else None,
    }


def _log(grant: Entry, revocation: Entry | None) -> dict[str, Any]:
    """Give what the log says of a licence."""
    return {
        "receipt": grant.digest,
        "version": grant.facts.get("version"),
        "version_cid": grant.facts.get("version_cid"),
        "licensee": grant.facts.get("licensee"),
        "scope": grant.facts.get("scope"),
        "entry": str(grant.uuid),
        "revoked": (str(revocation.uuid), revocation.facts.get("reason")) if revocation else None,
    }
