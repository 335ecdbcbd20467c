# SPDX-License-Identifier: Apache-2.0
"""Entries of the log in words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from assets.enums import Role
from ledger.enums import Kind
from ledger.models import Entry
from marketplace.enums import RevokeReason
from marketplace.present import scope_facts

LABELS = {
    "asset": pgettext_lazy("log", "Asset"),
    "basis": pgettext_lazy("log", "Basis"),
    "basis_id": pgettext_lazy("log", "Rests on"),
    "bytes": pgettext_lazy("log", "Bytes"),
    "entry": pgettext_lazy("log", "Entry"),
    "file": pgettext_lazy("log", "File"),
    "format": pgettext_lazy("log", "Format"),
    "institution": pgettext_lazy("log", "Institution"),
    "isolation": pgettext_lazy("log", "Isolation"),
    "licensee": pgettext_lazy("log", "Licensee's commitment"),
    "number": pgettext_lazy("log", "Number"),
    "outputs": pgettext_lazy("log", "Derivatives"),
    "reason": pgettext_lazy("log", "Reason"),
    "recipe": pgettext_lazy("log", "Recipe"),
    "results": pgettext_lazy("log", "Results"),
    "run": pgettext_lazy("log", "Run"),
    "scope": pgettext_lazy("log", "Scope"),
    "sha256": pgettext_lazy("log", "SHA-256"),
    "version": pgettext_lazy("log", "Version"),
    "version_cid": pgettext_lazy("log", "CID of the version"),
    "view": pgettext_lazy("log", "Looked at"),
}
HIDDEN = {"role"}  # shown as the actor
KINDS = {
    Kind.INGEST_RECEIVE: pgettext_lazy("log", "Original received"),
    Kind.PROCESS_RUN: pgettext_lazy("log", "Digitized"),
    Kind.VERSION_PUBLISH: pgettext_lazy("log", "Version published"),
    Kind.VERSION_WITHDRAW: pgettext_lazy("log", "Version withdrawn"),
    Kind.LICENCE_GRANT: pgettext_lazy("log", "Licence granted"),
    Kind.LICENCE_REVOKE: pgettext_lazy("log", "Licence revoked"),
    Kind.ACCESS_GRANT: pgettext_lazy("log", "Access granted"),
    Kind.ACCESS_DOWNLOAD: pgettext_lazy("log", "Original downloaded"),
    Kind.SUPERVISE_INSPECT: pgettext_lazy("log", "Looked at"),
    Kind.PACKAGE_WITHDRAW: pgettext_lazy("log", "Package withdrawn"),
    Kind.ERASE_PERSONAL: pgettext_lazy("log", "Personal data erased"),
    Kind.LOG_RESTORE: pgettext_lazy("log", "Log restored from its files"),
}
VIEWS = {
    "trail": pgettext_lazy("log", "the trail"),
    "proof": pgettext_lazy("log", "a proof"),
    "search": pgettext_lazy("log", "a search"),
    "overview": pgettext_lazy("log", "the overview"),
    "audit": pgettext_lazy("log", "an audit"),
}


def what(kind: str) -> str:
    """Name a kind of entry in the language in use; one that is not known here stays its own name."""
    return str(KINDS[Kind(kind)]) if kind in Kind.values else kind


def who(entry: Entry) -> str:
    """Name the role of whoever acted; the log knows no names."""
    role = entry.facts.get("role", "")
    if role in Role.values:
        return str(Role(role).label)
    return _("Operator") if role else _("The platform")


def facts(entry: Entry) -> list[tuple[str, str]]:
    """List what an entry says, one line a fact."""
    return list(_lines(entry.facts))


def _lines(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Turn facts into lines."""
    for name, value in said.items():
        if name not in HIDDEN and value not in ("", None, [], {}):
            yield str(LABELS.get(name, name)), _value(name, value)


def _value(name: str, value: Any) -> str:  # whatever a fact may be
    """Write one fact; what is counted rather than read is its number."""
    if name == "scope" and isinstance(value, dict) and "use" in value:
        words = [word for _axis, word in scope_facts(value)]
        return " · ".join([*words, f"{value['starts_on']} – {value['ends_on']}"])
    if name == "view":
        return str(VIEWS.get(value, value))
    if name == "reason" and value in RevokeReason.values:
        return str(RevokeReason(value).label)
    if isinstance(value, list):
        return str(len(value)) if isinstance(value[0], dict) else ", ".join(map(str, value))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def pretty(leaf: Mapping[str, Any]) -> str:
    """Write a leaf for reading."""
    return json.dumps(leaf, ensure_ascii=False, indent=2, sort_keys=True)
