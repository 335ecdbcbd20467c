# SPDX-License-Identifier: Apache-2.0
"""What a content store promises, and how the configured one is found."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from ledger.cid import Digest


class Store(Protocol):
    """Keep immutable bytes under the CID computed from them.

    A store MUST compute the CID itself, MUST make `put` durable before it returns, MUST give back exactly the bytes of a CID or raise
    ``AssetsError("store.missing")``, and MUST accept the same bytes twice. It SHOULD hand out a local path without copying.
    Whether an error is worth another try is said by its ``retryable``.
    """

    def put(self, content: Path | bytes) -> Digest:
        """Store bytes or a file; give CID, SHA-256 and size."""
        ...

    def has(self, cid: str) -> bool:
        """Tell whether the content is here."""
        ...

    def path(self, cid: str) -> Path:
        """Give a local, read-only path of the content."""
        ...


@lru_cache(maxsize=8)
def _build(alias: str) -> Store:
    """Make one configured store."""
    entry = settings.CONTENT_STORES[alias]
    store: Store = import_string(entry["BACKEND"])(**entry.get("OPTIONS", {}))
    return store


def default() -> Store:
    """Give the store that originals and derivatives go to."""
    return _build("default")
