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
