# SPDX-License-Identifier: Apache-2.0
"""Entries of the log in words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from assets.enums import Role
from ledger.enums import Kind
from ledger.models import Entry

LABELS = {
    "asset": lazy("Asset"),
    "basis": lazy("Basis"),
    "basis_id": lazy("Rests on"),
    "bytes": lazy("Bytes"),
    "entry": lazy("Entry"),
    "file": lazy("File"),
    "format": lazy("Format"),
    "institution": lazy("Institution"),
    "isolation": lazy("Isolation"),
    "licensee": lazy("Licensee's commitment"),
    "number": lazy("Number"),
    "outputs": lazy("Derivatives"),
    "reason": lazy("Reason"),
    "recipe": lazy("Recipe"),
    "results": lazy("Results"),
    "run": lazy("Run"),
    "scope": lazy("Scope"),
    "sha256": lazy("SHA-256"),
    "version": lazy("Version"),
    "version_cid": lazy("CID of the version"),
    "view": lazy("Looked at"),
}
HIDDEN = {"role"}  # shown as the actor


def what(kind: str) -> str:
    """Name a kind of entry in the language in use; one that is not known here stays its own name."""
    return str(Kind(kind).label) if kind in Kind.values else kind


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
    """Turn facts into lines; lists become their length, what is nested stays JSON."""
    for name, value in said.items():
        if name in HIDDEN or value in ("", None, [], {}):
            continue
        label = str(LABELS.get(name, name))
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield label, str(len(value))
        elif isinstance(value, list):
            yield label, ", ".join(str(one) for one in value)
        elif isinstance(value, dict):
            yield label, " · ".join(f"{key}: {one}" for key, one in value.items() if not isinstance(one, (dict, list)))
        else:
            yield label, str(value)


def pretty(leaf: Mapping[str, Any]) -> str:
    """Write a leaf for reading."""
    return json.dumps(leaf, ensure_ascii=False, indent=2, sort_keys=True)
